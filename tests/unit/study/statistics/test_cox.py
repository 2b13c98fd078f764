import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.survival_statistics import all_pairs, brute_partial_likelihood

from etl.study.statistics.concordance import concordance
from etl.study.statistics.cox import MOST_EXACT_ROWS, fit_cox, score_at

TIES = ("efron", "breslow", "exact")


@st.composite
def tied_rows(draw):
    n = draw(st.integers(2, 11))
    whole = st.integers(-3, 3)
    rows = draw(st.lists(st.tuples(whole, whole), min_size=n, max_size=n))
    time = draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    event = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(any))
    stratum = draw(st.one_of(st.none(), st.lists(st.sampled_from("abc"), min_size=n, max_size=n)))
    entry = draw(st.one_of(st.none(), st.lists(st.integers(-2, 4), min_size=n, max_size=n)))
    if entry is not None:
        entry = [min(e, t - 1) for e, t in zip(entry, time, strict=True)]
    return rows, time, event, {"stratum": stratum, "entry": entry}


@settings(max_examples=150, deadline=None)
@given(data=tied_rows(), b1=st.floats(-1.5, 1.5), b2=st.floats(-1.5, 1.5), ties=st.sampled_from(TIES))
def test_likelihood_score_and_information_follow_the_definitions(data, b1, b2, ties):
    rows, time, event, choice = data
    logarithm, score, information = brute_partial_likelihood(rows, time, event, (b1, b2), ties=ties, **choice)
    found = score_at(rows, time, event, (b1, b2), ties=ties, **choice)
    null = score_at(rows, time, event, (0, 0), ties=ties, **choice)
    assert found.logarithm == pytest.approx(logarithm, abs=1e-9)
    assert np.allclose(found.score, score, rtol=0, atol=1e-9)
    assert np.allclose(found.information, information, rtol=0, atol=1e-9)
    fit = fit_cox(rows, time, event, ties=ties, **choice)
    assert fit.log_likelihood_null == pytest.approx(null.logarithm, abs=1e-9)
    assert fit.log_likelihood >= logarithm - 1e-8  # no other point is better, at infinity or not
    assert fit.is_converged
    at_end = score_at(rows, time, event, fit.reached, ties=ties, **choice)
    assert np.allclose(at_end.score, 0, atol=1e-6)


@settings(max_examples=150, deadline=None)
@given(data=tied_rows())
def test_concordance_counts_all_pairs(data):
    rows, time, event, choice = data
    risk = [row[0] for row in rows]
    found = concordance(risk, time, event, **choice)
    concordant, discordant, tied = all_pairs(risk, time, event, **choice)
    assert (found.concordant, found.discordant, found.tied_risk) == (concordant, discordant, tied)
    if pairs := concordant + discordant + tied:
        assert found.estimate == pytest.approx((concordant + tied / 2) / pairs, abs=1e-15)
    else:
        assert found.estimate is None
        assert found.note


def test_immortal_time_as_printed():
    """Trap 5: times 2 to 14, exposed from 3, 5, 6, 7 on."""
    time, event = [2, 3, 4, 6, 8, 10, 12, 14], [1] * 7 + [0]
    ever = [[0], [0], [0], [1], [1], [0], [1], [1]]
    assert np.exp(fit_cox(ever, time, event, ties="breslow").coefficients[0]) == pytest.approx(0.2413, abs=5e-5)
    start = [0, 0, 0, 0, 3, 0, 5, 0, 0, 6, 0, 7]
    stop = [2, 3, 4, 3, 6, 5, 8, 10, 6, 12, 7, 14]
    dies = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0]
    exposed = [[0], [0], [0], [0], [1], [0], [1], [0], [0], [1], [0], [1]]
    fit = fit_cox(exposed, stop, dies, ties="breslow", entry=start)
    assert np.exp(fit.coefficients[0]) == pytest.approx(1.0214, abs=5e-5)


def test_a_level_without_events_runs_to_minus_infinity_and_leaves_the_rest_alone():
    random = np.random.default_rng(5)
    n = 200
    x = random.normal(size=n)
    never = np.arange(n) % 10 == 0
    time = np.ceil(random.exponential(50, n) * np.exp(-x))
    event = (random.random(n) < 0.8) & ~never
    fit = fit_cox(np.column_stack((x, never)), time, event)
    assert fit.infinite == (1,)
    assert fit.coefficients[1] == -np.inf
    assert "run away" in fit.note
    assert np.isnan(fit.covariance[1]).all()
    without = fit_cox(x[~never, None], time[~never], event[~never])  # the limit: they leave every risk set
    assert fit.coefficients[0] == pytest.approx(without.coefficients[0], abs=1e-8)
    assert fit.covariance[0, 0] == pytest.approx(without.covariance[0, 0], rel=1e-8)
    assert fit.log_likelihood == pytest.approx(without.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("unit", [1, -1000, 1e-6])
def test_perfect_separation_by_a_number(ties, unit):
    time = np.arange(1, 9)
    fit = fit_cox(-unit * time[:, None], time, np.ones(8), ties=ties)
    assert fit.infinite == (0,)
    assert fit.coefficients[0] == np.copysign(np.inf, unit)
    assert fit.log_likelihood == pytest.approx(0, abs=1e-9)


def test_a_reference_level_without_events_makes_all_levels_infinite_but_not_their_companion():
    random = np.random.default_rng(8)
    n = 300
    level = random.integers(0, 3, n)
    x = random.normal(size=n)
    event = (level > 0) & (random.random(n) < 0.7)
    fit = fit_cox(np.column_stack((x, level == 1, level == 2)), np.ceil(random.exponential(40, n)), event)
    assert fit.infinite == (1, 2)
    assert (fit.coefficients[1:] == np.inf).all()
    assert np.isfinite(fit.coefficients[0])


def test_large_but_finite_ratios_stay_finite():
    """Of four exposed three die first of all, one soon after: a ratio of thousands is an estimate."""
    n = 20_000
    exposed = np.arange(n) < 4
    time = np.where(exposed, [3, 4, 5, 16.5] + [0] * (n - 4), np.arange(n) + 10)
    fit = fit_cox(exposed[:, None], time, np.ones(n))
    assert not fit.infinite
    assert 7 < fit.coefficients[0] < 12


@pytest.mark.parametrize(
    ("matrix", "stratum", "aliased"),
    [
        ([[1, 3], [1, 4], [1, 9], [1, 2], [1, 5]], None, (0,)),
        ([[3, 6], [4, 8], [9, 18], [2, 4], [5, 10]], None, (1,)),
        ([[0, 4], [0, 3], [1, 2], [1, 9], [1, 5]], [0, 0, 1, 1, 1], (0,)),
        ([[0.1, 3], [0.1, 4], [0.1, 9], [0.1, 2], [0.1, 5]], None, (0,)),
    ],
)
def test_columns_that_say_nothing_new_have_no_estimate(matrix, stratum, aliased):
    fit = fit_cox(matrix, [3, 2, 4, 1, 5], [1, 1, 0, 1, 1], stratum=stratum)
    assert fit.aliased == aliased
    assert np.isnan(fit.coefficients[aliased[0]])
    assert fit.df == 1
    assert "no estimate" in fit.note
    assert np.isfinite(fit.coefficients[1 - aliased[0]])


@pytest.mark.parametrize(
    ("n", "event", "ties", "words"),
    [
        (0, [], "efron", "no rows"),
        (4, [0, 0, 0, 0], "breslow", "no event"),
        (MOST_EXACT_ROWS + 1, [1] * (MOST_EXACT_ROWS + 1), "exact", "2,000"),
    ],
)
def test_what_cannot_be_fitted_says_why(n, event, ties, words):
    fit = fit_cox(np.arange(2.0 * n).reshape(n, 2), np.arange(n) + 1, event, ties=ties)
    assert words in fit.note
    assert fit.log_likelihood is None
    assert fit.likelihood_ratio is None
    assert fit.score_test is None
    assert np.isnan(fit.coefficients).all()


def test_no_column_is_a_model_too():
    fit = fit_cox(np.zeros((3, 0)), [1, 2, 3], [1, 1, 0])
    assert fit.log_likelihood == pytest.approx(-np.log(6))
    assert fit.df == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"matrix": [[1.0], [np.nan], [2.0]]}, "complete"),
        ({"time": [1, 2]}, "differ in length"),
        ({"event": [1, 2, 0]}, "0 or 1"),
        ({"event": [1, np.nan, 0]}, "0 or 1"),
        ({"entry": [0, 2, 0]}, "enter before"),
        ({"stratum": ["a", None, "b"]}, "complete"),
        ({"matrix": [1.0, 2.0, 3.0]}, "two dimensions"),
    ],
)
def test_bad_input_is_refused(changed, words):
    given_data = {"matrix": [[1.0], [0.0], [2.0]], "time": [1, 2, 3], "event": [1, 1, 0]} | changed
    with pytest.raises(ValueError, match=words):
        fit_cox(**given_data)


def test_start_changes_the_way_not_the_end():
    random = np.random.default_rng(2)
    x, time = random.normal(size=(80, 2)), random.integers(1, 20, 80)
    event = random.integers(0, 2, 80)
    fit = fit_cox(x, time, event)
    again = fit_cox(x, time, event, start=fit.coefficients)
    assert again.iterations < fit.iterations
    assert np.allclose(again.coefficients, fit.coefficients, atol=1e-12)
    assert again.score_test == pytest.approx(fit.score_test, rel=1e-12)


@pytest.mark.parametrize("far", [8.0, -30.0, 1e4, np.inf, np.nan])
@pytest.mark.parametrize("ties", TIES)
def test_a_start_far_away_ends_at_the_same_estimate(ties, far):
    random = np.random.default_rng(2)
    x, time = random.normal(size=(60, 2)), random.integers(1, 20, 60)
    event = random.integers(0, 2, 60)
    fit = fit_cox(x, time, event, ties=ties)
    again = fit_cox(x, time, event, ties=ties, start=[far, 0.0])
    assert again.is_converged
    assert np.allclose(again.coefficients, fit.coefficients, atol=1e-9)


def test_likelihood_ratio_and_standard_errors_follow_from_the_fit():
    fit = fit_cox([[0.0], [1.0], [0.0], [1.0]], [1, 2, 3, 4], [1, 1, 1, 1])
    assert fit.likelihood_ratio == pytest.approx(2 * (fit.log_likelihood - fit.log_likelihood_null), rel=1e-15)
    assert fit.standard_errors**2 == pytest.approx(np.diag(fit.covariance))


def test_the_exact_likelihood_is_not_evaluated_for_too_many_rows():
    n = MOST_EXACT_ROWS + 1
    with pytest.raises(ValueError, match="2,000"):
        score_at(np.zeros((n, 1)), np.arange(n), np.ones(n), [0.0], ties="exact")


def test_a_large_data_set_agrees_with_another_library():
    from statsmodels.duration.hazard_regression import PHReg

    random = np.random.default_rng(3)
    n = 6_000
    x = random.normal(size=(n, 4))
    time, event = np.ceil(random.exponential(100, n) * np.exp(-x[:, 0])), random.random(n) < 0.7
    site = random.integers(0, 9, n)
    for ties in ("efron", "breslow"):
        theirs = PHReg(time, x, status=event.astype(int), ties=ties, strata=site).fit(disp=0)
        ours = fit_cox(x, time, event, ties=ties, stratum=site)
        assert np.allclose(ours.coefficients, theirs.params, atol=1e-8)
        assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-10)


def test_estimates_that_run_away_together_are_infinite_where_the_rest_of_the_gain_drowns_in_rounding():
    rows = [(0, 0), (0, 0), (3, 0), (3, 1), (1, -3), (0, 0), (0, 2), (0, 0), (0, 0), (0, 0), (0, 0)]
    event = [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    fit = fit_cox(rows, [1] * 11, event, ties="efron", stratum=list("aaaababaaaa"))
    assert fit.is_converged
    assert fit.infinite == (0, 1)
