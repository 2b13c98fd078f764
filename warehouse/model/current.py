"""The views of schema `current`: the rows of each site's current load, projected from the canonical model."""

import duckdb

from schemas.catalogue import TableFacts, all_tables
from warehouse.comments import set_comments
from warehouse.model.tables import current_view_columns
from warehouse.quoting import quote_name


def make_current_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make every view of `current` again, with its comments, and drop those that the model no longer has."""
    con.execute("CREATE SCHEMA IF NOT EXISTS current")
    tables = all_tables()
    present = con.execute(
        "SELECT view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name = 'current' AND NOT internal"
    ).fetchall()
    for (name,) in present:
        if name not in {table.name for table in tables}:
            con.execute(f"DROP VIEW current.{quote_name(name)}")
    for table in tables:
        con.execute(current_view_sql(table))
        comment = f"One row per {table.grain.removeprefix('one ')}, of each hospital's current load."
        set_comments(con, f"current.{table.name}", comment, current_view_columns(table))


def current_view_sql(table: TableFacts) -> str:
    """Write the view of one canonical table: the site first, the address of the row last."""
    columns = ",\n    ".join(f"row.{name}" for name in table.column_names)
    return f"""
CREATE OR REPLACE VIEW current.{table.name} AS
SELECT
    site.site_id,
    {columns},
    source_file.file AS source_file,
    source_file.sheet AS source_sheet,
    row.source_record,
    row.source_ordinal,
    row.load_id
FROM core.{table.name} AS row
INNER JOIN audit.site AS site ON row.load_id = site.current_load_id
LEFT JOIN audit.source_file AS source_file ON row.source_id = source_file.source_id
"""
