"""Forward conditional stepwise selection against the procedure spelled out slowly, and its corners."""

import numpy as np
import pandas as pd
import pytest
from oracle.stepwise import Model, stepwise
from support.r_session import run_r

from etl.study.statistics.families import CoxFamily, Family, LogisticFamily, ModelFit
from etl.study.statistics.stepwise import Stepwise, select_forward


def draw(seed: int) -> tuple[np.ndarray, dict[str, list[int]], np.ndarray, np.ndarray, np.ndarray]:
    """Numbers and a factor of three levels; a binary outcome and tied survival times that depend on some.

    The number `a` stands for the sum of `b` and `c`: it enters first, and is of no use once they are in.
    """
    generator = np.random.default_rng(seed)
    n = 90
    b, c, d = generator.normal(size=(3, n))
    a = b + c + 0.7 * generator.normal(size=n)
    level = generator.integers(0, 3, n)
    matrix = np.column_stack([a, b, level == 1, level == 2, c, d]).astype(np.float64)
    blocks = {"a": [0], "b": [1], "f": [2, 3], "c": [4], "d": [5]}
    effect = b + c + 0.6 * (level == 2)
    outcome = (generator.random(n) < 1 / (1 + np.exp(-effect))).astype(np.float64)
    time = np.ceil(generator.exponential(size=n) * np.exp(-effect) * 12)
    event = (generator.random(n) < 0.8).astype(np.float64)
    return matrix, blocks, outcome, time, event


def moves_of(found: Stepwise) -> list[tuple]:
    """The record of a selection in the oracle's words."""
    moves: list[tuple] = []
    for step in found.steps:
        entry = {test.variable: test.test.statistic for test in step.entry_tests}
        removal = {test.variable: test.test.statistic for test in step.removal_tests}
        if step.entered:
            moves.append(("enter", step.entered, entry))
        elif not removal:
            moves.append(("stop", None, entry))
        if removal:
            moves.append(("remove", step.removed, removal) if step.removed else ("keep", None, removal))
    return moves


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["logistic", "cox"])
def test_each_step_is_the_oracles(seed: int, kind: str) -> None:
    matrix, blocks, outcome, time, event = draw(seed)
    p_in, p_out = [(0.05, 0.10), (0.3, 0.3), (0.6, 0.6)][seed % 3]  # wide limits make removals happen
    if kind == "logistic":
        family: Family = LogisticFamily(matrix, outcome)
        expected = stepwise(Model(matrix, outcome), blocks, p_in, p_out)
    else:
        family = CoxFamily(matrix, time, event)
        expected = stepwise(Model(matrix, event, time), blocks, p_in, p_out)
    found = moves_of(select_forward(family, blocks, p_in=p_in, p_out=p_out))
    assert [move[:2] for move in found] == [move[:2] for move in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine[2] == pytest.approx(theirs[2], rel=1e-7, abs=1e-9)


def test_removals_happen_in_the_comparison() -> None:
    """The comparison above is worth nothing if no selection ever removes a variable."""
    removed: dict[type, int] = {LogisticFamily: 0, CoxFamily: 0}
    for seed in range(12):
        matrix, blocks, outcome, time, event = draw(seed)
        p_in, p_out = [(0.05, 0.10), (0.3, 0.3), (0.6, 0.6)][seed % 3]
        for family in (LogisticFamily(matrix, outcome), CoxFamily(matrix, time, event)):
            steps = select_forward(family, blocks, p_in=p_in, p_out=p_out).steps
            removed[type(family)] += sum(step.removed is not None for step in steps)
    assert min(removed.values()) >= 2


def test_removal_is_conditional_and_not_refitted() -> None:
    """R's lung, death on age and sex, n 228: conditional 3.5492 and 11.9230; refitted 3.5345 and 11.7832."""
    lung = pd.DataFrame(run_r("library(survival); result <- list(lung = lung[c('age', 'sex', 'status')])", {})["lung"])
    matrix = lung[["age", "sex"]].to_numpy(np.float64)
    outcome = (lung["status"] == 2).to_numpy(np.float64)
    assert len(outcome) == 228
    found = select_forward(LogisticFamily(matrix, outcome), {"age": [0], "sex": [1]}, p_in=0.06, p_out=0.1)
    first, second, last = found.steps
    assert {test.variable: test.test.statistic for test in first.entry_tests} == pytest.approx(
        {"age": 5.1096, "sex": 13.5112}, abs=5e-5
    )
    assert {test.variable: test.test.statistic for test in second.removal_tests} == pytest.approx(
        {"age": 3.5492, "sex": 11.9230}, abs=5e-5
    )
    assert (first.entered, second.entered, last.entered) == ("sex", "age", None)
    assert found.variables == ("sex", "age")
    assert found.columns == (0, 1)
    assert found.minus_two_log_likelihood_null > first.minus_two_log_likelihood > second.minus_two_log_likelihood


def test_the_usual_limits_leave_age_out() -> None:
    lung = pd.DataFrame(run_r("library(survival); result <- list(lung = lung[c('age', 'sex', 'status')])", {})["lung"])
    family = LogisticFamily(lung[["age", "sex"]].to_numpy(np.float64), (lung["status"] == 2).to_numpy(np.float64))
    found = select_forward(family, {"age": [0], "sex": [1]})
    assert found.variables == ("sex",)
    assert found.stopped_because == "No variable outside has a score test below 0.05."
    assert found.steps[-1].entry_tests[0].test.p == pytest.approx(0.0588927, abs=1e-7)


def test_a_variable_that_separates_cannot_enter_and_the_rest_goes_on() -> None:
    generator = np.random.default_rng(3)
    useful = generator.normal(size=200)
    outcome = (generator.random(200) < 1 / (1 + np.exp(-useful))).astype(np.float64)
    only_deaths = np.zeros(200)
    only_deaths[np.flatnonzero(outcome == 1)[:60]] = 1
    matrix = np.column_stack([only_deaths, useful])
    found = select_forward(LogisticFamily(matrix, outcome), {"zero": [0], "useful": [1]})
    assert found.variables == ("useful",)
    assert found.steps[0].entered is None
    assert found.steps[0].note.startswith("zero cannot enter. The outcome is partly separated")


def test_a_factor_enters_whole_and_its_test_has_its_degrees_of_freedom() -> None:
    matrix, blocks, outcome, _, _ = draw(0)
    found = select_forward(LogisticFamily(matrix, outcome), {"f": blocks["f"]}, p_in=0.99, p_out=0.99)
    assert found.steps[0].entry_tests[0].test.df == 2
    assert found.steps[0].removal_tests[0].test.df == 2
    assert found.columns == (2, 3)
    assert len(found.fit.parameters) == 3


def test_what_the_variables_inside_determine_is_not_tested() -> None:
    generator = np.random.default_rng(5)
    x = generator.normal(size=100)
    outcome = (generator.random(100) < 1 / (1 + np.exp(-2 * x))).astype(np.float64)
    found = select_forward(LogisticFamily(np.column_stack([x, 2 * x + 1]), outcome), {"x": [0], "twice": [1]})
    assert found.variables == ("x",)
    last = found.steps[-1].entry_tests[0].test
    assert (last.df, last.p, last.note) == (0.0, None, "The variables inside determine it.")


def test_without_candidates_the_null_model_remains() -> None:
    outcome = np.array([1.0, 0, 0, 1, 0])
    found = select_forward(LogisticFamily(np.zeros((5, 0)), outcome), {})
    assert found.variables == ()
    expected = -2 * (2 * np.log(0.4) + 3 * np.log(0.6))
    assert found.minus_two_log_likelihood_null == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("p_in", "p_out"), [(0.1, 0.05), (0.0, 0.1), (0.05, 1.0)])
def test_limits_that_could_alternate_are_refused(p_in: float, p_out: float) -> None:
    with pytest.raises(ValueError, match="alternate"):
        select_forward(LogisticFamily(np.zeros((2, 0)), np.array([0.0, 1.0])), {}, p_in=p_in, p_out=p_out)


class Circular:
    """A family whose score test always wants the variable that the removal test always throws out."""

    n_always = 0
    n_columns = 2

    def fit(self, columns: list[int]) -> ModelFit:
        size = len(columns)
        return ModelFit(np.ones(size), np.eye(size), 0.0)

    def log_likelihood(self, columns: list[int], parameters: np.ndarray) -> float:
        return 0.0  # nothing is lost without a variable

    def score(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.full(2, 10.0), np.eye(2)


def test_a_circle_ends() -> None:
    found = select_forward(Circular(), {"a": [0], "b": [1]})
    assert found.stopped_because == "A removal led back to a model that was fitted before."
    assert [(step.entered, step.removed) for step in found.steps] == [("a", "a")]


def test_strata_and_ties_reach_the_cox_model() -> None:
    matrix, blocks, _, time, event = draw(1)
    site = np.arange(len(time)) % 3
    plain = select_forward(CoxFamily(matrix, time, event), blocks)
    stratified = select_forward(CoxFamily(matrix, time, event, stratum=site), blocks)
    efron = select_forward(CoxFamily(matrix, time, event, ties="efron"), blocks)
    deviances = {found.minus_two_log_likelihood_null for found in (plain, stratified, efron)}
    assert len(deviances) == 3


@pytest.mark.slow
def test_a_hundred_times_the_study_is_selected() -> None:
    generator = np.random.default_rng(1)
    n = 156_600
    matrix = generator.normal(size=(n, 20))
    outcome = (generator.random(n) < 1 / (1 + np.exp(1 - 0.5 * matrix[:, 0] - 0.2 * matrix[:, 3]))).astype(np.float64)
    time = np.ceil(generator.exponential(size=n) * np.exp(-0.5 * matrix[:, 0]) * 300)
    blocks = {f"x{number}": [number] for number in range(20)}
    for family in (LogisticFamily(matrix, outcome), CoxFamily(matrix, time, outcome)):
        found = select_forward(family, blocks)
        assert "x0" in found.variables
