"""Censoring weights by hand and by Kaplan-Meier; weighted regressions."""

from fractions import Fraction

import numpy as np
import pytest

from etl.study.statistics.censoring_weights import censoring_weights, fit_weighted_logistic
from etl.study.statistics.logistic import fit_logistic


def kaplan_meier(time: list[int], event: list[int], horizon: int) -> Fraction:
    survival = Fraction(1)
    for day in sorted({t for t, e in zip(time, event, strict=True) if e and t <= horizon}):
        at_risk = sum(t >= day for t in time)
        survival *= 1 - Fraction(sum(t == day and e for t, e in zip(time, event, strict=True)), at_risk)
    return survival


def test_weights_by_hand() -> None:
    """Deaths at 2 and 5, censored at 3 and 5, beyond 10: who is known stands for who was censored.

    Censoring at 3: 4 at risk, 3 stay. At 5 the death comes first: 2 at risk of censoring, 1 stays.
    """
    found = censoring_weights(np.array([2.0, 3, 5, 5, 12]), np.array([1, 0, 1, 0, 0]), 10)
    assert found.weights == pytest.approx([1, 0, 4 / 3, 0, 8 / 3], rel=1e-12)
    assert found.is_known.tolist() == [True, False, True, False, True]
    assert found.is_beyond.tolist() == [False, False, False, False, True]


def test_censored_on_the_horizon_is_unknown_and_a_death_on_it_is_not_beyond() -> None:
    found = censoring_weights(np.array([10.0, 10, 11]), np.array([0, 1, 0]), 10)
    assert found.is_known.tolist() == [False, True, True]
    assert found.weights == pytest.approx([0, 1, 2])


def test_the_papers_boundary() -> None:
    """Deaths 100 and 200, censored 300, alive 800: S(730) is 0.5, although three are known."""
    found = censoring_weights(np.array([100.0, 200, 300, 800]), np.array([1, 1, 0, 0]), 730)
    assert (found.weights * found.is_beyond).sum() / 4 == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_the_weighted_share_is_kaplan_meiers(seed: int) -> None:
    generator = np.random.default_rng(seed)
    time = generator.integers(1, 15, 30)
    event = generator.integers(0, 2, 30)
    time[0] = 20  # somebody lives longer than the horizon
    found = censoring_weights(time.astype(float), event, 10)
    share = (found.weights * found.is_beyond).sum() / 30
    assert share == pytest.approx(float(kaplan_meier(time.tolist(), event.tolist(), 10)), abs=1e-12)
    assert found.weights.sum() == pytest.approx(30, rel=1e-12)


def test_equal_weights_are_the_common_fit() -> None:
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(200, 2)) * [1, 1e5]
    outcome = generator.integers(0, 2, 200).astype(np.float64)
    plain, weighted = fit_logistic(matrix, outcome), fit_weighted_logistic(matrix, outcome, np.full(200, 2.5))
    assert weighted.coefficients == pytest.approx(plain.coefficients, rel=1e-8)
    assert weighted.is_converged
    assert (weighted.n, weighted.weight_sum) == (200, 500)


def test_patients_without_a_weight_do_not_count() -> None:
    generator = np.random.default_rng(2)
    matrix = generator.normal(size=(100, 1))
    outcome = generator.integers(0, 2, 100).astype(np.float64)
    weights = np.repeat([1.0, 0.0], 50)
    found = fit_weighted_logistic(matrix, outcome, weights)
    assert found.n == 50
    assert found.coefficients == pytest.approx(fit_logistic(matrix[:50], outcome[:50]).coefficients, rel=1e-8)


def test_separation_is_reported() -> None:
    found = fit_weighted_logistic(np.arange(6.0)[:, None], np.array([0, 0, 0, 1, 1, 1.0]), np.ones(6))
    assert found.coefficients[0] == np.inf
    assert not found.is_converged
    assert "separated" in found.note


def test_one_outcome_alone_is_reported() -> None:
    found = fit_weighted_logistic(np.arange(4.0)[:, None], np.ones(4), np.ones(4))
    assert np.isnan(found.coefficients).all()
    assert found.note == "Nothing to fit: one outcome alone occurs."


@pytest.mark.parametrize("weights", [[1, -1, 1, 1], [1, np.nan, 1, 1]])
def test_wrong_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="negative or missing"):
        fit_weighted_logistic(np.arange(4.0)[:, None], np.array([0, 1, 0, 1.0]), np.array(weights))
    with pytest.raises(ValueError, match="linear combination"):
        fit_weighted_logistic(np.ones((4, 1)), np.array([0, 1, 0, 1.0]), np.ones(4))
