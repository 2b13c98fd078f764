"""The canonical model as plain facts, for everything that is projected from it.

Whoever needs the model's columns (SQL tables, mappings, suites, the dictionary) asks here and needs no Pandera.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa

from schemas.canonical_table import Harmonised
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

PRECISIONS, UNITS = "date_precision", "unit"
"""The code lists of how precisely a date is known, and of units."""


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
    unit_column: str | None
    """The column that holds the number's unit, where it differs from row to row."""
    kind: str | None
    """The column that says what the number or code is about, where one column answers for several things."""
    kahn: Kahn
    expected_percent: int | None
    checks: dict[str, Any]
    """Pandera's checks by name with their arguments, e.g. {"greater_than_or_equal_to": {"min_value": 0}}."""

    @property
    def is_category(self) -> bool:
        """Whether the column sorts its rows: by a code or by true and false, but not by a date's precision."""
        return (self.codes is not None and self.codes != PRECISIONS) or self.sql_type == "BOOLEAN"

    @property
    def is_unit(self) -> bool:
        """Whether the column holds the unit of a number."""
        return self.codes == UNITS


@dataclass(frozen=True)
class Harmonisation:
    """By which columns of a table a reported number reaches the common unit of what was measured (`kind`)."""

    kind: str
    reported_value: str
    reported_unit: str
    factor: str
    value: str
    unit: str

    @property
    def derived(self) -> tuple[str, ...]:
        """Name the columns that are derived and that no mapping may fill."""
        return (self.factor, self.value, self.unit)


@dataclass(frozen=True)
class TableFacts:
    """All that is stated about one canonical table; `schemas.canonical_table.about` says what each fact means."""

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    parent: str | None
    day: str | None
    periods: tuple[tuple[str, str], ...]
    measures: tuple[str, ...]
    harmonisation: Harmonisation | None
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

    @property
    def measured(self) -> tuple[ColumnFacts, ...]:
        """The columns of measured numbers."""
        return tuple(self.column(name) for name in self.measures)

    @property
    def derived(self) -> tuple[str, ...]:
        """The columns that the system fills and no mapping may; none where nothing is harmonised."""
        return self.harmonisation.derived if self.harmonisation else ()

    def precision_of(self, date: str) -> str | None:
        """Name the column that says how precisely a date is known; None where every date is known to the day."""
        name = f"{date}_precision"
        return name if name in self.column_names else None


@cache
def table_facts(name: str) -> TableFacts:
    """Project one canonical table into plain facts; KeyError when there is none such."""
    model = TABLES[name]
    schema = model.to_schema()
    about = dict((model.get_metadata() or {})[schema.name]["dataframe"])
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
    return TableFacts(
        name,
        name.replace("_", " "),
        harmonisation=_harmonisation(about.pop("harmonised"), {each.name: each for each in columns}),
        **about,
        columns=tuple(columns),
    )


def all_tables() -> tuple[TableFacts, ...]:
    """Project every canonical table, parents before children."""
    return tuple(table_facts(name) for name in TABLES)


def _harmonisation(stated: Harmonised | None, columns: Mapping[str, ColumnFacts]) -> Harmonisation | None:
    """Complete what a table states of its harmonised number by what the columns state."""
    if stated is None:
        return None
    value, reported = columns[stated.value], columns[stated.reported_value]
    assert value.kind and value.unit_column and reported.unit_column, "the model states kind and units of these numbers"
    return Harmonisation(
        value.kind, reported.name, reported.unit_column, factor=stated.factor, value=value.name, unit=value.unit_column
    )
