"""Tests of means, ranks and counts: traps with their right answers, exact oracles, and notes where there is no answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from oracle.exact_tables import pearson_statistic, yates_statistic

from etl.study.statistics.comparisons import (
    COUNT_METHODS,
    METHODS,
    NUMBER_METHODS,
    choose_count_method,
    choose_number_method,
    kruskal_wallis,
    pearson_chi_square,
    student_t,
    welch_t,
    yates_chi_square,
)
from etl.study.statistics.fisher import fisher_exact

COUNT_2X2 = st.lists(st.lists(st.integers(1, 60), min_size=2, max_size=2), min_size=2, max_size=2)


def sample(mean: float, sd: float, n: int) -> NDArray[np.float64]:
    """Make numbers that have exactly this mean and standard deviation."""
    numbers = np.linspace(-1, 1, n) ** 3
    return mean + sd * (numbers - numbers.mean()) / numbers.std(ddof=1)


def test_yates_is_never_a_silent_default() -> None:
    hypertension = [[0, 258], [2, 1307]]
    assert pearson_chi_square(hypertension).p == pytest.approx(0.530, abs=5e-4)
    assert yates_chi_square(hypertension).p == 1
    assert fisher_exact(hypertension).p == 1


def test_student_and_welch_differ_where_variances_do() -> None:
    long_term, short_term = sample(9.53, 14.55, 38), sample(3.39, 2.88, 101)
    assert student_t(long_term, short_term).p == pytest.approx(0.000083, abs=5e-7)
    assert welch_t(long_term, short_term).p == pytest.approx(0.0138, abs=5e-5)


@given(COUNT_2X2)
@settings(max_examples=100, deadline=None)
def test_chi_squares_are_those_of_exact_fractions(table: list[list[int]]) -> None:
    assert pearson_chi_square(table).statistic == pytest.approx(float(pearson_statistic(table)), rel=1e-12, abs=1e-13)
    assert yates_chi_square(table).statistic == pytest.approx(float(yates_statistic(table)), rel=1e-12, abs=1e-13)


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=9), min_size=2, max_size=4))
@settings(max_examples=100, deadline=None)
def test_kruskal_wallis_is_the_share_of_rank_variance_between_groups(groups: list[list[int]]) -> None:
    # Without a formula for ties: H is (N - 1) times the sum of squares between groups over the total sum of squares.
    values = [value for group in groups for value in group]
    ranks = [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]
    middle = (len(values) + 1) / 2
    total = sum((rank - middle) ** 2 for rank in ranks)
    ours = kruskal_wallis([np.array(group) for group in groups])
    if total == 0:
        assert ours.p is None
        assert ours.note == "All values are the same."
        return
    between, start = 0.0, 0
    for group in groups:
        part = ranks[start : start + len(group)]
        between += len(part) * (sum(part) / len(part) - middle) ** 2
        start += len(group)
    assert ours.statistic == pytest.approx((len(values) - 1) * between / total, rel=1e-11, abs=1e-12)
    assert ours.df == len(groups) - 1


@pytest.mark.parametrize(
    ("name", "groups", "note"),
    [
        ("student_t", [[], [1.0, 2.0]], "The groups have 0, 2 values. Student's t test needs one in each group"),
        ("student_t", [[1.0], [2.0]], "The groups have 1, 1 values."),
        ("welch_t", [[1.0], [2.0, 3.0]], "The groups have 1, 2 values. Welch's t test needs two in each group."),
        ("student_t", [[3.0, 3.0], [3.0, 3.0]], "The values do not vary within the groups."),
        ("welch_t", [[3.1, 3.1, 3.1], [7.7, 7.7]], "The values do not vary within the groups."),
        ("welch_t", [[1.0, 2.0]] * 3, "A t test compares two groups, not 3."),
        ("student_t", [[1.0, 2.0]], "A t test compares two groups, not 1."),
        (
            "kruskal_wallis",
            [[1.0], []],
            "The groups have 1, 0 values. The Kruskal-Wallis test needs one in each group.",
        ),
        ("kruskal_wallis", [[1.0, 2.0]], "The Kruskal-Wallis test needs two groups."),
        ("kruskal_wallis", [[2.0], [2.0, 2.0]], "All values are the same."),
    ],
)
def test_numbers_that_cannot_be_compared_have_a_note(name: str, groups: list[list[float]], note: str) -> None:
    result = NUMBER_METHODS[name](groups)
    assert (result.method, result.statistic, result.df, result.p) == (name, None, None, None)
    assert note in result.note


@pytest.mark.parametrize(
    ("name", "table", "note"),
    [
        ("pearson_chi_square", [[0, 0], [1, 2]], "Nobody is in row 1 of the table."),
        ("pearson_chi_square", [[0, 3, 0], [0, 2, 0]], "Nobody is in columns 1, 3 of the table."),
        ("pearson_chi_square", [[1, 2]], "The table has 1 row; a comparison needs two."),
        ("yates_chi_square", [[0, 1], [0, 2]], "Nobody is in column 1 of the table."),
        ("yates_chi_square", [[1, 2, 3], [4, 5, 6]], "Yates' correction is for 2x2 tables; this one is 2x3."),
        ("fisher_exact", [[0, 0], [0, 0]], "Fewer than two rows or columns have anybody in them."),
    ],
)
def test_tables_that_cannot_be_compared_have_a_note(name: str, table: list[list[int]], note: str) -> None:
    result = COUNT_METHODS[name](table)
    assert (result.method, result.statistic, result.df, result.p, result.note) == (name, None, None, None, note)


def test_every_method_bears_its_name() -> None:
    assert set(METHODS) == {*COUNT_METHODS, *NUMBER_METHODS}
    for name, test in COUNT_METHODS.items():
        assert test([[5, 6], [7, 9]]).method == name
    for name, test_of_numbers in NUMBER_METHODS.items():
        assert test_of_numbers([[1.0, 2.0, 4.0], [3.0, 5.0, 9.0]]).method == name


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_missing_values_are_refused(bad: float) -> None:
    for test in NUMBER_METHODS.values():
        with pytest.raises(ValueError, match="must be finite"):
            test([[1.0, bad, 3.0], [1.0, 2.0]])


def test_numbers_far_from_zero_keep_their_digits() -> None:
    x, y = np.array([1.0, 2.0, 4.0, 7.0]), np.array([2.0, 5.0, 6.0])
    for test in (student_t, welch_t):
        assert test(x + 2.0**30, y + 2.0**30).p == pytest.approx(test(x, y).p, rel=1e-12)
        assert test(x * 1e-100, y * 1e-100).p == pytest.approx(test(x, y).p, rel=1e-12)
        assert "too large" in test(x * 1e200, y * 1e200).note


def test_the_rule_for_counts() -> None:
    assert choose_count_method([[5, 5], [5, 5]]) == "pearson_chi_square"
    assert choose_count_method([[4, 5], [5, 5]]) == "fisher_exact"
    assert choose_count_method([[9, 258 - 9], [0, 1309]]) == "fisher_exact"
    assert choose_count_method([[0, 5], [0, 5]]) == "pearson_chi_square"  # nothing to compare
    assert choose_count_method([[30, 50, 20], [40, 31, 29], [0, 0, 0]]) == "fisher_exact"  # which leaves out the row
    assert choose_count_method([[1, 2, 300, 700], [900, 300, 2, 200], [300, 400, 500, 900]]) == "pearson_chi_square"


def test_the_rule_for_numbers() -> None:
    rng = np.random.default_rng(8)
    normal = [rng.normal(size=40), rng.normal(size=15)]
    assert choose_number_method(normal) == "welch_t"
    assert choose_number_method([*normal, rng.normal(size=40)]) == "kruskal_wallis"
    assert choose_number_method([normal[0], normal[1][:14]]) == "kruskal_wallis"
    assert choose_number_method([normal[0], np.full(40, 0.1)]) == "kruskal_wallis"
    skewed = rng.lognormal(0, 2, 258)
    assert choose_number_method([skewed, rng.normal(size=1309)]) == "kruskal_wallis"
    assert choose_number_method([np.log(skewed), rng.normal(size=1309)]) == "welch_t"
    # A skewness of 1.5 (one value in five differs) asks for more than 25 x 1.5^2 = 56.25 values.
    too_few = np.repeat([0.0, 0, 0, 0, 1], 10)
    assert choose_number_method([too_few, too_few]) == "kruskal_wallis"
    enough = np.repeat([0.0, 0, 0, 0, 1], 12)
    assert choose_number_method([enough, enough]) == "welch_t"
    assert choose_number_method([too_few * 1e-200, too_few * 1e-200]) == "kruskal_wallis"


def test_welch_takes_the_larger_sample_for_what_it_is() -> None:
    rng = np.random.default_rng(2)
    ps = []
    for _ in range(2000):
        x, y = rng.normal(0, 5, 10), rng.normal(0, 1, 60)
        ps.append((student_t(x, y).p, welch_t(x, y).p))
    too_often, right = np.mean(np.array(ps) < 0.05, axis=0)
    assert too_often > 0.25  # Student rejects what is true far too often with unequal variances and sizes
    assert 0.035 < right < 0.065
