"""The canonical model as plain facts, for everything that is projected from it.

Whoever needs the model's columns (SQL tables, mappings, suites, the dictionary) asks here and needs no Pandera.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa

from schemas.columns import Cost, Kahn
from schemas.tables import TABLES

SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.decimal128(18, 6): "DECIMAL(18,6)",
    pa.decimal128(18, 9): "DECIMAL(18,9)",
    pa.int16(): "SMALLINT",
    pa.bool_(): "BOOLEAN",
}
"""DuckDB's type for each Arrow type that the canonical model uses."""


@dataclass(frozen=True)
class ColumnFacts:
    """All that is stated about one column of the canonical model."""

    name: str
    title: str
    description: str
    arrow_type: pa.DataType
    sql_type: str
    required: bool
    cost: Cost
    codes: str | None
    unit: str | None
    kahn: Kahn
    expected_percent: int | None
    checks: dict[str, Any]
    """Pandera's checks by name with their arguments, e.g. {"greater_than_or_equal_to": {"min_value": 0}}."""


@dataclass(frozen=True)
class TableFacts:
    """All that is stated about one canonical table."""

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    parent: str | None
    columns: tuple[ColumnFacts, ...]

    def column(self, name: str) -> ColumnFacts:
        """Find a column by its name; KeyError when the table has none such."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names in the model's order."""
        return tuple(column.name for column in self.columns)


@cache
def table_facts(name: str) -> TableFacts:
    """Project one canonical table into plain facts; KeyError when there is none such."""
    model = TABLES[name]
    schema = model.to_schema()
    about = (model.get_metadata() or {})[schema.name]["dataframe"]
    columns = []
    for column_name, column in schema.columns.items():
        dtype = column.dtype.type
        arrow_type = dtype.pyarrow_dtype if isinstance(dtype, pd.ArrowDtype) else pa.string()
        columns.append(
            ColumnFacts(
                name=column_name,
                title=column.title,
                description=column.description,
                arrow_type=arrow_type,
                sql_type=SQL_TYPES[arrow_type],
                required=not column.nullable,
                checks={check.name: dict(check.statistics or {}) for check in column.checks},
                **column.metadata,
            )
        )
    return TableFacts(name, name.replace("_", " "), about["grain"], about["key"], about["parent"], tuple(columns))


def all_tables() -> tuple[TableFacts, ...]:
    """Project every canonical table, parents before children."""
    return tuple(table_facts(name) for name in TABLES)
