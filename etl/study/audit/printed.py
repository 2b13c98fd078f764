"""The printed figures of a publication put in order: group sizes, rows of counts, what a group is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from etl.study.audit.figure import TOTAL, Figure, split_level


@dataclass
class Cell:
    """Count and percentage of one level in one group; `count` is the one to reckon with, put right where swapped."""

    n: Figure | None = None
    percent: Figure | None = None
    count: int | None = None
    is_swapped: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is printed in the cell."""
        return tuple(figure for figure in (self.n, self.percent) if figure)


@dataclass
class Row:
    """A row of counts: levels by groups, of one table."""

    home: str
    variable: str
    analysis_id: str
    levels: dict[str, dict[str, Cell]] = field(default_factory=dict)
    denominators: dict[str, int] = field(default_factory=dict)

    def counts(self, group: str) -> list[int | None]:
        """The counts of all printed levels in a group."""
        return [cells[group].count if group in cells else None for cells in self.levels.values()]

    def cells(self, group: str) -> list[Cell]:
        """The cells of all printed levels in a group."""
        return [cells[group] for cells in self.levels.values() if group in cells]

    def total(self, group: str) -> int | None:
        """The sum of the levels in a group, None where a count is not printed."""
        counts = self.counts(group)
        return None if None in counts else sum(count for count in counts if count is not None)


class Printed:
    """All figures of a publication, with the questions that the checks ask of them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = tuple(figures)
        self.sizes = {
            figure.group: int(figure.value)
            for figure in reversed(self.figures)  # the first that is printed counts
            if _is_size(figure) and figure.value is not None
        }
        self.groups = tuple(
            dict.fromkeys(each.group for each in self.figures if _is_size(each) and each.group != TOTAL)
        )
        """The groups that are compared, in the order of the file; the first one is the outcome of the odds ratios."""
        self._printed_in: dict[tuple[str, ...], Figure] = {}
        for figure in self.figures:
            self._printed_in.setdefault((figure.statistic, *_cell_key(figure)), figure)
        self.rows = self._rows()
        self.fitted: dict[str, int] = {}
        """For each group the size that fits most rows; the audit fills it in before the checks that use it."""

    def sizes_to_try(self, group: str, row: Row | None = None) -> list[int]:
        """The denominators that a row of a group can have: printed, fitting most rows, or the sum of its levels."""
        stated = self.size(group, row)
        if row and group in row.denominators:
            return [row.denominators[group]]
        levels = row.total(group) if row and len(row.levels) > 1 else None
        tried = [stated, self.fitted.get(group), levels]
        return list(dict.fromkeys(each for each in tried if each))

    def size(self, group: str, row: Row | None = None) -> int | None:
        """The printed number of patients of a group, or of those for whom the row is known where that is printed."""
        if row and group in row.denominators:
            return row.denominators[group]
        return self.sizes.get(group)

    def sizes_of(self, group: str) -> set[int]:
        """Every size that a group can have: a printed one, or that of `variable=level` and `variable!=level`."""
        if group in self.sizes:
            return {self.sizes[group]}
        if "!=" in group:
            inside = self.pooled_counts(*group.split("!=", 1))
            return {self.sizes[TOTAL] - count for count in inside} if TOTAL in self.sizes else set()
        if "=" in group:
            return self.pooled_counts(*split_level(group))
        return {self.grand_total} if group == TOTAL and self.grand_total else set()

    @property
    def grand_total(self) -> int:
        """The groups together."""
        return sum(self.sizes[group] for group in self.groups)

    def pooled_counts(self, variable: str, code: str) -> set[int]:
        """Every count of a level in all groups together: printed for the total, or the sum of its groups."""
        counts = {
            int(each.value)
            for each in self.figures
            if each.statistic == "n" and (each.variable, each.level_code, each.group) == (variable, code, TOTAL)
            if each.value is not None and each.value.denominator == 1
        }
        pooled = self.pooled(variable, code)
        return counts | ({pooled} if pooled is not None else set())

    def pooled(self, variable: str, code: str) -> int | None:
        """The sum of a level's counts over the groups; None where one is not printed."""
        row = self.row_with(variable, code)
        if row is None:
            return None
        counts = [row.levels[code][group].count if group in row.levels[code] else None for group in self.groups]
        return None if None in counts else sum(count for count in counts if count is not None)

    def row_with(self, variable: str, code: str | None = None) -> Row | None:
        """The first row of counts of a variable, with this level if one is named."""
        for row in self.rows:
            if row.variable == variable and (code is None or code in row.levels):
                return row
        return None

    def count(self, variable: str, code: str, group: str) -> int | None:
        """The count of a level in a group."""
        row = self.row_with(variable, code)
        return row.levels[code][group].count if row and group in row.levels[code] else None

    def find(self, *statistics: str) -> list[Figure]:
        """All figures of these statistics that are numbers."""
        return [each for each in self.figures if each.statistic in statistics and each.value is not None]

    def companion(self, figure: Figure, statistic: str) -> Figure | None:
        """The figure of another statistic that is printed next to one: same place, quantity and analysis."""
        return self._printed_in.get((statistic, *_cell_key(figure)))

    def _rows(self) -> list[Row]:
        rows: dict[tuple[str, str, str], Row] = {}
        for each in self.figures:
            if each.group not in self.groups or each.sum_of or each.statistic not in {"n", "percent", "denominator"}:
                continue
            key = (each.home, each.variable, each.analysis_id)
            row = rows.setdefault(key, Row(each.home, each.variable, each.analysis_id))
            if each.statistic == "denominator" and each.value is not None:
                if each.value >= 1:
                    row.denominators[each.group] = int(each.value)
                continue
            cell = row.levels.setdefault(each.level_code, {}).setdefault(each.group, Cell())
            if each.statistic == "n":
                cell.n = each
            else:
                cell.percent = each
        kept = [row for row in rows.values() if any(cell.n for cells in row.levels.values() for cell in cells.values())]
        for row in kept:
            for cells in row.levels.values():
                for group, cell in cells.items():
                    self._settle(cell, self.size(group, row))
        return kept

    def _settle(self, cell: Cell, size: int | None) -> None:
        n, percent = (cell.n.value if cell.n else None), (cell.percent.value if cell.percent else None)
        if n is None:
            return
        cell.is_swapped = (
            percent is not None
            and size is not None
            and percent.denominator == 1
            and percent >= 0
            and cell.n is not None
            and not (cell.percent and n.denominator == 1 and cell.percent.contains(n * 100 / size))
            and any(cell.n.contains(percent * 100 / each) for each in (size, size + 1))
        )
        if cell.is_swapped and percent is not None:
            cell.count = int(percent)
        elif n.denominator == 1 and n >= 0:
            cell.count = int(n)


def percent(count: int, size: int) -> Fraction:
    """A count in percent of a size, exactly."""
    return Fraction(100 * count, size)


def _is_size(figure: Figure) -> bool:
    return figure.statistic == "size" and figure.value is not None and figure.value >= 1


def _cell_key(figure: Figure) -> tuple[str, ...]:
    return (
        figure.place, figure.table, figure.variable, figure.level_code, figure.group, figure.analysis_id, figure.method,
    )  # fmt: skip
