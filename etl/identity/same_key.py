"""Check that a site's pseudonym key is unchanged: another key would silently turn every patient into a new person."""

import duckdb

from warehouse.errors import EnvironmentRefusal


def check_same_key(con: duckdb.DuckDBPyConnection, site_id: str, fingerprint: str, *, is_new: bool = False) -> None:
    """Compare the key with the one that the site's published loads were made with.

    Args:
        con: the warehouse.
        site_id: the hospital.
        fingerprint: of the key at hand, as `key_fingerprint` computes it.
        is_new: the key was drawn for this run and is not written yet, for there is no key file.

    Raises:
        EnvironmentRefusal: it is another key, or the key file is gone; no other is put in its place.
    """
    known = con.execute("SELECT key_fingerprint FROM audit.site WHERE site_id = ?", [site_id]).fetchone()
    if known is not None and known[0] is not None and is_new:
        raise EnvironmentRefusal(
            f"keys/{site_id}.key is gone, the key that the loads of {site_id} in this warehouse were made with; with a new "
            "one every patient would become another, so none was made. Restore it from its backup, or start another "
            "warehouse: set HCC_DATA_DIR."
        )
    if known is not None and known[0] not in (None, fingerprint):
        raise EnvironmentRefusal(
            f"keys/{site_id}.key is not the key that the loads of {site_id} in this warehouse were made with; every "
            "patient would become another. Restore it from its backup, or start another warehouse: set HCC_DATA_DIR."
        )


def keep_key(con: duckdb.DuckDBPyConnection, site_id: str, fingerprint: str) -> None:
    """Remember which key the site's loads are made with."""
    con.execute("UPDATE audit.site SET key_fingerprint = ? WHERE site_id = ?", [fingerprint, site_id])
