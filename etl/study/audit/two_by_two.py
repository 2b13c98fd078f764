"""Odds ratios with Wald limits from the counts of a row, for every reading of the counts that is worth a try."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import exp, log, sqrt

from etl.study.audit.figure import Figure
from etl.study.audit.group_size import sizes_that_fit
from etl.study.audit.printed import Printed, Row
from etl.study.statistics.estimate import NORMAL_QUANTILE

NEAR = 3
"""Group sizes are tried up to so many patients away from the printed one."""


@dataclass(frozen=True)
class PrintedRatio:
    """A ratio as printed, with its limits where they are printed next to it."""

    estimate: Figure
    low: Figure | None
    high: Figure | None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is printed."""
        return tuple(each for each in (self.estimate, self.low, self.high) if each)

    def fits(self, cells: "Cells") -> bool:
        """Say whether the odds ratio of these cells, with its limits, is printed like this."""
        value = cells.ratio()
        return value is not None and all(
            figure is None or figure.contains(number)
            for figure, number in zip((self.estimate, self.low, self.high), value, strict=True)
        )


@dataclass(frozen=True)
class Cells:
    """A two by two table: the level and its reference among the cases (first group) and the others (second group)."""

    level_cases: int
    reference_cases: int
    level_others: int
    reference_others: int

    def ratio(self) -> tuple[float, float, float] | None:
        """The odds ratio and its 95 % limits by Wald on the log scale; None where a cell is empty."""
        cells = (self.level_cases, self.reference_cases, self.level_others, self.reference_others)
        if min(cells) <= 0:
            return None
        middle = log(cells[0] * cells[3] / (cells[1] * cells[2]))
        reach = NORMAL_QUANTILE * sqrt(sum(1 / cell for cell in cells))
        return exp(middle), exp(middle - reach), exp(middle + reach)

    def inverted(self) -> "Cells":
        """The same with the printed counts read as those without the property."""
        return Cells(self.reference_cases, self.level_cases, self.reference_others, self.level_others)

    def __str__(self) -> str:
        cases, others = self.level_cases + self.reference_cases, self.level_others + self.reference_others
        return f"{self.level_cases} of {cases} and {self.level_others} of {others}"


def find_ratio(printed: Printed, estimate: Figure) -> PrintedRatio:
    """Put a printed ratio together with the limits that are printed next to it."""
    return PrintedRatio(estimate, printed.companion(estimate, "low"), printed.companion(estimate, "high"))


def reference_level(printed: Printed, figure: Figure, row: Row) -> str | None:
    """The level that a ratio compares with: the one marked as reference; None where a row has two sides only."""
    for each in printed.find("reference"):
        if (each.variable, each.analysis_id, each.method) == (figure.variable, figure.analysis_id, figure.method):
            return each.level_code
    if len(row.levels) != 1:
        return None
    only = next(iter(row.levels))
    return only if figure.level_code != only else _REST


_REST = "\0the rest"
"""Stands for the level that is not printed."""


def cells_by_printed_size(printed: Printed, figure: Figure, row: Row) -> Iterator[Cells]:
    """Every table that the printed counts and sizes give for a ratio."""
    sizes = []
    for group in printed.groups:
        known = [size for size in sizes_that_fit(printed, row, group) if size == row.total(group)]
        sizes.append([size for size in (printed.size(group, row), *known) if size])
    yield from _cells(printed, figure, row, sizes)


def cells_by_near_size(printed: Printed, figure: Figure, row: Row) -> Iterator[Cells]:
    """The same for sizes up to `NEAR` patients away, those that fit the percentages first."""
    near: list[list[int]] = []
    for group in printed.groups:
        stated = printed.size(group, row) or 0
        around = [stated + sign * step for step in range(NEAR + 1) for sign in (1, -1)]
        near.append([size for size in dict.fromkeys([*sizes_that_fit(printed, row, group), *around]) if size > 0])
    yield from _cells(printed, figure, row, near)


def _cells(printed: Printed, figure: Figure, row: Row, sizes: list[list[int]]) -> Iterator[Cells]:
    reference = reference_level(printed, figure, row)
    if reference is None or not all(sizes):
        return
    first, second = printed.groups
    nearest_first = sorted(product(range(len(sizes[0])), range(len(sizes[1]))), key=sum)
    for cases, others in nearest_first:
        counts = [
            _count(row, code, group, size)
            for group, size in ((first, sizes[0][cases]), (second, sizes[1][others]))
            for code in (figure.level_code, reference)
        ]
        known = [count for count in counts if count is not None]
        if len(known) == len(counts):
            yield Cells(*known)


def _count(row: Row, code: str, group: str, size: int) -> int | None:
    """The count of a level, or what the printed levels leave of the group where the level is not printed."""
    if code in row.levels:
        cell = row.levels[code].get(group)
        return cell.count if cell else None
    total = row.total(group)
    return None if total is None else size - total
