"""Survival and progression of the synthetic study: all medians together, four comparisons, and the two models."""

import numpy as np
import pandas as pd
import pytest
from oracle.reading import Reading, read_study
from oracle.survival import kaplan_meier_median
from oracle.tables import CATEGORIES, count
from statsmodels.discrete.discrete_model import Logit
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff
from support.drawn_study import all_in_study, plain_tables
from support.published_figures import (
    COMPARED_MONTHS,
    LONG,
    ODDS_RATIOS,
    PRINTED,
    PROGRESSION_MONTHS,
    SHORT,
    SURVIVAL_MONTHS,
    expected_counts,
)

from etl.synthetic.truth.study import draw_study

pytestmark = pytest.mark.slow

DAYS_PER_MONTH = 30.4375
NOT_IN_SURVIVAL = ("bmi 23-25", "bmi >25")
"""The body mass index enters the model of long-term survival, but not that of overall survival."""


def median_months(patients: list[Reading]) -> float:
    """Estimate the median survival."""
    days = kaplan_meier_median((reading.survival_days, reading.is_dead) for reading in patients)
    return days / DAYS_PER_MONTH


def test_the_median_survival() -> None:
    assert median_months(list(all_in_study())) == pytest.approx(SURVIVAL_MONTHS, rel=0.03)


def test_the_median_time_to_progression() -> None:
    times = [(reading.response.progression_days, reading.response.has_progressed) for reading in all_in_study()]
    assert kaplan_meier_median(times) / DAYS_PER_MONTH == pytest.approx(PROGRESSION_MONTHS, rel=0.03)


@pytest.mark.parametrize("row", COMPARED_MONTHS)
def test_the_medians_of_the_compared_parts(row: str) -> None:
    for category, printed in zip(("yes", "no"), COMPARED_MONTHS[row], strict=True):
        part = [reading for reading in all_in_study() if CATEGORIES[row](reading) == category]
        assert median_months(part) == pytest.approx(printed, rel=0.03), category


@pytest.mark.parametrize(
    ("row", "is_significant"), [*((row, True) for row in COMPARED_MONTHS), ("event_grade_2_4", False)]
)
def test_the_log_rank_tests_lie_on_their_side(row: str, is_significant: bool) -> None:
    days, is_dead = survival()
    part = np.array([CATEGORIES[row](reading) for reading in all_in_study()])
    assert (survdiff(days, is_dead, part)[1] < 0.05) == is_significant


def test_the_factors_of_long_term_survival_have_the_printed_signs() -> None:
    factors, is_complete = factors_of_table_3()
    is_long_term = np.array([float(reading.group == "long_term") for reading in all_in_study()])
    fit = Logit(is_long_term[is_complete], factors[is_complete].assign(constant=1.0)).fit(disp=False)
    assert {name: fit.params[name] > 0 for name in ODDS_RATIOS} == {
        name: ratio > 1 for name, ratio in ODDS_RATIOS.items()
    }


def test_the_factors_of_overall_survival_have_the_same_direction() -> None:
    factors, is_complete = factors_of_table_3()
    days, is_dead = survival()
    fit = PHReg(days[is_complete], factors[is_complete], status=is_dead[is_complete]).fit()
    effect = dict(zip(factors.columns, fit.params, strict=True))
    p_value = dict(zip(factors.columns, fit.pvalues, strict=True))
    printed = {name: ratio for name, ratio in ODDS_RATIOS.items() if name not in NOT_IN_SURVIVAL}
    assert {name: effect[name] < 0 for name in printed} == {name: ratio > 1 for name, ratio in printed.items()}
    assert all(p_value[name] > 0.05 for name in NOT_IN_SURVIVAL)


@pytest.mark.parametrize("seed", [1, 7])
def test_other_seeds_have_the_counts_and_medians_too(seed: int) -> None:
    patients = [reading for reading in read_study(plain_tables(draw_study(seed))) if reading.is_in_study]
    for row in PRINTED:
        for group in (LONG, SHORT):
            of_group = [reading for reading in patients if reading.group == group]
            assert count(of_group, row) == expected_counts(row, group), (row, group)
    assert median_months(patients) == pytest.approx(SURVIVAL_MONTHS, rel=0.03)
    for row, printed in COMPARED_MONTHS.items():
        for category, months in zip(("yes", "no"), printed, strict=True):
            part = [reading for reading in patients if CATEGORIES[row](reading) == category]
            assert median_months(part) == pytest.approx(months, rel=0.05), (row, category)


def survival() -> tuple[np.ndarray, np.ndarray]:
    """Days and whether they end in a death, 1 or 0."""
    return (
        np.array([reading.survival_days for reading in all_in_study()], dtype=float),
        np.array([reading.is_dead for reading in all_in_study()], dtype=int),
    )


def factors_of_table_3() -> tuple[pd.DataFrame, np.ndarray]:
    """Every category of Table 3 but the first of each row as 1 or 0, and who has an answer to all of them."""
    answers = {name: CATEGORIES[name.partition(" ")[0]] for name in ODDS_RATIOS}
    factors = pd.DataFrame(
        {
            name: [float(answer(reading) == name.partition(" ")[2]) for reading in all_in_study()]
            for name, answer in answers.items()
        }
    )
    is_complete = np.array(
        [all(answer(reading) is not None for answer in answers.values()) for reading in all_in_study()]
    )
    return factors, is_complete
