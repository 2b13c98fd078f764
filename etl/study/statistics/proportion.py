"""A proportion with its confidence limits: Wilson's, or Clopper and Pearson's exact ones."""

import math
from typing import Literal

from scipy import special

from etl.study.statistics.estimate import Estimate, check_coverage, unestimated

Method = Literal["wilson", "clopper_pearson"]


def proportion(count: int, total: int, *, method: Method = "clopper_pearson", coverage: float = 0.95) -> Estimate:
    """Estimate the share of `total` patients who are counted.

    Clopper and Pearson's limits (Biometrika 1934;26:404; R's `binom.test`) cover at least as often as they say; Wilson's
    (J Am Stat Assoc 1927;22:209; R's `prop.test` without correction) do so on average.

    Args:
        count: patients who are counted.
        total: all patients.
        method: how the limits are made.
        coverage: the coverage of the two-sided limits.

    Returns:
        The share with its limits, between 0 and 1; None with a note where there is no patient.

    Raises:
        ValueError: the counts are not whole numbers with 0 <= count <= total, `coverage` is not between 0 and 1, or the
            method is another.
    """
    tail = check_coverage(coverage) / 2
    if not 0 <= count <= total or count != int(count) or total != int(total):
        raise ValueError(f"a proportion needs whole numbers with 0 <= count <= total, not {count} of {total}")
    if method not in ("wilson", "clopper_pearson"):
        raise ValueError(f"limits of a proportion are wilson or clopper_pearson, not {method}")
    name = f"{method}_proportion"
    if total == 0:
        return unestimated(name, coverage, note="There is no patient.")
    if method == "clopper_pearson":
        low = 0.0 if count == 0 else float(special.betaincinv(count, total - count + 1, tail))
        high = 1.0 if count == total else float(special.betainccinv(count + 1, total - count, tail))
    else:
        low, high = _wilson(count, total, tail=tail)
    return Estimate(method=name, value=count / total, low=low, high=high, coverage=coverage)


def _wilson(count: int, total: int, *, tail: float) -> tuple[float, float]:
    squared = float(special.ndtri(tail)) ** 2
    centre = (count + squared / 2) / (total + squared)
    reach = math.sqrt(squared * (count * (total - count) / total + squared / 4)) / (total + squared)
    return (0.0 if count == 0 else centre - reach), (1.0 if count == total else centre + reach)
