"""The tables that migrations make, as SQLAlchemy sees them: the canonical rows and the audit and quality tables.

`core` and `current` are projected from the canonical model, `audit` and `quality` are stated in `bookkeeping`. The
migrations do not import this: they are frozen, and `warehouse.model.difference` compares what they made with it. The
tables of `reference` and `study` are declared (`warehouse.model.declared`) and need no migration.
"""

import re
from functools import cache
from typing import Any

import sqlalchemy as sa

from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from warehouse.model.bookkeeping import audit_tables, quality_tables
from warehouse.model.declared import declared_tables

ADDRESS_COMMENTS = {
    "site_id": "The hospital; the person is (site_id, patient_id).",
    "load_id": "The load that the row came with (audit.load).",
    "source_id": "The file or sheet that the row came from (audit.source_file).",
    "source_file": "The file that the row came from.",
    "source_sheet": "The sheet in the file, if it has sheets.",
    "source_record": "Number of the record in the file or sheet, from 1, header not counted.",
    "source_ordinal": "Which of the record's rows: 1000 * part + slot.",
}


@cache
def warehouse_metadata() -> sa.MetaData:
    """Describe all tables of core, audit and quality; every table and column carries its comment."""
    metadata = sa.MetaData()
    for table in all_tables():
        _core_table(metadata, table)
    audit_tables(metadata)
    quality_tables(metadata)
    return metadata


def modelled_columns(name: str) -> tuple[str, ...]:
    """Name the columns of a table, given with its schema, as they are stated; nothing for a table that a view makes."""
    table = warehouse_metadata().tables.get(name)
    if table is not None:
        return tuple(column.name for column in table.columns)
    schema, _, table_name = name.partition(".")
    declared = declared_tables().get(schema, {}).get(table_name)
    return () if declared is None else tuple(declared.columns)


def current_view_columns(table: TableFacts) -> dict[str, str]:
    """Name the columns of current.<table> in order, each with its comment."""
    return {
        "site_id": ADDRESS_COMMENTS["site_id"],
        **{column.name: column_comment(column) for column in table.columns},
        **{
            name: ADDRESS_COMMENTS[name]
            for name in ("source_file", "source_sheet", "source_record", "source_ordinal", "load_id")
        },
    }


def column_comment(column: ColumnFacts) -> str:
    """Write a column's comment: its description, the code list that its values come from, the column of its unit."""
    codes = f" Code list: {column.codes}." if column.codes else ""
    unit = f" The unit stands in {column.unit_column}." if column.unit_column else ""
    return column.description + codes + unit


def _core_table(metadata: sa.MetaData, table: TableFacts) -> None:
    address = {
        "load_id": sa.Integer(),
        "source_id": sa.Integer(),
        "source_record": sa.BigInteger(),
        "source_ordinal": sa.Integer(),
    }
    sa.Table(
        table.name,
        metadata,
        *(sa.Column(name, kind, comment=ADDRESS_COMMENTS[name]) for name, kind in address.items()),
        *(
            sa.Column(
                column.name,
                _sql_type(column.sql_type),
                comment=column_comment(column),
            )
            for column in table.columns
        ),
        schema="core",
        comment=f"One row per {table.grain.removeprefix('one ')}, of every load.",
    )


def _sql_type(name: str) -> sa.types.TypeEngine[Any]:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", name):
        return sa.Numeric(int(decimal[1]), int(decimal[2]))
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "VARCHAR": sa.String(),
        "DATE": sa.Date(),
        "SMALLINT": sa.SmallInteger(),
        "BOOLEAN": sa.Boolean(),
    }
    return types[name]
