"""Comparison of the hospitals in numbers: completeness of columns, distribution of codes, first and last days."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas.catalogue import TableFacts, all_tables
from schemas.code_list import read_code_list

LOOKED_AT = (
    ("patient", "sex"),
    ("patient", "aetiology"),
    ("patient", "bclc_reported_code"),
    ("follow_up", "vital_status_code"),
)
"""The coded columns in which people look first whether hospitals have the same kind of patients."""

MONTHS_PER_QUARTER = 3


@dataclass(frozen=True)
class TableFilling:
    """How full one canonical table is at each hospital that has rows in it."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    """Name and title."""
    rows: Mapping[str, int]
    filled: Mapping[str, Mapping[str, int]]
    """Filled cells by site and column."""

    def column_percent(self, site_id: str, column: str) -> float | None:
        """Return the share of rows in which a column is filled; None without rows."""
        rows = self.rows.get(site_id)
        return 100.0 * self.filled[site_id][column] / rows if rows else None

    def percent(self, site_id: str) -> float | None:
        """Return the share of filled cells, over the columns that some hospital fills; None without rows."""
        rows = self.rows.get(site_id)
        in_use = [name for name, _ in self.columns if any(cells[name] for cells in self.filled.values())]
        if not rows or not in_use:
            return None
        return 100.0 * sum(self.filled[site_id][name] for name in in_use) / (rows * len(in_use))


@dataclass(frozen=True)
class Fillings:
    """How full every canonical table is."""

    tables: tuple[TableFilling, ...]

    def empty_columns(self, site_id: str) -> list[str]:
        """Name the columns that a hospital fills in no row: `table.column`."""
        return [
            f"{table.name}.{name}"
            for table in self.tables
            for name, _ in table.columns
            if not table.filled.get(site_id, {}).get(name)
        ]


@dataclass(frozen=True)
class Spread:
    """One coded column: by site, how many rows bear each of the codes; what bears none comes last, under ''."""

    table: str
    column: str
    title: str
    codes: tuple[tuple[str, str], ...]
    """Code and label, those that occur, in the order of the code list."""
    counts: Mapping[str, Mapping[str, int]]

    def rows(self, site_id: str) -> int:
        """Count a hospital's rows."""
        return sum(self.counts.get(site_id, {}).values())


@dataclass(frozen=True)
class Dates:
    """How many patients began the study drug in each quarter, on one axis for all hospitals."""

    first: str
    last: str
    counts: Mapping[str, tuple[int, ...]]


def collect_fillings(con: duckdb.DuckDBPyConnection) -> Fillings:
    """Count filled cells of every column by site."""
    return Fillings(tuple(_filling(con, table) for table in all_tables()))


def collect_spreads(con: duckdb.DuckDBPyConnection) -> tuple[Spread, ...]:
    """Count the codes of the columns that are looked at, by site."""
    facts = {table.name: table for table in all_tables()}
    return tuple(_spread(con, facts[table], column) for table, column in LOOKED_AT)


def collect_dates(con: duckdb.DuckDBPyConnection) -> Dates:
    """Count the starts of the study drug by site and quarter."""
    rows = con.execute(
        "SELECT site_id, date_trunc('quarter', started_on)::DATE AS quarter, count(*) FROM current.treatment_course "
        "WHERE coalesce(role_code, 'study') = 'study' AND started_on IS NOT NULL GROUP BY ALL"
    ).fetchall()
    if not rows:
        return Dates("", "", {})
    numbers = [_quarter(day) for _, day, _ in rows]
    first, last = min(numbers), max(numbers)
    counts: dict[str, list[int]] = {}
    for (site_id, _, count), number in zip(rows, numbers, strict=True):
        counts.setdefault(site_id, [0] * (last - first + 1))[number - first] += count
    return Dates(_show_quarter(first), _show_quarter(last), {site_id: tuple(each) for site_id, each in counts.items()})


def _filling(con: duckdb.DuckDBPyConnection, table: TableFacts) -> TableFilling:
    names = table.column_names
    counted = ", ".join(f"count({name})" for name in names)
    answer = con.execute(f"SELECT site_id, count(*), {counted} FROM current.{table.name} GROUP BY site_id").fetchall()
    return TableFilling(
        table.name,
        table.title.capitalize(),
        tuple((column.name, column.title) for column in table.columns),
        {site_id: rows for site_id, rows, *_ in answer},
        {site_id: dict(zip(names, filled, strict=True)) for site_id, _, *filled in answer},
    )


def _spread(con: duckdb.DuckDBPyConnection, table: TableFacts, name: str) -> Spread:
    column = table.column(name)
    assert column.codes is not None, "only coded columns are looked at"
    tallies: list[tuple[str, dict[str, Any]]] = con.execute(
        f"SELECT site_id, histogram(coalesce({name}, '')) FROM current.{table.name} GROUP BY site_id"
    ).fetchall()
    present = {code for _, tally in tallies for code in tally}
    listed = [(entry.code, entry.label) for entry in read_code_list(column.codes).entries if entry.code in present]
    codes = (*listed, *((("", "not given"),) if "" in present else ()))
    return Spread(table.name, name, column.title, codes, dict(tallies))


def _quarter(day: dt.date) -> int:
    return day.year * 4 + (day.month - 1) // MONTHS_PER_QUARTER


def _show_quarter(number: int) -> str:
    return f"{number // 4} Q{number % 4 + 1}"
