"""Firth's penalised logistic regression against the paper's and R's known answers and a slow maximiser."""

import numpy as np
import pandas as pd
import pytest
from oracle.firth import maximum, penalised, profile_limits
from scipy.stats import chi2
from support.r_session import run_r

from etl.study.statistics.firth import firth_block_test, fit_firth
from etl.study.statistics.logistic import fit_logistic


def brain() -> tuple[np.ndarray, np.ndarray]:
    """Brain metastases: 0 of 258 long-term and 9 of 1,309 short-term survivors."""
    return np.repeat([0.0, 1.0, 0.0], [258, 9, 1300])[:, None], np.repeat([1.0, 0.0], [258, 1309])


def small(seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    n = int(generator.integers(12, 25))
    level = generator.integers(0, 3, n)
    matrix = np.column_stack([level == 1, level == 2]).astype(np.float64)
    if seed % 3 == 0:
        matrix = np.column_stack([matrix[:, 0], generator.normal(size=n)])
    outcome = generator.integers(0, 2, n).astype(np.float64)
    if seed % 2:
        outcome[matrix[:, 0] == 1] = 1  # separated
    outcome[:2] = [0, 1]
    return matrix, outcome


def test_a_zero_cell_has_a_finite_ratio() -> None:
    fit = fit_firth(*brain())
    assert np.exp([fit.coefficients[0], fit.lower[0], fit.upper[0]]) == pytest.approx([0.265, 0.0021, 2.095], abs=5e-4)
    # in a saturated table the penalty adds one half to each cell
    assert np.exp(fit.coefficients[0]) == pytest.approx((0.5 / 9.5) / (258.5 / 1300.5), rel=1e-10)
    assert fit.is_converged
    assert fit.note == ""


def test_a_patient_who_is_a_level_has_a_chance_of_three_quarters() -> None:
    """R's lung, death on age, sex and ECOG, n 227: ECOG 3 is one patient, who died."""
    script = (
        "library(survival); result <- list(lung = lung[!is.na(lung$ph.ecog), c('age', 'sex', 'ph.ecog', 'status')])"
    )
    lung = pd.DataFrame(run_r(script, {})["lung"])
    ecog = lung["ph.ecog"].to_numpy()
    matrix = np.column_stack([lung["age"], lung["sex"], ecog == 1, ecog == 2, ecog == 3]).astype(np.float64)
    outcome = (lung["status"] == 2).to_numpy(np.float64)
    plain = fit_logistic(matrix, outcome)
    assert (len(outcome), plain.infinite, plain.coefficients[4]) == (227, (4,), np.inf)
    fit = fit_firth(matrix, outcome)
    odds = fit.intercept + matrix[ecog == 3][0] @ fit.coefficients
    assert 1 / (1 + np.exp(-odds)) == pytest.approx(0.75, abs=1e-12)
    assert fit.coefficients[4] == pytest.approx(0.10198, abs=5e-6)
    test = firth_block_test(matrix, outcome, [2, 3, 4], fit=fit)
    assert (test.method, test.df) == ("penalised_likelihood_ratio", 3)
    alone = firth_block_test(matrix, outcome, [4], fit=fit)
    assert alone.statistic == pytest.approx(fit.tests[4].statistic, abs=1e-9)


def test_perfect_separation_has_a_finite_slope() -> None:
    x = np.arange(1.0, 7.0)[:, None]
    outcome = (x[:, 0] > 3).astype(np.float64)
    fit = fit_firth(x, outcome)
    expected = maximum(x, outcome, {})
    assert [fit.intercept, fit.coefficients[0]] == pytest.approx(expected, abs=1e-6)
    assert fit.intercept == pytest.approx(-3.5 * fit.coefficients[0], abs=1e-9)  # by symmetry


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_slow_maximiser_agrees(seed: int) -> None:
    matrix, outcome = small(seed)
    fit = fit_firth(matrix, outcome)
    best = maximum(matrix, outcome, {})
    assert [fit.intercept, *fit.coefficients] == pytest.approx(best, abs=1e-6)
    assert fit.log_likelihood == pytest.approx(penalised(best, matrix, outcome), abs=1e-9)
    reduced = penalised(maximum(matrix, outcome, {1: 0.0}), matrix, outcome)
    assert fit.tests[0].statistic == pytest.approx(2 * (fit.log_likelihood - reduced), abs=1e-6)
    assert fit.tests[0].p == pytest.approx(chi2.sf(2 * (fit.log_likelihood - reduced), 1), abs=1e-6)
    lower, upper = profile_limits(matrix, outcome, 1, chi2.ppf(0.95, 1) / 2)
    assert [fit.lower[0], fit.upper[0]] == pytest.approx([lower, upper], abs=1e-5)
    both = penalised(maximum(matrix, outcome, {1: 0.0, 2: 0.0}), matrix, outcome)
    block = firth_block_test(matrix, outcome, [0, 1], fit=fit)
    assert block.statistic == pytest.approx(2 * (fit.log_likelihood - both), abs=1e-6)


@pytest.mark.parametrize("seed", range(100))
def test_small_and_separated_tables_converge(seed: int) -> None:
    """The library's own steps stop short in about every third of these."""
    generator = np.random.default_rng(seed)
    n = int(generator.integers(8, 30))
    level = generator.integers(0, 3, n)
    matrix = np.column_stack([generator.integers(0, 2, n), level == 1, generator.normal(size=n)]).astype(np.float64)
    outcome = generator.integers(0, 2, n).astype(np.float64)
    if not 0 < outcome.mean() < 1 or np.linalg.matrix_rank(np.column_stack([np.ones(n), matrix])) < 4:
        pytest.skip("nothing to fit")
    fit = fit_firth(matrix, outcome)
    assert fit.is_converged
    assert all(test.p is not None for test in fit.tests)
    is_found = np.isfinite(fit.lower) & np.isfinite(fit.upper)
    assert (fit.lower < fit.coefficients)[is_found].all()
    assert (fit.upper > fit.coefficients)[is_found].all()
    assert is_found.all() == (fit.note == "")


def test_units_do_not_matter() -> None:
    matrix, outcome = small(3)
    units = np.array([1e6, 1e-6])
    plain, scaled = fit_firth(matrix, outcome), fit_firth(matrix * units, outcome)
    assert scaled.coefficients * units == pytest.approx(plain.coefficients, rel=1e-7)
    assert scaled.lower * units == pytest.approx(plain.lower, rel=1e-7)
    assert [test.p for test in scaled.tests] == pytest.approx([test.p for test in plain.tests], rel=1e-7)
    assert firth_block_test(matrix * units, outcome, [0, 1], fit=scaled).statistic == pytest.approx(
        firth_block_test(matrix, outcome, [0, 1], fit=plain).statistic, rel=1e-7
    )


def test_many_patients_leave_maximum_likelihood() -> None:
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(20_000, 2))
    outcome = (generator.random(20_000) < 1 / (1 + np.exp(-matrix[:, 0]))).astype(np.float64)
    assert fit_firth(matrix, outcome).coefficients == pytest.approx(
        fit_logistic(matrix, outcome).coefficients, abs=1e-3
    )


@pytest.mark.parametrize(
    ("matrix", "outcome"),
    [
        (np.ones((4, 1)), np.array([0, 1, 0, 1.0])),
        (np.arange(4.0)[:, None], np.ones(4)),
        (np.array([[0], [np.nan], [1], [2]]), np.array([0, 1, 0, 1.0])),
    ],
)
def test_wrong_input_is_refused(matrix: np.ndarray, outcome: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"column|outcomes|missing"):
        fit_firth(matrix, outcome)
