"""What the laboratory of the synthetic study holds besides: INRs under warfarin, seconds, results recorded as events."""

import pandas as pd
import pytest
from support.drawn_study import study

from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.targets import site_shares

PATIENT = ["site_id", "patient_id"]
SECONDS = [share.site_id for share in site_shares() if share.has_prothrombin_time]
ANALYTES = {
    "Platelet count decreased": "platelets",
    "Aspartate aminotransferase increased": "ast",
    "Alanine aminotransferase increased": "alt",
}


@pytest.fixture(scope="module")
def labs() -> pd.DataFrame:
    return study().tables["lab_result"]


@pytest.fixture(scope="module")
def on_warfarin(labs: pd.DataFrame) -> pd.DataFrame:
    """The INRs of days on which a course of warfarin goes on, with its dates."""
    courses = study().tables["medication"].query("ingredient_code == 'warfarin'")
    known = labs[labs["analyte_code"] == "inr"].merge(courses, on=PATIENT)
    return known[(known["taken_on"] >= known["started_on"]) & ~(known["taken_on"] > known["stopped_on"])]


def test_every_hospital_has_patients_on_warfarin_under_korean_and_english_names(on_warfarin: pd.DataFrame) -> None:
    courses = study().tables["medication"].query("ingredient_code == 'warfarin'")
    assert (courses.groupby("site_id")["patient_id"].nunique().reindex(list(hospital_names())) >= 2).all()
    assert not courses.duplicated(PATIENT).any()
    is_korean = courses["product_text"].str.contains("정 ")
    assert courses.loc[is_korean, "product_text"].nunique() >= 3
    assert courses.loc[~is_korean, "product_text"].nunique() >= 3
    assert (on_warfarin.groupby("site_id")["value"].max().reindex(list(hospital_names())) >= 2).all()


def test_warfarin_raises_the_inr_after_the_index_date_alone(on_warfarin: pd.DataFrame) -> None:
    index_date = study().answers.set_index(PATIENT)["index_date"]
    day = (on_warfarin["taken_on"] - on_warfarin.join(index_date, on=PATIENT)["index_date"]).dt.days
    begins = (on_warfarin["started_on"] - on_warfarin.join(index_date, on=PATIENT)["index_date"]).dt.days
    acts = (day > 0) & (on_warfarin["taken_on"] - on_warfarin["started_on"] >= pd.Timedelta(days=5))
    assert on_warfarin.loc[acts, "value"].median() >= 2
    assert (begins < 0).sum() >= 10  # whose baseline counts in the grade
    assert (on_warfarin.loc[acts & (begins >= 0), "value"] >= 1.8).all()


@pytest.mark.parametrize("site_id", hospital_names())
def test_seconds_stand_next_to_the_inr_and_never_for_it(labs: pd.DataFrame, site_id: str) -> None:
    of_site = labs[labs["site_id"] == site_id]
    inr, seconds = (
        of_site[of_site["analyte_code"] == code].set_index(["patient_id", "taken_on"])
        for code in ("inr", "prothrombin_time")
    )
    assert inr["value"].max() <= panel()["inr"].high
    if site_id not in SECONDS:
        assert seconds.empty
        return
    assert len(seconds) == len(inr)
    assert set(zip(seconds["unit"], seconds["lower_limit"], seconds["upper_limit"], strict=True)) == {("s", 9.9, 13.0)}
    assert (seconds["value"] / inr["value"].reindex(seconds.index) ** (1 / 1.05)).between(10.5, 12.2).all()
    reported = find_hospital(site_id).as_reported(study(), True)["lab_result"]
    assert (reported["analyte_code"] == "prothrombin_time").sum() == len(seconds)


def test_more_than_half_of_the_hospitals_report_seconds() -> None:
    assert len(SECONDS) == 5


def test_a_recorded_result_is_graded_by_its_value_and_graver_than_nothing_before(labs: pd.DataFrame) -> None:
    events = study().tables["adverse_event"]
    recorded = events[events["ctcae_term"].isin(ANALYTES)].assign(
        analyte_code=lambda rows: rows["ctcae_term"].map(ANALYTES), taken_on=lambda rows: rows["onset_on"]
    )
    assert set(recorded["ctcae_term"]) == set(ANALYTES)
    assert set(recorded["site_id"]) == set(hospital_names())
    with_result = recorded.merge(labs, on=[*PATIENT, "taken_on", "analyte_code"])
    assert len(with_result) == len(recorded)
    for row in with_result.to_dict("records"):
        assert row["reported_grade"] == graded(row), row
        before = events[(events["patient_id"] == row["patient_id"]) & (events["onset_on"] < row["onset_on"])]
        assert (before["reported_grade"] >= row["reported_grade"]).any()


def graded(row: dict[str, float]) -> int:
    """The grade by CTCAE 4.03, from the printed sheet."""
    value, upper = row["value"], row["upper_limit"]
    if row["analyte_code"] == "platelets":
        return 4 if value < 25 else 3 if value < 50 else 2 if value < 75 else 1 if value < row["lower_limit"] else 0
    return (
        4 if value > 20 * upper else 3 if value > 5 * upper else 2 if value > 3 * upper else 1 if value > upper else 0
    )
