"""The revision of a warehouse: which migrations its tables have seen."""

import duckdb


def read_revision(con: duckdb.DuckDBPyConnection) -> str | None:
    """Read the warehouse's revision; None for a new file."""
    known = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = 'audit' AND table_name = 'alembic_version'"
    ).fetchone()
    if known == (0,):
        return None
    row = con.execute("SELECT version_num FROM audit.alembic_version").fetchone()
    return str(row[0]) if row else None
