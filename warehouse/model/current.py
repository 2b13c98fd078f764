"""The views of schema `current`: the rows of each site's current load, projected from the canonical model."""

import duckdb

from schemas.catalogue import TableFacts, all_tables
from warehouse.comments import set_comments
from warehouse.model.tables import current_view_columns
from warehouse.quoting import quote_name

SET_ASIDE = "set_aside"
SET_ASIDE_COLUMNS = {
    "site_id": "The hospital; the person is (site_id, patient_id).",
    "patient_id": "Pseudonym of the patient; NULL where it could not be read.",
    "table_name": "Canonical table that the row was meant for; empty for an unreadable record.",
    "column_name": "The column whose cell was set aside; NULL for a whole row in quarantine.",
    "day": "The row's day, or the first that it can mean; NULL where it could not be read.",
    "rules": "Every rule that the row or the cell broke.",
    "readable": "The row's other cells as JSON, empty ones as null; those that could not be read are not in it.",
    "source_file": "The file that the row came from.",
    "source_sheet": "The sheet in the file, if it has sheets.",
    "source_record": "Number of the record in the file or sheet, from 1, header not counted.",
    "source_ordinal": "Which of the record's rows: 1000 * part + slot; NULL where several records became one row.",
    "load_id": "The load.",
}
_SET_ASIDE_COMMENT = (
    "One row per quarantined row and per cell set aside, of each hospital's current load: what is unknown, not absent."
)
_SET_ASIDE_SQL = f"""
CREATE OR REPLACE VIEW current.{SET_ASIDE} AS
SELECT
    site.site_id,
    apart.patient_id,
    apart.table_name,
    apart.column_name,
    apart.day,
    apart.rules,
    apart.readable,
    source_file.file AS source_file,
    source_file.sheet AS source_sheet,
    apart.source_record,
    apart.source_ordinal,
    apart.load_id
FROM quality.set_aside AS apart
INNER JOIN audit.site AS site ON apart.load_id = site.current_load_id
LEFT JOIN audit.source_file AS source_file ON apart.source_id = source_file.source_id
"""


def make_current_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make every view of `current` again, with its comments, and drop those that the model no longer has."""
    con.execute("CREATE SCHEMA IF NOT EXISTS current")
    tables = all_tables()
    present = con.execute(
        "SELECT view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name = 'current' AND NOT internal"
    ).fetchall()
    for (name,) in present:
        if name not in {SET_ASIDE, *(table.name for table in tables)}:
            con.execute(f"DROP VIEW current.{quote_name(name)}")
    for table in tables:
        con.execute(current_view_sql(table))
        comment = f"One row per {table.grain.removeprefix('one ')}, of each hospital's current load."
        set_comments(con, f"current.{table.name}", comment, current_view_columns(table))
    con.execute(_SET_ASIDE_SQL)
    set_comments(con, f"current.{SET_ASIDE}", _SET_ASIDE_COMMENT, SET_ASIDE_COLUMNS)


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
