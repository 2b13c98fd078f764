"""Which columns of the export fill which canonical columns, written to `audit.column_origin` so that a finding can name them."""

from collections.abc import Iterator

import duckdb

from etl.mapping.compiler.column_plan import cells_read, filled_columns
from etl.mapping.compiler.compile import ORDINALS_PER_PART
from etl.mapping.compiler.lookup import real_name
from etl.mapping.compiler.slots import columns_by_slot
from etl.mapping.language.site_mapping import SiteMapping
from warehouse.insert import insert_rows


def keep_origins(con: duckdb.DuckDBPyConnection, mapping: SiteMapping, *, load_id: int) -> None:
    """Write `audit.column_origin` for a load; columns that only hold constants have no origin."""
    rows = [(load_id, *origin) for origin in dict.fromkeys(_origins(mapping))]
    columns = ("load_id", "table_name", "column_name", "source_column", "part", "slot")
    insert_rows(con, "audit.column_origin", columns, rows)


def is_origin(origin: str, ordinal: str) -> str:
    """Write the condition under which a row of `audit.column_origin` applies to a source_ordinal."""
    part, slot = f"{ordinal} // {ORDINALS_PER_PART}", f"{ordinal} % {ORDINALS_PER_PART}"
    return f"coalesce({origin}.part, {part}) = {part} AND coalesce({origin}.slot, {slot}) = {slot}"


def _origins(mapping: SiteMapping) -> Iterator[tuple[str, str, str, int, int | None]]:
    """List table, column, source columns, part and slot; no slot where the columns are the same in every one.

    A number's unit and the day that a cell counts from are among the columns: the value is made from them, too.
    """
    for table, parts in mapping.tables.items():
        for index, part in enumerate(parts):
            behind: dict[str, dict[str, None]] = {}
            for name, options in part.columns.items():
                names = [real_name(part, column) for column in cells_read(options)]
                for filled in filled_columns(table, name, options):
                    behind.setdefault(filled, {}).update(dict.fromkeys(names))
            for filled, columns in behind.items():
                by_slot = columns_by_slot(part, columns)
                if len(set(by_slot)) == 1:
                    by_slot = by_slot[:1]
                for slot, text in enumerate(by_slot, start=1):
                    if text:
                        yield table, filled, text, index, slot if len(by_slot) > 1 else None
