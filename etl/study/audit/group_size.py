"""The group size that would fit: which number of patients do the percentages of a group follow from?"""

from collections.abc import Iterator

from etl.study.audit.figure import TOTAL
from etl.study.audit.finding import Finding, finding
from etl.study.audit.printed import Printed, Row, percent

ROWS_MORE = 2
"""Another size is reported when it fits at least so many rows more: one row alone is a wrong percentage."""
FARTHEST = 1_000
"""No size farther from the printed one is tried."""


def fitted_sizes(printed: Printed) -> dict[str, int]:
    """Find for each group the size that fits most rows; the printed one where no other fits `ROWS_MORE` rows more."""
    return {group: _best(printed, group) for group in printed.groups}


def check_group_size(printed: Printed) -> Iterator[Finding]:
    """Report a group whose rows fit another size than the printed one, with the rows that fit only one of the two."""
    for group in printed.groups:
        stated, best = printed.sizes[group], printed.fitted.get(group, printed.sizes[group])
        if best == stated:
            continue
        rows = [row for row in printed.rows if row.cells(group)]
        only_best = [row for row in rows if fits(row, group, best) and not fits(row, group, stated)]
        others = sum(printed.fitted[other] for other in printed.groups if other != group) + best
        total = printed.sizes.get(TOTAL)
        sums = f" With it the groups sum to {others}, not {total}." if total and others != total else ""
        sizes = [each for each in printed.find("size") if each.group == group]
        yield finding(
            "group_size",
            [*sizes, *(figure for row in only_best for cell in row.cells(group) for figure in cell.figures)],
            str(best),
            f"{group}: the size {stated} fits {sum(fits(row, group, stated) for row in rows)} of {len(rows)} rows, "
            f"{best} fits {sum(fits(row, group, best) for row in rows)}; only {best} fits "
            f"{', '.join(dict.fromkeys(row.variable for row in only_best))}.{sums}",
        )


def check_groups_sum(printed: Printed) -> Iterator[Finding]:
    """Report groups that do not sum to the total, and a group of which two sizes are printed."""
    total = printed.sizes.get(TOTAL)
    if total is not None and printed.groups and printed.grand_total != total:
        yield finding(
            "groups",
            printed.find("size"),
            str(printed.grand_total),
            f"The groups {', '.join(printed.groups)} sum to {printed.grand_total}, the total is printed as {total}.",
        )


def fits(row: Row, group: str, size: int) -> bool:
    """Say whether all percentages of a row follow from a group of this size, missing values allowed.

    Missing values are assumed only where several levels are printed, sum to less than the size, and all percentages
    follow from that sum.
    """
    if _fit_all(row, group, row.denominators.get(group, size)):
        return True
    levels = row.total(group)
    return len(row.levels) > 1 and levels is not None and 0 < levels < size and _fit_all(row, group, levels)


def sizes_that_fit(printed: Printed, row: Row, group: str) -> list[int]:
    """The denominators from which all percentages of a row follow; every possible one where none does."""
    tried = printed.sizes_to_try(group, row)
    return [size for size in tried if _fit_all(row, group, size)] or tried


def _best(printed: Printed, group: str) -> int:
    stated = printed.sizes[group]
    reach = min(max(5, stated // 50), FARTHEST)
    rows = [row for row in printed.rows if any(cell.percent for cell in row.cells(group))]
    scores = {
        size: sum(fits(row, group, size) for row in rows) for size in range(max(1, stated - reach), stated + reach + 1)
    }
    best = max(scores, key=lambda size: (scores[size], -abs(size - stated)))
    return best if scores[best] >= scores[stated] + ROWS_MORE else stated


def _fit_all(row: Row, group: str, size: int) -> bool:
    for cell in row.cells(group):
        if cell.percent is None or cell.count is None:
            continue
        printed = cell.n if cell.is_swapped else cell.percent
        if printed is None or cell.count > size or not printed.contains(percent(cell.count, size)):
            return False
    return True
