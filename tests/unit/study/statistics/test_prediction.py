"""Discrimination, calibration, collinearity and influence against definitions spelled out."""

import math

import numpy as np
import pytest

from etl.study.statistics.calibration import calibrate
from etl.study.statistics.collinearity import condition_number, events_per_parameter, variance_inflation
from etl.study.statistics.discrimination import c_statistic
from etl.study.statistics.influence import logistic_influence
from etl.study.statistics.logistic import fit_logistic


def draw(seed: int, n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    prediction = np.round(generator.normal(size=n), 1)  # ties
    outcome = (generator.random(n) < 1 / (1 + np.exp(-prediction))).astype(np.float64)
    return outcome, prediction


@pytest.mark.parametrize("seed", range(10))
def test_c_and_delongs_error_pair_by_pair(seed: int) -> None:
    outcome, prediction = draw(seed)
    cases, controls = prediction[outcome == 1], prediction[outcome == 0]
    wins = np.array([[1.0 if a > b else 0.5 if a == b else 0.0 for b in controls] for a in cases])
    found = c_statistic(outcome, prediction)
    assert found.value == pytest.approx(wins.mean(), abs=1e-12)
    error = math.sqrt(wins.mean(axis=1).var(ddof=1) / len(cases) + wins.mean(axis=0).var(ddof=1) / len(controls))
    assert found.standard_error == pytest.approx(error, rel=1e-10)
    assert found.lower == pytest.approx(found.value - 1.959963984540054 * error, rel=1e-10)


def test_c_has_corners() -> None:
    assert c_statistic(np.ones(3), np.arange(3.0)).value is None
    assert c_statistic(np.array([0, 0, 1.0]), np.array([1, 2, 3.0])).value == 1
    assert c_statistic(np.array([0, 0, 1.0]), np.array([1, 2, 3.0])).standard_error is None
    assert c_statistic(np.array([0, 1, 0, 1.0]), np.zeros(4)).value == 0.5
    perfect = c_statistic(np.array([0, 0, 1, 1.0]), np.array([1, 2, 3, 4.0]))
    assert (perfect.value, perfect.standard_error, perfect.upper) == (1.0, 0.0, 1.0)


def test_rounding_makes_no_order() -> None:
    """0.1 + 0.2 and 0.3 are the same prediction."""
    outcome = np.array([1, 0, 1, 0.0])
    assert (
        c_statistic(outcome, np.array([0.3, 0.1 + 0.2, 5, 0])).value
        == c_statistic(outcome, np.array([0.3, 0.3, 5, 0])).value
        == 0.875
    )


def test_a_model_is_calibrated_where_it_was_fitted() -> None:
    outcome, predictor = draw(1, 400)
    fit = fit_logistic(predictor[:, None], outcome)
    chance = 1 / (1 + np.exp(-(fit.intercept + fit.coefficients[0] * predictor)))
    found = calibrate(outcome, chance)
    assert found.slope == pytest.approx(1, abs=1e-9)
    assert found.in_the_large == pytest.approx(0, abs=1e-9)
    assert found.brier == pytest.approx(
        sum((y - p) ** 2 for y, p in zip(outcome, chance, strict=True)) / 400, rel=1e-12
    )
    assert sum(group.n for group in found.groups) == 400
    assert sum(group.events for group in found.groups) == outcome.sum()
    assert [group.predicted for group in found.groups] == sorted(group.predicted for group in found.groups)
    statistic = sum(
        (group.events - group.n * group.predicted) ** 2 / (group.n * group.predicted)
        + (group.events - group.n * group.predicted) ** 2 / (group.n * (1 - group.predicted))
        for group in found.groups
    )
    assert found.hosmer_lemeshow.statistic == pytest.approx(statistic, rel=1e-10)
    assert found.hosmer_lemeshow.df == len(found.groups) - 2


def test_extreme_predictions_have_half_the_slope_and_a_shift() -> None:
    outcome, predictor = draw(2, 400)
    fit = fit_logistic(predictor[:, None], outcome)
    odds = 2 * (fit.intercept + fit.coefficients[0] * predictor) + 0.7
    found = calibrate(outcome, 1 / (1 + np.exp(-odds)))
    assert found.slope == pytest.approx(0.5, rel=1e-9)
    assert np.mean(1 / (1 + np.exp(-odds - found.in_the_large))) == pytest.approx(outcome.mean(), abs=1e-12)


def test_a_groups_limits_are_wilsons() -> None:
    """Wilson's limits of 2 of 10: the roots of |p - 0.2| = 1.96 sqrt(p (1 - p) / 10)."""
    outcome = np.array([1, 1] + [0] * 8, dtype=np.float64)
    group = calibrate(outcome, np.full(10, 0.3)).groups[0]
    for limit in (group.lower, group.upper):
        assert abs(limit - 0.2) == pytest.approx(1.959963984540054 * math.sqrt(limit * (1 - limit) / 10), rel=1e-10)


def test_calibration_without_a_slope_says_so() -> None:
    same = calibrate(np.array([1, 0, 0, 0.0]), np.full(4, 0.25))
    assert (same.slope, same.note) == (None, "Everybody has the same prediction: no slope.")
    assert same.in_the_large == pytest.approx(0, abs=1e-12)
    assert same.brier_scaled == pytest.approx(0, abs=1e-12)
    assert same.hosmer_lemeshow.p is None
    alone = calibrate(np.ones(4), np.array([0.2, 0.4, 0.6, 0.8]))
    assert (alone.slope, alone.brier_scaled) == (None, None)
    separated = calibrate(np.array([0, 0, 1, 1.0]), np.array([0.2, 0.4, 0.6, 0.8]))
    assert separated.slope is None
    assert "separated" in separated.note
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate(np.array([0, 1.0]), np.array([0.0, 0.5]))


def test_variance_inflation_is_one_over_one_less_r_squared() -> None:
    generator = np.random.default_rng(3)
    a = generator.normal(size=200)
    matrix = np.column_stack([a, a + generator.normal(size=200), generator.normal(size=200)])
    found = variance_inflation(matrix, {"a": [0], "b": [1], "c": [2]})
    for number, one in enumerate(found):
        others = np.column_stack([np.ones(200), np.delete(matrix, number, axis=1)])
        residual = matrix[:, number] - others @ np.linalg.lstsq(others, matrix[:, number], rcond=None)[0]
        share = residual @ residual / np.sum((matrix[:, number] - matrix[:, number].mean()) ** 2)
        assert one.factor == pytest.approx(1 / share, rel=1e-9)
        assert one.comparable == pytest.approx(math.sqrt(one.factor), rel=1e-12)


def test_a_factors_inflation_does_not_depend_on_its_reference() -> None:
    generator = np.random.default_rng(4)
    level = generator.integers(0, 3, 300)
    x = generator.normal(size=300) + level
    factors = []
    for reference in range(3):
        dummies = [level == other for other in range(3) if other != reference]
        found = variance_inflation(np.column_stack([*dummies, x]).astype(float), {"level": [0, 1], "x": [2]})
        factors.append([one.factor for one in found])
        assert found[0].comparable == pytest.approx(found[0].factor ** 0.25, rel=1e-12)
    assert factors[1] == pytest.approx(factors[0], rel=1e-9)
    assert factors[2] == pytest.approx(factors[0], rel=1e-9)
    assert factors[0][0] == pytest.approx(factors[0][1], rel=1e-9)  # of two variables each inflates the other alike


def test_the_condition_number_sees_what_is_nearly_constant() -> None:
    generator = np.random.default_rng(5)
    assert condition_number(generator.normal(size=(5000, 2))) < 1.1
    assert condition_number(generator.normal(size=(5000, 1)) + 1000) > 1000
    assert variance_inflation(np.empty((5, 0)), {}) == ()


def test_events_per_parameter_count_the_rarer_outcome() -> None:
    assert events_per_parameter(258, 1567, 20) == pytest.approx(12.9)
    assert events_per_parameter(1309, 1567, 20) == pytest.approx(12.9)
    assert events_per_parameter(1309, 1567, 20, is_survival=True) == pytest.approx(65.45)
    assert events_per_parameter(10, 20, 0) is None


def test_influence_is_close_to_leaving_the_patient_out() -> None:
    generator = np.random.default_rng(6)
    matrix = generator.normal(size=(150, 2))
    outcome = (generator.random(150) < 1 / (1 + np.exp(-matrix[:, 0]))).astype(np.float64)
    matrix[0], outcome[0] = [4.0, -3.0], 0.0
    fit = fit_logistic(matrix, outcome)
    found = logistic_influence(matrix, outcome, fit)
    assert found is not None
    changes = []
    for patient in range(150):
        rest = np.arange(150) != patient
        without = fit_logistic(matrix[rest], outcome[rest])
        changes.append(fit.coefficients - without.coefficients)
    assert np.argmax(found.cooks_distance) == 0
    assert found.dfbeta[1:, 1:] == pytest.approx(np.array(changes)[1:], abs=0.01)
    assert np.corrcoef(found.dfbeta[:, 1], np.array(changes)[:, 0])[0, 1] > 0.99
    assert found.leverage.sum() == pytest.approx(3, abs=1e-9)
    assert found.dfbetas == pytest.approx(found.dfbeta / np.sqrt(np.diag(fit.full_covariance)), rel=1e-12)


def test_influence_needs_a_fit() -> None:
    x = np.arange(6.0)[:, None]
    outcome = (x[:, 0] > 2).astype(np.float64)
    assert logistic_influence(x, outcome, fit_logistic(x, outcome)) is None
