"""Odds ratios: the paper's own, zero cells without silent halves, and exact limits against exact fractions."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.exact_tables import tails_at
from scipy import special

from etl.study.statistics.conditional_odds_ratio import conditional_odds_ratio
from etl.study.statistics.odds_ratio import odds_ratio

CELL = st.integers(0, 40)


@pytest.mark.parametrize(
    ("exposed", "unexposed", "printed"),
    [
        ((71, 258), (158, 1309), (2.766, 2.009, 3.808)),  # concomitant treatment
        ((73, 258), (234, 1309), (1.813, 1.335, 2.461)),  # dermatologic event
        ((16, 258), (72, 1309), (1.136, 0.650, 1.987)),  # statin
        ((22, 258), (37, 1308), (3.202, 1.856, 5.526)),  # metformin
        ((40, 258), (148, 1308), (1.438, 0.985, 2.099)),  # diabetes
        ((131, 258), (766, 1309), (0.731, 0.559, 0.956)),  # extrahepatic metastasis
    ],
)
def test_ratios_that_the_paper_prints(
    exposed: tuple[int, int], unexposed: tuple[int, int], printed: tuple[float, float, float]
) -> None:
    a, c = exposed[0], unexposed[0]
    ours = odds_ratio(a, exposed[1] - a, c, unexposed[1] - c)
    assert [ours.value, ours.low, ours.high] == pytest.approx(printed, abs=5.01e-4)


def test_metformin_among_diabetics() -> None:
    ours = odds_ratio(22, 18, 37, 111)
    assert [ours.value, ours.low, ours.high] == pytest.approx([3.667, 1.775, 7.575], abs=5e-4)


def test_a_zero_cell_is_0_or_infinite_and_never_a_half() -> None:
    brain = odds_ratio(0, 258, 9, 1300)
    assert (brain.value, brain.low, brain.high) == (0, None, None)
    assert "A cell is 0" in brain.note
    other = odds_ratio(9, 1300, 0, 258)
    assert (other.value, other.low, other.high) == (math.inf, None, None)
    assert odds_ratio(5, 0, 7, 3).value == math.inf
    assert odds_ratio(5, 2, 7, 0).value == 0


@pytest.mark.parametrize("cells", [(0, 0, 3, 4), (0, 3, 0, 4), (0, 0, 0, 0), (3, 4, 0, 0), (3, 0, 4, 0)])
def test_an_empty_line_has_no_ratio(cells: tuple[int, int, int, int]) -> None:
    ours = odds_ratio(*cells)
    assert (ours.value, ours.low, ours.high, ours.note) == (
        None,
        None,
        None,
        "A row or a column of the table is empty.",
    )
    exact = conditional_odds_ratio(cells[0], cells[1], c=cells[2], d=cells[3])
    assert (exact.value, exact.low, exact.high) == (None, None, None)
    assert exact.note == "The totals of rows and columns allow one table only."


@given(CELL, CELL, CELL, CELL, st.sampled_from([0.9, 0.95, 0.99]))
@settings(max_examples=150, deadline=None)
def test_exact_limits_are_roots_to_ten_digits(a: int, b: int, c: int, d: int, coverage: float) -> None:
    ours = conditional_odds_ratio(a, b, c=c, d=d, coverage=coverage)
    if ours.value is None:
        return
    table, tail = [[a, b], [c, d]], Fraction((1 - coverage) / 2)
    below, above = 1 - Fraction(1, 10**10), 1 + Fraction(1, 10**10)
    if ours.low:
        low = Fraction(ours.low)
        assert tails_at(table, low * below)[1] < tail < tails_at(table, low * above)[1]
    else:
        assert ours.low == 0 == ours.value
    if ours.high != math.inf:
        high = Fraction(ours.high)
        assert tails_at(table, high * above)[0] < tail < tails_at(table, high * below)[0]
    else:
        assert ours.value == math.inf
    if 0 < ours.value < math.inf:
        value = Fraction(ours.value)
        assert tails_at(table, value * below)[2] < a < tails_at(table, value * above)[2]


def test_the_ratio_that_r_rounds() -> None:
    ours = conditional_odds_ratio(3, 1, c=2, d=8)
    assert ours.value == pytest.approx(9.512917, abs=5e-7)  # R's fisher.test: 9.512631


def test_a_hundred_times_the_study() -> None:
    ours = conditional_odds_ratio(25_000, 7_000, c=130_000, d=36_300)
    wald = odds_ratio(25_000, 7_000, 130_000, 36_300)
    assert ours.value == pytest.approx(wald.value, rel=1e-4)
    assert ours.low == pytest.approx(wald.low, rel=1e-3)
    assert ours.high == pytest.approx(wald.high, rel=1e-3)


def test_very_large_ratios_are_found() -> None:
    ours = conditional_odds_ratio(20_000, 1, c=1, d=20_000)
    # With such margins k of the second cell weighs (n^2 / ratio)^k / (k!)^2, whose mean is a quotient of Bessel functions.
    root = 20_001 / math.sqrt(ours.value)
    assert root * special.iv(1, 2 * root) / special.iv(0, 2 * root) == pytest.approx(1, rel=1e-3)
    assert 1e6 < ours.low < ours.value < ours.high < 1e12


@pytest.mark.parametrize("coverage", [0, 1, -0.5, 95])
def test_a_coverage_is_a_probability(coverage: float) -> None:
    for call in (
        lambda: odds_ratio(1, 2, 3, 4, coverage=coverage),
        lambda: conditional_odds_ratio(1, 2, c=3, d=4, coverage=coverage),
    ):
        with pytest.raises(ValueError, match="coverage is a probability"):
            call()
