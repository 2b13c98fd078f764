"""Tests of several coefficients at once: a whole factor with its degrees of freedom, or a whole model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from etl.study.statistics.test_result import TestResult


def wald_block_test(
    coefficients: NDArray[np.float64], covariance: NDArray[np.float64], columns: Sequence[int]
) -> TestResult:
    """Test by Wald that the coefficients of `columns` are all zero, by their joint covariance.

    Not computed, with a note, where a coefficient has no finite estimate.
    """
    block = list(columns)
    if not block:
        return TestResult(method="wald", statistic=None, df=None, p=None, note="No column to test.")
    estimates, spread = coefficients[block], covariance[np.ix_(block, block)]
    if not (np.isfinite(estimates).all() and np.isfinite(spread).all()):
        note = "A coefficient has no finite estimate, so that Wald's test does not exist."
        return TestResult(method="wald", statistic=None, df=float(len(block)), p=None, note=note)
    return chi_square_result("wald", float(estimates @ np.linalg.solve(spread, estimates)), len(block))


def likelihood_ratio_test(log_likelihood: float, log_likelihood_reduced: float, df: int) -> TestResult:
    """Compare a model with one that has `df` parameters fewer, both at their maximum."""
    return chi_square_result("likelihood_ratio", 2 * (log_likelihood - log_likelihood_reduced), df)


def score_block_test(score: NDArray[np.float64], variance: NDArray[np.float64]) -> TestResult:
    """Test by the score: `score` at the smaller model's maximum and its variance, of the tested columns only."""
    return chi_square_result("score", float(score @ np.linalg.solve(variance, score)), len(score))


def chi_square_result(method: str, statistic: float, df: int) -> TestResult:
    """Return the test whose statistic is chi-square with `df` under the null; a statistic below 0 is rounding error."""
    if df == 0:
        return TestResult(method=method, statistic=None, df=0.0, p=None, note="The model has no parameter to test.")
    if not np.isfinite(statistic):
        return TestResult(method=method, statistic=None, df=float(df), p=None, note="The statistic is not finite.")
    statistic = max(0.0, statistic)
    return TestResult(method=method, statistic=statistic, df=float(df), p=float(chi2.sf(statistic, df)))
