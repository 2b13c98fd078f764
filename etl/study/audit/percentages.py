"""Percentages against counts, counts against groups: what must follow by adding and dividing."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from etl.study.audit.figure import Figure, split_level
from etl.study.audit.finding import EXPLAINED, Finding, finding, name
from etl.study.audit.group_size import fits
from etl.study.audit.printed import Cell, Printed, Row, percent


def check_percentages(printed: Printed) -> Iterator[Finding]:
    """Report percentages that do not follow from their counts, swapped ones, and the missing values that follow."""
    for row in printed.rows:
        for group in printed.groups:
            yield from _swapped(row, group)
            yield from _percentages_of_row(printed, row, group)
    for figure in printed.find("percent"):
        count = printed.companion(figure, "n")
        if figure.group not in printed.groups and count and count.value is not None:
            sizes = printed.sizes_of(figure.group) - {0}
            whole = int(count.value)
            if sizes and not any(figure.contains(percent(whole, size)) for size in sizes):
                yield _misfit(count, figure, whole, min(sizes))


def check_levels(printed: Printed) -> Iterator[Finding]:
    """Report a row whose levels sum to more than its group, or to more than a printed denominator."""
    for row in printed.rows:
        for group in printed.groups:
            levels, size = row.total(group), printed.size(group, row)
            if levels is not None and size is not None and levels > size:
                yield finding(
                    "levels",
                    [cell.n for cell in row.cells(group) if cell.n],
                    str(levels),
                    f"{row.home}, {row.variable} ({group}): the levels sum to {levels}, the group has {size}.",
                )


def check_subgroups(printed: Printed) -> Iterator[Finding]:
    """Report a subgroup that is larger than the group that its `part_of` names."""
    for part in printed.find("n", "percent"):
        if not part.part_of:
            continue
        variable, code = split_level(part.part_of)
        for whole in printed.find(part.statistic):
            if (whole.variable, whole.level_code, whole.group) != (variable, code, part.group) or whole.sum_of:
                continue
            if part.low > whole.high and not _is_swapped(printed, part):
                yield finding(
                    "part_above_whole",
                    [part, whole],
                    f"{part.printed} > {whole.printed}",
                    f"{name(part)}: {part.printed} is more than the {whole.printed} of {name(whole)}, "
                    "of which it is a part.",
                )


def _percentages_of_row(printed: Printed, row: Row, group: str) -> Iterator[Finding]:
    stated = printed.size(group, row)
    tried = printed.sizes_to_try(group, row)
    if stated is None or not any(cell.percent for cell in row.cells(group)):
        return
    fitting = [size for size in tried if not _misfits(row, group, size)]
    if fitting:
        levels = row.total(group)
        if stated not in fitting and levels is not None and levels < stated and fits(row, group, stated):
            fitted = printed.fitted.get(group, stated)
            other = f" (or {fitted - levels} of {fitted}, the size that fits most rows)" if fitted != stated else ""
            yield finding(
                "missing",
                [figure for cell in row.cells(group) for figure in cell.figures],
                str(levels),
                f"{row.home}, {row.variable} ({group}): the percentages follow from {levels}, so {stated - levels} of "
                f"{stated}{other} have no value.",
                EXPLAINED,
            )
        return
    size = min(tried, key=lambda each: len(_misfits(row, group, each)))
    for cell in _misfits(row, group, size):
        if cell.n and cell.percent and cell.count is not None:
            yield _misfit(cell.n, cell.percent, cell.count, size)


def _misfits(row: Row, group: str, size: int) -> list[Cell]:
    return [
        cell
        for cell in row.cells(group)
        if cell.percent and cell.count is not None and not cell.is_swapped
        if cell.count > size or not cell.percent.contains(percent(cell.count, size))
    ]


def _misfit(n: Figure, printed: Figure, count: int, size: int) -> Finding:
    lowest, highest = ceil(printed.low * size / 100), floor(printed.high * size / 100)
    counts = f"{lowest}" if lowest == highest else f"{lowest} to {highest}"
    would = f"{counts} would give {printed.printed}" if lowest <= highest else f"no count gives {printed.printed}"
    exact = percent(count, size)
    denominators = ""
    if count and printed.low > 0:
        least, most = ceil(Fraction(100 * count) / printed.high), floor(Fraction(100 * count) / printed.low)
        if least <= most:
            denominators = f"; {count} gives it in {least} to {most} patients"
    return finding(
        "percentage",
        [n, printed],
        f"{float(exact):.3f}",
        f"{name(printed)}: {count} of {size} is {float(exact):.2f} %, printed is {printed.printed}; "
        f"{would}{denominators}.",
    )


def _swapped(row: Row, group: str) -> Iterator[Finding]:
    for cell in row.cells(group):
        if cell.is_swapped and cell.n and cell.percent:
            yield finding(
                "swapped",
                cell.figures,
                f"{cell.count} ({cell.n.printed})",
                f"{name(cell.n)}: {cell.n.printed} ({cell.percent.printed}) reads as "
                f"{cell.percent.printed} ({cell.n.printed}); count and percentage are in each other's place.",
            )


def _is_swapped(printed: Printed, figure: Figure) -> bool:
    row = printed.row_with(figure.variable, figure.level_code)
    cell = row.levels[figure.level_code].get(figure.group) if row else None
    return bool(cell and cell.is_swapped)
