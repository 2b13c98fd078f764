"""Discrimination: the C statistic of a binary outcome, the area under its receiver operating curve, with DeLong's limits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Numbers = NDArray[np.float64]


ROUNDING = 1e-11
"""Share of the predictions' range below which two are the same but for rounding, which differs between processors."""


@dataclass(frozen=True)
class CStatistic:
    """The chance that of two patients the one with the outcome has the higher prediction; a tie counts one half.

    Attributes:
        value: 0.5 is no better than chance, 1 separates all; None where there is no pair to compare.
        standard_error: By DeLong, DeLong and Clarke-Pearson (1988).
        lower: Normal limit, not below 0.
        upper: Normal limit, not above 1.
        note: Why something is None; else empty.
    """

    value: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    note: str = ""


def c_statistic(outcome: Numbers, prediction: Numbers, *, level: float = 0.95) -> CStatistic:
    """Compute the area under the receiver operating curve of `prediction` for `outcome` (0 or 1)."""
    prediction = tie(prediction)
    cases, controls = prediction[outcome == 1], prediction[outcome == 0]
    m, n = len(cases), len(controls)
    if not m or not n:
        return CStatistic(None, None, None, None, "One outcome alone occurs.")
    ranks = rankdata(np.concatenate([cases, controls]))
    # placements: the share of the other group that a patient outranks (Sun and Xu 2014)
    of_cases = (ranks[:m] - rankdata(cases)) / n
    of_controls = 1 - (ranks[m:] - rankdata(controls)) / m
    value = float(of_cases.mean())
    if m == 1 or n == 1:
        return CStatistic(value, None, None, None, "One group is a single patient: no standard error.")
    error = float(np.sqrt(of_cases.var(ddof=1) / m + of_controls.var(ddof=1) / n))
    half = float(norm.ppf((1 + level) / 2)) * error
    return CStatistic(value, error, max(0.0, value - half), min(1.0, value + half))


def tie(prediction: Numbers) -> Numbers:
    """Return ranks that are equal where predictions differ by rounding alone: patients alike, or sums in another order."""
    order = np.argsort(prediction, kind="stable")
    gaps = np.diff(prediction[order])
    ranks = np.empty(len(prediction))
    ranks[order] = np.concatenate([[0], np.cumsum(gaps > ROUNDING * np.ptp(prediction))]) if len(prediction) else 0
    return ranks
