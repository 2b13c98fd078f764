"""Compare groups: t tests, Kruskal-Wallis and chi-square, the methods by name, and the rule that chooses one."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from etl.study.statistics.count_table import count_table, expected_counts, why_not_testable
from etl.study.statistics.fisher import fisher_exact
from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]

PAIR = 2
FEWEST_EXPECTED = 5.0
"""Below this expected count the chi-square approximation is in doubt (Cochran, Biometrics 1954;10:417)."""
FEWEST_FOR_T = 15
"""Below this size a sample does not show its own skewness (Moore and McCabe, Introduction to the Practice of
Statistics: with fewer than 15 only data close to normal are for t)."""
SIZE_PER_SQUARED_SKEWNESS = 25.0
"""A mean is near enough to normal when n > 25 x skewness squared (Cochran, Sampling Techniques, 3rd ed., 2.15)."""
CONSTANT_BELOW = 10 * np.finfo(np.float64).eps
"""A standard error smaller than this share of the means is rounding, not variation (R's t.test has the same limit)."""


def student_t(x: ArrayLike, y: ArrayLike) -> TestResult:
    """Compare two means by Student's t test, which assumes equal variances.

    Args:
        x: the numbers of one group, without missing values.
        y: those of the other.

    Raises:
        ValueError: a value is missing or infinite.
    """
    method = "student_t"
    first, second = _numbers(x), _numbers(y)
    sizes = (len(first), len(second))
    df = sum(sizes) - 2
    if min(sizes) < 1 or df < 1:
        return untested(method, _too_small(sizes, "Student's t test needs one in each group and three together."))
    with np.errstate(over="ignore"):
        squares = sum(float(np.sum((group - group.mean()) ** 2)) for group in (_moved(first), _moved(second)))
    error = math.sqrt(squares / df * (1 / sizes[0] + 1 / sizes[1]))
    return _t_test(method, first, second, error=error, df=float(df))


def welch_t(x: ArrayLike, y: ArrayLike) -> TestResult:
    """Compare two means by Welch's t test, which lets variances differ (degrees of freedom by Satterthwaite).

    Args:
        x: the numbers of one group, without missing values.
        y: those of the other.

    Raises:
        ValueError: a value is missing or infinite.
    """
    method = "welch_t"
    first, second = _numbers(x), _numbers(y)
    sizes = (len(first), len(second))
    if min(sizes) < PAIR:
        return untested(method, _too_small(sizes, "Welch's t test needs two in each group."))
    with np.errstate(over="ignore"):
        squares = [float(group.var(ddof=1)) / len(group) for group in (_moved(first), _moved(second))]
    error = math.sqrt(sum(squares))
    if error == 0 or math.isinf(error):
        return _t_test(method, first, second, error=error, df=math.nan)
    # Parts of the squared error, so that tiny variances do not vanish when they are squared.
    parts = [square / sum(squares) for square in squares]
    df = 1 / sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    return _t_test(method, first, second, error=error, df=df)


def kruskal_wallis(groups: Sequence[ArrayLike]) -> TestResult:
    """Compare two or more groups by Kruskal and Wallis' rank test, with the correction for ties.

    Args:
        groups: the numbers of each group, without missing values.

    Raises:
        ValueError: a value is missing or infinite.
    """
    method = "kruskal_wallis"
    samples = [_numbers(group) for group in groups]
    if len(samples) < PAIR:
        return untested(method, "The Kruskal-Wallis test needs two groups.")
    sizes = np.array([len(sample) for sample in samples])
    if (sizes == 0).any():
        return untested(method, _too_small(sizes, "The Kruskal-Wallis test needs one in each group."))
    values = np.concatenate(samples)
    total = len(values)
    _, ties = np.unique(values, return_counts=True)
    if len(ties) == 1:
        return untested(method, "All values are the same.")
    ranks = stats.rankdata(values) - (total + 1) / 2
    sums = np.add.reduceat(ranks, np.concatenate([[0], np.cumsum(sizes)[:-1]]))
    spread = total * (total + 1) / 12 * (1 - np.sum(ties.astype(np.float64) ** 3 - ties) / (float(total) ** 3 - total))
    return _chi_square(method, float(np.sum(sums**2 / sizes) / spread), df=len(samples) - 1)


def pearson_chi_square(table: ArrayLike) -> TestResult:
    """Test independence of a table's rows and columns by Pearson's chi-square without correction.

    Args:
        table: whole counts, any number of rows and columns.

    Raises:
        ValueError: the table does not hold whole counts in two dimensions.
    """
    method = "pearson_chi_square"
    counts = count_table(table)
    if reason := why_not_testable(counts):
        return untested(method, reason)
    expected = expected_counts(counts)
    statistic = float(np.sum((counts - expected) ** 2 / expected))
    return _chi_square(method, statistic, df=(counts.shape[0] - 1) * (counts.shape[1] - 1))


def yates_chi_square(table: ArrayLike) -> TestResult:
    """Test independence in a 2x2 table by chi-square with Yates' correction for continuity.

    Each difference from the expected count shrinks by one half, or to 0 where it is smaller, as in R and scipy.

    Args:
        table: whole counts, two rows and two columns.

    Raises:
        ValueError: the table does not hold whole counts in two dimensions.
    """
    method = "yates_chi_square"
    counts = count_table(table)
    if counts.shape != (PAIR, PAIR):
        return untested(method, f"Yates' correction is for 2x2 tables; this one is {_shape(counts.shape)}.")
    if reason := why_not_testable(counts):
        return untested(method, reason)
    expected = expected_counts(counts)
    statistic = float(np.sum(np.maximum(np.abs(counts - expected) - 0.5, 0) ** 2 / expected))
    return _chi_square(method, statistic, df=1)


def choose_count_method(table: ArrayLike) -> str:
    """Choose the test for a table of counts by a rule that looks at the expected counts alone.

    Fisher's exact test where any expected count is below 5 and the exact p can be computed (an empty row or column has
    expected counts of 0, and Fisher's test leaves it out); else Pearson's chi-square without correction.

    Returns:
        A name in `COUNT_METHODS`.
    """
    counts = count_table(table)
    if counts.sum() == 0 or expected_counts(counts).min() < FEWEST_EXPECTED:
        return "pearson_chi_square" if fisher_exact(counts).p is None else "fisher_exact"
    return "pearson_chi_square"


def choose_number_method(groups: Sequence[ArrayLike]) -> str:
    """Choose the test for the numbers of groups by a rule that looks at sizes and skewness.

    Welch's t test for two groups, each of at least 15 values that are not all the same and of more than 25 times its
    squared skewness (Cochran's rule for the normal approximation of a mean: a skewness of 0.77 at 15, 1.10 at 30, 3.2
    at 258); else Kruskal-Wallis. The rule reads the data that it then tests, so a report names the method of each row.

    Returns:
        A name in `NUMBER_METHODS`.
    """
    samples = [_numbers(group) for group in groups]
    if len(samples) == PAIR and all(_mean_is_near_normal(sample) for sample in samples):
        return "welch_t"
    return "kruskal_wallis"


def _numbers(values: ArrayLike) -> Numbers:
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(numbers).all():
        raise ValueError("a group's numbers must be finite; leave missing values out before the test")
    return numbers


def _moved(group: Numbers) -> Numbers:
    """Move a group to its first number: differences of numbers far from 0 are exact, their means are not."""
    moved: Numbers = group - group[0]
    return moved


def _t_test(method: str, first: Numbers, second: Numbers, *, error: float, df: float) -> TestResult:
    if error <= CONSTANT_BELOW * max(abs(float(first.mean())), abs(float(second.mean()))):
        return untested(method, "The values do not vary within the groups.")
    if not math.isfinite(error):
        return untested(method, "The numbers are too large for their variance to be computed.")
    difference = float(first[0] - second[0]) + float(_moved(first).mean() - _moved(second).mean())
    statistic = difference / error
    return TestResult(method=method, statistic=statistic, df=df, p=float(2 * special.stdtr(df, -abs(statistic))))


def _too_small(sizes: Sequence[int] | NDArray[np.int64], need: str) -> str:
    return f"The groups have {', '.join(str(size) for size in sizes)} values. {need}"


def _chi_square(method: str, statistic: float, *, df: int) -> TestResult:
    return TestResult(method=method, statistic=statistic, df=float(df), p=float(special.chdtrc(df, statistic)))


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(str(size) for size in shape)


def _mean_is_near_normal(sample: Numbers) -> bool:
    if len(sample) < FEWEST_FOR_T:
        return False
    scale = np.abs(sample - sample.mean()).max()
    if scale <= CONSTANT_BELOW * abs(sample.mean()):
        return False
    parts = (sample - sample.mean()) / scale
    skewness = np.mean(parts**3) / np.mean(parts**2) ** 1.5
    return bool(len(sample) > SIZE_PER_SQUARED_SKEWNESS * skewness**2)


def _of_two(test: Callable[[ArrayLike, ArrayLike], TestResult], method: str) -> Callable[..., TestResult]:
    def compare(groups: Sequence[ArrayLike]) -> TestResult:
        if len(groups) != PAIR:
            return untested(method, f"A t test compares two groups, not {len(groups)}.")
        return test(groups[0], groups[1])

    return compare


COUNT_METHODS: Mapping[str, Callable[[ArrayLike], TestResult]] = {
    "pearson_chi_square": pearson_chi_square,
    "yates_chi_square": yates_chi_square,
    "fisher_exact": fisher_exact,
}
"""Tests of a table of counts (rows: levels, columns: groups, or the other way round) by their names."""

NUMBER_METHODS: Mapping[str, Callable[[Sequence[ArrayLike]], TestResult]] = {
    "student_t": _of_two(student_t, "student_t"),
    "welch_t": _of_two(welch_t, "welch_t"),
    "kruskal_wallis": kruskal_wallis,
}
"""Tests of the numbers of several groups by their names; a t test of other than two groups is None with a note."""

METHODS: Mapping[str, Callable[..., TestResult]] = {**COUNT_METHODS, **NUMBER_METHODS}
"""All tests of this module by their names."""
