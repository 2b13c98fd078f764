"""Interval of a median survival time as the median +- 1.96 standard errors, next to Brookmeyer and Crowley's.

The standard error is Collett's (Modelling Survival Data in Medical Research, section 2.4): that of the survival estimate
at the median (Greenwood), divided by the density there, which is read off between the last time at which survival is
at least 0.55 and the first at which it is at most 0.45. SPSS prints an interval of this kind; it is not claimed that all
its digits are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.estimate import NORMAL_QUANTILE

_HALF = 0.5
_EPSILON = 0.05
_ROUNDING = 1e-12


@dataclass(frozen=True)
class MedianInterval:
    """A median with its standard error and 95 % interval, in the unit of time; None, with a note, where there is none.

    The median is the first time at which survival is at most one half, as SPSS reads it; R takes the middle where the
    curve runs along one half.
    """

    median: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    note: str = ""


def median_interval(time: ArrayLike, survival: ArrayLike, greenwood: ArrayLike) -> MedianInterval:
    """Read a Kaplan-Meier curve's median and its symmetric interval; the lower limit is not cut off at 0.

    Args:
        time: Times of events, rising.
        survival: Survival from each of them on.
        greenwood: Greenwood's sum at each, of d / (n (n - d)): the variance of survival divided by its square.

    Raises:
        ValueError: Lengths differ, times do not rise or survival does.
    """
    times, curve, sums = (np.asarray(values, dtype=np.float64) for values in (time, survival, greenwood))
    if not len(times) == len(curve) == len(sums):
        raise ValueError("times, survival and Greenwood's sums differ in length")
    if (np.diff(times) <= 0).any() or (np.diff(curve) > 0).any():
        raise ValueError("times must rise and survival must not")
    reached = np.flatnonzero(curve <= _HALF + _ROUNDING)
    if not len(reached):
        return MedianInterval(None, None, None, None, "Survival does not fall to one half.")
    position = reached[0]
    median = float(times[position])
    above = np.flatnonzero(curve >= _HALF + _EPSILON - _ROUNDING)
    below = np.flatnonzero(curve <= _HALF - _EPSILON + _ROUNDING)
    if not len(above) or not len(below):
        side = "below 0.45" if len(above) else "through 0.55"
        return MedianInterval(median, None, None, None, f"The curve does not pass {side}, so its density is unknown.")
    if curve[position] <= 0:
        return MedianInterval(median, None, None, None, "Survival is 0 at the median, so it has no standard error.")
    upper, lower = above[-1], below[0]
    density = (curve[upper] - curve[lower]) / (times[lower] - times[upper])
    error = float(curve[position] * np.sqrt(sums[position]) / density)
    return MedianInterval(median, error, median - NORMAL_QUANTILE * error, median + NORMAL_QUANTILE * error)
