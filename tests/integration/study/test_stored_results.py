"""What the analyses store: ten digits, words for what is infinite, one row a number, the same for the same patients."""

import math
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import yaml
from support.small_study import SMALL_STUDY, Onset, Patient, changed, draw_onsets, draw_patients
from support.study_warehouse import StudyWarehouse, study_warehouse

from etl.study.analyses.curves import compare_curves, estimate_incidence
from etl.study.analyses.onsets import later_variables
from etl.study.analyses.patients import Patients
from etl.study.analyses.rates import count_rates
from etl.study.analyses.result import Sheet
from etl.study.analyses.run import run_analyses
from etl.study.analyses.store import write_results
from etl.study.definition.study_file import StudyFile
from etl.study.statistics.test_result import TestResult
from warehouse.file.transaction import transaction
from warehouse.views.refresh import refill

PATIENTS = draw_patients(90, seed=7)
ONSETS = draw_onsets(PATIENTS, seed=7)


def stored(folder: Path, patients: list[Patient], onsets: list[Onset]) -> list[tuple[object, ...]]:
    with study_warehouse(folder, patients, study=SMALL_STUDY, onsets=onsets) as made:
        made.compute()
        return made.rows("SELECT * FROM study.result ORDER BY ALL")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    return stored(tmp_path_factory.mktemp("stored"), PATIENTS, ONSETS)


def significant_digits(value: float) -> int:
    return len(repr(abs(value)).split("e")[0].replace(".", "").strip("0"))


def test_numbers_have_at_most_ten_digits(results: list[tuple[object, ...]]) -> None:
    values = [row[9] for row in results if isinstance(row[9], float)]
    assert len(values) > 1500
    assert max(significant_digits(value) for value in values) == 10


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 / 3, (0.3333333333, None)),
        (2e300 / 3, (6.666666667e299, None)),
        (-1 / 3e200, (-3.333333333e-201, None)),
        (123456789012.3, (123456789000.0, None)),
        (np.float64(5), (5.0, None)),
        (0.0, (0.0, None)),
        (float("inf"), (None, "infinite")),
        (float("-inf"), (None, "minus infinite")),
        (float("nan"), (None, None)),
        (None, (None, None)),
    ],
)
def test_a_number_is_stored_rounded_or_in_words(value: float | None, expected: tuple[float | None, str | None]) -> None:
    sheet = Sheet("a", "p")
    sheet.write("estimate", value, method="m", note="")
    (result,) = sheet
    assert (result.value, result.text) == expected
    assert result.note is None


def test_a_test_without_p_says_why() -> None:
    sheet = Sheet("a", "p")
    sheet.write_test(TestResult("welch_t", None, None, None, "There is one group."), prefix="whole_")
    assert [(result.operation, result.value, result.note) for result in sheet] == [
        ("whole_p", None, "There is one group.")
    ]


def test_every_number_has_its_own_key(results: list[tuple[object, ...]]) -> None:
    # study, analysis, variable, level, group, sequence, operation: the population follows from the analysis
    keys = [(row[0], row[1], *row[3:7], row[8]) for row in results]
    assert len(keys) == len(set(keys))
    populations = {(row[0], row[1], row[2]) for row in results}
    assert len(populations) == len({(study, analysis) for study, analysis, _ in populations})


def test_every_kind_of_analysis_has_written(results: list[tuple[object, ...]]) -> None:
    kinds = {str(row[1]).split(".")[0] for row in results}
    assert kinds == {
        "table_1", "table_3", "curve", "incidence", "rates", "model", "efron", "stratified", "firth", "weighted",
        "imputed", "naive", "landmark", "time_dependent", "validation", "heterogeneity", "linearity",
    }  # fmt: skip


@pytest.mark.slow
def test_running_twice_gives_the_same_rows(tmp_path: Path) -> None:
    with study_warehouse(tmp_path, PATIENTS, study=SMALL_STUDY, onsets=ONSETS) as made:
        first = made.compute()
        rows = made.rows("SELECT * FROM study.result ORDER BY ALL")
        again = made.compute()
        assert [[astuple(result) for result in sheet] for sheet in first] == [
            [astuple(result) for result in sheet] for sheet in again
        ]
        assert made.rows("SELECT * FROM study.result ORDER BY ALL") == rows


@pytest.mark.slow
def test_the_order_of_patients_does_not_matter(results: list[tuple[object, ...]], tmp_path: Path) -> None:
    order = np.random.default_rng(3).permutation(len(PATIENTS))
    assert stored(tmp_path, [PATIENTS[place] for place in order], ONSETS[::-1]) == results


@pytest.mark.slow
def test_the_names_of_hospitals_do_not_matter_where_nothing_is_drawn(
    results: list[tuple[object, ...]], tmp_path: Path
) -> None:
    """Drawn samples and imputations take patients by their place; all else must not depend on it."""
    names = {"site0": "site2", "site1": "site1", "site2": "site0"}
    patients = changed(PATIENTS, lambda _, patient: {"site_id": names[patient["site_id"]]})
    onsets = [(names[site], patient, kind, day) for site, patient, kind, day in ONSETS]
    renamed = stored(tmp_path, patients, onsets)
    drawn = ("imputed", "validation", "heterogeneity")
    ours = {row[:9]: row[9:] for row in results if not str(row[1]).startswith(drawn)}
    theirs = {row[:9]: row[9:] for row in renamed if not str(row[1]).startswith(drawn)}
    assert ours.keys() == theirs.keys()
    for key, (value, *words) in ours.items():
        other, *other_words = theirs[key]
        assert other_words == words
        assert (other is None) == (value is None)
        assert value is None or other == pytest.approx(value, rel=1e-7, abs=1e-9), key


def test_the_frame_has_the_levels_of_the_study_and_no_one_twice(tmp_path: Path) -> None:
    with study_warehouse(tmp_path, PATIENTS[::-1], study=SMALL_STUDY, onsets=ONSETS) as made:
        frame = Patients(made.con, made.definition.study).frame("eligible")
    assert list(frame["patient_id"]) == [
        patient["patient_id"] for patient in sorted(PATIENTS, key=lambda one: (one["site_id"], one["patient_id"]))
    ]
    by_id = {patient["patient_id"]: patient for patient in PATIENTS}
    assert list(frame["ecog"].cat.categories) == ["0", "1", "2-4"] and frame["ecog"].cat.ordered
    for row in frame.to_dict("records"):
        patient = by_id[row["patient_id"]]
        assert row["ecog"] == ("0", "1", "2-4", "2-4")[patient["ecog"]]
        assert row["age"] == patient["age_years"] and isinstance(row["age"], float)
        assert (row["survival:time"], row["survival:event"]) == (patient["os_days"], float(patient["os_event"]))
        assert row["statin"] == ("yes" if patient["takes_statin"] else "no")
        has_months = patient["best_overall_response"] == "SD"
        assert math.isnan(row["months"]) != has_months


@pytest.mark.slow
def test_steps_are_reported_as_they_are_run(tmp_path: Path) -> None:
    steps: list[str] = []
    with study_warehouse(tmp_path, PATIENTS[:20], study=SMALL_STUDY) as made:
        run_analyses(Patients(made.con, made.definition.study), steps.append)
    assert steps[0] == "Comparing groups" and steps[-1] == "Judging the models" and len(steps) == len(set(steps)) == 9


def test_rates_leave_out_patients_whose_hospital_reports_nothing(tmp_path: Path) -> None:
    def silence(_number: int, patient: Patient) -> Patient:
        return {"takes_statin": None if patient["site_id"] == "site0" else patient["takes_statin"]}

    onsets = [onset for onset in ONSETS if (onset[0], onset[2]) != ("site0", "statin")]
    with study_warehouse(tmp_path, changed(PATIENTS, silence), study=SMALL_STUDY, onsets=onsets) as made:
        (sheet,) = count_rates(Patients(made.con, made.definition.study))
    found = {(one.group_level, one.operation): one.value for one in sheet if one.variable == "statin"}
    days = {(site, patient, kind): day for site, patient, kind, day in onsets}
    for level, group in (("long", "long_term"), ("short", "short_term")):
        members = [patient for patient in PATIENTS if patient["survival_group"] == group]
        known = [(one["site_id"], one["patient_id"]) for one in members if one["site_id"] != "site0"]
        ends = [min(days[*one, "last_dose"], days.get((*one, "statin"), 10**6)) + 1 for one in known]
        events = sum(days.get((*one, "statin"), 10**6) <= days[*one, "last_dose"] for one in known)
        assert 0 < len(known) < len(members)
        assert found[level, "missing"] == len(members) - len(known)
        assert (found[level, "patients"], found[level, "events"]) == (len(known), events)
        assert found[level, "rate"] == pytest.approx(100 * events / (sum(ends) / 30.4375), rel=1e-9)


def test_a_study_names_further_variables_that_begin_later() -> None:
    study = yaml.safe_load(SMALL_STUDY)
    study["variables"]["event"] = {"column": "has_adverse_event", "kind": "yes_no", "label": "E", "onset": "any_event"}
    assert later_variables(StudyFile.model_validate(study), "survival") == ["statin", "salvage"]
    study["sensitivity"]["later_variables"] = ["event"]
    assert later_variables(StudyFile.model_validate(study), "survival") == ["statin", "salvage", "event"]


def test_numbers_name_the_variable_of_their_groups(tmp_path: Path) -> None:
    with study_warehouse(tmp_path, PATIENTS, study=SMALL_STUDY, onsets=ONSETS) as made:
        study = Patients(made.con, made.definition.study)
        sheets = [*compare_curves(study), *count_rates(study), *estimate_incidence(study)]
        with transaction(made.con):
            write_results(made.con, made.definition, sheets)
            refill(made.con, reading="study")
        named = dict(
            made.rows(
                "SELECT analysis_id, list(DISTINCT grouping_variable) FROM analysis.result "
                "WHERE analysis_id SIMILAR TO '(curve|incidence|rates|table_).*' GROUP BY ALL"
            )
        )
        medians = made.rows(
            "SELECT group_level, max(raw_value) FILTER (operation = 'median_symmetric'), "
            "max(raw_value) FILTER (operation = 'median_symmetric_low'), "
            "max(raw_value) FILTER (operation = 'median_symmetric_high') "
            "FROM analysis.result WHERE analysis_id = 'curve.by_stage' AND operation LIKE 'median_symmetric%' GROUP BY ALL"
        )
        first = dict(
            made.rows(
                "SELECT stratum, min(time_months) FROM analysis.kaplan_meier "
                "WHERE curve = 'by_stage' AND survival <= 0.5 GROUP BY ALL"
            )
        )
    assert named == {
        "table_1": ["group"], "table_2": [None], "table_3": ["stage"], "rates": ["group"],
        "curve.of_all": [None], "curve.by_stage": ["stage"], "curve.progression": [None], "curve.progression_by_sex": ["sex"],
        "incidence.progression": [None], "incidence.progression_by_sex": ["sex"],
    }  # fmt: skip
    assert {stratum: median for stratum, median, _, _ in medians} == pytest.approx(first, rel=1e-9)
    for _, median, low, high in medians:
        assert low < median < high and high - median == pytest.approx(median - low, rel=1e-6)


def test_a_number_alone_has_the_p_of_its_term_as_its_whole_p_after_imputation(
    results: list[tuple[object, ...]],
) -> None:
    found = {(row[3], row[4], row[8]): row[9] for row in results if row[1] == "imputed.death_all"}
    assert (found["age", None, "whole_df"], found["sex", None, "whole_df"]) == (1.0, 1.0)
    z = found["age", None, "log_estimate"] / found["age", None, "std_error"]  # type: ignore[operator]
    assert found["age", None, "whole_statistic"] == pytest.approx(z**2, rel=1e-6)


def test_every_way_of_fitting_a_model_is_declared(tmp_path: Path) -> None:
    """`reference.fit_kind` alone says which analyses are models; one that is not there would be left out unseen."""
    with study_warehouse(tmp_path, PATIENTS, study=SMALL_STUDY, onsets=ONSETS) as made:
        made.compute()
        declared = {kind for (kind,) in made.rows("SELECT fit_kind FROM reference.fit_kind")}
        assert {kind for (kind,) in made.rows("SELECT DISTINCT fitted_as FROM analysis.model_term")} == declared
        estimated = made.rows(
            "SELECT DISTINCT split_part(analysis_id, '.', 1) FROM analysis.result "
            "WHERE operation = 'estimate' AND variable IS NOT NULL"
        )
        assert {kind for (kind,) in estimated} == declared


@pytest.mark.parametrize(
    ("operation", "value", "printed"),
    [
        ("rise", -0.0004, "0.000"),
        ("rise", -0.0006, "-0.001"),
        ("rise", 0.0, "0.000"),
        ("statistic", -0.004, "0.00"),
        ("statistic", -0.006, "-0.01"),
        ("months", -0.04, "0.0"),
        ("rise", -1000.0, "-1000.000"),
    ],
)
def test_what_rounds_to_zero_is_printed_without_a_sign(
    written: StudyWarehouse, operation: str, value: float, printed: str
) -> None:
    with transaction(written.con):
        written.con.execute("DELETE FROM study.result")
        written.con.execute(
            "INSERT INTO study.result (study_id, analysis_id, variable, sequence, operation, value) "
            "VALUES ('small', 'linearity.a', 'sex', 0, ?, ?)",
            [operation, value],
        )
        refill(written.con, reading="study")
    found = written.rows("SELECT formatted_value FROM analysis.result WHERE analysis_id = 'linearity.a'")
    assert found == [(printed,)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyWarehouse]:
    """A study that is computed, so that what is written into its results is shown."""
    with study_warehouse(tmp_path_factory.mktemp("written"), PATIENTS, study=SMALL_STUDY, onsets=ONSETS) as made:
        made.compute()
        yield made
