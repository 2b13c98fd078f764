"""How the rows of a load spread over units and codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from etl.quality.scale import Quantity
from schemas.catalogue import ColumnFacts, Harmonisation, TableFacts, all_tables

NO_UNIT = "no unit"


@dataclass(frozen=True)
class Share:
    """Rows by value."""

    counts: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    def part(self, value: str) -> float:
        """Return the share of a value; 0 to 1."""
        return self.counts.get(value, 0) / self.rows


def read_unit_shares(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[Quantity, Share]]:
    """Count the numbers of each analyte by the unit that was reported, by load."""
    loads = _listed(load_ids)
    harmonised = ((table.name, table.harmonisation) for table in all_tables())
    return _read(con, [_unit_select(table, by, loads) for table, by in harmonised if by is not None])


def read_code_shares(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[Quantity, Share]]:
    """Count the filled cells of each coded column by code, by load; true and false are codes, too."""
    loads = _listed(load_ids)
    return _read(con, (select for table in all_tables() for select in _selects(table, loads)))


def is_spread(column: ColumnFacts) -> bool:
    """Return whether a column holds codes whose shares say something of the patients; units are compared by analyte."""
    return column.is_category and not column.is_unit


def _unit_select(table: str, by: Harmonisation, loads: str) -> str:
    return (
        f"SELECT load_id, '{table}' AS table_name, '{by.reported_unit}' AS column_name, {by.kind} AS kind, "
        f"histogram(coalesce({by.reported_unit}, '{NO_UNIT}')) AS counts FROM core.{table} "
        f"WHERE load_id IN ({loads}) AND {by.reported_value} IS NOT NULL GROUP BY load_id, {by.kind}"
    )


def _selects(table: TableFacts, loads: str) -> Iterator[str]:
    for column in table.columns:
        if is_spread(column):
            by_kind = column.kind or "NULL"
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
