"""Which columns of the export fill which canonical columns, written into the books so that a finding can name them."""

import duckdb

from etl.mapping.column_plan import filled_columns, source_columns
from etl.mapping.lookup import real_name
from etl.mapping.site_mapping import SiteMapping
from warehouse.insert import insert_rows


def keep_origins(con: duckdb.DuckDBPyConnection, mapping: SiteMapping, *, load_id: int) -> None:
    """Write `audit.column_origin` for a load; columns that only hold constants have no origin."""
    rows = [
        (load_id, table, name, ", ".join(columns)) for (table, name), columns in _origins(mapping).items() if columns
    ]
    insert_rows(con, "audit.column_origin", ("load_id", "table_name", "column_name", "source_column"), rows)


def _origins(mapping: SiteMapping) -> dict[tuple[str, str], dict[str, None]]:
    """Collect the source columns behind each canonical column, in order of appearance, over all parts of a table."""
    behind: dict[tuple[str, str], dict[str, None]] = {}
    for table, parts in mapping.tables.items():
        for part in parts:
            for name, options in part.columns.items():
                columns = dict.fromkeys(real_name(part, column) for column in source_columns(options))
                for filled in filled_columns(table, name, options):
                    behind.setdefault((table, filled), {}).update(columns)
    return behind
