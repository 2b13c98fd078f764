"""Odds ratio common to the strata (hospitals) of a study: Mantel and Haenszel's, its test, and heterogeneity."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from etl.study.statistics.count_table import Counts, count_table
from etl.study.statistics.estimate import Estimate, check_coverage, unestimated
from etl.study.statistics.test_result import TestResult, untested

Floats = NDArray[np.float64]

RATIO, TEST, HETEROGENEITY, ADJUSTED = (
    "mantel_haenszel_odds_ratio",
    "cochran_mantel_haenszel",
    "breslow_day",
    "breslow_day_tarone",
)
FEWEST_STRATA = 2
CELLS = 4


@dataclass(frozen=True)
class MantelHaenszel:
    """What 2x2 tables of several strata say together.

    Attributes:
        ratio: Mantel and Haenszel's common odds ratio, limits by Robins, Breslow and Greenland (Biometrics 1986;42:311).
        test: the Cochran-Mantel-Haenszel test that the common odds ratio is 1, without correction for continuity.
        heterogeneity: Breslow and Day's test that the strata share one odds ratio.
        adjusted_heterogeneity: the same with Tarone's adjustment (Biometrika 1985;72:91).
        stratum_count: strata that say anything: no row and no column of theirs is empty.
    """

    ratio: Estimate
    test: TestResult
    heterogeneity: TestResult
    adjusted_heterogeneity: TestResult
    stratum_count: int


def mantel_haenszel(strata: ArrayLike, *, coverage: float = 0.95) -> MantelHaenszel:
    """Estimate the odds ratio that several 2x2 tables share, and test it and whether they share one.

    Args:
        strata: whole counts, one table [[a, b], [c, d]] a stratum; strata with an empty row or column say nothing about
            the ratio and are left out.
        coverage: the coverage of the two-sided limits.

    Returns:
        The estimate and the tests; None with a note where all products ad or all bc are 0, or where too few strata
        are left.

    Raises:
        ValueError: the counts are not 2x2 tables of whole numbers, or `coverage` is not between 0 and 1.
    """
    outside = check_coverage(coverage)
    tables = _informative(strata)
    if not len(tables):
        note = "Every stratum has an empty row or column."
        return MantelHaenszel(
            ratio=unestimated(RATIO, coverage, note=note),
            test=untested(TEST, note),
            heterogeneity=untested(HETEROGENEITY, note),
            adjusted_heterogeneity=untested(ADJUSTED, note),
            stratum_count=0,
        )
    ratio = _ratio(tables, outside, coverage=coverage)
    heterogeneity, adjusted = _heterogeneity(tables, ratio.value)
    return MantelHaenszel(
        ratio=ratio,
        test=_test(tables),
        heterogeneity=heterogeneity,
        adjusted_heterogeneity=adjusted,
        stratum_count=len(tables),
    )


def _informative(strata: ArrayLike) -> Floats:
    cells = np.asarray(strata)
    if cells.shape[1:] != (2, 2):
        raise ValueError(f"strata are tables of two rows and two columns, not an array of shape {cells.shape}")
    counts: Counts = count_table(cells.reshape(len(cells), CELLS)).reshape(-1, 2, 2)
    is_full = counts.sum(axis=1).all(axis=1) & counts.sum(axis=2).all(axis=1)
    tables: Floats = counts[is_full].astype(np.float64)
    return tables


def _ratio(tables: Floats, outside: float, *, coverage: float) -> Estimate:
    a, b, c, d = tables.reshape(-1, CELLS).T
    n = a + b + c + d
    for_, against = a * d / n, b * c / n
    if against.sum() == 0 or for_.sum() == 0:
        value = 0.0 if for_.sum() == 0 else math.inf
        note = "Every stratum has a zero cell on one diagonal: the common odds ratio has no limits."
        return Estimate(method=RATIO, value=value, low=None, high=None, coverage=coverage, note=note)
    agree, differ = (a + d) / n, (b + c) / n
    variance = (
        np.sum(agree * for_) / for_.sum() ** 2
        + np.sum(agree * against + differ * for_) / (for_.sum() * against.sum())
        + np.sum(differ * against) / against.sum() ** 2
    ) / 2
    log_ratio = math.log(for_.sum() / against.sum())
    reach = -float(special.ndtri(outside / 2)) * math.sqrt(float(variance))
    return Estimate(
        method=RATIO,
        value=math.exp(log_ratio),
        low=math.exp(log_ratio - reach),
        high=math.exp(log_ratio + reach),
        coverage=coverage,
    )


def _test(tables: Floats) -> TestResult:
    rows, columns, n = tables.sum(axis=2), tables.sum(axis=1), tables.sum(axis=(1, 2))
    surplus = np.sum(tables[:, 0, 0] - rows[:, 0] * columns[:, 0] / n)
    variance = np.sum(rows.prod(axis=1) * columns.prod(axis=1) / (n**2 * (n - 1)))
    return _chi_square(TEST, float(surplus**2 / variance), df=1)


def _heterogeneity(tables: Floats, ratio: float | None) -> tuple[TestResult, TestResult]:
    if ratio is None or ratio == 0 or math.isinf(ratio) or len(tables) < FEWEST_STRATA:
        few = f"{len(tables)} stratum says anything about the odds ratio; heterogeneity needs two."
        note = few if len(tables) < FEWEST_STRATA else "The common odds ratio is 0 or infinite."
        return untested(HETEROGENEITY, note), untested(ADJUSTED, note)
    expected = _expected(tables, ratio)
    difference = tables[:, 0, 0] - expected[:, 0]
    variance = 1 / np.sum(1 / expected, axis=1)
    statistic = float(np.sum(difference**2 / variance))
    less = float(np.sum(difference) ** 2 / np.sum(variance))
    df = len(tables) - 1
    return _chi_square(HETEROGENEITY, statistic, df=df), _chi_square(ADJUSTED, max(0.0, statistic - less), df=df)


def _expected(tables: Floats, ratio: float) -> Floats:
    """Fit each stratum's four cells so that its margins stay and its odds ratio is `ratio`.

    The first cell x solves x (r2 - c1 + x) = ratio (r1 - x)(c1 - x); of a quadratic's two formulas for one root the
    one that adds terms of one sign is taken, and the discriminant is written without a difference of squares.
    """
    r1, r2 = tables.sum(axis=2).T
    c1 = tables.sum(axis=1)[:, 0]
    linear = r2 - c1 + ratio * (r1 + c1)
    inside = (ratio * (r1 - c1)) ** 2 + ratio * (2 * (r2 - c1) * (r1 + c1) + 4 * r1 * c1) + (r2 - c1) ** 2
    root = np.sqrt(np.maximum(inside, 0))
    is_negative = linear < 0  # only with a ratio below 1
    first = np.empty(len(tables))
    first[~is_negative] = (2 * ratio * r1 * c1 / np.where(is_negative, 1, linear + root))[~is_negative]
    first[is_negative] = (root - linear)[is_negative] / (2 * (1 - ratio))
    return np.column_stack([first, r1 - first, c1 - first, r2 - c1 + first])


def _chi_square(method: str, statistic: float, *, df: int) -> TestResult:
    return TestResult(method=method, statistic=statistic, df=float(df), p=float(special.chdtrc(df, statistic)))
