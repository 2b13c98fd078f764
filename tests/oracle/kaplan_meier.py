"""Kaplan-Meier curves, slowly: every patient is looked at on every day, and shares are exact fractions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Z = 1.959963984540054
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Step:
    """What one day does to the curve."""

    day: int
    at_risk: int
    events: int
    censored: int
    survival: Fraction
    greenwood: Fraction
    """Sum of d / (n (n - d)); meaningless where survival is 0."""

    def limits(self, interval: str) -> tuple[float | None, float | None]:
        """Limits of 95 % by the rule `log`, `log_log` or `plain`; none where the scale has no place for the share."""
        if self.survival == 0 or (self.survival == 1 and interval == "log_log"):
            return None, None
        if self.survival == 1:
            return 1.0, 1.0
        share, width = float(self.survival), Z * math.sqrt(self.greenwood)
        if interval == "plain":
            return max(0.0, share - width * share), min(1.0, share + width * share)
        if interval == "log":
            return share * math.exp(-width), min(1.0, share * math.exp(width))
        outer, inner = math.log(-math.log(share)), width / abs(math.log(share))
        return math.exp(-math.exp(outer + inner)), math.exp(-math.exp(outer - inner))


def kaplan_meier(times: Sequence[int], events: Sequence[bool]) -> list[Step]:
    """Walk through the days; those who leave on a day are at risk on it, events come before censoring."""
    steps, survival, greenwood = [], Fraction(1), Fraction(0)
    for day in sorted(set(times)):
        at_risk = sum(time >= day for time in times)
        seen = sum(time == day and bool(event) for time, event in zip(times, events, strict=True))
        left = sum(time == day and not event for time, event in zip(times, events, strict=True))
        survival *= Fraction(at_risk - seen, at_risk)
        if seen < at_risk:
            greenwood += Fraction(seen, at_risk * (at_risk - seen))
        steps.append(Step(day, at_risk, seen, left, survival, greenwood))
    return steps


def median(steps: Sequence[Step]) -> Fraction | None:
    """Find the first day with a share of at most one half; of exactly one half, the middle to the next fall, if any."""
    for step in steps:
        if step.survival <= HALF:
            falls = [later.day for later in steps if later.survival < step.survival]
            return Fraction(step.day + falls[0], 2) if step.survival == HALF and falls else Fraction(step.day)
    return None


def survival_at(steps: Sequence[Step], day: float) -> Fraction | None:
    """Read the share on a day; None when nobody was followed so long and the curve has not come to 0."""
    share = next((step.survival for step in reversed(steps) if step.day <= day), Fraction(1))
    return share if share == 0 or day <= steps[-1].day else None
