"""Figures of all patients, or of several levels together, against the groups and levels that they are made of."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from etl.study.audit.figure import TOTAL, Figure, split_levels
from etl.study.audit.finding import Finding, finding, name
from etl.study.audit.printed import Printed, percent

MOST_MISSING = Fraction(1, 10)
"""Share of a group that may be without a value where the number with one is not printed."""
Interval = tuple[Fraction, Fraction]


def check_pooled(printed: Printed) -> Iterator[Finding]:
    """Report a count or percentage of all patients that does not follow from the counts of the groups."""
    for figure in printed.find("n", "percent"):
        if figure.group != TOTAL or figure.sum_of:
            continue
        pooled = _size_as_count(printed, figure) or printed.pooled(figure.variable, figure.level_code)
        if pooled is None:
            continue
        if figure.statistic == "n":
            if not figure.contains(Fraction(pooled)):
                yield _differs(printed, figure, pooled, None)
        elif not printed.companion(figure, "n"):
            sizes = _total_sizes(printed, figure.variable)
            if sizes and not any(figure.contains(percent(pooled, size)) for size in sizes):
                yield _differs(printed, figure, pooled, sizes[0])


def check_combined(printed: Printed) -> Iterator[Finding]:
    """Report a count or percentage of several levels together (`sum_of`) that does not follow from their counts."""
    for figure in printed.find("n", "percent"):
        if not figure.sum_of or figure.group not in (*printed.groups, TOTAL):
            continue
        count = _combined_count(printed, figure)
        if count is None:
            continue
        if figure.statistic == "n":
            if not figure.contains(Fraction(count)):
                yield _differs(printed, figure, count, None)
            continue
        row = printed.row_with(*split_levels(figure.sum_of)[0])
        sizes = (
            _total_sizes(printed, row.variable if row else "")
            if figure.group == TOTAL
            else printed.sizes_to_try(figure.group, row)
        )
        if sizes and not any(figure.contains(percent(count, size)) for size in sizes):
            yield _differs(printed, figure, count, sizes[0])


def check_weighted(printed: Printed) -> Iterator[Finding]:
    """Report means or percentages of two groupings that cannot have the same weighted mean.

    All patients together are one grouping, the groups with printed sizes another, and a group `variable=level` with its
    rest `variable!=level` a third. Up to `MOST_MISSING` of each group may be without a value.
    """
    asked = dict.fromkeys(
        (each.statistic, each.variable, each.level_code) for each in printed.find("mean", "percent") if each.variable
    )
    for statistic, variable, code in asked:
        groupings: dict[tuple[str, ...], list[Figure]] = {}
        for each in printed.find(statistic):
            if (each.variable, each.level_code) == (variable, code) and not each.part_of:
                same = groupings.setdefault(_grouping(printed, each), [])
                if each.group not in {other.group for other in same}:
                    same.append(each)
        means = [
            (figures, interval)
            for figures in groupings.values()
            if (interval := _weighted_mean(printed, figures)) is not None
        ]
        if statistic == "percent" and (known := _known_share(printed, variable, code)):
            means.append(known)
        for later in range(1, len(means)):
            (first, (low, high)), (second, (other_low, other_high)) = means[0], means[later]
            if all(each.group in (*printed.groups, TOTAL) for each in first + second) and statistic == "percent":
                continue  # counts say it more exactly: check_pooled
            if low > other_high or other_low > high:
                yield finding(
                    "overall",
                    [*second, *first],
                    f"{float(low):.2f} to {float(high):.2f}; {float(other_low):.2f} to {float(other_high):.2f}",
                    f"{variable} {code}: the weighted mean of {_list(first)} is {float(low):.2f} to {float(high):.2f}, "
                    f"that of {_list(second)} {float(other_low):.2f} to {float(other_high):.2f}; both are of all "
                    "patients.",
                    questioned=second,
                )


def _size_as_count(printed: Printed, figure: Figure) -> int | None:
    for size in printed.find("size"):
        if size.group == figure.level_code and size.variable == figure.variable and size.value is not None:
            return int(size.value)
    return None


def _total_sizes(printed: Printed, variable: str) -> list[int]:
    row = printed.row_with(variable)
    sizes = [printed.sizes[TOTAL]] if TOTAL in printed.sizes else [printed.grand_total]
    if row:
        known = [printed.sizes_to_try(group, row) for group in printed.groups]
        if all(known):
            sizes += [sum(each[0] for each in known), sum(each[-1] for each in known)]
    return [size for size in dict.fromkeys(sizes) if size]


def _combined_count(printed: Printed, figure: Figure) -> int | None:
    counts = []
    for variable, code in split_levels(figure.sum_of):
        counts.append(
            printed.pooled(variable, code) if figure.group == TOTAL else printed.count(variable, code, figure.group)
        )
    return None if None in counts else sum(count for count in counts if count is not None)


def _differs(printed: Printed, figure: Figure, count: int, size: int | None) -> Finding:
    keys = split_levels(figure.sum_of) if figure.sum_of else [(figure.variable, figure.level_code)]
    groups = printed.groups if figure.group == TOTAL else (figure.group,)
    made_of = [
        each
        for each in printed.find("n", "size")
        if ((each.variable, each.level_code) in keys and each.group in groups and not each.sum_of)
    ]
    computed = str(count) if size is None else f"{float(percent(count, size)):.3f}"
    sentence = f"{name(figure)}: the printed counts sum to {count}"
    if size is not None:
        lowest, highest = ceil(figure.low * size / 100), floor(figure.high * size / 100)
        sentence += f", {float(percent(count, size)):.2f} % of {size}, printed is {figure.printed}"
        would = f"{lowest}" if lowest == highest else f"{lowest} to {highest}"
        sentence += f", which would be {would} patients" if lowest <= highest else ""
    else:
        sentence += f", printed is {figure.printed}"
    kind = "combined" if figure.sum_of else "overall"
    return finding(kind, [figure, *made_of], computed, sentence + ".", questioned=[figure])


def _grouping(printed: Printed, figure: Figure) -> tuple[str, ...]:
    if figure.group in printed.groups:
        return ("groups",)
    return (figure.home, figure.group.replace("!=", "=") if "=" in figure.group else figure.group)


def _weighted_mean(printed: Printed, figures: list[Figure]) -> Interval | None:
    groups = {each.group for each in figures}
    is_whole = groups in ({TOTAL}, set(printed.groups)) or (len(groups) == 2 and all("=" in each for each in groups))  # noqa: PLR2004
    sizes = [printed.sizes_of(each.group) for each in figures]
    if not is_whole or len(figures) != len(groups) or not all(sizes) or any(not max(each) for each in sizes):
        return None
    if len(figures) == 1:
        return figures[0].low, figures[0].high
    least = [min(each) * (1 - MOST_MISSING) for each in sizes]
    most = [Fraction(max(each)) for each in sizes]
    return (
        _extreme([each.low for each in figures], least, most),
        -_extreme([-each.high for each in figures], least, most),
    )


def _extreme(values: list[Fraction], least: list[Fraction], most: list[Fraction]) -> Fraction:
    """The smallest weighted mean: the smaller values take their largest weights, the others their smallest."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    means = []
    for cut in range(len(order) + 1):
        weights = [most[place] if rank < cut else least[place] for rank, place in enumerate(order)]
        summed = sum((weights[rank] * values[place] for rank, place in enumerate(order)), Fraction(0))
        means.append(summed / sum(weights, Fraction(0)))
    return min(means)


def _known_share(printed: Printed, variable: str, code: str) -> tuple[list[Figure], Interval] | None:
    combined = [
        each
        for each in printed.find("percent")
        if (each.variable, each.level_code) == (variable, code) and each.group in printed.groups and each.sum_of
    ]
    if not combined:
        return None
    figure = combined[0]
    parts = split_levels(figure.sum_of)
    counts = [printed.pooled(*part) for part in parts]
    if None in counts:
        return None
    sizes = _total_sizes(printed, parts[0][0])
    if not sizes:
        return None
    shares = [percent(sum(count for count in counts if count is not None), size) for size in sizes]
    made_of = [
        each for each in printed.find("n") if (each.variable, each.level_code) in parts and each.group in printed.groups
    ]
    return made_of, (min(shares), max(shares))


def _list(figures: list[Figure]) -> str:
    shown = [f"{each.printed} ({each.group})" for each in figures[:4]]
    return ", ".join(shown) + (" and more" if len(figures) > 4 else "")  # noqa: PLR2004
