"""The odds ratio that belongs to Fisher's exact test: conditional on the margins, with exact limits."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from etl.study.statistics.count_table import count_table
from etl.study.statistics.estimate import Estimate, check_coverage, unestimated

METHOD = "conditional_odds_ratio"
ROOT_ABSOLUTE, ROOT_RELATIVE = 1e-13, 1e-14
FARTHEST = 4096.0
"""Logs of odds ratios beyond which no root is searched; those of tables that fit into memory are below 100."""


def conditional_odds_ratio(a: int, b: int, *, c: int, d: int, coverage: float = 0.95) -> Estimate:
    """Estimate the odds ratio of [[a, b], [c, d]] by conditional maximum likelihood, with Clopper-Pearson type limits.

    The estimate is the odds ratio at which the expected count of the first cell, given all margins, is the observed one;
    each limit is that at which the probability of a first cell as far out as the observed one is (1 - coverage) / 2
    (Fisher, Biometrika 1935; R's `fisher.test`, whose root finder stops after about 4 digits). Roots here are exact to
    about 12 digits.

    Args:
        a: with the event in the first group.
        b: without it in the first group.
        c: with the event in the second group.
        d: without it in the second group.
        coverage: the coverage of the two-sided limits.

    Returns:
        The ratio; 0 with a lower limit of 0, or infinity with an infinite upper limit, where the first cell is as small
        or large as the margins allow; None with a note where the margins allow one table only.

    Raises:
        ValueError: a count is negative or not whole, or `coverage` is not between 0 and 1.
    """
    outside = check_coverage(coverage)
    counts = count_table([[a, b], [c, d]])
    least = int(max(0, counts[0, 0] - counts[1, 1]))
    most = int(min(counts[0].sum(), counts[:, 0].sum()))
    if least == most:
        return unestimated(METHOD, coverage, note="The totals of rows and columns allow one table only.")
    observed = int(counts[0, 0])
    support = np.arange(least, most + 1)
    weights = _log_weights(support, rows=counts.sum(axis=1), first_column=int(counts[:, 0].sum()))

    def probabilities(log_ratio: float) -> NDArray[np.float64]:
        logs = weights + (support - observed) * log_ratio
        masses = np.exp(logs - logs.max())
        shares: NDArray[np.float64] = masses / masses.sum()
        return shares

    def at_most(log_ratio: float) -> float:
        return float(probabilities(log_ratio)[: observed - least + 1].sum() - outside / 2)

    def at_least(log_ratio: float) -> float:
        return float(outside / 2 - probabilities(log_ratio)[observed - least :].sum())

    def mean(log_ratio: float) -> float:
        return float(observed - probabilities(log_ratio) @ support)

    low = 0.0 if observed == least else float(np.exp(_root(at_least)))
    high = np.inf if observed == most else float(np.exp(_root(at_most)))
    if least < observed < most:
        return Estimate(method=METHOD, value=float(np.exp(_root(mean))), low=low, high=high, coverage=coverage)
    value, size = (0.0, "small") if observed == least else (np.inf, "large")
    note = f"The first cell is as {size} as the totals of rows and columns allow."
    return Estimate(method=METHOD, value=value, low=low, high=high, coverage=coverage, note=note)


def _log_weights(support: NDArray[np.int64], *, rows: NDArray[np.int64], first_column: int) -> NDArray[np.float64]:
    """Compute the logs of the hypergeometric probabilities up to a constant, from the ratios of neighbours."""
    here = support[:-1].astype(np.float64)
    up = (rows[0] - here) * (first_column - here)
    down = (here + 1) * (rows[1] - first_column + here + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(up / down))])
    centred: NDArray[np.float64] = logs - logs.max()
    return centred


def _root(falling: Callable[[float], float]) -> float:
    """Find where a function that falls as the log odds ratio grows is 0."""
    step = 1.0
    low, high = -step, step
    while falling(low) < 0 and low > -FARTHEST:
        step *= 2
        high, low = low, low - step
    while falling(high) > 0 and high < FARTHEST:
        step *= 2
        low, high = high, high + step
    root: float = optimize.brentq(falling, low, high, xtol=ROOT_ABSOLUTE, rtol=ROOT_RELATIVE)
    return root
