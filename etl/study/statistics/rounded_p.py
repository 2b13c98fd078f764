"""The p values that a t test can have when means and standard deviations are known as printed, rounded."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

GRID = 33
ZOOMS = 6
ROUNDING = 4 * np.finfo(np.float64).eps


def p_interval_from_rounded(  # noqa: PLR0917 - three printed numbers of each of two groups
    mean1: float,
    sd1: float,
    n1: int,
    mean2: float,
    sd2: float,
    n2: int,
    *,
    mean_decimals: int,
    sd_decimals: int,
    method: Literal["student_t", "welch_t"],
) -> tuple[float, float]:
    """Find the smallest and the largest p of a t test over all numbers that round to the printed ones.

    Each mean and each standard deviation may lie half a unit of its last decimal away from what is printed. p falls as
    the means part, so the extremes lie at the closest and the farthest pair of means; in the standard deviations it is
    searched over a grid that is refined around its extremes, since Welch's degrees of freedom need not move p one way.

    Args:
        mean1: the first group's printed mean.
        sd1: its printed standard deviation.
        n1: its size.
        mean2: the second group's printed mean.
        sd2: its printed standard deviation.
        n2: its size.
        mean_decimals: decimals that the means are printed with.
        sd_decimals: decimals that the standard deviations are printed with.
        method: Student's test or Welch's.

    Returns:
        The smallest and the largest p; the largest is 1 where the means may be equal.

    Raises:
        ValueError: a group has fewer than two members, a standard deviation is negative, a number is not finite, or
            the method is another.
    """
    if min(n1, n2) < 2:  # noqa: PLR2004 - a standard deviation needs two
        raise ValueError(f"a standard deviation needs two members in each group, not {n1} and {n2}")
    if not np.isfinite([mean1, sd1, mean2, sd2]).all() or min(sd1, sd2) < 0:
        raise ValueError("means are finite numbers, standard deviations finite numbers of at least 0")
    if method not in ("student_t", "welch_t"):
        raise ValueError(f"p values of rounded numbers are for student_t and welch_t, not {method}")
    mean_half, sd_half = 0.5 * 10.0**-mean_decimals, 0.5 * 10.0**-sd_decimals
    apart = abs(mean1 - mean2)
    # Decimals that are not exact in binary must not part means that may be equal (5.1 and 5.2 by one decimal).
    reach = 2 * mean_half + ROUNDING * max(abs(mean1), abs(mean2))
    closest, farthest = max(0.0, apart - reach), apart + reach
    ranges = np.array([[max(0.0, sd - sd_half), sd + sd_half] for sd in (sd1, sd2)])
    sizes = np.array([n1, n2], dtype=np.float64)
    low = _extreme(farthest, ranges, sizes=sizes, method=method, sign=1)
    high = _extreme(closest, ranges, sizes=sizes, method=method, sign=-1)
    return low, high


def _extreme(apart: float, ranges: Floats, *, sizes: Floats, method: str, sign: int) -> float:
    """Find the smallest p (`sign` 1) or the largest (`sign` -1) over the ranges of both standard deviations."""
    limits, best = ranges, np.inf
    for _ in range(ZOOMS):
        first, second = (np.linspace(low, high, GRID) for low, high in limits)
        p = sign * _p(apart, first[:, None], second[None, :], sizes=sizes, method=method)
        where = np.unravel_index(int(np.argmin(p)), p.shape)
        best = min(best, float(p[where]))
        steps = (limits[:, 1] - limits[:, 0]) / (GRID - 1)
        centre = np.array([first[where[0]], second[where[1]]])
        limits = np.column_stack(
            [np.maximum(centre - steps, ranges[:, 0]), np.minimum(centre + steps, ranges[:, 1])],
        )
    return sign * best


def _p(apart: float, sd1: Floats, sd2: Floats, *, sizes: Floats, method: str) -> Floats:
    if apart == 0:
        return np.ones(np.broadcast_shapes(sd1.shape, sd2.shape))
    squares = (sd1**2 + 0 * sd2, sd2**2 + 0 * sd1)
    free = sizes - 1
    if method == "student_t":
        variance = (free[0] * squares[0] + free[1] * squares[1]) / free.sum() * np.sum(1 / sizes)
        df = np.full(variance.shape, free.sum())
    else:
        shares = squares[0] / sizes[0], squares[1] / sizes[1]
        variance = shares[0] + shares[1]
        safe = np.where(variance > 0, variance, 1.0)
        parts = (shares[0] / safe) ** 2 / free[0] + (shares[1] / safe) ** 2 / free[1]
        df = np.where(variance > 0, 1 / np.where(parts > 0, parts, 1.0), free.sum())
    t = apart / np.sqrt(np.where(variance > 0, variance, 1.0))
    p: Floats = np.where(variance > 0, 2 * special.stdtr(df, -t), 0.0)
    return p
