"""On which scale the numbers of a load lie, and whether two scales stand a unit's step apart.

A hospital that sends g/L under the name g/dL, or centimetres as millimetres, moves a whole column by a known factor.
What is compared is the middle of each quantity: of each analyte, each kind of observation, each measured column.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

import duckdb

from schemas.catalogue import ColumnFacts, all_tables

LEAST_VALUES = 20
"""With fewer values on either side a median says little."""

CERTAIN_ERRORS = 4.0
"""So many standard errors of the two medians a step must span: one chance in ten thousand, and hundreds are looked at."""

NEAR_STEP = math.log(1.35)
"""How far (in logarithms) from a known factor a ratio of medians may lie: other patients move a median by as much."""

LEAST_LEAP = math.log(3)
"""How far (in logarithms) a median moves that no disease moves, whether or not it is the step of a known unit."""

POWERS_OF_TEN = (10.0, 100.0, 1000.0)
"""A slip of the decimal point, of mm and cm, of L and dL, of g and mg."""

MEDIAN_TO_MEAN_ERROR = 1.2533
"""The standard error of a median is that of a mean times the root of pi / 2."""

QUARTILES_PER_DEVIATION = 1.349
"""The quartiles of a normal distribution lie so many standard deviations apart."""


@dataclass(frozen=True)
class Quantity:
    """What is measured: a canonical column, within one `kind` (an analyte, an observation) where kinds share it."""

    table: str
    column: str
    kind: str = ""

    @property
    def words(self) -> str:
        """Name it in a sentence."""
        return (self.kind or self.column).replace("_", " ")


@dataclass(frozen=True)
class Scale:
    """Where the positive values of a quantity lie in one load; logarithms are natural ones."""

    values: int
    patients: int
    log_median: float
    log_deviation: float
    unit: str

    @property
    def log_error(self) -> float:
        """The standard error of `log_median`; the values of one patient count as one, for they go together."""
        return MEDIAN_TO_MEAN_ERROR * self.log_deviation / math.sqrt(max(self.patients, 1))

    @property
    def words(self) -> str:
        """Write the median with its unit."""
        return f"{show_number(math.exp(self.log_median))} {'' if self.unit == '1' else self.unit}".rstrip()


@dataclass(frozen=True)
class Step:
    """A factor by which numbers move when a unit is mistaken, and between which units it lies."""

    factor: float
    words: str


Steps = dict[str, tuple[Step, ...]]
"""The steps that are known, by analyte; those that any quantity may take stand under ''."""


def read_scales(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int]) -> dict[int, dict[Quantity, Scale]]:
    """Read the scale of every quantity of the loads that has values enough, by load."""
    loads = ", ".join(str(int(load_id)) for load_id in load_ids)
    rows = con.execute(
        f"""
        SELECT load_id, table_name, column_name, coalesce(kind, ''), "values", patients, quartiles[2],
            (quartiles[3] - quartiles[1]) / {QUARTILES_PER_DEVIATION}, coalesce(unit, '')
        FROM ({" UNION ALL ".join(_selects(loads))})
        WHERE "values" >= {LEAST_VALUES}
        """
    ).fetchall()
    scales: dict[int, dict[Quantity, Scale]] = {}
    for load_id, table, column, kind, *facts in rows:
        scales.setdefault(load_id, {})[Quantity(table, column, kind)] = Scale(*facts)
    return scales


def read_steps(con: duckdb.DuckDBPyConnection) -> Steps:
    """Read the steps between any two units of each analyte, and the powers of ten under the name ''."""
    rows = con.execute("SELECT analyte_code, from_unit, factor::DOUBLE FROM reference.unit_conversion").fetchall()
    factors: dict[str, dict[str, float]] = {}
    for analyte, unit, factor in rows:
        factors.setdefault(analyte, {})[unit] = factor
    return {"": _decimal_steps()} | {
        analyte: tuple(
            Step(factors_of[wrong] / factors_of[right], f"the step between {wrong} and {right}")
            for wrong, right in permutations(factors_of, 2)
            if not math.isclose(factors_of[wrong], factors_of[right])
        )
        for analyte, factors_of in factors.items()
    }


def find_step(
    log_ratio: float,
    quantity: Quantity,
    steps: Steps,
    *,
    log_error: float,
    near: float = NEAR_STEP,
) -> Step | None:
    """Find the unit's step that a ratio of medians is; None when it is none, or when chance may make it.

    Args:
        log_ratio: logarithm of the ratio.
        quantity: what was measured.
        steps: as `read_steps` gives them.
        log_error: standard error of `log_ratio`.
        near: how far from a step the ratio may lie; never more than half of the step itself.
    """
    if abs(log_ratio) < CERTAIN_ERRORS * log_error:
        return None
    known = (*steps.get(quantity.kind, ()), *steps[""])
    distance, step = min(((abs(log_ratio - math.log(step.factor)), step) for step in known), key=lambda each: each[0])
    return step if distance <= min(near, abs(math.log(step.factor)) / 2) else None


def is_leap(log_ratio: float, *, log_error: float) -> bool:
    """Return whether a ratio of medians is too great for the same kind of patients, and not made by chance."""
    return abs(log_ratio) > max(LEAST_LEAP, CERTAIN_ERRORS * log_error)


def show_number(number: float) -> str:
    """Write a number with three digits, as people do."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"  # noqa: PLR2004


def show_ratio(log_ratio: float) -> str:
    """Write a ratio so that it is more than one: `9.8 times as high`, `a tenth` as `10 times as low`."""
    return f"{show_number(math.exp(abs(log_ratio)))} times as {'high' if log_ratio > 0 else 'low'}"


def _decimal_steps() -> tuple[Step, ...]:
    return tuple(Step(step, "a power of ten") for power in POWERS_OF_TEN for step in (power, 1 / power))


def _selects(loads: str) -> Iterator[str]:
    """Write one select for each column of measured numbers, by what was measured where the column holds several things.

    A number that reached no common unit is compared as reported, under the analyte and the unit it came in.
    """
    for table in all_tables():
        for column in table.measured:
            yield _select(loads, table.name, column)
        if by := table.harmonisation:
            yield _select(loads, table.name, table.column(by.reported_value), where=f"{by.value} IS NULL")


def _select(loads: str, table: str, measured: ColumnFacts, *, where: str = "TRUE") -> str:
    column, kind, unit = measured.name, measured.kind or "NULL", measured.unit_column or f"'{measured.unit}'"
    return (
        f"SELECT load_id, '{table}' AS table_name, '{column}' AS column_name, {kind}::VARCHAR AS kind, "
        f'any_value({unit}) AS unit, count(*) AS "values", approx_count_distinct(patient_id) AS patients, '
        f"approx_quantile(ln({column}::DOUBLE), [0.25, 0.5, 0.75]) AS quartiles "
        f"FROM core.{table} WHERE load_id IN ({loads}) AND {column} > 0 AND {where} GROUP BY load_id, {kind}"
    )
