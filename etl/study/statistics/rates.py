"""Event rates per time at risk with exact Poisson limits, and the ratio of two rates with exact conditional limits."""

import math
from dataclasses import dataclass

from scipy import special, stats

from etl.study.statistics.estimate import Estimate, check_coverage, unestimated
from etl.study.statistics.test_result import TestResult, untested

RATE, RATIO, RATIO_TEST = "poisson_rate", "conditional_rate_ratio", "conditional_rate_test"


@dataclass(frozen=True)
class EventTime:
    """The events of a group and the time during which its members could have had one.

    Attributes:
        events: a whole number of events.
        time: the time at risk, in the unit of the rate (months on drug, patient-years).

    Raises:
        ValueError: the events are negative or not whole, or the time is negative or not finite.
    """

    events: int
    time: float

    def __post_init__(self) -> None:
        if self.events < 0 or self.events != int(self.events):
            raise ValueError(f"events are a whole number of at least 0, not {self.events}")
        if not (math.isfinite(self.time) and self.time >= 0):
            raise ValueError(f"time at risk is a number of at least 0, not {self.time}")


def event_rate(group: EventTime, *, coverage: float = 0.95) -> Estimate:
    """Estimate events per unit of time, with Garwood's exact limits (Biometrika 1936;28:437; R's `poisson.test`).

    Args:
        group: the events and the time at risk.
        coverage: the coverage of the two-sided limits.

    Returns:
        The rate; None with a note where there is no time at risk.

    Raises:
        ValueError: `coverage` is not between 0 and 1.
    """
    tail = check_coverage(coverage) / 2
    if group.time == 0:
        return unestimated(RATE, coverage, note="There is no time at risk.")
    low = 0.0 if group.events == 0 else float(special.gammaincinv(group.events, tail))
    high = float(special.gammainccinv(group.events + 1, tail))
    return Estimate(
        method=RATE,
        value=group.events / group.time,
        low=low / group.time,
        high=high / group.time,
        coverage=coverage,
    )


def rate_ratio(first: EventTime, second: EventTime, *, coverage: float = 0.95) -> Estimate:
    """Estimate the first group's event rate over the second's, with exact limits given the events of both together.

    Given their sum the first group's events are binomial with odds ratio x time / time, so Clopper and Pearson's limits
    of the share become limits of the ratio (Przyborowski and Wilenski, Biometrika 1940;31:313; R's `poisson.test`).

    Args:
        first: the events and time of the first group.
        second: those of the second.
        coverage: the coverage of the two-sided limits.

    Returns:
        The ratio; infinity with an infinite upper limit where only the first group has events; None with a note where
        neither has, or where a group has no time at risk.

    Raises:
        ValueError: `coverage` is not between 0 and 1.
    """
    tail = check_coverage(coverage) / 2
    if reason := _why_no_ratio(first, second):
        return unestimated(RATIO, coverage, note=reason)
    x, y = first.events, second.events
    scale = second.time / first.time
    # Each limit is an odds, p / (1 - p); both shares come from the inverse so that neither is rounded against 1.
    low = 0.0 if x == 0 else _odds(special.betaincinv(x, y + 1, tail), special.betainccinv(y + 1, x, tail))
    high = math.inf if y == 0 else _odds(special.betainccinv(x + 1, y, tail), special.betaincinv(y, x + 1, tail))
    note = "" if y else "The second group has no event: the ratio has no upper bound."
    return Estimate(
        method=RATIO,
        value=x / y * scale if y else math.inf,
        low=low * scale,
        high=high * scale,
        coverage=coverage,
        note=note,
    )


def rate_ratio_test(first: EventTime, second: EventTime) -> TestResult:
    """Test that two groups have one event rate: the exact binomial test of the first group's events given all events.

    Two-sided p: the probability of all splits that are no more probable than the observed one (R's `poisson.test`).
    """
    if reason := _why_no_ratio(first, second):
        return untested(RATIO_TEST, reason)
    total, share = first.events + second.events, first.time / (first.time + second.time)
    p = float(stats.binomtest(int(first.events), int(total), share).pvalue)
    return TestResult(method=RATIO_TEST, statistic=None, df=None, p=p)


def _why_no_ratio(first: EventTime, second: EventTime) -> str:
    if first.time == 0 or second.time == 0:
        return "A group has no time at risk."
    return "" if first.events or second.events else "Neither group has an event."


def _odds(share: float, rest: float) -> float:
    return float(share) / float(rest)
