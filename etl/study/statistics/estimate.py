"""An estimate with its confidence limits, or a note that says why there are none."""

from dataclasses import dataclass

NORMAL_QUANTILE = 1.959963984540054
"""97.5 % of the normal distribution lie below it: limits of 95 % are that many standard errors from the estimate."""


@dataclass(frozen=True)
class Estimate:
    """A number that describes groups (a ratio, a difference, a rate) and the limits within which the truth may lie.

    Attributes:
        method: how it was estimated, in snake case, as `wald_odds_ratio`.
        value: the estimate; infinity where the data allow no upper bound, None where it cannot be computed.
        low: the lower confidence limit; None where the method gives none.
        high: the upper confidence limit, infinity where there is no bound; None where the method gives none.
        coverage: the limits' nominal coverage, as 0.95; None for a number that has no limits.
        note: a plain sentence; why a number is None, or what a reader must know of it.
    """

    method: str
    value: float | None
    low: float | None
    high: float | None
    coverage: float | None
    note: str = ""


def unestimated(method: str, coverage: float | None, *, note: str) -> Estimate:
    """Make the estimate that cannot be computed; `note` says why in a plain sentence."""
    return Estimate(method=method, value=None, low=None, high=None, coverage=coverage, note=note)


def check_coverage(coverage: float) -> float:
    """Return the probability outside both limits; ValueError where `coverage` is not between 0 and 1."""
    if not 0 < coverage < 1:
        raise ValueError(f"coverage is a probability between 0 and 1, not {coverage}")
    return 1 - coverage
