"""Logistic regression: separation, whole factors, units, and what is refused."""

import numpy as np
import pytest

from etl.study.statistics.block_tests import wald_block_test
from etl.study.statistics.logistic import (
    fit_logistic,
    likelihood_ratio_block_test,
    log_likelihood_at,
    score_at,
    with_intercept,
)
from etl.study.statistics.separation import find_separation

LINE = np.arange(1.0, 7.0)[:, None]


def two_by_two(a: int, n1: int, b: int, n2: int) -> tuple[np.ndarray, np.ndarray]:
    """Exposed a of n1 with the outcome, b of n2 without it."""
    exposure = np.repeat([1.0, 0.0, 1.0, 0.0], [a, n1 - a, b, n2 - b])
    return exposure[:, None], np.repeat([1.0, 0.0], [n1, n2])


def test_a_two_by_two_table_gives_the_printed_ratio_and_limits() -> None:
    """Concomitant treatment 71 of 258 against 158 of 1,309: 2.766 (2.009-3.808)."""
    fit = fit_logistic(*two_by_two(71, 258, 158, 1309))
    assert np.exp(fit.coefficients[0]) == pytest.approx(71 * 1151 / (187 * 158), rel=1e-12)
    assert fit.standard_errors[0] == pytest.approx(np.sqrt(1 / 71 + 1 / 187 + 1 / 158 + 1 / 1151), rel=1e-12)
    limits = np.exp(fit.coefficients[0] + np.array([-1.96, 1.96]) * fit.standard_errors[0])
    assert limits == pytest.approx([2.009, 3.808], abs=5e-4)
    assert fit.intercept == pytest.approx(np.log(187 / 1151), rel=1e-12)
    assert fit.intercept_standard_error == pytest.approx(np.sqrt(1 / 187 + 1 / 1151), rel=1e-12)


def test_an_empty_cell_is_minus_infinity_and_not_a_half() -> None:
    """Brain metastases 0 of 258 against 9 of 1,309: odds ratio 0; the silent half would give 0.280."""
    fit = fit_logistic(*two_by_two(0, 258, 9, 1309))
    assert np.exp(fit.coefficients[0]) == 0
    assert fit.infinite == (0,)
    assert not fit.is_converged
    assert fit.note == "The outcome is partly separated: infinite estimates are infinite, not large."
    assert np.isnan(fit.standard_errors[0])
    assert fit.intercept == pytest.approx(np.log(258 / 1300), rel=1e-12)
    # the likelihood's limit is finite, and with it the likelihood ratio test exists
    assert fit.log_likelihood == pytest.approx(258 * np.log(258 / 1558) + 1300 * np.log(1300 / 1558), rel=1e-12)
    assert fit.likelihood_ratio_test.p is not None
    assert fit.wald_test.p is None


def test_perfect_separation_has_no_estimate_at_all() -> None:
    fit = fit_logistic(LINE, (LINE[:, 0] > 3).astype(np.float64))
    assert (fit.intercept, fit.coefficients[0], fit.log_likelihood) == (-np.inf, np.inf, 0.0)
    assert fit.note.startswith("The outcome is completely separated")
    assert fit.likelihood_ratio_test.statistic == pytest.approx(12 * np.log(2), rel=1e-12)


def test_one_observation_more_at_the_border_is_partial_separation() -> None:
    fit = fit_logistic(np.append(LINE, [[3.0]], axis=0), np.array([0, 0, 0, 1, 1, 1, 1.0]))
    assert fit.infinite == (0,)
    assert fit.log_likelihood == pytest.approx(2 * np.log(0.5), rel=1e-12)  # the two at 3
    assert fit.note.startswith("The outcome is partly separated")


def test_overlap_is_no_separation() -> None:
    fit = fit_logistic(LINE, np.array([0, 1, 0, 1, 0, 1.0]))
    assert fit.is_converged
    assert np.isfinite(fit.coefficients).all()


@pytest.mark.parametrize("seed", range(60))
def test_infinite_estimates_are_those_that_grow_without_a_penalty(seed: int) -> None:
    """A ridge of 1e-3, 1e-6, 1e-9, 1e-12 on the log likelihood: finite estimates settle, infinite ones keep growing."""
    generator = np.random.default_rng(seed)
    n = int(generator.integers(20, 45))
    level = generator.integers(0, 3, n)
    matrix = np.column_stack([generator.integers(0, 2, n), level == 1, level == 2, generator.normal(size=n)]).astype(
        float
    )
    outcome = generator.integers(0, 2, n).astype(np.float64)
    outcome[matrix[:, 0] * (level == 2) == 1] = 1
    if seed % 2:
        outcome[matrix[:, 0] == 1] = 1
    if not 0 < outcome.mean() < 1 or np.linalg.matrix_rank(with_intercept(matrix)) < 5:
        pytest.skip("nothing to fit")
    fit = fit_logistic(matrix, outcome)
    paths = np.array([ridge(with_intercept(matrix), outcome, penalty) for penalty in (1e-3, 1e-6, 1e-9, 1e-12)])
    grows = np.abs(paths[3] - paths[2]) > 0.05
    mine = np.concatenate([[fit.intercept], fit.coefficients])
    assert grows[np.isinf(mine)].all()
    assert not grows[np.isfinite(mine)].any()
    assert np.sign(mine[np.isinf(mine)]).tolist() == np.sign(paths[3][np.isinf(mine)]).tolist()
    assert mine[np.isfinite(mine)] == pytest.approx(paths[3][np.isfinite(mine)], abs=1e-4)
    assert fit.is_converged == (not grows.any())


def test_two_columns_that_separate_the_same_patients_do_not_determine_each_other() -> None:
    """Either may stay at 0 while the other runs away."""
    matrix = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 0, 0], [1, 2, 0]], dtype=np.float64)
    fit = fit_logistic(matrix, np.array([1, 1, 1, 0, 0, 1, 1.0]))
    assert np.isnan(fit.coefficients[:2]).all()
    assert fit.coefficients[2] == pytest.approx(0, abs=1e-9)
    assert fit.infinite == ()
    assert fit.note.endswith("Others are not determined.")


def ridge(full: np.ndarray, outcome: np.ndarray, penalty: float) -> np.ndarray:
    beta = np.zeros(full.shape[1])
    for _ in range(500):
        chance = 1 / (1 + np.exp(-full @ beta))
        gradient = full.T @ (outcome - chance) - penalty * beta
        step = np.linalg.solve((full.T * (chance * (1 - chance))) @ full + penalty * np.eye(len(beta)), gradient)
        beta = beta + step / max(1.0, np.abs(step).max())
        if np.abs(step).max() < 1e-9:
            break
    return beta


@pytest.mark.parametrize("seed", range(40))
def test_separation_is_found_as_by_firthmodels(seed: int) -> None:
    """Whether anything separates, and no sign that contradicts."""
    from firthmodels import detect_separation

    generator = np.random.default_rng(seed)
    n = int(generator.integers(8, 30))
    matrix = np.column_stack([generator.integers(0, 2, (n, 2)), generator.normal(size=n)]).astype(np.float64)
    outcome = generator.integers(0, 2, n).astype(np.float64)
    if not 0 < outcome.mean() < 1 or np.linalg.matrix_rank(with_intercept(matrix)) < 4:
        pytest.skip("nothing to fit")
    theirs = detect_separation(matrix, outcome)
    mine = find_separation(with_intercept(matrix), outcome)
    assert mine.is_separated == theirs.separation
    assert (mine.directions * np.roll(theirs.directions, 1) >= 0).all()


def test_units_do_not_matter() -> None:
    generator = np.random.default_rng(4)
    matrix = generator.normal(size=(300, 3)) + 5
    outcome = (generator.random(300) < 0.4).astype(np.float64)
    units = np.array([1e-9, 1.0, 1e9])
    plain, scaled = fit_logistic(matrix, outcome), fit_logistic(matrix * units, outcome)
    assert scaled.coefficients * units == pytest.approx(plain.coefficients, rel=1e-9)
    assert scaled.standard_errors * units == pytest.approx(plain.standard_errors, rel=1e-9)
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-13)


def test_score_and_information_are_derivatives_of_the_likelihood() -> None:
    generator = np.random.default_rng(7)
    matrix, outcome = generator.normal(size=(50, 2)), generator.integers(0, 2, 50).astype(np.float64)
    at = np.array([0.2, -0.4, 0.7])
    score, information = score_at(matrix, outcome, at)
    for number in range(3):
        step = np.zeros(3)
        step[number] = 1e-5
        rise = log_likelihood_at(matrix, outcome, at + step) - log_likelihood_at(matrix, outcome, at - step)
        assert rise / 2e-5 == pytest.approx(score[number], rel=1e-6)
        bend = (score_at(matrix, outcome, at - step)[0] - score_at(matrix, outcome, at + step)[0]) / 2e-5
        assert bend == pytest.approx(information[number], rel=1e-6)


def test_a_block_of_one_is_its_own_wald_test() -> None:
    fit = fit_logistic(*two_by_two(71, 258, 158, 1309))
    test = wald_block_test(fit.coefficients, fit.covariance, [0])
    assert test.statistic == pytest.approx((fit.coefficients[0] / fit.standard_errors[0]) ** 2, rel=1e-12)
    assert wald_block_test(fit.coefficients, fit.covariance, []).p is None


def test_without_columns_every_test_is_empty() -> None:
    fit = fit_logistic(np.zeros((4, 0)), np.array([1.0, 0, 0, 0]))
    assert fit.intercept == pytest.approx(np.log(1 / 3), rel=1e-12)
    assert fit.likelihood_ratio_test.p is None
    assert fit.score_test.p is None


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_one_outcome_alone_cannot_be_fitted(value: float) -> None:
    fit = fit_logistic(LINE, np.full(6, value))
    assert np.isnan(fit.coefficients).all()
    assert fit.note == f"Nothing to fit: {'all' if value else 'none'} of 6 patients have the outcome."
    assert fit.likelihood_ratio_test.statistic == 0


@pytest.mark.parametrize(
    ("matrix", "outcome", "words"),
    [
        (np.column_stack([LINE, 2 * LINE + 1]), [0, 1, 0, 1, 0, 1], "columns \\[1\\] are constant or linear"),
        (np.ones((6, 1)), [0, 1, 0, 1, 0, 1], "columns \\[0\\] are constant"),
        (np.where(LINE == 2, np.nan, LINE), [0, 1, 0, 1, 0, 1], "missing or infinite"),
        (LINE, [0, 1, 0, 1, 0, 2], "neither 0 nor 1"),
        (LINE, [0, 1, 0], "6 rows, but 3 outcomes"),
    ],
)
def test_wrong_input_is_refused(matrix: np.ndarray, outcome: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fit_logistic(matrix, np.array(outcome, dtype=np.float64))


def test_a_whole_factor_is_tested_by_refitting_without_it() -> None:
    generator = np.random.default_rng(9)
    level = generator.integers(0, 3, 200)
    matrix = np.column_stack([level == 1, level == 2, generator.normal(size=200)]).astype(np.float64)
    outcome = (generator.random(200) < 0.3 + 0.2 * (level == 2)).astype(np.float64)
    fit = fit_logistic(matrix, outcome)
    test = likelihood_ratio_block_test(matrix, outcome, [0, 1], fit=fit)
    expected = 2 * (fit.log_likelihood - fit_logistic(matrix[:, [2]], outcome).log_likelihood)
    assert (test.method, test.df) == ("likelihood_ratio", 2)
    assert test.statistic == pytest.approx(expected, rel=1e-10)
