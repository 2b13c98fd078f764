"""Loads are versions: rows are appended under a load, and a site points at the one load that is shown.

    staging -> staged -> published -> withdrawn (rolled back), pruned
                      -> refused (its rows removed, its findings kept)
    staging or staged, and its run killed -> abandoned

A published load that another has replaced stays `published`; which one is shown is `audit.site.current_load_id`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from etl.errors import NotFoundError, RefusedError
from warehouse.fingerprint import utc_now
from warehouse.quoting import quote_name
from warehouse.refresh import refresh
from warehouse.transaction import transaction
from warehouse.upgrade import read_revision


@dataclass(frozen=True)
class Load:
    """One load as the books tell it."""

    load_id: int
    site_id: str
    delivery: str
    state: str
    fingerprint: str
    schema_revision: str
    is_synthetic: bool
    is_accepted: bool
    assessment: str | None


@dataclass(frozen=True)
class Published:
    """A load has become its site's current one."""

    load: Load
    replaced: Load | None


@dataclass(frozen=True)
class RolledBack:
    """A site shows an earlier load again."""

    withdrawn: Load
    current: Load

    @property
    def crossed_revision(self) -> bool:
        """Whether the current load was written under another revision; its rows were carried forward by migration."""
        return self.withdrawn.schema_revision != self.current.schema_revision

    @property
    def sentence(self) -> str:
        """What happened, for the terminal."""
        carried = (
            f" It was written under revision {self.current.schema_revision} of the warehouse; its rows were carried "
            f"forward to the present one, and columns added since are empty in it."
            if self.crossed_revision
            else ""
        )
        return (
            f"{self.current.site_id} shows load {self.current.load_id} (delivery {self.current.delivery}) again; "
            f"load {self.withdrawn.load_id} (delivery {self.withdrawn.delivery}) is withdrawn.{carried}"
        )


def new_load(
    con: duckdb.DuckDBPyConnection,
    site_id: str,
    *,
    hospital: str,
    delivery: str,
    fingerprint: str,
    mapping_sha256: str,
    mapping_version: int,
    code_version: str,
    is_synthetic: bool,
    is_accepted: bool = False,
) -> int:
    """Open a load in the books, in the caller's transaction, and return its number."""
    _keep_site(con, site_id, hospital=hospital)
    load_id = _one(con, "SELECT coalesce(max(load_id), 0) + 1 FROM audit.load")
    values = {
        "load_id": load_id,
        "site_id": site_id,
        "delivery": delivery,
        "state": "staging",
        "fingerprint": fingerprint,
        "mapping_sha256": mapping_sha256,
        "mapping_version": mapping_version,
        "code_version": code_version,
        "schema_revision": read_revision(con),
        "is_synthetic": is_synthetic,
        "is_accepted": is_accepted,
        "started_at": utc_now(),
    }
    names = ", ".join(values)
    con.execute(f"INSERT INTO audit.load ({names}) VALUES ({', '.join('$' + name for name in values)})", values)
    return load_id


def next_source_id(con: duckdb.DuckDBPyConnection) -> int:
    """Tell the next free number for a file or sheet in audit.source_file."""
    return _one(con, "SELECT coalesce(max(source_id), 0) + 1 FROM audit.source_file")


def mark_staged(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    """Say in the books, in the caller's transaction, that the load's rows and ledger are complete."""
    con.execute("UPDATE audit.load SET state = 'staged', staged_at = ? WHERE load_id = ?", [utc_now(), load_id])


def publish(con: duckdb.DuckDBPyConnection, load_id: int, *, assessment: str | None = None) -> Published:
    """Publish one load; see `publish_together`."""
    (published,) = publish_together(con, {load_id: assessment})
    return published


def publish_together(con: duckdb.DuckDBPyConnection, assessments: Mapping[int, str | None]) -> tuple[Published, ...]:
    """Make staged loads their sites' current ones and rebuild `clinical` and `analysis`, all in one transaction.

    Args:
        con: a connection without an open transaction.
        assessments: by staged load `clean` or `with_failures`; None leaves what the books say.

    Raises:
        NotFoundError: a load is not staged.
        ViewError: a view cannot be built; nothing is published.
    """
    loads = [read_load(con, load_id) for load_id in assessments]
    for load in loads:
        if load.state != "staged":
            raise NotFoundError(
                f"Load {load.load_id} of {load.site_id} is {load.state}, not staged; only a staged load can be published."
            )
    replaced = [current_load(con, load.site_id) for load in loads]
    with transaction(con):
        for load in loads:
            con.execute(
                "UPDATE audit.load SET state = 'published', published_at = ?, assessment = coalesce(?, assessment) "
                "WHERE load_id = ?",
                [utc_now(), assessments[load.load_id], load.load_id],
            )
            _point_to(con, load)
        refresh(con)
    return tuple(Published(read_load(con, load.load_id), before) for load, before in zip(loads, replaced, strict=True))


def refuse(con: duckdb.DuckDBPyConnection, load_id: int, sentence: str) -> Load:
    """Remove a load's rows, in the caller's transaction, and keep its findings, so that the report can say why."""
    _delete_rows(con, load_id)
    con.execute("UPDATE audit.load SET state = 'refused', refusal = ? WHERE load_id = ?", [sentence, load_id])
    return read_load(con, load_id)


def roll_back(con: duckdb.DuckDBPyConnection, site_id: str) -> RolledBack:
    """Withdraw a site's current load and show the published load before it; one transaction with the views.

    An ingest afterwards makes a new load, of the withdrawn delivery too.

    Raises:
        NotFoundError: the site has no load, or none before the current one.
    """
    current = current_load(con, site_id)
    if current is None:
        raise NotFoundError(f"{site_id} has no published load; there is nothing to roll back.")
    target = previous_load(con, current.load_id)
    if target is None:
        raise NotFoundError(
            f"{site_id} has only load {current.load_id} (delivery {current.delivery}); there is no earlier load to go back to. "
            "Ingest a corrected delivery instead."
        )
    with transaction(con):
        con.execute("UPDATE audit.load SET state = 'withdrawn' WHERE load_id = ?", [current.load_id])
        _point_to(con, target)
        refresh(con)
    return RolledBack(read_load(con, current.load_id), target)


def prune(con: duckdb.DuckDBPyConnection, keep: int) -> tuple[Load, ...]:
    """Remove old loads: of each site the newest `keep` published ones stay, the current one among them.

    Withdrawn loads go too, and refused ones that are older than the current one. Their lines in the books stay, `pruned`. Deleted
    rows are gone from every answer but not from the file: `warehouse.rewrite.rewrite_warehouse` erases them.

    Args:
        con: a connection without an open transaction.
        keep: how many published loads each site keeps; at least one.

    Raises:
        ValueError: `keep` is less than one.
    """
    if keep < 1:
        raise ValueError(f"keep must be at least 1, not {keep}")
    removed = tuple(_loads(con, _PRUNABLE, keep))
    with transaction(con):
        for load in removed:
            remove_load(con, load.load_id, state="pruned")
    return removed


_PRUNABLE = """
load_id IN (
    SELECT load_id FROM audit.load WHERE state = 'published'
    QUALIFY row_number() OVER (PARTITION BY site_id ORDER BY load_id DESC) > ?
    UNION ALL
    SELECT load.load_id FROM audit.load AS load INNER JOIN audit.site AS site ON load.site_id = site.site_id
    WHERE (load.state = 'refused' AND load.load_id < site.current_load_id) OR load.state = 'withdrawn'
)
ORDER BY load_id
"""


def discard_orphans(con: duckdb.DuckDBPyConnection, *, keep: Collection[int] = ()) -> tuple[Load, ...]:
    """Remove what killed runs have left: loads staged and never published. Their line in the books stays, `abandoned`.

    The caller holds the warehouse's lock, so no living run but its own owns a staged load; those in `keep` stay.
    """
    orphans = tuple(_loads(con, "state IN ('staging', 'staged') AND NOT list_contains(?, load_id)", list(keep)))
    with transaction(con):
        for orphan in orphans:
            remove_load(con, orphan.load_id, state="abandoned")
    return orphans


def remove_load(con: duckdb.DuckDBPyConnection, load_id: int, *, state: str) -> None:
    """Remove everything of a load but its line in the books, which takes the state given."""
    _delete_rows(con, load_id)
    for table in ("finding", "quarantined_row", "expectation_result"):
        con.execute(f"DELETE FROM quality.{table} WHERE load_id = ?", [load_id])
    for table in ("source_column", "source_label"):
        con.execute(
            f"DELETE FROM audit.{table} WHERE source_id IN (SELECT source_id FROM audit.source_file WHERE load_id = ?)",
            [load_id],
        )
    for table in ("ledger", "ledger_rule", "column_origin", "source_file"):
        con.execute(f"DELETE FROM audit.{table} WHERE load_id = ?", [load_id])
    con.execute("UPDATE audit.load SET state = ? WHERE load_id = ?", [state, load_id])


def current_fingerprints(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Read the fingerprints of the loads that the sites show."""
    return frozenset(load.fingerprint for load in _loads(con, "load_id IN (SELECT current_load_id FROM audit.site)"))


def current_load(con: duckdb.DuckDBPyConnection, site_id: str) -> Load | None:
    """Read the load that a site shows; None before the first."""
    return next(_loads(con, "load_id = (SELECT current_load_id FROM audit.site WHERE site_id = ?)", site_id), None)


def previous_load(con: duckdb.DuckDBPyConnection, load_id: int) -> Load | None:
    """Read the same site's newest published load before this one; None when there is none, or its rows are gone."""
    is_before = (
        "state = 'published' AND load_id < ? AND site_id = (SELECT site_id FROM audit.load WHERE load_id = ?) "
        "ORDER BY load_id DESC LIMIT 1"
    )
    return next(_loads(con, is_before, load_id, load_id), None)


def read_load(con: duckdb.DuckDBPyConnection, load_id: int) -> Load:
    """Read one load.

    Raises:
        NotFoundError: there is no such load.
    """
    load = next(_loads(con, "load_id = ?", load_id), None)
    if load is None:
        raise NotFoundError(f"There is no load {load_id}. 'hcc status' lists the loads.")
    return load


def check_not_mixed(con: duckdb.DuckDBPyConnection, site_id: str, *, is_synthetic: bool) -> None:
    """Refuse make-believe data beside real data, and real data beside make-believe: `analysis` would mix them.

    Raises:
        RefusedError: a load of any site, published or about to be, is of the other kind.
    """
    kind, other = ("synthetic", "real") if is_synthetic else ("real", "synthetic")
    of_other_kind = f"state IN ('staged', 'published') AND is_synthetic = {not is_synthetic} ORDER BY load_id LIMIT 1"
    present = next(_loads(con, of_other_kind), None)
    if present is not None:
        raise RefusedError(
            f"{site_id}: this delivery is {kind}, and the warehouse holds {other} data ({present.site_id}, load "
            f"{present.load_id}). Ingest it into another warehouse: set HCC_DATA_DIR."
        )


def _point_to(con: duckdb.DuckDBPyConnection, load: Load) -> None:
    con.execute("UPDATE audit.site SET current_load_id = ? WHERE site_id = ?", [load.load_id, load.site_id])


def _keep_site(con: duckdb.DuckDBPyConnection, site_id: str, *, hospital: str) -> None:
    con.execute(
        "UPDATE audit.site SET hospital = $hospital WHERE site_id = $site_id",
        {"site_id": site_id, "hospital": hospital},
    )
    con.execute(
        "INSERT INTO audit.site (site_id, hospital) SELECT $site_id, $hospital "
        "WHERE NOT EXISTS (SELECT 1 FROM audit.site WHERE site_id = $site_id)",
        {"site_id": site_id, "hospital": hospital},
    )


def _delete_rows(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'core'"
    )
    for (table,) in tables.fetchall():
        con.execute(f"DELETE FROM core.{quote_name(table)} WHERE load_id = ?", [load_id])


def _loads(con: duckdb.DuckDBPyConnection, condition: str, *parameters: object) -> Iterator[Load]:
    rows = con.execute(
        "SELECT load_id, site_id, delivery, state, fingerprint, schema_revision, is_synthetic, is_accepted, assessment "
        f"FROM audit.load WHERE {condition}",
        parameters,
    ).fetchall()
    return (Load(*row) for row in rows)


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    assert row is not None, "an aggregate gives one row"
    return int(row[0])
