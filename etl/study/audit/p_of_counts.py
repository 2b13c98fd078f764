"""P values against counts: which test of independence gives the printed p, and is it the one that is named?"""

from collections.abc import Iterator
from itertools import product

from etl.study.audit.figure import Figure
from etl.study.audit.finding import EXPLAINED, Finding, finding, name
from etl.study.audit.group_size import sizes_that_fit
from etl.study.audit.printed import Printed, Row

PEARSON, YATES, FISHER = "Pearson's chi-square", "chi-square with Yates' correction", "Fisher's exact test"
NAMED = {
    "": (PEARSON, YATES, FISHER),
    "chi-square": (PEARSON, YATES),
    "pearson": (PEARSON,),
    "yates": (YATES,),
    "fisher": (FISHER,),
    "fisher or chi-square": (PEARSON, YATES, FISHER),
}
"""The tests that a printed method can mean."""
Table = tuple[tuple[int, ...], ...]


def check_p_of_counts(printed: Printed) -> Iterator[Finding]:
    """Report p values of counts that no test gives, or another test than the stated one; note which test it was.

    Levels that are not printed are put together as one more level. The printed group size is tried, and the one that
    fits most rows.
    """
    for figure in printed.find("p"):
        named = NAMED.get(figure.method.lower())
        row = printed.row_with(figure.variable)
        if named is None or row is None or figure.sum_of or not _is_of_groups(figure, row):
            continue
        tables = [table for table in _tables(printed, figure, row) if _is_testable(table)]
        if not tables:
            continue
        found = {method: _p_values(method, tables) for method in (PEARSON, YATES)}
        fitting = [method for method, values in found.items() if any(figure.contains(p) for p in values)]
        is_small = len(tables[0]) == 2 and len(tables[0][0]) == 2  # noqa: PLR2004 - two levels of two groups
        if is_small or not any(method in named for method in fitting):
            found[FISHER] = _p_values(FISHER, tables)
            fitting += [FISHER] if any(figure.contains(p) for p in found[FISHER]) else []
        yield from _judge(printed, figure, row, named=named, found=found, fitting=fitting)


def _judge(
    printed: Printed,
    figure: Figure,
    row: Row,
    *,
    named: tuple[str, ...],
    found: dict[str, list[float]],
    fitting: list[str],
) -> Iterator[Finding]:
    computed = "; ".join(f"{method} {_range(values)}" for method, values in found.items() if values)
    cells = [cell.n for group in printed.groups for cell in row.cells(group) if cell.n]
    start = f"{name(figure)}: p = {figure.printed}"
    if not fitting:
        sentence = f"{start} follows from the counts by no test: {computed}."
        yield finding("p_of_counts", [figure, *cells], computed, sentence, questioned=[figure])
    elif not any(method in named for method in fitting):
        sentence = f"{start} is that of {' or '.join(fitting)}, not of {figure.method}: {computed}."
        yield finding("method_of_p", [figure, *cells], computed, sentence, questioned=[figure])
    elif not figure.bound and len([values for values in found.values() if values]) > len(fitting):
        sentence = f"{start} is that of {' or '.join(fitting)}: {computed}."
        yield finding("method_of_p", [figure, *cells], computed, sentence, EXPLAINED)


def _is_of_groups(figure: Figure, row: Row) -> bool:
    """Whether the p compares the groups with printed sizes, by the analysis that the row of counts belongs to."""
    return not figure.group and (not figure.analysis_id or not row.analysis_id or figure.analysis_id == row.analysis_id)


def _tables(printed: Printed, figure: Figure, row: Row) -> Iterator[Table]:
    if figure.level_code and figure.level_code not in row.levels:
        return
    levels = [figure.level_code] if figure.level_code and len(row.levels) > 2 else list(row.levels)  # noqa: PLR2004
    counts = {
        group: [row.levels[level][group].count for level in levels if group in row.levels[level]]
        for group in printed.groups
    }
    if any(None in each or len(each) != len(levels) for each in counts.values()):
        return
    whole = {group: sum(count for count in each if count is not None) for group, each in counts.items()}
    sizes = {group: sizes_that_fit(printed, row, group) for group in printed.groups}
    for chosen in product(*sizes.values()):
        rest = [size - whole[group] for size, group in zip(chosen, printed.groups, strict=True)]
        if min(rest) < 0:
            continue
        table = [tuple(counts[group][place] or 0 for group in printed.groups) for place in range(len(levels))]
        yield tuple(table + ([tuple(rest)] if any(rest) else []))


def _is_testable(table: Table) -> bool:
    return len([line for line in table if sum(line)]) > 1 and all(sum(column) for column in zip(*table, strict=True))


def _p_values(method: str, tables: list[Table]) -> list[float]:
    from etl.study.statistics.comparisons import pearson_chi_square, yates_chi_square
    from etl.study.statistics.fisher import fisher_exact

    tests = {PEARSON: pearson_chi_square, YATES: yates_chi_square, FISHER: fisher_exact}
    values = []
    for table in dict.fromkeys(tables):
        kept = [line for line in table if sum(line)]
        if method != YATES or (len(kept) == 2 and len(kept[0]) == 2):  # noqa: PLR2004 - the correction is for 2x2
            p = tests[method](kept).p
            values += [] if p is None else [p]
    return values


def _range(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.4g}" if f"{low:.4g}" == f"{high:.4g}" else f"{low:.4g} to {high:.4g}"
