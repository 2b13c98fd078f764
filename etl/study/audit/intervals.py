"""A ratio against its own interval and p value: Wald limits lie around it on the log scale and give its p."""

from collections.abc import Iterator
from math import erfc, log, sqrt

from etl.study.audit.figure import RATIOS, Figure, split_level, split_levels
from etl.study.audit.finding import Finding, finding, name
from etl.study.audit.printed import Printed
from etl.study.audit.two_by_two import PrintedRatio, find_ratio
from etl.study.statistics.estimate import NORMAL_QUANTILE

NOT_WALD = ("profile", "exact", "firth", "likelihood")


def check_intervals(printed: Printed) -> Iterator[Finding]:
    """Report ratios outside the middle of their interval, p values that do not follow from it, and parts as wholes.

    Limits are taken as Wald's 95 % limits unless the method names profile, exact, Firth or likelihood ones.
    """
    for estimate in printed.find(*RATIOS):
        ratio = find_ratio(printed, estimate)
        if any(word in estimate.method for word in NOT_WALD) or estimate.low <= 0:
            continue
        if ratio.low and ratio.high and min(ratio.low.low, ratio.high.low) > 0:
            yield from _not_in_the_middle(printed, ratio)
        yield from _p_of_interval(printed, estimate)
        if estimate.sum_of:
            yield from _part_as_whole(printed, ratio)


def check_adjustments(printed: Printed) -> Iterator[Finding]:
    """Report a claim of an adjustment for a factor that has no adjusted ratio in the same analysis."""
    for claim in printed.figures:
        if claim.statistic != "adjusted_for":
            continue
        factor = split_level(claim.sum_of)[0]
        model = [each for each in printed.find(*RATIOS) if each.analysis_id == claim.analysis_id]
        if not any(each.variable == factor for each in model):
            own = [each for each in model if (each.variable, each.level_code) == (claim.variable, claim.level_code)]
            held = ", ".join(dict.fromkeys(each.variable for each in model))
            yield finding(
                "adjusted_for",
                [claim, *own, *(each for each in printed.find(*RATIOS) if each.variable == factor)],
                held,
                f"{name(claim)}: '{claim.printed}', but {factor} has no ratio among those of the model: {held}.",
                questioned=[claim],
            )


def _not_in_the_middle(printed: Printed, ratio: PrintedRatio) -> Iterator[Finding]:
    if ratio.low is None or ratio.high is None:
        return
    least = sqrt(float(ratio.low.low) * float(ratio.high.low))
    most = sqrt(float(ratio.low.high) * float(ratio.high.high))
    if float(ratio.estimate.low) > most * (1 + 1e-9) or float(ratio.estimate.high) < least * (1 - 1e-9):
        own = ratio.estimate
        elsewhere = [
            each
            for each in printed.find(*RATIOS)
            if (each.variable, each.level_code) == (own.variable, own.level_code) and each is not own
            if least * (1 - 1e-9) <= float(each.high) and float(each.low) <= most * (1 + 1e-9)
        ]
        with_it = f" The interval is that of {elsewhere[0].printed} ({elsewhere[0].home})." if elsewhere else ""
        yield finding(
            "ratio_interval",
            [*ratio.figures, *elsewhere[:1]],
            f"{least:.3f} to {most:.3f}",
            f"{name(own)}: {own.printed} is printed with {ratio.low.printed} to {ratio.high.printed}, whose middle is "
            f"{least:.3f} to {most:.3f}.{with_it}",
            questioned=ratio.figures,
        )


def _p_of_interval(printed: Printed, estimate: Figure) -> Iterator[Finding]:
    p = printed.companion(estimate, "p")
    ratio = _with_limits(printed, estimate)
    if p is None or ratio is None or ratio.low is None or ratio.high is None:
        return
    if min(ratio.estimate.low, ratio.low.low, ratio.high.low) <= 0:
        return
    low, high = (log(float(ratio.estimate.low)), log(float(ratio.estimate.high)))
    width = log(float(ratio.high.high) / float(ratio.low.low)), log(float(ratio.high.low) / float(ratio.low.high))
    errors = [each / (2 * NORMAL_QUANTILE) for each in width]
    if min(errors) <= 0:
        return
    farthest, nearest = max(abs(low), abs(high)), 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    least, most = _p(farthest / min(errors)), _p(nearest / max(errors))
    if float(p.low) > most * (1 + 1e-9) or float(p.high) < least * (1 - 1e-9):
        whole = [
            each
            for each in printed.find("p")
            if (each.variable, each.analysis_id, each.level_code) == (p.variable, p.analysis_id, "")
            if each is not p and each.printed.strip() == p.printed.strip()
        ]
        factor = f" It is the p of the whole factor ({whole[0].home})." if whole else ""
        yield finding(
            "p_of_interval",
            [estimate, *ratio.figures, p, *whole],
            f"{least:.2g} to {most:.2g}",
            f"{name(p)}: p = {p.printed} is printed for {ratio.estimate.printed} ({ratio.low.printed} to "
            f"{ratio.high.printed}), from which p is {least:.2g} to {most:.2g}.{factor}",
            questioned=[p],
        )


def _with_limits(printed: Printed, estimate: Figure) -> PrintedRatio | None:
    """The ratio with its limits, taken from another place where the same ratio is printed with them."""
    own = find_ratio(printed, estimate)
    if own.low and own.high:
        return own
    for each in printed.find(estimate.statistic):
        same = (each.variable, each.level_code, each.method, each.analysis_id)
        if same == (estimate.variable, estimate.level_code, estimate.method, estimate.analysis_id):
            other = find_ratio(printed, each)
            if other.low and other.high and each.printed.strip() == estimate.printed.strip():
                return other
    return None


def _part_as_whole(printed: Printed, ratio: PrintedRatio) -> Iterator[Finding]:
    own = ratio.estimate
    for variable, code in split_levels(own.sum_of):
        for each in printed.find(*RATIOS):
            if (each.variable, each.level_code, each.analysis_id) != (variable, code, own.analysis_id):
                continue
            other = find_ratio(printed, each)
            pairs = [(ratio.low, other.low), (ratio.high, other.high)]
            have_same_limits = all(a is None or b is None or a.overlaps(b) for a, b in pairs)
            if own.printed.strip() == each.printed.strip() and have_same_limits:
                yield finding(
                    "part_as_whole",
                    [*ratio.figures, *other.figures],
                    each.printed,
                    f"{name(own)}: {own.printed} is printed for {own.sum_of}; it is the ratio of {variable}={code} alone "
                    f"({name(each)}).",
                    questioned=ratio.figures,
                )


def _p(z: float) -> float:
    return erfc(z / sqrt(2))
