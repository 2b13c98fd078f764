"""Odds ratios against counts: do they follow, and if not, from which reading of the table would they?"""

from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from etl.study.audit.figure import RATIOS, Figure
from etl.study.audit.finding import CANNOT_BE_TESTED, EXPLAINED, Finding, finding, name
from etl.study.audit.printed import Printed, Row
from etl.study.audit.two_by_two import (
    Cells,
    PrintedRatio,
    cells_by_near_size,
    cells_by_printed_size,
    find_ratio,
    reference_level,
)
from etl.study.statistics.estimate import NORMAL_QUANTILE

Counts = NDArray[np.int64]

MOST_SOLUTIONS = 3
MOST_TABLES = 4_000_000
"""Two by two tables that are searched at most, all in memory at once: groups of some 2,000 patients each."""


def check_odds_ratios(printed: Printed) -> Iterator[Finding]:
    """Report odds ratios that do not follow from the counts, each with the reading of the counts that it does fit.

    Compared are ratios of two groups whose method is unadjusted logistic regression or that are printed as odds
    ratios; the first group of the file holds the cases. Limits are Wald's.
    """
    if len(printed.groups) != 2:  # noqa: PLR2004 - an odds ratio compares two groups
        return
    split_rows: dict[str, tuple[Row, list[PrintedRatio]]] = {}
    for estimate in printed.find(*RATIOS):
        row = _row(printed, estimate)
        if not is_crude(estimate) or row is None:
            if is_crude(estimate) and row is None and printed.companion(estimate, "low"):
                yield from _counts_not_printed(printed, find_ratio(printed, estimate))
            continue
        ratio = find_ratio(printed, estimate)
        first = next(iter(cells_by_printed_size(printed, estimate, row)), None)
        if first is None or any(ratio.fits(cells) for cells in cells_by_printed_size(printed, estimate, row)):
            continue
        explained = _explain(printed, ratio, row, first)
        if explained:
            yield explained
        else:
            split_rows.setdefault(row.variable, (row, []))[1].append(ratio)
    for row, ratios in split_rows.values():
        yield from _other_split(printed, row, ratios)


def check_names_of_ratios(printed: Printed) -> Iterator[Finding]:
    """Report ratios that are called hazard ratios although they come from a logistic regression."""
    called = [each for each in printed.find("hazard_ratio") if each.method.startswith("logistic")]
    exact = []
    for estimate in called:
        row, ratio = _row(printed, estimate), find_ratio(printed, estimate)
        is_tested = is_crude(estimate) and row and ratio.low and len(printed.groups) == 2  # noqa: PLR2004
        if is_tested and row and any(ratio.fits(cells) for cells in cells_by_near_size(printed, estimate, row)):
            exact.append(estimate)
    if called:
        yield finding(
            "hazard_or_odds",
            called,
            f"{len(exact)} of them are the odds ratio of the counts",
            f"{len(called)} ratios are called hazard ratios; their method is logistic regression, which gives odds "
            f"ratios, and {len(exact)} of them are, with both limits, the odds ratio of the printed counts.",
            questioned=(),
        )


def is_crude(figure: Figure) -> bool:
    """Say whether a ratio is an unadjusted odds ratio by what is printed about it."""
    if any(word in figure.method for word in ("adjusted", "cox", "profile", "exact", "firth")):
        return False
    return figure.statistic == "odds_ratio" or figure.method.startswith("logistic")


def _row(printed: Printed, estimate: Figure) -> Row | None:
    if not estimate.level_code or estimate.sum_of:
        return None
    return printed.row_with(estimate.variable)


def _explain(printed: Printed, ratio: PrintedRatio, row: Row, first: Cells) -> Finding | None:
    estimate = ratio.estimate
    counts = [cell.n for cells in row.levels.values() for cell in cells.values() if cell.n]
    computed = _show(first)
    for cells in cells_by_near_size(printed, estimate, row):
        if ratio.fits(cells):
            return finding(
                "group_size",
                [*ratio.figures, *counts],
                f"{cells}",
                f"{name(estimate)}: {_print(ratio)} follows from {cells}; the printed sizes give {computed}.",
            )
    for cells in cells_by_near_size(printed, estimate, row):
        if ratio.fits(cells.inverted()):
            return finding(
                "inverted",
                [*ratio.figures, *counts],
                str(cells.inverted()),
                f"{name(estimate)}: {_print(ratio)} follows when the printed counts are read as patients without it, "
                f"so with it {cells.inverted()}; as printed they give {computed}.",
                questioned=counts,
            )
    return None


def _other_split(printed: Printed, row: Row, ratios: list[PrintedRatio]) -> Iterator[Finding]:
    found = _search_split(printed, row, ratios[0].estimate)
    for ratio in ratios:
        cells = next(iter(cells_by_printed_size(printed, ratio.estimate, row)))
        sentence = f"{name(ratio.estimate)}: printed is {_print(ratio)}, the counts give {_show(cells)}"
        counts = [cell.n for cells in row.levels.values() for cell in cells.values() if cell.n]
        unsearched = "" if _is_searchable(printed) else " Other splits of groups so large were not searched."
        yield finding(
            "other_split" if found else "odds_ratio",
            [*ratio.figures, *counts],
            found or _show(cells),
            f"{sentence}; all ratios of the row follow from another split: {found}."
            if found
            else f"{sentence}.{unsearched}",
        )


def _search_split(printed: Printed, row: Row, estimate: Figure) -> str:
    """Search for a reference level of another size, its patients taken from one other level, that fits all ratios."""
    reference = reference_level(printed, estimate, row)
    ratios = {
        each.level_code: find_ratio(printed, each)
        for each in printed.find(*RATIOS)
        if (each.variable, each.analysis_id, each.method) == (row.variable, estimate.analysis_id, estimate.method)
    }
    if reference is None or reference not in row.levels or len(ratios) < 2:  # noqa: PLR2004 - one ratio fits many splits
        return ""
    if not _is_searchable(printed):
        return ""
    totals = [
        [size for size in dict.fromkeys((printed.fitted[group], printed.size(group, row), row.total(group))) if size]
        for group in printed.groups
    ]
    for moved, total in product(ratios, product(*totals)):
        kept = {
            level: [cell.count or 0 for group in printed.groups if (cell := row.levels[level].get(group))]
            for level in row.levels
            if level not in (reference, moved)
        }
        if any(len(counts) != 2 for counts in kept.values()):  # noqa: PLR2004 - one group does not print the level
            return ""
        free = [total[side] - sum(counts[side] for counts in kept.values()) for side in (0, 1)]
        solutions = _splits(ratios, moved, kept, free=free) if moved in row.levels and min(free) > 1 else []
        if solutions:
            cases, others = solutions[len(solutions) // 2]
            parts = [f"{reference} {cases}/{others}", f"{moved} {free[0] - cases}/{free[1] - others}"]
            only = "the only one of its kind" if len(solutions) == 1 else f"one of {len(solutions)}"
            return ", ".join(parts + [f"{level} {one}/{other}" for level, (one, other) in kept.items()]) + f" ({only})"
    return ""


def _splits(
    ratios: dict[str, PrintedRatio], moved: str, kept: dict[str, list[int]], *, free: list[int]
) -> list[tuple[int, int]]:
    """All sizes of the reference level, in cases and others, that fit the ratios when `moved` takes what is left."""
    cases, others = np.meshgrid(np.arange(1, free[0]), np.arange(1, free[1]), indexing="ij")
    fits = _fits(ratios[moved], free[0] - cases, cases, level_others=free[1] - others, reference_others=others)
    for level in kept.keys() & ratios.keys():
        level_cases, level_others = (np.full_like(cases, kept[level][side]) for side in (0, 1))
        if not min(kept[level]):
            return []
        fits &= _fits(ratios[level], level_cases, cases, level_others=level_others, reference_others=others)
    return [(int(first) + 1, int(second) + 1) for first, second in np.argwhere(fits)]


def _counts_not_printed(printed: Printed, ratio: PrintedRatio) -> Iterator[Finding]:
    """Search for the counts that give a ratio whose row has no counts; several can."""
    if not _is_searchable(printed):
        yield finding(
            "counts",
            ratio.figures,
            "",
            f"{name(ratio.estimate)}: counts are not printed, and those of groups so large are not searched.",
            CANNOT_BE_TESTED,
        )
        return
    fitted = {group: printed.fitted[group] for group in printed.groups}
    sizes = [dict.fromkeys((fitted[group], fitted[group] - 1, printed.sizes[group])) for group in printed.groups]
    found: list[str] = []
    for size in product(*sizes):
        cases, others = np.meshgrid(np.arange(1, size[0]), np.arange(1, size[1]), indexing="ij")
        fits = _fits(ratio, cases, size[0] - cases, level_others=others, reference_others=size[1] - others)
        found += [f"{a + 1} of {size[0]} and {b + 1} of {size[1]}" for a, b in np.argwhere(fits)]
    if found:
        shown = "; ".join(found[:MOST_SOLUTIONS]) + ("; and more" if len(found) > MOST_SOLUTIONS else "")
        yield finding(
            "counts",
            ratio.figures,
            shown,
            f"{name(ratio.estimate)}: counts are not printed; {_print(ratio)} would follow from {shown}.",
            EXPLAINED,
        )


def _is_searchable(printed: Printed) -> bool:
    return prod(printed.sizes[group] for group in printed.groups) <= MOST_TABLES


def _fits(
    ratio: PrintedRatio, level_cases: Counts, reference_cases: Counts, *, level_others: Counts, reference_others: Counts
) -> NDArray[np.bool_]:
    with np.errstate(divide="ignore"):
        middle = np.log(level_cases * reference_others / (reference_cases * level_others))
        cells = (level_cases, reference_cases, level_others, reference_others)
        reach = NORMAL_QUANTILE * np.sqrt(sum(1 / cell for cell in cells))
    fits = np.ones(np.shape(level_cases), dtype=bool)
    for figure, value in ((ratio.estimate, middle), (ratio.low, middle - reach), (ratio.high, middle + reach)):
        if figure is not None:
            number = np.exp(value)
            fits &= (number >= float(figure.low) - 1e-9) & (number <= float(figure.high) + 1e-9)
    return fits


def _show(cells: Cells) -> str:
    value = cells.ratio()
    return "no ratio, a cell is empty" if value is None else f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def _print(ratio: PrintedRatio) -> str:
    if ratio.low and ratio.high:
        return f"{ratio.estimate.printed} ({ratio.low.printed} to {ratio.high.printed})"
    return ratio.estimate.printed
