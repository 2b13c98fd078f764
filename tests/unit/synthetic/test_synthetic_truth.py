"""The synthetic study: the same for a seed, dates in order, nothing in it that would be an answer."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from support import drawn_study

from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, draw_studies, draw_study, keep_share, of_site
from etl.synthetic.truth.targets import GROUP_SIZES, screening_reasons, site_shares
from schemas.catalogue import table_facts
from schemas.code_list import read_code_list
from schemas.tables import TABLES


@pytest.fixture(scope="module", name="study")
def drawn() -> Study:
    return drawn_study.study()


def fingerprint(study: Study) -> dict[str, int]:
    return {name: int(pd.util.hash_pandas_object(table).sum()) for name, table in study.tables.items()}


def test_the_same_seed_makes_the_same_study(study: Study) -> None:
    assert fingerprint(draw_study(2021)) == fingerprint(study)
    assert fingerprint(draw_study(2022)) != fingerprint(study)


def test_the_study_has_its_1566_eligible_patients_and_those_around_them(study: Study) -> None:
    groups = study.answers["group"].value_counts()
    assert (groups["long_term"], groups["short_term"]) == (257, 1309)
    assert groups["screened"] >= 250
    assert groups["undetermined"] >= 20
    assert sum(screening_reasons().values()) == GROUP_SIZES["screened"]


def test_all_nine_hospitals_take_part_and_differ_in_size(study: Study) -> None:
    sizes = study.people["site_id"].value_counts()
    assert set(sizes.index) == {share.site_id for share in site_shares()}
    assert len(sizes) == 9
    assert sizes.max() > 4 * sizes.min()


@pytest.mark.parametrize("name", [name for name in TABLES if name != "reference_range"])
def test_tables_have_the_models_columns_codes_and_keys(study: Study, name: str) -> None:
    facts = table_facts(name)
    table = study.tables[name]
    assert tuple(table.columns) == ("site_id", *facts.column_names)
    assert not table.duplicated(["site_id", *facts.key]).any()
    for column in facts.columns:
        if column.codes:
            allowed = {entry.code for entry in read_code_list(column.codes).entries}
            assert set(table[column.name].dropna()) <= allowed, column.name
    # What a hospital adds to the truth by reporting it: the number, unit and limits as printed, the drug's name.
    reported = {"reported_unit", "reported_value", "reported_value_text"}
    for column in facts.columns:
        if column.required and column.name not in reported:
            assert table[column.name].notna().all(), column.name


def test_every_patient_has_an_index_date_and_a_last_contact(study: Study) -> None:
    courses = study.tables["treatment_course"]
    of_study = courses[courses["role_code"] == "study"]
    assert sorted(of_study["patient_id"]) == sorted(study.people["patient_id"])
    outside = study.answers.loc[study.answers["reason"] == "index_outside", "patient_id"]
    by_month = study.answers.loc[study.answers["reason"] == "index_day_unknown", "patient_id"]
    in_window = of_study["started_on"].between("2007-01-01", "2014-03-31")
    assert sorted(of_study.loc[~in_window, "patient_id"]) == sorted(outside)
    is_partial = of_study["started_on_precision"] != "day"
    assert sorted(of_study.loc[is_partial, "patient_id"]) == sorted(by_month)
    assert sorted(study.tables["follow_up"]["patient_id"]) == sorted(study.people["patient_id"])


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("reference_range", "patient", "follow_up")])
def test_nothing_happens_before_birth_or_after_death(study: Study, name: str) -> None:
    lives = study.tables["patient"].merge(study.tables["follow_up"], on=["site_id", "patient_id"])
    table = study.tables[name].merge(lives[["patient_id", "birth_date", "died_on"]], on="patient_id")
    for column in [column for column in table.columns if column.endswith("_on") and column != "died_on"]:
        assert not (table[column] < table["birth_date"]).any(), column
        assert not (table[column] > table["died_on"]).any(), column


def test_ends_do_not_lie_before_starts(study: Study) -> None:
    for name, start, end in (
        ("treatment_course", "started_on", "stopped_on"), ("exposure", "started_on", "stopped_on"),
        ("procedure", "started_on", "ended_on"), ("medication", "started_on", "stopped_on"),
        ("adverse_event", "onset_on", "ended_on"),
    ):  # fmt: skip
        assert not (study.tables[name][end] < study.tables[name][start]).any(), name


def test_dose_steps_follow_each_other_without_a_gap(study: Study) -> None:
    steps = study.tables["exposure"]
    days = ((steps["stopped_on"] - steps["started_on"]).dt.days + 1).groupby(steps["patient_id"]).sum()
    by_patient = steps.groupby("patient_id")
    span = by_patient["stopped_on"].max() - by_patient["started_on"].min()
    assert (days == span.dt.days + 1).all()


def test_events_are_worded_as_charts_word_them(study: Study) -> None:
    events = study.tables["adverse_event"]
    words = events.groupby("ctcae_term")["verbatim_text"].nunique()
    assert words.min() >= 2
    assert words["Palmar-plantar erythrodysesthesia syndrome"] >= 5
    terms = read_terms()
    graded = events[events["reported_grade"].notna()]
    assert all(
        str(int(grade)) in terms[term]
        for term, grade in graded[["ctcae_term", "reported_grade"]].itertuples(index=False, name=None)
    )


def read_terms() -> dict[str, list[str]]:
    """The grades of every term of CTCAE."""
    with Path("schemas/reference/ctcae_term.csv").open(encoding="utf-8", newline="") as file:
        return {row["term"]: row["grades"].split() for row in csv.DictReader(file)}


def test_the_kinds_of_events_and_scans_that_must_not_count_are_there(study: Study) -> None:
    events, scans, lesions = (study.tables[name] for name in ("adverse_event", "imaging_visit", "lesion"))
    assert (events["reported_grade"] == 5).sum() >= 20
    assert set(events.loc[events["reported_grade"] == 5, "outcome_code"]) == {"fatal"}
    assert events["is_present_before"].sum() >= 50
    assert events["is_serious"].sum() >= 100
    assert (events["onset_on_precision"] == "month").sum() >= 30
    assert events["reported_grade"].isna().sum() >= 3
    assert (scans["response_physician_code"] == "NE").sum() >= 20
    assert ((lesions["role_code"] == "new") & (lesions["pattern_code"] == "atypical")).sum() >= 20
    assert lesions["is_treated_before"].sum() >= 100


def test_fatal_events_and_causes_of_death_agree(study: Study) -> None:
    events = study.tables["adverse_event"]
    fatal = events[events["reported_grade"] == 5].merge(study.tables["follow_up"], on=["site_id", "patient_id"])
    assert (fatal["ended_on"] == fatal["died_on"]).all()
    assert set(fatal["death_cause_code"]) == {"liver_failure", "bleeding"}


def test_every_grade_of_the_laboratory_occurs(study: Study) -> None:
    """Results reach the extremes of the panel, so that no criterion is never met."""
    labs = study.tables["lab_result"]
    for analyte in panel().values():
        values = labs.loc[labs["analyte_code"] == analyte.code, "value"]
        if analyte.code != "afp":
            assert values.min() <= analyte.low * 1.15, analyte.code
            assert values.max() >= analyte.high * 0.85, analyte.code


def test_no_answer_stands_in_the_tables(study: Study) -> None:
    answers = {"group", "reason", "survival_days", "response", "salvage", "concomitant", "first_line"}
    columns = {column for table in study.tables.values() for column in table.columns}
    assert not answers & columns
    for name, table in study.tables.items():
        for column in table.columns:
            assert not table[column].isin(["long_term", "short_term", "undetermined", "screened"]).any(), (name, column)


def test_scale_draws_other_patients_and_a_part_of_the_last_study() -> None:
    studies = list(draw_studies(2021, scale=1.25))
    whole, part = studies
    assert len(part.people) == round(len(whole.people) * 0.25)
    assert not set(whole.people["patient_id"]) & set(part.people["patient_id"])
    for table in part.tables.values():
        assert set(table["patient_id"]) <= set(part.people["patient_id"])


def test_a_share_keeps_whole_patients(study: Study) -> None:
    part = keep_share(study, 0.1)
    kept = set(part.people["patient_id"])
    for name, table in part.tables.items():
        of_kept = study.tables[name]["patient_id"].isin(kept)
        assert len(table) == int(of_kept.sum()), name


def test_one_hospital_gets_its_own_rows_only(study: Study) -> None:
    tables = of_site(study, "snuh")
    numbers = set(study.people.loc[study.people["site_id"] == "snuh", "patient_id"])
    assert set(tables["patient"]["patient_id"]) == numbers
    assert all(set(table["patient_id"]) <= numbers for table in tables.values())


def test_a_study_is_drawn_once_for_all_hospitals() -> None:
    first, again = (next(iter(draw_studies(2021))) for _ in range(2))
    assert first is again
    tables = of_site(first, "snuh")
    tables["patient"].loc[:, "sex"] = None
    assert first.tables["patient"]["sex"].notna().all()
