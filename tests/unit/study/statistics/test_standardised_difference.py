"""Standardised differences: known formulas for numbers and two levels, invariance and bounds for more."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.study.statistics.standardised_difference import standardised_difference, standardised_level_difference


def test_means_in_units_of_the_mean_variance() -> None:
    x, y = [1.0, 3.0], [1.0, 5.0, 9.0]  # means 2 and 5, variances 2 and 16
    assert standardised_difference(x, y).value == pytest.approx(-3 / 3)
    assert standardised_difference(y, x).value == pytest.approx(1)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=100, deadline=None)
def test_two_levels_have_the_usual_form(a: int, b: int, c: int, d: int) -> None:
    ours = standardised_level_difference([[a, b], [c, d]])
    if a + c == 0 or b + d == 0:
        assert (ours.value, ours.note) == (None, "One of the groups is empty.")
        return
    p, q = a / (a + c), b / (b + d)
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    if spread == 0 and p != q:
        assert (ours.value, ours.note) == (None, "The groups share no level, so their shares do not vary together.")
    else:
        assert ours.value == pytest.approx(abs(p - q) / spread if spread else 0, rel=1e-9, abs=1e-12)


def test_the_level_that_is_left_out_and_the_sizes_do_not_matter() -> None:
    rng = np.random.default_rng(6)
    for _ in range(50):
        table = rng.poisson(8, (int(rng.integers(2, 7)), 2)) + np.array([0, 1])
        table[0] += 1
        value = standardised_level_difference(table).value
        assert standardised_level_difference(rng.permutation(table)).value == pytest.approx(value, rel=1e-9)
        assert standardised_level_difference(table[:, ::-1]).value == pytest.approx(value, rel=1e-9)
        assert standardised_level_difference(table * np.array([3, 50])).value == pytest.approx(value, rel=1e-9)
        assert standardised_level_difference(np.pad(table, ((0, 2), (0, 0)))).value == value


def test_levels_as_a_number_are_the_same_distance_for_two_and_at_least_for_more() -> None:
    table = np.array([[30, 10], [20, 25], [5, 40]])
    distance = standardised_level_difference(table).value
    assert distance is not None
    for scores in ([0, 1, 2], [0, 0, 1], [1, 0, 0], [0, 3, 1]):
        means = np.array(scores) @ table / table.sum(axis=0)
        variances = np.array(scores) ** 2 @ table / table.sum(axis=0) - means**2
        # Mahalanobis' distance is the largest standardised difference that any scores of the levels can have.
        assert abs(means[0] - means[1]) / math.sqrt(variances.mean()) <= distance + 1e-12


def test_equal_shares_are_0_and_one_level_is_0() -> None:
    assert standardised_level_difference([[1, 10], [2, 20], [3, 30]]).value == pytest.approx(0, abs=1e-12)
    assert standardised_level_difference([[4, 7]]).value == 0


def test_a_level_of_one_group_alone_has_a_distance() -> None:
    ours = standardised_level_difference([[0, 9], [258, 1300]])
    assert ours.value == pytest.approx((9 / 1309) / math.sqrt(9 / 1309 * 1300 / 1309 / 2), rel=1e-12)


@pytest.mark.parametrize("table", [[[3, 0], [0, 4]], [[3, 0], [0, 4], [0, 5]], [[3, 0], [2, 0], [0, 4], [0, 5]]])
def test_groups_without_a_common_level_have_no_distance(table: list[list[int]]) -> None:
    ours = standardised_level_difference(table)
    assert ours.value is None
    assert "share no level" in ours.note


def test_numbers_without_variance_have_a_note() -> None:
    assert standardised_difference([1.0, 1.0], [2.0, 2.0]).note == "The values do not vary within the groups."
    assert standardised_difference([0.1] * 3, [0.1] * 4).value is None
    assert standardised_difference([1.0], [2.0, 3.0]).note == "The groups have 1 and 2 values; two are needed."
    assert standardised_difference([1.0, 1.0], [2.0, 4.0]).value == pytest.approx(-2)
    with pytest.raises(ValueError, match="must be finite"):
        standardised_difference([1.0, np.nan], [2.0, 3.0])
    with pytest.raises(ValueError, match="compares two groups"):
        standardised_level_difference([[1, 2, 3]])
