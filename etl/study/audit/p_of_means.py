"""P values against means: the interval of p that rounded means and standard deviations allow, and the widest spread."""

from collections.abc import Iterator
from itertools import product
from math import sqrt
from typing import Literal

from etl.study.audit.figure import Figure
from etl.study.audit.finding import CANNOT_BE_TESTED, EXPLAINED, Finding, finding, name
from etl.study.audit.members import members
from etl.study.audit.printed import Printed

Test = Literal["student_t", "welch_t"]
STUDENT, WELCH = "Student's t-test", "Welch's t-test"
NAMED: dict[str, tuple[str, ...]] = {
    "": (STUDENT, WELCH),
    "t-test": (STUDENT, WELCH),
    "student": (STUDENT,),
    "welch": (WELCH,),
}
"""The tests that a printed method can mean."""
Interval = tuple[float, float]


def check_p_of_means(printed: Printed) -> Iterator[Finding]:
    """Report p values of means that lie outside the interval that the rounded means and standard deviations allow."""
    for figure in printed.find("p"):
        named = NAMED.get(figure.method.lower())
        means = _means(printed, figure)
        if named is None or len(means) != 2:  # noqa: PLR2004 - a t-test compares two
            continue
        spreads = [sd for mean in means if (sd := printed.companion(mean, "sd")) and (sd.value or 0) >= 0]
        if len(spreads) == 2:  # noqa: PLR2004
            yield from _compare(printed, figure, means, spreads=spreads, named=named)
        elif any(mean.group not in printed.groups for mean in means):
            yield from _widest_spread(printed, figure, means)
        elif not any(each.statistic == "sd" and each.variable == figure.variable for each in printed.figures):
            sentence = f"{name(figure)}: p = {figure.printed} cannot be tested, no standard deviation is printed."
            yield finding("p_of_means", [figure, *means], "", sentence, CANNOT_BE_TESTED)


def _compare(
    printed: Printed, figure: Figure, means: list[Figure], *, spreads: list[Figure], named: tuple[str, ...]
) -> Iterator[Finding]:
    sizes = [[size for size in members(printed, mean) if size > 1] for mean in means]
    found = {
        STUDENT: [_interval("student_t", means, spreads, sizes=pair) for pair in product(*sizes)],
        WELCH: [_interval("welch_t", means, spreads, sizes=pair) for pair in product(*sizes)],
    }
    if not found[STUDENT]:
        return
    fitting = [method for method, intervals in found.items() if any(_overlaps(figure, each) for each in intervals)]
    computed = "; ".join(
        f"{method} {min(low for low, _ in intervals):.3g} to {max(high for _, high in intervals):.3g}"
        for method, intervals in found.items()
    )
    start, figures = f"{name(figure)}: p = {figure.printed}", [figure, *means, *spreads]
    if not fitting:
        sentence = f"{start} does not follow from the means and standard deviations: {computed}."
        yield finding("p_of_means", figures, computed, sentence, questioned=[figure])
    elif not any(method in named for method in fitting):
        sentence = f"{start} is that of {' or '.join(fitting)}, not of {figure.method}: {computed}."
        yield finding("method_of_p", figures, computed, sentence, questioned=[figure])
    elif len(fitting) == 1:
        sentence = f"{start} is that of {fitting[0]}: {computed}."
        yield finding("method_of_p", figures, computed, sentence, EXPLAINED)


def _widest_spread(printed: Printed, figure: Figure, means: list[Figure]) -> Iterator[Finding]:
    """Compare with the p that the groups would have if all the spread among all patients lay within them.

    The sum of squares within groups is never above that of all patients, which the means and standard deviations of
    the groups with printed sizes give: Student's p can be no larger.
    """
    whole = [each for each in printed.find("mean") if each.variable == figure.variable and each.group in printed.groups]
    whole = list({each.group: each for each in whole if printed.companion(each, "sd")}.values())
    spreads = [sd for each in whole if (sd := printed.companion(each, "sd"))]
    sizes = [max(members(printed, mean), default=0) for mean in means]
    if len(whole) != len(printed.groups) or not whole or min(sizes) < 2 or figure.method.lower() not in NAMED:  # noqa: PLR2004
        return
    from scipy.stats import t

    ns = [max(members(printed, each)) for each in whole]
    middle = sum(n * float(each.value or 0) for n, each in zip(ns, whole, strict=True)) / sum(ns)
    squares = sum((n - 1) * float(sd.high) ** 2 for n, sd in zip(ns, spreads, strict=True))
    squares += sum(n * (abs(float(each.value or 0) - middle) + 0.01) ** 2 for n, each in zip(ns, whole, strict=True))
    df = sum(sizes) - 2
    nearest = max(0.0, abs(float(means[0].value or 0) - float(means[1].value or 0)) - _room(means))
    most = 2 * float(t.sf(nearest / sqrt(squares / df * sum(1 / size for size in sizes)), df))
    if float(figure.low) > most:
        widest = sqrt(squares / (sum(ns) - 1))
        yield finding(
            "spread",
            [figure, *means, *whole, *spreads],
            f"at most {most:.2g}",
            f"{name(figure)}: p = {figure.printed} for {means[0].printed} against {means[1].printed} ({sizes[0]} and "
            f"{sizes[1]} patients); with the standard deviation of all patients, {widest:.2f}, Student's p is at most "
            f"{most:.2g}.",
            questioned=[figure, *means],
        )


def _means(printed: Printed, figure: Figure) -> list[Figure]:
    return [
        each
        for each in printed.find("mean")
        if (each.place, each.table, each.variable, each.analysis_id)
        == (figure.place, figure.table, figure.variable, figure.analysis_id)
        and each.group not in ("total", "")
    ]


def _interval(method: Test, means: list[Figure], spreads: list[Figure], *, sizes: tuple[int, ...]) -> Interval:
    from etl.study.statistics.rounded_p import p_interval_from_rounded

    return p_interval_from_rounded(
        float(means[0].value or 0), float(spreads[0].value or 0), sizes[0],
        float(means[1].value or 0), float(spreads[1].value or 0), sizes[1],
        mean_decimals=min(mean.decimals for mean in means),
        sd_decimals=min(sd.decimals for sd in spreads),
        method=method,
    )  # fmt: skip


def _overlaps(figure: Figure, interval: Interval) -> bool:
    room = 1e-9
    return interval[0] <= float(figure.high) + room and float(figure.low) <= interval[1] + room


def _room(means: list[Figure]) -> float:
    return float(sum(mean.high - mean.low for mean in means)) / 2
