"""Log-rank, cumulative incidence, Gray's test and proportional hazards against exact fractions and printed values."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle.survival_statistics import exact_incidence, exact_log_rank

from etl.study.statistics.competing_risk import aalen_johansen
from etl.study.statistics.concordance import concordance
from etl.study.statistics.cox import fit_cox
from etl.study.statistics.gray import gray
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.proportional_hazards import proportional_hazards


@st.composite
def grouped_times(draw):
    n = draw(st.integers(4, 25))
    time = draw(st.lists(st.integers(0, 8), min_size=n, max_size=n))
    cause = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    group = draw(st.lists(st.sampled_from("ABC"), min_size=n, max_size=n))
    stratum = draw(st.one_of(st.none(), st.lists(st.sampled_from("xy"), min_size=n, max_size=n)))
    return time, cause, group, stratum


@settings(max_examples=200, deadline=None)
@given(data=grouped_times())
def test_log_rank_is_exact(data):
    time, cause, group, stratum = data
    event = [int(c > 0) for c in cause]
    found = log_rank(time, event, group, stratum=stratum)
    if found.statistic is None:
        assert found.note
        return
    assume(not found.note)
    assert found.df == len(set(group)) - 1
    assert found.statistic == pytest.approx(float(exact_log_rank(time, event, group, stratum)), rel=1e-9, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(data=grouped_times())
def test_cumulative_incidence_is_exact(data):
    time, cause, group, _ = data
    for curve in aalen_johansen(time, cause, group):
        rows = [i for i, g in enumerate(group) if g == curve.group]
        steps = exact_incidence([time[i] for i in rows], [cause[i] for i in rows], curve.cause)
        assert curve.time.tolist() == sorted(steps)
        assert curve.estimate == pytest.approx([float(steps[t]) for t in sorted(steps)], abs=1e-12)
        assert curve.events.tolist() == [
            sum(time[i] == t and cause[i] == curve.cause for i in rows) for t in sorted(steps)
        ]
        assert curve.at_risk.tolist() == [sum(time[i] >= t for i in rows) for t in sorted(steps)]
        assert (curve.variance >= -1e-15).all()


def test_competing_deaths_are_not_censored():
    """Trap 4: PD 1, death 2, PD 3, death 4: 0.5 at 3; 1 - Kaplan-Meier says 0.625."""
    progression, death = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 2])
    assert (progression.group, progression.cause, death.cause) == ("all", 1, 2)
    assert progression.at(3)[0] == pytest.approx(0.5, abs=1e-15)
    assert progression.at(0.5) == (0.0, 0.0)
    assert progression.at(100)[0] + death.at(100)[0] == pytest.approx(1, abs=1e-15)


def test_a_cause_that_a_group_lacks_has_no_steps():
    curves = aalen_johansen([1, 2, 3], [1, 2, 0], ["a", "b", "b"])
    assert [(c.group, c.cause, len(c.time)) for c in curves] == [("a", 1, 1), ("a", 2, 0), ("b", 1, 0), ("b", 2, 1)]


def test_uncensored_variance_is_binomial():
    """Without censoring the incidence is a share, and its variance nearly p (1 - p) / n."""
    time, cause = np.arange(400), np.tile([1, 2], 200)
    estimate, variance = aalen_johansen(time, cause)[0].at(150)
    assert estimate == pytest.approx(76 / 400)
    assert variance == pytest.approx(estimate * (1 - estimate) / 400, rel=0.01)


def test_groups_that_never_meet():
    apart = log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["a", "a", "b", "b"], stratum=[0, 0, 1, 1])
    assert (apart.method, apart.statistic) == ("stratified_log_rank", None)
    assert "at risk together" in apart.note
    three = log_rank([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], ["a", "b", "a", "c", "c"], stratum=[0, 0, 0, 1, 1])
    two = log_rank([1, 2, 3], [1, 1, 1], ["a", "b", "a"])
    assert three.statistic == pytest.approx(two.statistic)
    assert three.df == 1
    assert "only 2 can be compared" in three.note
    assert "never at risk" in gray([1, 2, 3, 4], [1, 2, 1, 2], ["a", "a", "b", "b"], stratum=[0, 0, 1, 1])[1].note


def test_what_cannot_be_compared_says_why():
    assert "fewer than two" in log_rank([1, 2], [1, 1], ["a", "a"]).note
    assert "no event" in log_rank([1, 2], [0, 0], ["a", "b"]).note
    assert "fewer than two" in gray([1, 2], [1, 1], ["a", "a"])[1].note
    assert gray([1, 2], [0, 0], ["a", "b"]) == {}
    assert "fewer than two" in log_rank([], [], []).note
    assert aalen_johansen([], []) == ()
    assert concordance([1, 2], [1, 2], [0, 0]).estimate is None


@pytest.mark.parametrize("call", [log_rank, gray, aalen_johansen])
def test_a_missing_group_is_refused(call):
    with pytest.raises(ValueError, match="complete"):
        call([1, 2, 3], [1, 1, 0], ["a", None, "b"])
    with pytest.raises(ValueError, match="complete"):
        call([1, 2, np.nan], [1, 1, 0], ["a", "a", "b"])
    with pytest.raises(ValueError, match="differ in length"):
        call([1, 2, 3], [1, 1, 0], ["a", "b"])


def test_causes_are_whole_numbers():
    for bad in ([1, 0.5], [1, -1]):
        with pytest.raises(ValueError, match="whole numbers"):
            aalen_johansen([1, 2], bad)


def test_proportional_hazards_of_an_infinite_column():
    random = np.random.default_rng(1)
    n = 150
    x, never = random.normal(size=n), np.arange(n) % 15 == 0
    time, event = np.ceil(random.exponential(30, n)), ~never
    matrix = np.column_stack((x, never))
    fit = fit_cox(matrix, time, event)
    tests = proportional_hazards(matrix, time, event, fit=fit, blocks={"x": [0], "never": [1]})
    assert tests.by_block["never"].statistic is None
    assert "left out" in tests.overall.note
    rest = ~never
    alone = fit_cox(x[rest, None], time[rest], event[rest])
    expected = proportional_hazards(
        x[rest, None], time[rest], event[rest], fit=alone, blocks={"x": [0]}, transform="identity"
    )
    found = proportional_hazards(matrix, time, event, fit=fit, blocks={"x": [0]}, transform="identity")
    assert found.by_block["x"].statistic == pytest.approx(expected.by_block["x"].statistic, rel=1e-6)


def test_proportional_hazards_without_a_model():
    fit = fit_cox([[1.0], [2.0]], [1, 2], [0, 0])
    tests = proportional_hazards([[1.0], [2.0]], [1, 2], [0, 0], fit=fit, blocks={"x": [0]})
    assert tests.by_block["x"].statistic is None
    assert "no event" in tests.overall.note


def test_large_data_are_fast_enough_to_sum_right():
    """156,600 patients: the test and C agree with those of the same data drawn one hundred times smaller, scaled."""
    random = np.random.default_rng(4)
    time, event = random.integers(1, 900, 1_566), random.integers(0, 2, 1_566)
    group = random.integers(0, 3, 1_566)
    many = [np.tile(values, 100) for values in (time, event, group)]
    small, large = concordance(group, time, event), concordance(many[2], many[0], many[1])
    assert large.concordant == small.concordant * 10_000
    assert large.estimate == small.estimate
    assert log_rank(*many).statistic == pytest.approx(100 * log_rank(time, event, group).statistic, rel=0.02)


def test_gray_without_a_variance():
    """Group a ends in the cause; with the first of b's the pooled incidence is 1, and cmprsk divides by 0 at the next."""
    test = gray([1, 1, 2, 3], [1, 1, 1, 1], ["a", "a", "b", "b"])[1]
    assert test.statistic is None
    assert "reaches 1" in test.note


@settings(max_examples=300, deadline=None)
@given(data=grouped_times())
def test_gray_never_fails_and_is_the_same_under_other_names(data):
    time, cause, group, stratum = data
    found = gray(time, cause, group, stratum=stratum)
    turned = gray(time, cause, [{"A": "Z", "B": "Y", "C": "X"}[g] for g in group], stratum=stratum)
    for kind, test in found.items():
        assert (test.statistic is None) == bool(test.note)
        if test.statistic is not None:
            assert np.isfinite(test.statistic)
            assert turned[kind].statistic == pytest.approx(test.statistic, rel=1e-6, abs=1e-9)
