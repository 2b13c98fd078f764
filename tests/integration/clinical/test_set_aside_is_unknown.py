"""What was set aside is unknown, never absent: cases in which a row or a cell decides, read from one warehouse."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.completions import Study, publish_study
from support.judged_completions import derived_values
from support.new_warehouse import copy_new_warehouse
from support.unknown_charts import CHARTS, course, lab, lesion, on, scan, sign, step

from schemas.catalogue import table_facts
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.refresh import refresh
from warehouse.views.rules import NOTHING_SET_ASIDE, open_rules

LITTLE = CHARTS["little"]

CASES: dict[str, tuple[str, dict[str, Any], str, dict[str, Any], dict[str, Any]]] = {
    # The table and the row that is added, the cell of it that cannot be read; the answers with it, and without the row.
    "a drug before": (
        "treatment_course",
        course("doxorubicin", "prior", -90, None),
        "started_on",
        {"is_first_line": None, "criterion no_other_systemic_therapy": "unknown", "is_eligible": None},
        {"is_first_line": True, "criterion no_other_systemic_therapy": "met", "is_eligible": True},
    ),
    "a chemoembolisation at an unknown time": (
        "procedure",
        {"procedure_code": "tace", "started_on": on(60)},
        "started_on",
        {"is_first_line": None, "has_concomitant_treatment": None, "has_salvage_treatment": None},
        {"is_first_line": True, "has_concomitant_treatment": False, "has_salvage_treatment": False},
    ),
    "something done beside the drug": (
        "procedure",
        {"procedure_code": "tace", "started_on": on(60)},
        "procedure_code",
        {"is_first_line": True, "has_concomitant_treatment": None, "has_salvage_treatment": False},
        {"is_first_line": True, "has_concomitant_treatment": False, "has_salvage_treatment": False},
    ),
    "a drug that may be the study drug": (
        "treatment_course",
        course("sorafenib", "study", -50, None),
        "started_on",
        {"index_date": None, "criterion index_date": "unknown", "os_days": None},
        {"index_date": on(0), "criterion index_date": "met", "os_days": 900},
    ),
    "a later course of the study drug": (
        "treatment_course",
        course("sorafenib", "study", 50, 200),
        "drug_code",
        {"index_date": on(0), "last_dose_on": on(300)},
        {"index_date": on(0), "last_dose_on": on(300)},
    ),
    "a dose step": (
        "exposure",
        step(301, 330, 200),
        "stopped_on",
        {"last_dose_on": None, "mean_daily_dose_mg": None, "os_days": 900},
        {"last_dose_on": on(300), "mean_daily_dose_mg": 800, "os_days": 900},
    ),
    "metformin": (
        "medication",
        {"ingredient_code": "metformin", "started_on": on(5)},
        "ingredient_code",
        {"takes_metformin": None, "takes_statin": None},
        {"takes_metformin": False, "takes_statin": False},
    ),
    "a start of metformin": (
        "medication",
        {"ingredient_code": "metformin", "started_on": on(5)},
        "started_on",
        {"takes_metformin": None, "takes_statin": False},
        {"takes_metformin": False, "takes_statin": False},
    ),
    "a condition": (
        "medical_history",
        {"condition_code": "serious_comorbidity", "is_present": True},
        "condition_code",
        {"criterion no_serious_condition": "unknown", "criterion no_other_cancer": "unknown"},
        {"criterion no_serious_condition": "met", "criterion no_other_cancer": "met"},
    ),
    "a later albumin": (
        "lab_result",
        lab(-1, "albumin", "2.7", "g/dL"),
        "reported_unit",
        {"albumin_g_dl": None, "child_pugh_derived_code": None, "inr": Decimal("1.1")},
        {"albumin_g_dl": Decimal("3.8"), "child_pugh_derived_code": "A", "inr": Decimal("1.1")},
    ),
    "an earlier albumin": (
        "lab_result",
        lab(-25, "albumin", "2.7", "g/dL"),
        "reported_unit",
        {"albumin_g_dl": Decimal("3.8"), "child_pugh_derived_code": "A"},
        {"albumin_g_dl": Decimal("3.8"), "child_pugh_derived_code": "A"},
    ),
    "a later performance status, with Karnofsky there": (
        "observation",
        sign(-1, "ecog", value_number=3),
        "value_number",
        {"ecog": None},
        {"ecog": 1},
    ),
    "a laboratory result on treatment": (
        "lab_result",
        lab(40, "alt", "900", "U/L"),
        "taken_on",
        {"alt_u_l": None, "baseline_alt_grade": None},
        {"alt_u_l": 50, "baseline_alt_grade": 1},
    ),
    "the grade of an event": (
        "adverse_event",
        {"verbatim_text": "diarrhea", "reported_grade": 3, "ctcae_version": "4.03", "onset_on": on(9)},
        "reported_grade",
        {"has_adverse_event": True, "worst gastroenterologic": None, "worst dermatologic": 0, "has_fatal_event": None},
        {"has_adverse_event": False, "worst gastroenterologic": 0, "worst dermatologic": 0, "has_fatal_event": False},
    ),
    "the onset of an event": (
        "adverse_event",
        {"verbatim_text": "diarrhea", "reported_grade": 3, "ctcae_version": "4.03", "onset_on": on(9)},
        "onset_on",
        {"has_adverse_event": None, "worst gastroenterologic": None, "worst dermatologic": 0},
        {"has_adverse_event": False, "worst gastroenterologic": 0, "worst dermatologic": 0},
    ),
    "a lesion of the baseline": (
        "lesion",
        lesion(-10, "3", 30),
        "imaged_on",
        {"best_overall_response": None, "ttp_days": None, "ttp_event": None},
        {"best_overall_response": "SD", "ttp_days": 120, "ttp_event": True},
    ),
    "a visit after the progression": (
        "imaging_visit",
        scan(150, has_new_lesion=False),
        "modality_code",
        {"best_overall_response": "SD", "ttp_days": 120},
        {"best_overall_response": "SD", "ttp_days": 120},
    ),
    "a new lesion on an unknown day": (
        "imaging_visit",
        scan(30, has_new_lesion=True),
        "imaged_on",
        {"best_overall_response": None, "ttp_days": None},
        {"best_overall_response": "SD", "ttp_days": 120},
    ),
}
EMPTIED: dict[str, tuple[str, str, dict[str, Any]]] = {
    # The table and the cell of the chart's own row that is set aside, and the answers then.
    "the last contact of the living": (
        "follow_up",
        "last_contact_on",
        {"os_days": None, "os_event": None, "survival_group": "undetermined", "last_contact_on": None},
    ),
    "the vital status of who was last seen alive": (
        "follow_up",
        "vital_status_code",
        {"os_days": None, "os_event": None, "survival_group": "long_term", "last_contact_on": on(900)},
    ),
    # No other treatment is recorded, whenever the drug was stopped.
    "the end of the course": (
        "treatment_course",
        "stopped_on",
        {"last_dose_on": on(300), "has_salvage_treatment": False},
    ),
    "the class that the hospital reports": (
        "patient",
        "child_pugh_reported_code",
        {"criterion child_pugh_a_b": "unknown"},
    ),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    """Publish a patient for each case, with the row and without it, and derive everything once."""
    study = Study()
    study.add("bystander", CHARTS["much"])
    for name, (table, row, column, _, _) in CASES.items():
        rows = [*LITTLE.get(table, []), {**row, column: None}]
        record = study.add(name, {**LITTLE, table: rows})[table, len(rows) - 1]
        study.add(f"without {name}", LITTLE)
        study.reasons.append((table, column, record, "row" if table_facts(table).column(column).required else "cell"))
    for name, (table, column, _) in EMPTIED.items():
        record = study.add(name, {**LITTLE, table: [{**LITTLE[table][0], column: None}]})[table, 0]
        study.reasons.append((table, column, record, "cell"))
    engine = open_warehouse(copy_new_warehouse(tmp_path_factory.mktemp("unknown") / "warehouse.duckdb"))
    with raw_connection(engine) as con:
        publish_study(con, study)
        con.begin()
        refresh(con)
        found = derived_values(con)
        con.commit()
    engine.dispose()
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_row_set_aside_leaves_open_what_would_rest_on_its_absence(
    name: str, answers: Mapping[str, Mapping[str, Any]]
) -> None:
    _, _, _, with_it, without = CASES[name]
    assert {what: answers[name][what] for what in with_it} == with_it
    assert {what: answers[f"without {name}"][what] for what in without} == without


@pytest.mark.parametrize("name", EMPTIED)
def test_a_cell_set_aside_is_not_an_empty_one(name: str, answers: Mapping[str, Mapping[str, Any]]) -> None:
    expected = EMPTIED[name][2]
    assert {what: answers[name][what] for what in expected} == expected


@pytest.mark.parametrize("relation", NOTHING_SET_ASIDE)
def test_the_rules_of_files_have_the_columns_of_the_warehouse(relation: str, warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path, read_only=True)
    columns = f"SELECT column_name, column_type FROM (DESCRIBE {relation})"
    with raw_connection(engine) as con, open_rules() as rules:
        assert rules.execute(columns).fetchall() == con.execute(columns).fetchall()
    engine.dispose()
