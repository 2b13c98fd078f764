"""Erase rows from the file: DELETE leaves their bytes in it, so the whole file is rewritten without them."""

from pathlib import Path

import duckdb

from warehouse.comments import set_comments
from warehouse.errors import EnvironmentRefusal
from warehouse.quoting import quote_name, quote_text


def write_without_deleted(con: duckdb.DuckDBPyConnection, fresh: Path) -> None:
    """Write an open, checkpointed database into a new file, without the bytes of rows that were deleted.

    Raises:
        EnvironmentRefusal: the new file does not hold the same rows.
    """
    row = con.execute("SELECT current_database()").fetchone()
    old = str(row[0]) if row else ""
    con.execute(f"ATTACH {quote_text(str(fresh))} AS rewritten")
    try:
        con.execute(f"COPY FROM DATABASE {quote_name(old)} TO rewritten")
        if _count_rows(con, "rewritten") != _count_rows(con, old):
            raise EnvironmentRefusal(
                "The rewritten warehouse does not hold the same rows as the old one, so nothing was erased."
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
