"""Rubin's rules: one estimate, its variance and degrees of freedom from the fits to multiply imputed data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """Estimates pooled over m imputations, p of each; nan where an imputation has no finite estimate.

    Attributes:
        estimates: Means of the imputations' estimates.
        covariance: Total: within, plus between times 1 + 1/m.
        within: Mean of the imputations' covariances.
        between: Covariance of the estimates between imputations.
        df: Degrees of freedom of each estimate (Barnard and Rubin 1999).
        fraction_missing: Share of each estimate's information that is missing (Rubin 1987, with df).
        lower: Limits by Student's t.
        upper: Limits by Student's t.
        p: Two-sided, of each estimate against zero.
        m: Imputations.
        note: A sentence on what is nan; else empty.
    """

    estimates: Numbers
    covariance: Numbers
    within: Numbers
    between: Numbers
    df: Numbers
    fraction_missing: Numbers
    lower: Numbers
    upper: Numbers
    p: Numbers
    m: int
    note: str = ""

    @property
    def standard_errors(self) -> Numbers:
        """Square roots of the total variances."""
        return np.sqrt(np.diag(self.covariance))


def pool(
    estimates: Sequence[Numbers], covariances: Sequence[Numbers], *, complete_df: float, level: float = 0.95
) -> Pooled:
    """Pool the estimates and covariances of at least two imputations.

    `complete_df` is what the degrees of freedom would be without missing values: patients (in a Cox model events) less
    parameters; infinity gives Rubin's own degrees of freedom.
    """
    m = len(estimates)
    if m < 2:  # noqa: PLR2004
        raise ValueError("at least two imputations are needed")
    stacked = np.array(estimates, dtype=np.float64)
    is_finite = np.isfinite(stacked).all(axis=0)
    stacked[:, ~is_finite] = np.nan
    means = stacked.mean(axis=0)
    within = np.mean(np.array(covariances, dtype=np.float64), axis=0)
    within[~is_finite, :] = within[:, ~is_finite] = np.nan
    deviations = stacked - means
    between = deviations.T @ deviations / (m - 1)
    total = within + (1 + 1 / m) * between
    variance, added = np.diag(total), (1 + 1 / m) * np.diag(between)
    share = added / variance
    df = _degrees(share, m, complete_df)
    increase = added / np.diag(within)
    error = np.sqrt(variance)
    half = t_distribution.ppf((1 + level) / 2, df) * error
    left = int((~is_finite).sum())
    return Pooled(
        estimates=means,
        covariance=total,
        within=within,
        between=between,
        df=df,
        fraction_missing=(increase + 2 / (df + 3)) / (increase + 1),
        lower=means - half,
        upper=means + half,
        p=2 * t_distribution.sf(np.abs(means) / error, df),
        m=m,
        note=f"{left} estimates are not finite in every imputation and cannot be pooled." if left else "",
    )


def pooled_wald_test(pooled: Pooled, columns: Sequence[int]) -> TestResult:
    """Test that the estimates of `columns` are all zero (D1 of Li, Raghunathan and Rubin 1991).

    The statistic is F with `df` and the second degrees of freedom that the note gives.
    """
    block = list(columns)
    estimates = pooled.estimates[block]
    within, between = pooled.within[np.ix_(block, block)], pooled.between[np.ix_(block, block)]
    if not block or not np.isfinite(estimates).all():
        return untested("pooled_wald", "An estimate is not finite in every imputation.")
    k, m = len(block), pooled.m
    increase = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    statistic = float(estimates @ np.linalg.solve(within, estimates)) / (k * (1 + increase))
    t = k * (m - 1)
    if increase == 0:
        second = np.inf
    elif t > 4:  # noqa: PLR2004
        second = 4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2
    else:
        second = t * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2
    p = float(f_distribution.sf(statistic, k, second))
    return TestResult("pooled_wald", statistic, float(k), p, f"F with {k} and {second:.6g} degrees of freedom.")


def _degrees(share: Numbers, m: int, complete_df: float) -> Numbers:
    with np.errstate(divide="ignore"):  # no variance between imputations: infinitely many
        old = (m - 1) / share**2
    if np.isinf(complete_df):
        return np.asarray(old)
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    return np.asarray(1 / (1 / old + 1 / observed))
