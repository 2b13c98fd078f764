"""Rates, their ratios and proportions: limits checked against the exact distributions that define them."""

import math
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.study.statistics.proportion import proportion
from etl.study.statistics.rates import EventTime, event_rate, rate_ratio, rate_ratio_test


def poisson_at_most(events: int, mean: float) -> float:
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))


def binomial_at_most(events: int, total: int, share: Fraction) -> Fraction:
    return sum((comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(events + 1)), Fraction(0))


@given(st.integers(0, 120), st.floats(0.5, 1e4))
@settings(max_examples=60, deadline=None)
def test_a_rate_has_limits_that_leave_a_fortieth_outside(events: int, time: float) -> None:
    ours = event_rate(EventTime(events, time))
    assert ours.value == pytest.approx(events / time)
    assert poisson_at_most(events, ours.high * time) == pytest.approx(0.025, rel=1e-8)
    if events:
        assert 1 - poisson_at_most(events - 1, ours.low * time) == pytest.approx(0.025, rel=1e-8)
    else:
        assert ours.low == 0


def test_a_rate_without_events_has_the_rule_of_three() -> None:
    assert event_rate(EventTime(0, 100), coverage=0.9).high == pytest.approx(-math.log(0.05) / 100, rel=1e-12)


@given(st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_a_ratio_has_limits_that_leave_a_fortieth_outside(x: int, y: int) -> None:
    first, second = EventTime(x, 8.6), EventTime(y, 3.0)
    ours = rate_ratio(first, second)
    if x + y == 0:
        assert (ours.value, ours.note, rate_ratio_test(first, second).p) == (None, "Neither group has an event.", None)
        return
    for limit, events in ((ours.high, x), (ours.low, x - 1)):
        if 0 < limit < math.inf:
            odds = Fraction(limit) * Fraction(8.6) / 3
            outside = binomial_at_most(events, x + y, odds / (1 + odds))
            assert float(outside if events == x else 1 - outside) == pytest.approx(0.025, rel=1e-9)
    assert (ours.low == 0) == (x == 0)
    assert (ours.high == math.inf) == (y == 0)
    assert ours.value == (pytest.approx(x / 8.6 / (y / 3.0)) if y else math.inf)
    assert ours.low < ours.high


def test_the_other_way_round_is_the_inverse() -> None:
    one, other = EventTime(11, 800), EventTime(3, 1083.2)
    there, back = rate_ratio(one, other), rate_ratio(other, one)
    assert [there.value, there.low, there.high] == pytest.approx(
        [1 / back.value, 1 / back.high, 1 / back.low], rel=1e-12
    )
    assert rate_ratio_test(one, other).p == pytest.approx(rate_ratio_test(other, one).p, rel=1e-9)
    # R's help of poisson.test (leukaemia near power lines)
    assert rate_ratio_test(one, other).p == pytest.approx(0.01171643538, rel=1e-8)


def test_what_has_no_rate_has_a_note() -> None:
    assert event_rate(EventTime(3, 0)).note == "There is no time at risk."
    assert rate_ratio(EventTime(3, 0), EventTime(2, 5)).note == "A group has no time at risk."
    assert rate_ratio(EventTime(3, 4), EventTime(0, 5)).note == (
        "The second group has no event: the ratio has no upper bound."
    )
    for events, time in ((-1, 3), (1.5, 3), (1, -1), (1, math.nan), (1, math.inf)):
        with pytest.raises(ValueError, match=r"events are|time at risk"):
            EventTime(events, time)  # type: ignore[arg-type]


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_a_proportion_has_exact_limits(count: int, rest: int) -> None:
    total = count + rest
    exact, wilson = proportion(count, total), proportion(count, total, method="wilson")
    if total == 0:
        assert (exact.value, wilson.value, exact.note) == (None, None, "There is no patient.")
        return
    assert 0 <= exact.low <= exact.value <= exact.high <= 1
    assert 0 <= wilson.low <= wilson.value <= wilson.high <= 1
    if rest:
        assert float(binomial_at_most(count, total, Fraction(exact.high))) == pytest.approx(0.025, rel=1e-9)
    if count:
        assert float(1 - binomial_at_most(count - 1, total, Fraction(exact.low))) == pytest.approx(0.025, rel=1e-9)
    for limit in (wilson.low, wilson.high):
        if 0 < limit < 1:  # the shares that a score test would not reject
            error = math.sqrt(limit * (1 - limit) / total)
            assert abs(exact.value - limit) / error == pytest.approx(1.959963984540054, rel=1e-7)


def test_the_long_term_survivors_of_the_paper() -> None:
    ours = proportion(257, 1566)
    assert ours.value == pytest.approx(0.164112, abs=5e-7)
    with pytest.raises(ValueError, match="whole numbers"):
        proportion(5, 4)
    with pytest.raises(ValueError, match="wilson or clopper_pearson"):
        proportion(1, 4, method="wald")  # type: ignore[arg-type]
