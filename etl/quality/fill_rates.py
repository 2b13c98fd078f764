"""How full the columns of a load are, and whether a column is far emptier than at the other hospitals."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import duckdb

from etl.quality.observed import Observed
from etl.quality.standing_apart import LEAST_DISTANCE, LEAST_SITES
from schemas.catalogue import all_tables

LEAST_ROWS = 30
"""With fewer rows, here or there, a share says little."""

LEAST_GAP = 0.25
"""A column stands out when so much less of it is filled than in the middle of the others: smaller gaps are custom.
It must stand apart from them, too: some columns differ from hospital to hospital."""

CERTAIN_ERRORS = 4.0
"""And when chance does not make the gap; the rows of one patient count as one, for they are filled or empty together."""


@dataclass(frozen=True)
class Filling:
    """Of a column of one load: its rows, how many are filled, and how many patients they are of."""

    rows: int
    filled: int
    patients: int

    @property
    def share(self) -> float:
        """Return the share of rows that are filled; 0 to 1."""
        return self.filled / self.rows

    @property
    def squared_error(self) -> float:
        """Return the squared standard error of the share; a share of none or all is uncertain too (Agresti and Coull 1998)."""
        patients = max(self.patients, 1)
        share = (self.share * patients + 2) / (patients + 4)
        return share * (1 - share) / (patients + 4)


Fillings = Mapping[tuple[str, str], Filling]
"""By table and column."""


def read_fillings(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], Filling]]:
    """Read how full every column is, by load; columns that the load's mapping does not fill are left out.

    What no mapping fills is listed as a gap of the mapping; it says nothing of what a hospital writes down.
    """
    loads = ", ".join(str(int(load_id)) for load_id in load_ids) or "NULL"
    mapped = set(
        con.execute(
            f"SELECT load_id, table_name, column_name FROM audit.column_origin WHERE load_id IN ({loads})"
        ).fetchall()
    )
    fillings: dict[int, dict[tuple[str, str], Filling]] = {}
    for table in all_tables():
        names = [column.name for column in table.columns if not column.required]
        patients = "approx_count_distinct(patient_id)" if "patient_id" in table.column_names else "count(*)"
        counted = ", ".join(f"count({name})" for name in names)
        for load_id, rows, people, *filled in con.execute(
            f"SELECT load_id, count(*), {patients}, {counted} FROM core.{table.name} "
            f"WHERE load_id IN ({loads}) GROUP BY load_id"
        ).fetchall():
            for name, count in zip(names, filled, strict=True):
                if rows >= LEAST_ROWS and (count or (load_id, table.name, name) in mapped):
                    fillings.setdefault(load_id, {})[table.name, name] = Filling(rows, count, people)
    return fillings


def find_emptier(fillings: Fillings, others: Sequence[Fillings]) -> Iterator[Observed]:
    """Find the columns of one load that are far emptier than the same columns of the other hospitals' loads."""
    for (table, column), filling in fillings.items():
        there = [each[table, column] for each in others if (table, column) in each]
        if len(there) >= LEAST_SITES and _is_emptier(filling, there):
            shares = sorted(each.share for each in there)
            yield Observed(
                "fill_rate_differs",
                table,
                column,
                f"{column.replace('_', ' ')} is filled in {_percent(filling.share)} of {filling.rows:,} rows",
                f"{_percent(median(shares))} in the middle of {len(there)} other hospitals "
                f"({_percent(shares[0])} to {_percent(shares[-1])})",
            )


def _is_emptier(filling: Filling, there: Sequence[Filling]) -> bool:
    middle = median(each.share for each in there)
    spread = sum(abs(each.share - middle) for each in there) / len(there)
    error = math.sqrt(filling.squared_error + sum(each.squared_error for each in there) / len(there) ** 2)
    return middle - filling.share >= max(LEAST_GAP, LEAST_DISTANCE * spread, CERTAIN_ERRORS * error)


def _percent(share: float) -> str:
    """Write a share in percent; nearly none is not none, nearly all not all."""
    percent = 100 * share
    if 0 < percent < 1:
        return "< 1 %"
    if 99 < percent < 100:  # noqa: PLR2004
        return "> 99 %"
    return f"{percent:.0f} %"
