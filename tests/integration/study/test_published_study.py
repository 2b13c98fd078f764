"""The published study from the views and analyses: its counts, means, tests and models, on the patients as drawn."""

import shutil
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from oracle.chart import charts
from oracle.onsets import KINDS, read_onsets
from support.drawn_study import plain_tables, readings, study
from support.drawn_warehouse import make_drawn_warehouse
from support.published_figures import (
    COMPARED_MONTHS,
    CR_DURATION_MONTHS,
    LONG,
    MEANS,
    ODDS_RATIOS,
    PRINTED,
    PROGRESSION_MONTHS,
    SHORT,
    SIGNIFICANT,
    SIZES,
    SURVIVAL_MONTHS,
    TREATMENT_MONTHS,
    expected_counts,
)
from support.study_warehouse import StudyWarehouse

from etl.study.definition.load import load_studies
from etl.study.definition.read_study import known_studies, read_study
from etl.study.published.comparison import CONTRADICTS_ITSELF, NO_NUMBER, VERDICTS
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.views.refresh import refresh

GROUPS = (LONG, SHORT)
ROWS = {
    "sex": ("table_1", "sex"),
    "diabetes": ("table_1", "diabetes"),
    "bmi": ("table_1", "bmi_class"),
    "aetiology": ("table_1", "aetiology"),
    "ecog": ("table_1", "ecog"),
    "child_pugh": ("table_1", "child_pugh"),
    "bclc": ("table_1", "bclc"),
    "extrahepatic": ("table_1", "extrahepatic_metastasis"),
    "lymph_node": ("table_1", "lymph_node"),
    "lung": ("table_1", "lung"),
    "bone": ("table_1", "bone"),
    "brain": ("table_1", "brain"),
    "adrenal": ("table_1", "adrenal"),
    "peritoneum": ("table_1", "peritoneum"),
    "portal_vein": ("table_1", "portal_vein"),
    "afp": ("table_1", "afp_class"),
    "response": ("table_2", "best_response"),
    "afp_ratio": ("table_2", "afp_ratio"),
    "concomitant": ("table_2", "concomitant"),
    "salvage": ("table_2", "salvage"),
    "first_line": ("table_2", "first_line"),
    "event_any": ("table_4", "any_event"),
    "event_grade_2_4": ("table_4", "event_2_4"),
    "event_grade_3_4": ("table_4", "event_3_4"),
    "event_dermatologic_2_4": ("table_4", "dermatologic_2_4"),
    "event_gastroenterologic_2_4": ("table_4", "gastroenterologic_2_4"),
    "event_hypertension_2_4": ("table_4", "hypertension_2_4"),
}
"""Table and variable of every printed row that counts; metformin and statin stand in the models alone."""
MEASURED = {
    "age_years": ("table_1", "age", 1),
    "largest_diameter_mm": ("table_1", "largest_diameter_cm", 10),
    "nodule_count": ("table_1", "nodule_count", 1),
    "daily_dose_mg": ("table_2", "dose_mg", 1),
    "sd_duration_months": ("table_2", "sd_duration_months", 1),
    "pr_duration_months": ("table_2", "pr_duration_months", 1),
}
"""Table, variable and what the study file divides by, of every printed row that measures."""
FACTORS = {
    "bmi": "bmi_class",
    "extrahepatic": "extrahepatic_metastasis",
    "afp": "afp_class",
    "event_dermatologic_2_4": "dermatologic_2_4",
}
"""Factors of Table 3 that the study file calls otherwise."""
LEVELS = {"vp0": "none"}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyWarehouse]:
    """The drawn patients, with the project's studies, and each curve of the 1,566 too; few samples are drawn."""
    folder = tmp_path_factory.mktemp("published")
    studies = folder / "studies"
    shutil.copytree("studies", studies)
    path = studies / "sorafenib.yaml"
    asked = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked["sensitivity"] |= {"bootstrap": 2, "imputations": 2, "firth": []}
    asked["curves"] |= {
        f"{name}_classified": deepcopy(curve) | {"population": "classified"} for name, curve in asked["curves"].items()
    }
    path.write_text(yaml.safe_dump(asked, allow_unicode=True, sort_keys=False), encoding="utf-8")
    make_drawn_warehouse(folder / "warehouse.duckdb")
    engine = open_warehouse(folder / "warehouse.duckdb")
    with raw_connection(engine) as con:
        with transaction(con):
            load_studies(con, studies)
            refresh(con)
        yield StudyWarehouse(con, read_study(studies, "sorafenib"))
    engine.dispose()


@pytest.fixture(scope="module")
def computed(counted: StudyWarehouse) -> StudyWarehouse:
    counted.compute()
    return counted


def one(made: StudyWarehouse, columns: str, view: str, **key: object) -> tuple:
    where = " AND ".join(f"{name} IS NOT DISTINCT FROM ?" for name in key)
    (row,) = made.rows(f"SELECT {columns} FROM {view} WHERE study_id = 'sorafenib' AND {where}", *key.values())
    return row


def test_every_printed_row_is_looked_at() -> None:
    assert set(ROWS) | {"metformin", "statin"} == set(PRINTED)
    assert set(MEASURED) == set(MEANS)


def test_the_populations_have_their_sizes(counted: StudyWarehouse) -> None:
    assert counted.rows(
        "SELECT population, count(*), count(DISTINCT (site_id, patient_id)) FROM analysis.study_member "
        "WHERE study_id = 'sorafenib' GROUP BY population ORDER BY population"
    ) == [("classified", 1566, 1566), ("complete_response", 8, 8), ("eligible", 1590, 1590)]
    for table in ("table_1", "table_2", "table_4"):
        sizes = counted.rows(
            "SELECT group_level, patients FROM analysis.study_group_size WHERE study_id = 'sorafenib' AND table_id = ?",
            table,
        )
        assert dict(sizes) == SIZES | {"total": 1566}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("row", ROWS)
def test_counts_are_the_printed_ones(counted: StudyWarehouse, row: str, group: str) -> None:
    table, variable = ROWS[row]
    cells = counted.rows(
        "SELECT level, n, denominator, missing, not_applicable, percent FROM analysis_step.study_count "
        "WHERE study_id = 'sorafenib' AND table_id = ? AND variable = ? AND group_level = ?",
        table, variable, group,
    )  # fmt: skip
    expected = {LEVELS.get(level, level): n for level, n in expected_counts(row, group).items()}
    missing = expected.pop("missing", 0)
    if row.startswith("event_"):
        # Who has events of which none has a grade is missing here; the paper counts them among those without.
        missing = cells[0][3]
        assert missing <= 7
        expected["no"] -= missing
    assert {level: n for level, n, *_ in cells if n} == expected
    denominator = sum(expected.values())
    assert {cell[2:5] for cell in cells} == {(denominator, missing, 0)}
    assert denominator + missing == SIZES[group]
    for _, n, *_, percent in cells:
        assert percent == pytest.approx(100 * n / denominator)


def test_every_cell_of_every_table_accounts_for_its_group(counted: StudyWarehouse) -> None:
    off = counted.rows(
        "SELECT * FROM analysis_step.study_count c JOIN analysis.study_group_size s USING (study_id, table_id, group_level) "
        "WHERE c.denominator + c.missing + c.not_applicable <> s.patients "
        "OR least(c.n, c.missing, c.not_applicable, c.denominator - c.n) < 0"
    )
    assert off == []


def test_the_table_views_are_their_tables(counted: StudyWarehouse) -> None:
    for table in ("1", "2", "4", "s1", "s2", "s3", "s4", "s5", "s6"):
        whole = counted.rows(
            "SELECT count(*) FROM analysis.study_table WHERE study_id = 'sorafenib' AND table_id = ?", f"table_{table}"
        )
        assert counted.rows(f"SELECT count(*) FROM analysis.table_{table}") == whole != [(0,)]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("row", MEASURED)
def test_means_and_deviations_are_near_the_printed_ones(counted: StudyWarehouse, row: str, group: str) -> None:
    table, variable, divisor = MEASURED[row]
    mean, sd = one(
        counted, "mean, sd", "analysis_step.study_count", table_id=table, variable=variable, group_level=group
    )
    printed_mean, printed_sd = MEANS[row][GROUPS.index(group)]
    assert mean * divisor == pytest.approx(printed_mean, rel=0.01)
    assert sd * divisor == pytest.approx(printed_sd, rel=0.05)


def test_durations_are_near_the_printed_ones(counted: StudyWarehouse) -> None:
    n, mean, sd = one(
        counted,
        "n, mean, sd",
        "analysis_step.study_count",
        table_id="table_2",
        variable="cr_duration_months",
        group_level=LONG,
    )
    assert (n, mean, sd) == (
        8,
        pytest.approx(CR_DURATION_MONTHS[0], rel=0.03),
        pytest.approx(CR_DURATION_MONTHS[1], rel=0.05),
    )
    for group, printed in TREATMENT_MONTHS.items():
        (median,) = one(
            counted,
            "median",
            "analysis_step.study_count",
            table_id="table_2",
            variable="treatment_months",
            group_level=group,
        )
        assert median == pytest.approx(printed, rel=0.03)


def test_medians_of_the_curves_are_near_the_printed_ones(counted: StudyWarehouse) -> None:
    curves = {("overall_survival", "all"): SURVIVAL_MONTHS, ("time_to_progression", "all"): PROGRESSION_MONTHS}
    names = {"event_dermatologic_2_4": "dermatologic", "concomitant": "concomitant", "salvage": "salvage"}
    for row, (with_it, without) in COMPARED_MONTHS.items():
        curves |= {
            (f"overall_survival_by_{names[row]}", "yes"): with_it,
            (f"overall_survival_by_{names[row]}", "no"): without,
        }
    for (curve, stratum), printed in curves.items():
        # The synthetic study was drawn to the medians of the 1,566; the 24 others live longer.
        for name, tolerance in ((f"{curve}_classified", 0.03), (curve, 0.05)):
            (median,) = one(
                counted, "value", "analysis.survival_summary", curve=name, stratum=stratum, measure="median"
            )
            assert median == pytest.approx(printed, rel=tolerance), (name, stratum)


def test_trap_2_survival_of_the_classified_is_their_share(counted: StudyWarehouse) -> None:
    """Those who are classified have all reached two years or died: the curve is a plain share, and too low for all."""
    share = one(
        counted,
        "value",
        "analysis.survival_summary",
        curve="overall_survival_classified",
        stratum="all",
        measure="survival_24",
    )[0]
    assert share == pytest.approx(257 / 1566, abs=1e-12)
    of_all = one(
        counted, "value", "analysis.survival_summary", curve="overall_survival", stratum="all", measure="survival_24"
    )[0]
    assert of_all > share + 0.001


@pytest.mark.slow
def test_everyone_who_is_eligible_is_in_the_curve(counted: StudyWarehouse) -> None:
    patients, events = (
        one(counted, "value", "analysis.survival_summary", curve="overall_survival", stratum="all", measure=measure)[0]
        for measure in ("patients", "events")
    )
    in_study = [reading for reading in readings() if all(verdict == "met" for verdict in reading.verdicts.values())]
    assert (patients, events) == (1590, sum(bool(reading.is_dead) for reading in in_study))


@pytest.mark.slow
def test_what_begins_after_time_zero_begins_when_the_oracle_says(counted: StudyWarehouse) -> None:
    by_person = {reading.person: reading for reading in readings()}
    expected = {
        (*person, kind, day)
        for person, chart in charts(plain_tables(study())).items()
        for kind, day in read_onsets(chart, by_person[person]).items()
    }
    found = counted.rows(f"SELECT site_id, patient_id, kind, day FROM analysis.onset WHERE kind IN {KINDS}")
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert Counter(kind for _, _, kind, _ in found).keys() == set(KINDS)


def test_onsets_agree_with_the_cohort(counted: StudyWarehouse) -> None:
    """Patients who have it in the cohort have a day of it, and no others."""
    for column, kind in (
        ("has_concomitant_treatment", "concomitant"), ("has_salvage_treatment", "salvage"), ("takes_metformin", "metformin"),
        ("takes_statin", "statin"), ("has_adverse_event", "any_event"), ("worst_grade_any >= 2", "event_2_4"),
        ("worst_grade_any >= 3", "event_3_4"), ("worst_grade_dermatologic >= 2", "dermatologic_2_4"),
        ("ttp_event", "progression"), ("best_overall_response IN ('CR', 'PR')", "response"),
    ):  # fmt: skip
        off = counted.rows(
            f"SELECT site_id, patient_id, {column}, day FROM analysis.cohort LEFT JOIN (SELECT * FROM analysis.onset "
            f"WHERE kind = '{kind}') USING (site_id, patient_id) "
            f"WHERE is_eligible AND coalesce({column}, FALSE) <> (day IS NOT NULL)"
        )
        if kind != "response":  # a response that needs to be confirmed may have a day and not count
            assert off == [], (kind, off[:3])
        assert not [row for row in off if row[3] is None], (kind, off[:3])


@pytest.mark.slow
@pytest.mark.parametrize("row", [*ROWS, *MEASURED, "treatment_months"])
def test_p_lies_on_the_printed_side(computed: StudyWarehouse, row: str) -> None:
    table, variable = (ROWS | {name: place[:2] for name, place in MEASURED.items()} | {
        "treatment_months": ("table_2", "treatment_months")
    })[row]  # fmt: skip
    tested = computed.rows(
        "SELECT p, method, published_test FROM analysis.study_table t JOIN reference.study_row r "
        "USING (study_id, table_id, variable) WHERE study_id = 'sorafenib' AND table_id = ? AND variable = ? "
        "AND group_level = 'total' AND level_position <= 1",
        table, variable,
    )  # fmt: skip
    ((p, method, published),) = tested
    assert method == published is not None
    assert (p < 0.05) == (row in SIGNIFICANT)


@pytest.mark.slow
@pytest.mark.parametrize("row", ["metformin", "statin"])
def test_medicines_stand_in_the_models_with_their_printed_counts(computed: StudyWarehouse, row: str) -> None:
    found = one(
        computed,
        "n, events, p",
        "analysis.model_term",
        analysis_id="model.long_term_univariable",
        variable=row,
        level="yes",
    )
    long, short = PRINTED[row]["yes"]
    assert found[:2] == (long + short, long)
    assert (found[2] < 0.05) == (row in SIGNIFICANT)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["long_term_univariable", "long_term_full", "long_term_multivariable"])
def test_factors_point_where_the_paper_says(computed: StudyWarehouse, model: str) -> None:
    found = {}
    for name, printed in ODDS_RATIOS.items():
        row, _, level = name.partition(" ")
        estimates = computed.rows(
            "SELECT estimate FROM analysis.model_term WHERE study_id = 'sorafenib' AND analysis_id = ? AND variable = ? "
            "AND level = ?",
            f"model.{model}", FACTORS.get(row, row), level,
        )  # fmt: skip
        if model == "long_term_multivariable" and not estimates:
            continue
        ((estimate,),) = estimates
        found[name] = (estimate > 1) == (printed > 1)
    assert all(found.values()), found
    kept = {name.partition(" ")[0] for name in found}
    assert {"child_pugh", "portal_vein", "afp", "event_dermatologic_2_4", "concomitant", "metformin"} <= kept


@pytest.mark.slow
def test_models_have_the_patients_that_are_complete(computed: StudyWarehouse) -> None:
    fits = computed.rows(
        "SELECT analysis_id, patients, incomplete, outcomes FROM analysis.model_fit WHERE study_id = 'sorafenib' "
        "AND analysis_id LIKE 'model.%' AND variable IS NULL"
    )
    assert {name for name, *_ in fits} == {
        f"model.{outcome}_{kind}" for outcome in ("long_term", "overall_survival") for kind in ("multivariable", "full")
    }
    for name, patients, incomplete, outcomes in fits:
        assert patients + incomplete == (1566 if "long_term" in name else 1590), name
        assert 0 < outcomes < patients


@pytest.mark.slow
def test_every_result_has_a_name_of_its_own(computed: StudyWarehouse) -> None:
    assert computed.rows("SELECT count(*) - count(DISTINCT result_id) FROM analysis.result") == [(0,)]
    assert computed.rows(
        "SELECT result_id FROM analysis.result WHERE raw_value IS NULL AND text IS NULL AND note IS NULL"
    ) == []  # fmt: skip
    assert computed.rows(
        "SELECT result_id, formatted_value FROM analysis.result WHERE operation IN ('n', 'denominator', 'missing', "
        "'patients', 'events') AND NOT regexp_full_match(formatted_value, '[0-9,]+')"
    ) == []  # fmt: skip
    assert computed.rows(
        "SELECT result_id, formatted_value FROM analysis.result WHERE raw_value IS NOT NULL AND formatted_value IS NULL"
    ) == []  # fmt: skip


@pytest.mark.slow
def test_every_printed_figure_has_a_verdict(computed: StudyWarehouse) -> None:
    verdicts = computed.rows(
        "SELECT figure_id, verdict, reason, our_raw_value FROM analysis.published_comparison WHERE study_id = 'sorafenib'"
    )
    figures = computed.rows("SELECT count(*) FROM reference.published_figure WHERE study_id = 'sorafenib'")
    assert len(verdicts) == len({figure for figure, *_ in verdicts}) == figures[0][0] > 400
    for figure, verdict, reason, ours in verdicts:
        assert verdict in VERDICTS, figure
        assert verdict not in (CONTRADICTS_ITSELF, NO_NUMBER) or reason, figure
        assert (ours is not None) or verdict == NO_NUMBER, figure


@pytest.mark.slow
def test_the_other_studies_are_counted_too(computed: StudyWarehouse) -> None:
    names = {name for (name,) in computed.rows("SELECT DISTINCT study_id FROM analysis.result")}
    assert names == set(known_studies(Path("studies")))
    state = dict(computed.rows("SELECT study_id, is_current FROM analysis.study_state"))
    assert state.pop("sorafenib") is True
    assert set(state.values()) == {False}
