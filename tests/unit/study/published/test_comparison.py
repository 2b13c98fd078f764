"""A published figure compared with our number: the same, the same within rounding, explained by the paper, or not."""

from pathlib import Path

import pytest

from etl.study.audit.figure import Figure
from etl.study.audit.read_figures import read_figures
from etl.study.published.comparison import (
    CONTRADICTS_ITSELF,
    DIFFERS,
    NO_NUMBER,
    SAME,
    SAME_WITHIN_ROUNDING,
    Contradiction,
    compare,
    contradictions,
)

FIGURES = {each.figure_id: each for each in read_figures(Path("studies/published/sorafenib.csv"))}


@pytest.fixture(scope="module")
def computed() -> list[Contradiction]:
    return contradictions(FIGURES.values())


CASES = [
    # figure, our number, verdict, difference
    ("t1.child_pugh.b.long_term.n", 26, SAME, 0),
    ("t1.child_pugh.b.short_term.percent", 100 * 323 / 1309, SAME_WITHIN_ROUNDING, -0.0247),
    ("t1.child_pugh.b.short_term.percent", 24.7, SAME, 0),
    ("t1.age.short_term.mean", 57.945, SAME_WITHIN_ROUNDING, 0.005),  # both ends of the rounding interval pass
    ("t1.age.short_term.mean", 57.9451, DIFFERS, 0.0051),
    ("t1.afp_class.p", 1e-12, SAME, None),
    ("t1.afp_class.p", 0.001, DIFFERS, None),  # <0.001 is below
    ("t2.dose_mg.p", 0.0318, SAME_WITHIN_ROUNDING, -0.0002),
    ("t1.child_pugh.a.long_term.n", 231, CONTRADICTS_ITSELF, -1),
    ("t1.age.p", 0.317, CONTRADICTS_ITSELF, 0.154),
    ("t1.age.long_term.mean", 58.7, DIFFERS, 0.04),  # only the p of the age is in question
    ("t1.sex.p", 0.5779, CONTRADICTS_ITSELF, -0.0021),
    ("long-term-survivors.bmi_class.gt25.p", 0.0127, CONTRADICTS_ITSELF, -0.0303),
    ("t3.metformin.yes.multivariable.hazard_ratio", 3.9, DIFFERS, 0.436),  # its name is in question, its value is not
    ("results.best_response.pr.total.n", 139, CONTRADICTS_ITSELF, -8),
    ("abstract.best_response.pr.total.n", 139, SAME, 0),
    ("t1.age.p", None, NO_NUMBER, None),
    ("discussion.metformin.yes.adjusted_for", 1.0, NO_NUMBER, None),
]


@pytest.mark.parametrize(("figure_id", "ours", "verdict", "difference"), CASES)
def test_a_figure_is_compared(
    figure_id: str, ours: float | None, verdict: str, difference: float | None, computed: list[Contradiction]
) -> None:
    found = compare(FIGURES[figure_id], ours, computed)
    assert (found.figure_id, found.verdict) == (figure_id, verdict)
    assert found.difference == pytest.approx(difference, abs=1e-4)
    assert bool(found.contradiction_ids) == (verdict == CONTRADICTS_ITSELF)


def test_an_explained_difference_carries_its_computation(computed: list[Contradiction]) -> None:
    found = compare(FIGURES["t1.age.p"], 0.317, computed)
    assert found.reason.startswith("Table 1, Age: p = 0.163 does not follow from the means and standard deviations")
    assert "Student's t-test 0.31" in found.reason


def test_contradictions_name_figures_that_exist(computed: list[Contradiction]) -> None:
    assert len({each.contradiction_id for each in computed}) == len(computed) > 50
    for each in computed:
        assert set(each.questioned_ids) <= set(each.figure_ids) <= set(FIGURES)
        assert each.about
        assert each.computation.endswith(".")


def test_consistent_figures_have_no_contradiction() -> None:
    figure = Figure(figure_id="a", statistic="n", printed="3", value=None)
    assert contradictions([figure]) == []
