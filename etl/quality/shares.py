"""How the rows of a load spread over units and codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from etl.quality.scale import Quantity
from schemas.catalogue import ColumnFacts, TableFacts, all_tables

NO_UNIT = "no unit"

KINDS = {"observation": "observation_code"}
"""Tables whose codes mean something only within one kind, and the column that names it."""

UNSHARED = {"unit", "reported_unit"}
"""Coded columns that hold units; they are looked at by analyte."""


@dataclass(frozen=True)
class Share:
    """Rows by value."""

    counts: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    def part(self, value: str) -> float:
        """Tell the share of a value; 0 to 1."""
        return self.counts.get(value, 0) / self.rows


def read_unit_shares(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[Quantity, Share]]:
    """Count the results of each analyte by the unit that was reported, by load."""
    select = (
        f"SELECT load_id, 'lab_result' AS table_name, 'reported_unit' AS column_name, analyte_code AS kind, "
        f"histogram(coalesce(reported_unit, '{NO_UNIT}')) AS counts FROM core.lab_result "
        f"WHERE load_id IN ({_listed(load_ids)}) AND reported_value IS NOT NULL GROUP BY load_id, analyte_code"
    )
    return _read(con, [select])


def read_code_shares(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[Quantity, Share]]:
    """Count the filled cells of each coded column by code, by load; true and false are codes, too."""
    loads = _listed(load_ids)
    return _read(con, (select for table in all_tables() for select in _selects(table, loads)))


def is_spread(column: ColumnFacts) -> bool:
    """Tell whether a column holds codes whose shares say something of the patients."""
    is_code = column.codes is not None and column.name not in UNSHARED and not column.name.endswith("_precision")
    return is_code or column.sql_type == "BOOLEAN"


def _selects(table: TableFacts, loads: str) -> Iterator[str]:
    kind = KINDS.get(table.name)
    for column in table.columns:
        if is_spread(column):
            by_kind = kind if kind and column.name != kind else "NULL"
            yield (
                f"SELECT load_id, '{table.name}' AS table_name, '{column.name}' AS column_name, "
                f"{by_kind}::VARCHAR AS kind, histogram({column.name}::VARCHAR) AS counts FROM core.{table.name} "
                f"WHERE load_id IN ({loads}) AND {column.name} IS NOT NULL GROUP BY load_id, {by_kind}"
            )


def _read(con: duckdb.DuckDBPyConnection, selects: Iterable[str]) -> dict[int, dict[Quantity, Share]]:
    shares: dict[int, dict[Quantity, Share]] = {}
    for load_id, table, column, kind, counts in con.execute(" UNION ALL ".join(selects)).fetchall():
        shares.setdefault(load_id, {})[Quantity(table, column, kind or "")] = Share(counts)
    return shares


def _listed(load_ids: Iterable[int]) -> str:
    return ", ".join(str(int(load_id)) for load_id in load_ids)
