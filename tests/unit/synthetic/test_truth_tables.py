"""Tables 1, 2 and 4 and the flow of patients, recomputed from the synthetic study's lowest facts, are the printed ones."""

from statistics import mean, median, stdev

import pytest
from oracle.eligibility import CRITERIA, flow
from oracle.tables import CATEGORIES, MEASURES, count, measure
from scipy import stats
from support.drawn_study import all_in_study, in_study, readings
from support.published_figures import (
    CR_DURATION_MONTHS,
    LONG,
    MEANS,
    PRINTED,
    SHORT,
    SIGNIFICANT,
    SIZES,
    TREATMENT_MONTHS,
    expected_counts,
)

GROUPS = (LONG, SHORT)


def test_the_study_has_its_1566_patients() -> None:
    assert {group: len(in_study(group)) for group in GROUPS} == SIZES
    assert len(all_in_study()) == 1566


def test_every_box_of_the_flow_is_real() -> None:
    boxes = flow((reading.verdicts, reading.group) for reading in readings())
    assert sum(boxes.values()) == len(readings())
    assert {group: boxes[group] for group in GROUPS} == SIZES
    assert boxes["undetermined"] >= 20
    screened = {box: number for box, number in boxes.items() if ":" in box}
    assert sum(screened.values()) >= 250
    # A diagnosis is clinical or by histology, or unknown; that there is none no hospital could record.
    assert set(screened) == {
        f"{verdict}: {criterion}" for verdict in ("not met", "unknown") for criterion in CRITERIA
    } - {"not met: hcc"}
    assert all(number >= 4 for number in screened.values())


def test_whoever_is_screened_out_fails_one_criterion_only() -> None:
    """So that an error in one rule shows, and is not hidden behind another."""
    for reading in readings():
        failed = [name for name, verdict in reading.verdicts.items() if verdict != "met"]
        if reading.verdicts["index_date"] == "met":
            assert len(failed) <= 1, reading.person


@pytest.mark.parametrize("row", PRINTED)
@pytest.mark.parametrize("group", GROUPS)
def test_counts_are_exact(row: str, group: str) -> None:
    assert count(in_study(group), row) == expected_counts(row, group)


def test_every_row_is_held_against_the_paper() -> None:
    assert set(CATEGORIES) == set(PRINTED)
    assert set(MEASURES) == {*MEANS, "treatment_months", "cr_duration_months"}


@pytest.mark.parametrize("row", MEANS)
@pytest.mark.parametrize("group", GROUPS)
def test_means_and_deviations_come_close(row: str, group: str) -> None:
    values = [float(value) for value in measure(in_study(group), row)]
    printed_mean, printed_sd = MEANS[row][GROUPS.index(group)]
    assert mean(values) == pytest.approx(printed_mean, rel=0.01)
    assert stdev(values) == pytest.approx(printed_sd, rel=0.05)


def test_the_duration_of_complete_response_comes_close() -> None:
    values = [float(value) for value in measure(in_study(LONG), "cr_duration_months")]
    assert len(values) == 8
    assert mean(values) == pytest.approx(CR_DURATION_MONTHS[0], rel=0.03)
    assert stdev(values) == pytest.approx(CR_DURATION_MONTHS[1], rel=0.05)


@pytest.mark.parametrize("group", GROUPS)
def test_the_median_treatment_comes_close(group: str) -> None:
    values = [float(value) for value in measure(in_study(group), "treatment_months")]
    assert median(values) == pytest.approx(TREATMENT_MONTHS[group], rel=0.03)


@pytest.mark.parametrize("row", PRINTED)
def test_p_values_of_counts_lie_on_their_side(row: str) -> None:
    counts = [count(in_study(group), row) for group in GROUPS]
    categories = sorted({category for of_group in counts for category in of_group} - {"missing"})
    table = [[of_group.get(category, 0) for category in categories] for of_group in counts]
    p_values = [stats.chi2_contingency(table, correction=False).pvalue]
    if len(categories) == 2:
        p_values.append(stats.fisher_exact(table).pvalue)
    assert [p < 0.05 for p in p_values] == [row in SIGNIFICANT] * len(p_values)


@pytest.mark.parametrize("row", [*MEANS, "treatment_months"])
def test_p_values_of_means_lie_on_their_side(row: str) -> None:
    long, short = ([float(value) for value in measure(in_study(group), row)] for group in GROUPS)
    for equal_variances in (True, False):
        assert (stats.ttest_ind(long, short, equal_var=equal_variances).pvalue < 0.05) == (row in SIGNIFICANT)
