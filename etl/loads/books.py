"""Look up loads and deliveries in the audit tables: the delivery of a load, the load shown before, the load shown now.

    staging -> staged -> published -> withdrawn (rolled back), pruned
                      -> refused (its rows removed, its findings kept)
    staging or staged, and its run killed -> abandoned

A delivery is what a hospital sent: its files. A load is the rows that one version of mapping and programs made of it.
A published load that another has replaced stays `published`; which one is shown is `audit.site.current_load_id`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.errors import NotFoundError
from warehouse.fingerprint import utc_now
from warehouse.insert import insert_rows
from warehouse.model.revision import read_revision
from warehouse.quoting import quote_name


@dataclass(frozen=True)
class Load:
    """One load, as `audit.load` has it."""

    load_id: int
    site_id: str
    delivery: str
    state: str
    fingerprint: str
    schema_revision: str
    is_synthetic: bool
    is_accepted: bool
    assessment: str | None
    delivery_id: int | None
    previous_delivery_id: int | None
    """The delivery that was shown before, with which this one is compared."""
    assessed_by: str | None


@dataclass(frozen=True)
class KnownDelivery:
    """One delivery, as `audit.delivery` has it."""

    delivery_id: int
    site_id: str
    fingerprint: str
    label: str
    withdrawn_at: datetime | None


def see_delivery(
    con: duckdb.DuckDBPyConnection, site_id: str, *, fingerprint: str, label: str, is_synthetic: bool
) -> KnownDelivery:
    """Enter a delivery into `audit.delivery` in the caller's transaction; one that is known takes the folder's present name."""
    now = utc_now()
    known = find_delivery(con, site_id, fingerprint=fingerprint)
    if known is None:
        delivery_id = _one(con, "SELECT coalesce(max(delivery_id), 0) + 1 FROM audit.delivery")
        con.execute(
            "INSERT INTO audit.delivery "
            "(delivery_id, site_id, fingerprint, label, is_synthetic, first_seen_at, last_seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [delivery_id, site_id, fingerprint, label, is_synthetic, now, now],
        )
        return KnownDelivery(delivery_id, site_id, fingerprint, label, None)
    con.execute(
        "UPDATE audit.delivery SET label = ?, last_seen_at = ? WHERE delivery_id = ?", [label, now, known.delivery_id]
    )
    return known


def find_delivery(con: duckdb.DuckDBPyConnection, site_id: str, *, fingerprint: str) -> KnownDelivery | None:
    """Find a delivery by its files; None when it is not known."""
    row = con.execute(
        "SELECT delivery_id, site_id, fingerprint, label, withdrawn_at FROM audit.delivery "
        "WHERE site_id = ? AND fingerprint = ?",
        [site_id, fingerprint],
    ).fetchone()
    return KnownDelivery(*row) if row else None


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
    delivery_id: int | None = None,
    ingredients: Mapping[str, str] | None = None,
) -> int:
    """Enter a new load into `audit.load`, in the caller's transaction, and return its number."""
    keep_site(con, site_id, hospital=hospital)
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
        "delivery_id": delivery_id,
        "previous_delivery_id": shown_before(con, site_id, delivery_id),
    }
    names = ", ".join(values)
    con.execute(f"INSERT INTO audit.load ({names}) VALUES ({', '.join('$' + name for name in values)})", values)
    write_ingredients(con, load_id, ingredients or {})
    return load_id


def write_ingredients(con: duckdb.DuckDBPyConnection, load_id: int, ingredients: Mapping[str, str]) -> None:
    """Write what a load was made from, in place of what was on record of the same ingredients."""
    con.execute(
        "DELETE FROM audit.ingredient WHERE load_id = ? AND list_contains(?, ingredient)", [load_id, list(ingredients)]
    )
    rows = [(load_id, name, fingerprint) for name, fingerprint in ingredients.items()]
    insert_rows(con, "audit.ingredient", ("load_id", "ingredient", "fingerprint"), rows)


def read_ingredients(con: duckdb.DuckDBPyConnection, load_id: int) -> dict[str, str]:
    """Read what a load was made from; nothing for a load from before this was recorded."""
    return dict(
        con.execute("SELECT ingredient, fingerprint FROM audit.ingredient WHERE load_id = ?", [load_id]).fetchall()
    )


def shown_before(con: duckdb.DuckDBPyConnection, site_id: str, delivery_id: int | None) -> int | None:
    """Find the delivery that a new load of a delivery is to be compared with: the one that the site showed before it.

    While the site shows the same delivery, under whatever mapping, that is the one that this was compared with.
    """
    current = current_load(con, site_id)
    if current is None:
        return None
    return current.previous_delivery_id if current.delivery_id == delivery_id else current.delivery_id


def next_source_id(con: duckdb.DuckDBPyConnection) -> int:
    """Give the next free number for a file or sheet in audit.source_file."""
    return _one(con, "SELECT coalesce(max(source_id), 0) + 1 FROM audit.source_file")


def mark_staged(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    """Record, in the caller's transaction, that the load's rows and ledger are complete."""
    con.execute("UPDATE audit.load SET state = 'staged', staged_at = ? WHERE load_id = ?", [utc_now(), load_id])


def refuse(con: duckdb.DuckDBPyConnection, load_id: int, sentence: str) -> Load:
    """Remove a load's rows, in the caller's transaction, and keep its findings, so that the report can say why."""
    delete_rows(con, load_id)
    con.execute("UPDATE audit.load SET state = 'refused', refusal = ? WHERE load_id = ?", [sentence, load_id])
    return read_load(con, load_id)


def current_load(con: duckdb.DuckDBPyConnection, site_id: str) -> Load | None:
    """Read the load that a site shows; None before the first."""
    return next(read_loads(con, "load_id = (SELECT current_load_id FROM audit.site WHERE site_id = ?)", site_id), None)


def current_loads(con: duckdb.DuckDBPyConnection) -> tuple[Load, ...]:
    """Read the loads that the sites show."""
    return tuple(read_loads(con, "load_id IN (SELECT current_load_id FROM audit.site) ORDER BY site_id"))


def previous_load(con: duckdb.DuckDBPyConnection, load_id: int) -> Load | None:
    """Read the newest load of the delivery that was shown before this load's; None when there is none, or it is pruned."""
    of_previous = (
        "state = 'published' AND delivery_id = (SELECT previous_delivery_id FROM audit.load WHERE load_id = ?) "
        "ORDER BY load_id DESC LIMIT 1"
    )
    return next(read_loads(con, of_previous, load_id), None)


def read_load(con: duckdb.DuckDBPyConnection, load_id: int) -> Load:
    """Read one load.

    Raises:
        NotFoundError: there is no such load.
    """
    load = next(read_loads(con, "load_id = ?", load_id), None)
    if load is None:
        raise NotFoundError(f"There is no load {load_id}. 'hcc status' lists the loads.")
    return load


def read_loads(con: duckdb.DuckDBPyConnection, condition: str, *parameters: object) -> Iterator[Load]:
    """Read the loads that meet a condition over audit.load, which may end in an order."""
    rows = con.execute(
        "SELECT load_id, site_id, delivery, state, fingerprint, schema_revision, is_synthetic, is_accepted, assessment, "
        f"delivery_id, previous_delivery_id, assessed_by FROM audit.load WHERE {condition}",
        parameters,
    ).fetchall()
    return (Load(*row) for row in rows)


def keep_site(con: duckdb.DuckDBPyConnection, site_id: str, *, hospital: str) -> None:
    """Enter a hospital into `audit.site`, or its present name."""
    con.execute(
        "UPDATE audit.site SET hospital = $hospital WHERE site_id = $site_id",
        {"site_id": site_id, "hospital": hospital},
    )
    con.execute(
        "INSERT INTO audit.site (site_id, hospital) SELECT $site_id, $hospital "
        "WHERE NOT EXISTS (SELECT 1 FROM audit.site WHERE site_id = $site_id)",
        {"site_id": site_id, "hospital": hospital},
    )


def delete_rows(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    """Delete a load's rows from every table of `core`."""
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'core'"
    )
    for (table,) in tables.fetchall():
        con.execute(f"DELETE FROM core.{quote_name(table)} WHERE load_id = ?", [load_id])


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    assert row is not None, "an aggregate gives one row"
    return int(row[0])
