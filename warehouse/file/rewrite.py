"""Erasing: DELETE leaves the bytes of a row in the file, so the whole file is written anew without them."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.comments import set_comments
from warehouse.errors import EnvironmentRefusal
from warehouse.file.connect import explained_failure, open_warehouse, raw_connection
from warehouse.quoting import quote_name, quote_text


@dataclass(frozen=True)
class Rewritten:
    """How large the file was and is."""

    bytes_before: int
    bytes_after: int


def rewrite_warehouse(path: Path, *, threads: int = 2, memory_limit: str = "1GB") -> Rewritten:
    """Write the warehouse anew without what was deleted, and put it in the old one's place in one step.

    The caller holds the warehouse's lock and has no engine open on it. A kill leaves the old file or the new one.

    Raises:
        NotFoundError, BusyError, EnvironmentRefusal: as `open_warehouse`; the disk must hold a second copy.
    """
    fresh = path.with_name(path.name + ".rewritten")
    _remove(fresh)
    bytes_before = path.stat().st_size if path.exists() else 0
    engine = open_warehouse(path, make=False, threads=threads, memory_limit=memory_limit)
    try:
        with raw_connection(engine) as con:
            con.execute("CHECKPOINT")  # all that is committed is in the file, and none in a log beside it
            _copy(con, fresh)
    except BaseException:
        _remove(fresh)
        raise
    finally:
        engine.dispose()
    with explained_failure(path):
        _sync(fresh)
        fresh.replace(path)
        _sync(path.parent)
    return Rewritten(bytes_before, path.stat().st_size)


def _copy(con: duckdb.DuckDBPyConnection, fresh: Path) -> None:
    row = con.execute("SELECT current_database()").fetchone()
    old = str(row[0]) if row else ""
    con.execute(f"ATTACH {quote_text(str(fresh))} AS rewritten")
    try:
        con.execute(f"COPY FROM DATABASE {quote_name(old)} TO rewritten")
        if _count_rows(con, "rewritten") != _count_rows(con, old):
            raise EnvironmentRefusal(
                "The rewritten warehouse does not hold the same rows as the old one, which stays in place."
            )
        con.execute("USE rewritten")
        _copy_view_comments(con, old)
        con.execute("CHECKPOINT rewritten")
    finally:
        con.execute(f"USE {quote_name(old)}")
        con.execute("DETACH rewritten")


def _count_rows(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ?", [database]
    ).fetchall()
    counts = {}
    for schema, table in tables:
        relation = ".".join(quote_name(name) for name in (database, schema, table))
        counted = con.execute(f"SELECT count(*) FROM {relation}").fetchall()
        counts[f"{schema}.{table}"] = int(counted[0][0])
    return counts


def _copy_view_comments(con: duckdb.DuckDBPyConnection, old: str) -> None:
    """Set the comments of the views again, which a copied database has lost."""
    views = con.execute(
        "SELECT schema_name, view_name, comment FROM duckdb_views() WHERE database_name = ? AND NOT internal", [old]
    ).fetchall()
    for schema, view, comment in views:
        columns = con.execute(
            "SELECT column_name, comment FROM duckdb_columns() "
            "WHERE database_name = ? AND schema_name = ? AND table_name = ? AND comment IS NOT NULL",
            [old, schema, view],
        ).fetchall()
        set_comments(con, f"{schema}.{view}", comment, dict(columns))


def _sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(fresh: Path) -> None:
    for leftover in (fresh, fresh.with_name(fresh.name + ".wal")):
        leftover.unlink(missing_ok=True)
