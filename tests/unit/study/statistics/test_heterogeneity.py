"""Estimates by hospital, Cochran's Q and interaction tests."""

import numpy as np
import pytest
from scipy.stats import chi2

from etl.study.statistics.cox import fit_cox
from etl.study.statistics.heterogeneity import (
    SiteEstimate,
    cochran_q,
    cox_estimates_by_site,
    cox_interaction_test,
    logistic_estimates_by_site,
    logistic_interaction_test,
)
from etl.study.statistics.logistic import fit_logistic

SITES = np.repeat(["a", "b", "c"], 100)


def draw(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    matrix = np.column_stack([generator.integers(0, 2, 300), generator.normal(size=300)]).astype(np.float64)
    effect = matrix[:, 0] * np.repeat([0.0, 1.0, 2.0], 100) + 0.3 * matrix[:, 1]
    outcome = (generator.random(300) < 1 / (1 + np.exp(0.5 - effect))).astype(np.float64)
    time = np.ceil(generator.exponential(size=300) * np.exp(-effect) * 100)
    return matrix, outcome, time


def estimate(value: float | None, error: float | None, site: str = "x") -> SiteEstimate:
    return SiteEstimate(site, 10, 5, value, error)


def test_q_by_hand() -> None:
    """1, 2, 4 with weights 1, 4, 1: mean 13/6, Q = 49/36 + 4/36 + 121/36 = 29/6, I2 = 17/29, tau2 = (17/6) / 3."""
    found = cochran_q([estimate(1, 1), estimate(2, 0.5), estimate(4, 1)])
    assert found.pooled == pytest.approx(13 / 6, rel=1e-12)
    assert found.pooled_standard_error == pytest.approx(6**-0.5, rel=1e-12)
    assert found.q == pytest.approx(29 / 6, rel=1e-12)
    assert found.i_squared == pytest.approx(17 / 29, rel=1e-12)
    assert found.tau_squared == pytest.approx((17 / 6) / 3, rel=1e-12)
    assert found.p == pytest.approx(chi2.sf(29 / 6, 2), rel=1e-12)


def test_alike_hospitals_have_no_heterogeneity() -> None:
    found = cochran_q([estimate(1, 1), estimate(1, 2)])
    assert (found.q, found.i_squared, found.tau_squared, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_hospital_without_an_estimate_is_named() -> None:
    found = cochran_q([estimate(1, 1), estimate(2, 1), estimate(np.inf, None, "endless"), estimate(None, None, "none")])
    assert found.df == 1
    assert found.note == "Left out, without a finite estimate: endless, none."
    assert cochran_q([estimate(1, 1)]).q is None


def test_each_hospital_is_fitted_on_its_own() -> None:
    matrix, outcome, time = draw(1)
    found = logistic_estimates_by_site(matrix, outcome, SITES)
    assert [one.site for one in found] == ["a", "b", "c"]
    expected = fit_logistic(matrix[100:200], outcome[100:200])
    assert (found[1].estimate, found[1].standard_error) == (
        pytest.approx(expected.coefficients[0]),
        pytest.approx(expected.standard_errors[0]),
    )
    assert (found[1].n, found[1].events) == (100, outcome[100:200].sum())
    survival = cox_estimates_by_site(matrix, time, outcome, SITES, column=1)
    assert survival[2].estimate == pytest.approx(
        fit_cox(matrix[200:], time[200:], outcome[200:]).coefficients[1], rel=1e-8
    )


def test_what_does_not_vary_in_a_hospital_is_left_out_there() -> None:
    matrix, outcome, _ = draw(2)
    matrix[:100, 0] = 0  # nobody at a is exposed
    matrix[100:200, 1] = 3  # at b the other column says nothing
    outcome[200:][matrix[200:, 0] == 1] = 1  # at c all who are exposed have the outcome
    a, b, c = logistic_estimates_by_site(matrix, outcome, SITES)
    assert (a.estimate, a.note) == (None, "Every patient has the same value.")
    alone = fit_logistic(matrix[100:200, :1], outcome[100:200])
    assert b.estimate == pytest.approx(alone.coefficients[0])
    assert (c.estimate, c.standard_error) == (np.inf, None)
    assert "separated" in c.note


def test_interaction_is_found_and_has_its_degrees_of_freedom() -> None:
    matrix, outcome, time = draw(3)
    logistic = logistic_interaction_test(matrix, outcome, SITES, columns=[0])
    cox = cox_interaction_test(matrix, time, np.ones(300), SITES, columns=[0])
    assert (logistic.df, cox.df) == (2, 2)
    assert logistic.p is not None
    assert logistic.p < 0.01
    assert cox.p is not None
    assert cox.p < 0.01
    other = cox_interaction_test(matrix, time, np.ones(300), SITES, columns=[1])
    assert other.p is not None
    assert other.p > 0.01


def test_the_interaction_of_a_single_column_is_the_sum_of_separate_fits() -> None:
    """With every coefficient free in each hospital, the larger model's likelihood is the sum over hospitals."""
    matrix, outcome, _ = draw(4)
    one = matrix[:, :1]
    parts = sum(fit_logistic(one[site == SITES], outcome[site == SITES]).log_likelihood for site in "abc")
    dummies = np.column_stack([one, SITES == "b", SITES == "c"]).astype(np.float64)
    expected = 2 * (parts - fit_logistic(dummies, outcome).log_likelihood)
    assert logistic_interaction_test(one, outcome, SITES, columns=[0]).statistic == pytest.approx(expected, rel=1e-8)


def test_one_hospital_has_no_interaction() -> None:
    matrix, outcome, time = draw(5)
    alone = np.repeat("a", 300)
    assert logistic_interaction_test(matrix, outcome, alone, columns=[0]).p is None
    assert cox_interaction_test(matrix, time, outcome, alone, columns=[0]).p is None
