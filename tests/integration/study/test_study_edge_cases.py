"""Studies of few, equal, missing or separated patients: stated in their tables, never a crash or a silent loss."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.small_study import SMALL_STUDY, Patient, changed, draw_onsets, draw_patients
from support.study_warehouse import StudyWarehouse, set_option, study_warehouse
from support.warehouse_rows import publish_by_hand

from etl.study.definition.load import load_studies
from warehouse.file.transaction import transaction

FULL = draw_patients(120)
WITHOUT_NUMBER = """
SELECT result_id FROM analysis.result WHERE raw_value IS NULL AND note IS NULL AND text IS NULL
"""


def every(**values: Any) -> Callable[[int, Patient], Patient]:
    return lambda _number, _patient: values


def nothing_known(_number: int, patient: Patient) -> Patient:
    return dict.fromkeys(patient.keys() - {"site_id", "patient_id", "is_eligible"})


def stage_decides_death(_number: int, patient: Patient) -> Patient:
    return {"os_event": patient["bclc_reported_code"] == "C"}


def ecog_decides_group(_number: int, patient: Patient) -> Patient:
    is_long = patient["survival_group"] == "long_term"
    return {"ecog": 0 if is_long else 2, "takes_statin": is_long}


def stage_missing_for_some(number: int, patient: Patient) -> Patient:
    return {"bclc_reported_code": None if number % 3 == 0 else patient["bclc_reported_code"]}


def end_missing_for_some(number: int, _patient: Patient) -> Patient:
    return {"os_days": None, "os_event": None} if number % 4 == 0 else {}


def one_value_missing_for_each(number: int, _patient: Patient) -> Patient:
    columns = ("sex", "age_years", "ecog", "bclc_reported_code", "nodule_count", "takes_statin")
    return {columns[number % len(columns)]: None}


CASES: dict[str, list[Patient]] = {
    "everything known": FULL,
    "nobody": [],
    "one patient": FULL[:1],
    "two patients": FULL[:2],
    "five patients": FULL[:5],
    "nobody dies": changed(FULL, every(os_event=False, survival_group="long_term")),
    "a stage without a death": changed(FULL, stage_decides_death),
    "perfect separation": changed(FULL, ecog_decides_group),
    "one hospital": changed(FULL, every(site_id="hill")),
    "the stage is missing for some": changed(FULL, stage_missing_for_some),
    "the stage is missing for all": changed(FULL, every(bclc_reported_code=None)),
    "a stage that nobody has": changed(FULL, every(bclc_reported_code="B")),
    "constant numbers": changed(FULL, every(age_years=60, nodule_count=1)),
    "the age is missing for all": changed(FULL, every(age_years=None)),
    "nothing is known": changed(FULL, nothing_known),
    "nobody is eligible": changed(FULL, every(is_eligible=None)),
    "one group": changed(FULL, every(survival_group="long_term")),
    "nobody is in a group": changed(FULL, every(survival_group="undetermined")),
    "no end is known": changed(FULL, every(os_days=None, os_event=None)),
    "some ends are not known": changed(FULL, end_missing_for_some),
    "all die on the first day": changed(FULL, every(os_days=0, os_event=True, ttp_days=0, pfs_days=0)),
    "one patient in a level": changed(FULL, lambda number, _: {"ecog": 1 if number == 0 else 0}),
    "each lacks one value": changed(FULL, one_value_missing_for_each),
}


FAST = (
    "nobody", "one patient", "a stage without a death", "perfect separation", "the stage is missing for some",
    "a stage that nobody has", "constant numbers", "nothing is known",
)  # fmt: skip
"""Cases that other tests look into as well; the rest are slow only by their number."""


@contextmanager
def computed(folder: Path, patients: list[Patient], **options: Any) -> Iterator[StudyWarehouse]:
    onsets = options.pop("onsets", draw_onsets(patients))
    with study_warehouse(folder, patients, study=SMALL_STUDY, onsets=onsets, **options) as made:
        made.compute()
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Any]:
    return partial(computed, tmp_path)


Cases = Callable[[str], StudyWarehouse]


@pytest.fixture(scope="module")
def of_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    """Compute each case once, when it is first asked for."""
    made: dict[str, StudyWarehouse] = {}
    with ExitStack() as stack:

        def ask(case: str) -> StudyWarehouse:
            if case not in made:
                made[case] = stack.enter_context(computed(tmp_path_factory.mktemp("case"), CASES[case]))
            return made[case]

        yield ask


def number(made: StudyWarehouse, analysis: str, operation: str, **key: str) -> tuple[Any, ...]:
    """Take raw value, words and note of one number."""
    where = " AND ".join(f"{column} = ?" for column in ("analysis_id", "operation", *key))
    (row,) = made.rows(
        f"SELECT raw_value, text, note FROM analysis.result WHERE {where}", analysis, operation, *key.values()
    )
    return row


@pytest.mark.parametrize(
    "case", [case if case in FAST else pytest.param(case, marks=pytest.mark.slow) for case in CASES]
)
def test_every_number_is_one_row_with_a_value_or_a_reason(case: str, of_case: Cases) -> None:
    made = of_case(case)
    results = made.rows("SELECT result_id FROM analysis.result")
    assert len(results) == len(set(results)) > 0
    assert made.rows(WITHOUT_NUMBER) == []
    assert made.rows("SELECT count(*) FROM study.result WHERE isnan(value) OR isinf(value)") == [(0,)]


@pytest.mark.parametrize(
    "case", [case if case in FAST else pytest.param(case, marks=pytest.mark.slow) for case in CASES]
)
def test_nobody_is_lost_in_a_table_or_a_curve(case: str, of_case: Cases) -> None:
    made = of_case(case)
    assert made.rows(
        "SELECT c.* FROM analysis_step.study_count c JOIN analysis.study_group_size s USING (study_id, table_id, group_level) "
        "WHERE c.denominator + c.missing + c.not_applicable <> s.patients "
        "OR least(c.n, c.denominator, c.missing, c.not_applicable) < 0"
    ) == []  # fmt: skip
    # Every level and every group has its cell: 3 columns of two groups, 1 of a table without.
    cells = made.rows("SELECT table_id, count(*) FROM analysis_step.study_count GROUP BY ALL ORDER BY ALL")
    assert cells == [("table_1", 3 * 15), ("table_2", 4), ("table_3", 3 * 7)]
    members = len([patient for patient in CASES[case] if patient["is_eligible"]])
    assert number(made, "curve.of_all", "patients", group_level="all")[0] == members
    by_stage = made.rows(
        "SELECT sum(raw_value) FROM analysis.result WHERE analysis_id = 'curve.by_stage' AND operation IN "
        "('patients', 'missing')"
    )
    assert by_stage == [(members,)]


def test_who_was_censored_before_two_years_is_in_the_curve_and_in_no_group(small: Callable[..., Any]) -> None:
    undetermined = [patient for patient in FULL if patient["survival_group"] == "undetermined"]
    assert all(patient["os_days"] <= 730 and not patient["os_event"] for patient in undetermined) and undetermined
    with small(FULL) as made:
        assert made.rows("SELECT population, count(*) FROM analysis.study_member GROUP BY ALL ORDER BY ALL") == [
            ("classified", 120 - len(undetermined)), ("eligible", 120),
        ]  # fmt: skip
        assert number(made, "curve.of_all", "patients", group_level="all")[0] == 120
        missing = made.rows(
            "SELECT missing FROM analysis_step.study_count WHERE table_id = 'table_3' AND variable = 'group' "
            "AND group_level = 'total' AND level = 'long'"
        )
        assert missing == [(len(undetermined),)]
        censored = sum(patient["os_days"] < 730.5 for patient in undetermined)
        assert number(made, "weighted.long_kept", "censored_before")[0] == censored


def test_a_stage_without_a_death_is_infinitely_better(of_case: Cases) -> None:
    made = of_case("a stage without a death")
    value, text, note = number(made, "model.death_all", "estimate", variable="stage", level="C")
    assert (value, text, note) == (None, "infinite", "The estimate runs away: the data separate the outcome.")
    assert number(made, "model.death_all", "events", variable="stage", level="B")[0] == 0
    assert number(made, "curve.by_stage", "median", group_level="B") == (None, "not reached", "not reached")
    assert number(made, "curve.by_stage", "survival_36", group_level="B")[0] == 1
    (shown,) = made.rows(
        "SELECT estimate, low, high, footnote FROM analysis.model_term WHERE analysis_id = 'model.death_all' AND level = 'C'"
    )
    assert shown == (None, None, None, f"infinite {note}")


def test_perfect_separation_is_infinite_and_firth_is_not(of_case: Cases) -> None:
    made = of_case("perfect separation")
    value, text, note = number(made, "model.long_each", "estimate", variable="ecog", level="2-4")
    assert (value, text) == (0, None) and "runs away" in note
    assert number(made, "model.long_each", "estimate", variable="statin", level="yes")[1] == "infinite"
    assert number(made, "model.long_each", "whole_p", variable="ecog")[0] < 1e-9
    (kept,) = made.rows("SELECT string_agg(DISTINCT variable, ' ') FROM analysis.model_term WHERE fitted_as = 'firth'")
    estimates = made.rows("SELECT estimate, low, high FROM analysis.model_term WHERE fitted_as = 'firth'")
    assert kept[0] and all(None not in row for row in estimates)


@pytest.mark.slow
def test_a_separated_model_predicts_nothing(tmp_path: Path) -> None:
    study = SMALL_STUDY.replace("selection: forward_conditional", "selection: all")
    with study_warehouse(tmp_path, CASES["perfect separation"], study=study) as made:
        made.compute()
        value, _, note = number(made, "validation.long_kept", "c_apparent")
        assert value is None and note.startswith("There is no prediction. The outcome is completely separated")


@pytest.mark.slow
def test_a_hospital_without_patients_changes_nothing(tmp_path: Path) -> None:
    found = []
    for sites in ((), ("empty",)):
        with computed(tmp_path / str(len(sites)), FULL, empty_sites=sites) as made:
            found.append(made.rows("SELECT * FROM analysis.result ORDER BY result_id"))
            loads = made.rows("SELECT loads FROM analysis.study_state")
    assert loads == [("empty=1",)]
    assert found[0] == found[1]


def test_one_patient_is_a_table_without_spread_or_test(of_case: Cases) -> None:
    made = of_case("one patient")
    (row,) = made.rows(
        "SELECT n, mean, sd, median, p, footnote FROM analysis.study_table WHERE table_id = 'table_3' "
        "AND variable = 'age' AND group_level = 'total'"
    )
    age = CASES["one patient"][0]["age_years"]
    assert row[:5] == (1, age, None, age, None) and row[5]


def test_nobody_at_all_leaves_empty_columns(of_case: Cases) -> None:
    made = of_case("nobody")
    assert made.rows("SELECT DISTINCT n, denominator, missing, percent, mean, p FROM analysis.study_table") == [
        (0, 0, 0, None, None, None)
    ]
    measures = made.rows("SELECT measure, value, footnote FROM analysis.survival_summary WHERE curve = 'of_all'")
    assert {(value, footnote) for measure, value, footnote in measures if measure in ("patients", "events")} == {
        (0.0, None)
    }
    assert {(value, footnote) for measure, value, footnote in measures if measure not in ("patients", "events")} == {
        (None, "no patient with a known end")
    }


def test_a_missing_group_is_in_the_total_alone(of_case: Cases) -> None:
    made = of_case("the stage is missing for some")
    sizes = made.rows(
        "SELECT group_level, patients FROM analysis.study_group_size WHERE table_id = 'table_3' ORDER BY group_position"
    )
    assert sizes[2] == ("total", 120) and sizes[0][1] + sizes[1][1] == 80
    assert number(made, "curve.by_stage", "missing", variable="stage")[0] == 40
    assert number(made, "model.death_all", "missing", variable="stage")[0] == 40
    assert number(made, "model.death_all", "incomplete")[0] == 40
    assert number(made, "imputed.death_all", "patients")[0] == 120


def test_a_level_that_nobody_has_stands_with_nought(of_case: Cases) -> None:
    made = of_case("a stage that nobody has")
    counted = made.rows(
        "SELECT level, n, percent FROM analysis_step.study_count WHERE table_id = 'table_1' AND variable = 'stage' "
        "AND group_level = 'total' ORDER BY level_position"
    )
    assert counted[1] == ("C", 0, 0.0) and counted[0][2] == 100.0
    assert number(made, "curve.by_stage", "patients", group_level="C")[0] == 0
    notes = made.rows("SELECT notes FROM analysis.model_fit WHERE analysis_id = 'model.death_all'")
    assert "stage is left out: the complete patients have only the level 'B' of it." in notes[0][0]


def test_a_constant_number_has_no_test_and_no_place_in_a_model(of_case: Cases) -> None:
    made = of_case("constant numbers")
    value, _, note = number(made, "table_1", "p", variable="age")
    assert value is None and note == "The values do not vary within the groups."
    (row,) = made.rows("SELECT notes FROM analysis.model_fit WHERE analysis_id = 'model.death_all'")
    assert "age is left out: every complete patient has the same number." in row[0]
    note = number(made, "linearity.long_each", "p", variable="age")[2]
    assert note


def test_values_that_are_all_missing_have_no_percentage(of_case: Cases) -> None:
    made = of_case("nothing is known")
    counted = made.rows(
        "SELECT DISTINCT n, denominator, missing, not_applicable, percent, mean FROM analysis_step.study_count "
        "WHERE table_id = 'table_2' AND variable IN ('age', 'sex')"
    )
    assert counted == [(0, 0, 120, 0, None, None)]
    assert made.rows(
        "SELECT measure, value, footnote FROM analysis.survival_summary "
        "WHERE curve = 'of_all' AND measure IN ('patients', 'events') ORDER BY measure DESC"
    ) == [("patients", 120.0, "120 of them without a known end, left out of the curve"), ("events", 0.0, None)]


def test_what_does_not_apply_is_not_counted_although_the_cohort_has_a_value(small: Callable[..., Any]) -> None:
    with small(changed(FULL, every(sd_duration_months=5))) as made:
        with_sd = sum(patient["best_overall_response"] == "SD" for patient in FULL)
        assert made.rows("SELECT n, missing, not_applicable FROM analysis_step.study_count WHERE table_id = 'table_2' "
                         "AND variable = 'months'") == [(with_sd, 0, 120 - with_sd)]  # fmt: skip


def test_an_onset_on_the_day_of_death_loses_no_death(small: Callable[..., Any]) -> None:
    patients = changed(
        FULL, lambda number, _: {"takes_statin": number % 2 == 0, "os_event": True, "survival_group": None}
    )
    onsets = [(p["site_id"], p["patient_id"], "statin", p["os_days"]) for p in patients if p["takes_statin"]]
    with small(patients, onsets=onsets) as made:
        found = {operation: number(made, "time_dependent.survival", operation, variable="statin")[0]
                 for operation in ("patients", "exposed", "events_when_exposed")}  # fmt: skip
        # Who begins on the day of death was unexposed until then, and the death counts as unexposed.
        assert found == {"patients": 120, "exposed": 0, "events_when_exposed": 0}
        assert number(made, "naive.survival", "exposed", variable="statin")[0] == 60
        landmark = made.rows(
            "SELECT raw_value FROM analysis.result WHERE analysis_id = 'landmark.survival' AND variable = 'statin' "
            "AND group_level = '2' AND operation IN ('patients', 'ended_before') ORDER BY operation"
        )
        assert sum(value for (value,) in landmark) == 120


def test_an_onset_on_an_unknown_day_is_counted_as_such(small: Callable[..., Any]) -> None:
    with small(FULL, onsets=[]) as made:
        statin = sum(patient["takes_statin"] for patient in FULL)
        value, _, note = number(made, "naive.survival", "without_onset", variable="statin")
        assert (value, note) == (statin, "They have it, on an unknown day.")


def change_study_file(made: StudyWarehouse) -> None:
    path = made.definition.path
    path.write_text(path.read_text("utf-8") + "\n# a comment changes nothing\n", "utf-8")
    with transaction(made.con):
        assert not load_studies(made.con, path.parent)
    said = path.read_text("utf-8")
    changed = (
        said.replace("seed: ", "seed: 1", 1) if "seed: " in said else said.replace("bootstrap: ", "bootstrap: 1", 1)
    )
    assert changed != said
    path.write_text(changed, "utf-8")
    with transaction(made.con):
        assert load_studies(made.con, path.parent)


CHANGES: dict[str, Callable[[StudyWarehouse], object]] = {
    "a new load": lambda made: publish_by_hand(made.con, {}, site_id="new"),
    "a changed option": lambda made: set_option(made.con, "survival_interval", "plain"),
    "a changed study file": change_study_file,
}


@pytest.mark.parametrize("change", CHANGES)
def test_statistics_vanish_when_what_they_come_from_changes(change: str, tmp_path: Path) -> None:
    with study_warehouse(tmp_path, FULL, study=SMALL_STUDY, onsets=draw_onsets(FULL)) as made:
        state = "SELECT is_current, computed_at IS NOT NULL FROM analysis.study_state"
        assert made.rows(state) == [(False, False)]
        made.compute()
        made.show()
        assert made.rows(state) == [(True, True)]
        tested = "SELECT count(p) FROM analysis.study_table"
        assert made.rows(tested)[0][0] > 0
        CHANGES[change](made)
        made.show()
        assert made.rows(state) == [(False, True)]
        assert made.rows(tested) == made.rows("SELECT count(*) FROM analysis.model_term") == [(0,)]
        assert made.rows("SELECT count(*) FROM analysis_step.study_statistic") == [(0,)]
        assert made.rows("SELECT count(*) > 0 FROM analysis.result WHERE analysis_id = 'table_1'") == [(True,)]
        assert made.rows("SELECT count(*) > 0 FROM study.result") == [(True,)]


def test_a_population_that_names_a_level_twice_is_not_emptied(tmp_path: Path) -> None:
    """The check refuses such a file; the view counts conditions, not rows, all the same."""
    with study_warehouse(tmp_path, FULL, study=SMALL_STUDY) as made:
        made.con.execute("INSERT INTO reference.study_condition VALUES ('small', 'eligible', 'is_eligible', 'yes')")
        made.show()
        assert made.rows("SELECT count(*) FROM analysis.study_member WHERE population = 'eligible'") == [(120,)]
