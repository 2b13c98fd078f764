"""Bootstrap validation of stepwise selection."""

import numpy as np
import pytest

from etl.study.statistics.concordance import concordance
from etl.study.statistics.discrimination import c_statistic
from etl.study.statistics.families import LogisticFamily
from etl.study.statistics.logistic import fit_logistic
from etl.study.statistics.stepwise import select_forward
from etl.study.statistics.validation import validate_cox_selection, validate_logistic_selection

BLOCKS = {"strong": [0], "noise": [1], "level": [2, 3], "rare": [4]}


def draw(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    level = generator.integers(0, 3, n)
    rare = np.zeros(n)
    rare[:2] = 1  # absent from every seventh sample
    strong, noise = generator.normal(size=(2, n))
    matrix = np.column_stack([strong, noise, level == 1, level == 2, rare]).astype(np.float64)
    effect = 1.5 * strong
    outcome = (generator.random(n) < 1 / (1 + np.exp(-effect))).astype(np.float64)
    return matrix, outcome, np.ceil(generator.exponential(size=n) * np.exp(-effect) * 100)


def test_the_bootstrap_spelled_out() -> None:
    matrix, outcome, _ = draw(1)
    matrix, blocks = matrix[:, :4], {"strong": [0], "noise": [1], "level": [2, 3]}
    found = validate_logistic_selection(matrix, outcome, blocks, n_bootstrap=15, seed=7)
    generator = np.random.Generator(np.random.PCG64(7))
    optimism, slopes, chosen = [], [], []
    for _ in range(15):
        rows = generator.integers(0, len(outcome), len(outcome))
        selected = select_forward(LogisticFamily(matrix[rows], outcome[rows]), blocks)
        columns = [column for variable in selected.variables for column in blocks[variable]]
        fit = fit_logistic(matrix[rows][:, columns], outcome[rows])
        predictor = matrix[:, columns] @ fit.coefficients
        inside, outside = c_statistic(outcome[rows], predictor[rows]).value, c_statistic(outcome, predictor).value
        assert inside is not None
        assert outside is not None
        optimism.append(inside - outside)
        slopes.append(fit_logistic(predictor[:, None], outcome).coefficients[0])
        chosen.append(set(selected.variables))
    assert found.c_optimism == pytest.approx(np.mean(optimism), abs=1e-12)
    assert found.slope == pytest.approx(np.mean(slopes), rel=1e-9)
    assert found.frequencies == {name: sum(name in one for one in chosen) / 15 for name in blocks}
    assert found.c_corrected == pytest.approx(found.c_apparent - found.c_optimism, abs=1e-15)
    assert sum(count for _, count in found.models) == 15
    assert found.note == ""


def test_cox_takes_harrells_c_and_survives_a_level_that_a_sample_lacks() -> None:
    matrix, outcome, time = draw(2)
    found = validate_cox_selection(matrix, time, outcome, BLOCKS, n_bootstrap=20, seed=1)
    assert found.frequencies["strong"] == 1
    assert found.frequencies["noise"] < 0.6
    assert found.c_apparent is not None
    assert found.c_apparent >= concordance(matrix[:, 0], time, outcome).estimate - 0.02
    assert found.slope == pytest.approx(1, abs=0.2)
    again = validate_cox_selection(matrix, time, outcome, BLOCKS, n_bootstrap=20, seed=1)
    assert again == found


def test_noise_alone_is_optimistic_and_its_slope_is_small() -> None:
    generator = np.random.default_rng(3)
    matrix = generator.normal(size=(80, 12))
    outcome = generator.integers(0, 2, 80).astype(np.float64)
    blocks = {f"x{number}": [number] for number in range(12)}
    found = validate_logistic_selection(matrix, outcome, blocks, n_bootstrap=30, seed=2)
    assert found.c_optimism is not None
    assert found.c_optimism > 0.05
    assert found.slope is not None
    assert found.slope < 0.8


def test_a_selection_of_nothing_has_no_slope() -> None:
    outcome = np.tile([0.0, 1.0], 50)
    found = validate_logistic_selection(
        np.repeat(np.arange(50.0), 2)[:, None], outcome, {"x": [0]}, n_bootstrap=5, seed=1, p_in=1e-9
    )
    assert found.n_without_slope == 5
    assert (found.c_apparent, found.c_optimism, found.slope) == (0.5, 0.0, None)
    assert found.models == (((), 5),)
