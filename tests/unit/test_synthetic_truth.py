"""The make-believe study: counts by construction, dates in order, nothing that would be an answer."""

import pandas as pd
import pytest

from etl.synthetic.truth.study import Study, draw_studies, draw_study, keep_share, of_site
from etl.synthetic.truth.targets import GROUP_SIZES, moment, quota, screening_reasons, site_shares
from schemas.catalogue import table_facts
from schemas.code_list import read_code_list
from schemas.tables import TABLES

GROUPS = ("long_term", "short_term")
DAYS_PER_MONTH = 30.4375


@pytest.fixture(scope="module")
def study() -> Study:
    return draw_study(2021)


@pytest.fixture(scope="module")
def eligible(study: Study) -> pd.DataFrame:
    return study.answers[study.answers["group"].isin(GROUPS)]


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


@pytest.mark.parametrize(
    "variable",
    ["sex", "diabetes", "aetiology", "bclc", "extrahepatic", "lymph_node", "lung", "bone", "brain", "adrenal",
     "peritoneum", "response", "afp_ratio", "concomitant", "salvage", "first_line", "metformin", "statin", "event_any",
     "event_grade_2_4", "event_grade_3_4", "event_dermatologic_2_4", "event_gastroenterologic_2_4",
     "event_hypertension_2_4"],
)  # fmt: skip
@pytest.mark.parametrize("group", GROUPS)
def test_counts_are_exact(eligible: pd.DataFrame, variable: str, group: str) -> None:
    drawn = eligible.loc[eligible["group"] == group, variable].replace({True: "yes", False: "no"})
    assert drawn.value_counts().to_dict() == {name: count for name, count in quota(variable, group).items() if count}


@pytest.mark.parametrize("group", GROUPS)
def test_fitness_veins_body_and_afp_have_their_counts(study: Study, eligible: pd.DataFrame, group: str) -> None:
    drawn = eligible[eligible["group"] == group]
    assert drawn["ecog"].fillna("missing").value_counts().to_dict() == quota("ecog", group)
    veins = drawn["portal_vein"].replace({"vp1": "vp1-2", "vp2": "vp1-2"})
    assert veins.value_counts().to_dict() == quota("portal_vein", group)
    afp = pd.cut(drawn["afp"], [0, 7, 1000, 10000, 1e9], labels=["<7", "7-1000", "1000-10000", ">10000"])
    assert afp.value_counts().to_dict() == {k: v for k, v in quota("afp", group).items() if k != "missing"}
    bmi = body_mass_index(study, drawn)
    assert pd.cut(bmi, [0, 23, 25, 99], labels=["<23", "23-25", ">25"], right=False).value_counts().to_dict() == {
        k: v for k, v in quota("bmi", group).items() if k != "missing"
    }


def body_mass_index(study: Study, patients: pd.DataFrame) -> pd.Series:
    """Recompute from the tables alone: last height and weight in the four weeks before the index date."""
    seen = study.tables["observation"].merge(patients[["patient_id", "index_date"]], on="patient_id")
    days = (seen["observed_on"] - seen["index_date"]).dt.days
    last = (
        seen[(days <= 0) & (days >= -28)].sort_values("observed_on").groupby(["patient_id", "observation_code"]).last()
    )
    numbers = pd.to_numeric(last["value_number"]).unstack()
    return (numbers["weight"] / (numbers["height"] / 100) ** 2).dropna()


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("name", ["age_years", "largest_diameter_mm", "nodule_count"])
def test_means_and_deviations_come_close(eligible: pd.DataFrame, name: str, group: str) -> None:
    drawn = eligible.loc[eligible["group"] == group, name]
    assert drawn.mean() == pytest.approx(moment(name, "mean", group), rel=0.02)
    assert drawn.std() == pytest.approx(moment(name, "sd", group), rel=0.05)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("survival_months", "group", GROUPS),
        ("survival_months_dermatologic_2_4", "event_dermatologic_2_4", (True,)),
        ("survival_months_dermatologic_0_1", "event_dermatologic_2_4", (False,)),
        ("survival_months_concomitant", "concomitant", (True,)),
        ("survival_months_not_concomitant", "concomitant", (False,)),
        ("survival_months_salvage", "salvage", (True,)),
        ("survival_months_no_salvage", "salvage", (False,)),
    ],
)
def test_survival_medians_hold_together(eligible: pd.DataFrame, name: str, column: str, value: tuple[object]) -> None:
    days = eligible.loc[eligible[column].isin(value), "survival_days"]
    assert days.median() / DAYS_PER_MONTH == pytest.approx(moment(name, "median", "all"), rel=0.03)


def test_long_term_survivors_are_seen_beyond_two_years_and_short_term_ones_die_within(eligible: pd.DataFrame) -> None:
    days = eligible["survival_days"]
    assert (days[eligible["group"] == "long_term"] > 730.5).all()
    short = eligible["group"] == "short_term"
    assert (days[short] < 730.5).all()
    assert eligible.loc[short, "is_dead"].all()


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
    assert (of_study["started_on_precision"] == "day").all()
    assert of_study["started_on"].between("2007-01-01", "2014-03-31").all()
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


def test_dose_steps_follow_each_other_and_give_the_mean_doses(study: Study, eligible: pd.DataFrame) -> None:
    steps = study.tables["exposure"]
    days = (steps["stopped_on"] - steps["started_on"]).dt.days + 1
    daily = pd.to_numeric(steps["dose_mg"]) * steps["times_per_day"]
    sums = (
        pd.DataFrame({"patient_id": steps["patient_id"], "mg": daily * days, "days": days}).groupby("patient_id").sum()
    )
    span = steps.groupby("patient_id")["stopped_on"].max() - steps.groupby("patient_id")["started_on"].min()
    assert (sums["days"] == span.dt.days + 1).all()
    mean = sums["mg"] / sums["days"]
    for group in GROUPS:
        of_group = mean[eligible.loc[eligible["group"] == group, "patient_id"]]
        assert of_group.mean() == pytest.approx(moment("daily_dose_mg", "mean", group), rel=0.01)


def test_lesions_grow_and_shrink_as_the_best_response_says(study: Study, eligible: pd.DataFrame) -> None:
    """A slow second reading: target sums against baseline and nadir, new lesions, day 42 for stable disease."""
    lesions = study.tables["lesion"].copy()
    lesions["size"] = (
        lesions["viable_diameter_mm"].fillna(lesions["short_axis_mm"]).fillna(lesions["whole_diameter_mm"])
    )
    targets = lesions[lesions["role_code"] == "target"].groupby(["patient_id", "imaged_on"])["size"].sum()
    new = set(
        lesions.loc[lesions["role_code"] == "new", ["patient_id", "imaged_on"]].itertuples(index=False, name=None)
    )
    is_left = (lesions["size"] > 0) & ~(lesions["is_lymph_node"].astype(bool) & (lesions["size"] < 10))
    left = lesions[(lesions["role_code"] == "target") & is_left].groupby(["patient_id", "imaged_on"]).size().to_dict()
    for patient, index_date, best in eligible[["patient_id", "index_date", "response"]].itertuples(
        index=False, name=None
    ):
        sums = targets.loc[patient]
        baseline = nadir = sums.iloc[0]
        readings = []
        for day, total in sums.iloc[1:].items():
            if total >= nadir * 1.2 - 1e-9 or (patient, day) in new:
                readings.append("PD")
                break
            if (patient, day) not in left:
                readings.append("CR")
            elif total <= baseline * 0.7 + 1e-9:
                readings.append("PR")
            elif (day - index_date).days >= 42:
                readings.append("SD")
            nadir = min(nadir, total)
        first = next(kind for kind in ("CR", "PR", "SD", "PD") if kind in readings)
        assert first == best, (patient, readings)


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
