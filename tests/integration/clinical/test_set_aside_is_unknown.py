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
VEIN = lesion(-10, "9", 15, organ_code="portal_vein", pattern_code="thrombus")
EVENT = {
    "verbatim_text": "diarrhea", "reported_grade": 3, "ctcae_version": "4.03", "onset_on": on(9), "action_code": "reduced",
}  # fmt: skip
DEAD = {**LITTLE, "follow_up": [{"vital_status_code": "dead", "died_on": on(800), "died_on_precision": "day"}]}
DEAD |= {"imaging_visit": [scan(-10), scan(60)], "lesion": [lesion(-10, "1", 40), lesion(60, "1", 40)]}
EARLIER_COURSE = {**LITTLE, "treatment_course": [course("sorafenib", "study", 0, 100)], "exposure": []}
TWO_EVENTS = [
    {**EVENT, "verbatim_text": "hypertension", "reported_grade": 1, "onset_on": on(2)},
    {**EVENT, "verbatim_text": "nausea", "onset_on": on(50)},
]
OTHER_CHARTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "a treatment at an unknown time, before the death": DEAD,
    "the role of the course that ended last": EARLIER_COURSE,
    "a course that ended in the month of the last dose": EARLIER_COURSE,
    "the grade of an event between two others": {**LITTLE, "adverse_event": TWO_EVENTS},
}
"""Charts of cases that need another one than LITTLE."""

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
    "a treatment at an unknown time, before the death": (
        "procedure",
        {"procedure_code": "tace", "started_on": on(400)},
        "started_on",
        {"pfs_days": None, "pfs_event": None, "os_event": True},
        {"pfs_days": 800, "pfs_event": True, "os_event": True},
    ),
    "the role of the course that ended last": (
        "treatment_course",
        course("sorafenib", "study", 150, 300),
        "role_code",
        {"index_date": on(0), "last_dose_on": None},
        {"index_date": on(0), "last_dose_on": on(100)},
    ),
    "a course that ended in the month of the last dose": (
        "treatment_course",
        {
            **course("sorafenib", "study", 50, 100),
            "stopped_on": on(100).replace(day=1),
            "stopped_on_precision": "month",
        },
        "drug_code",
        {"index_date": on(0), "last_dose_on": None},
        {"index_date": on(0), "last_dose_on": on(100)},
    ),
    "an earlier course of a drug that is allowed": (
        "treatment_course",
        course("lenvatinib", "prior", -90, None),
        "started_on",
        {"is_first_line": None, "criterion no_other_systemic_therapy": "met"},
        {"is_first_line": True, "criterion no_other_systemic_therapy": "met"},
    ),
    "a thrombus of the baseline": (
        "lesion",
        VEIN,
        "imaged_on",
        {"has_thrombus": None, "is_portal_vein_invaded": None, "is_macrovascular": None},
        {"has_thrombus": False, "is_portal_vein_invaded": False, "is_macrovascular": False},
    ),
    "whether a thrombus enhances": (
        "lesion",
        VEIN,
        "enhancement_code",
        {"has_thrombus": None, "is_portal_vein_invaded": None, "is_macrovascular": None},
        {"has_thrombus": False, "is_portal_vein_invaded": False, "is_macrovascular": False},
    ),
    "when an event began": (
        "adverse_event",
        EVENT,
        "onset_on",
        {"has_early": None, "has_dose_action": None},
        {"has_early": False, "has_dose_action": False},
    ),
    "what was done for an event": (
        "adverse_event",
        EVENT,
        "action_code",
        {"has_early": True, "has_dose_action": None, "onset event_3_4": 9},
        {"has_early": False, "has_dose_action": False},
    ),
    "the grade of an event between two others": (
        "adverse_event",
        EVENT,
        "reported_grade",
        {"onset any_event": 2, "onset event_3_4": None},
        {"onset any_event": 2, "onset event_3_4": 50},
    ),
    "what the reader said of the others": (
        "imaging_visit",
        scan(90, non_target_status_code="PD", has_new_lesion=False),
        "non_target_status_code",
        {"non-targets 90": None, "new lesion 90": False, "best_overall_response": None},
        {"best_overall_response": "SD"},
    ),
    "a visit at an unknown time, of which the physician gave a response": (
        "imaging_visit",
        scan(90, response_physician_code="PD"),
        "imaged_on",
        {"never read physician": None, "never read radiologist": True},
        {"never read physician": True, "never read radiologist": True},
    ),
}
MORE = (
    "SELECT patient_id, 'has_thrombus', has_thrombus FROM clinical.portal_vein_invasion",
    "SELECT patient_id, 'is_portal_vein_invaded', is_portal_vein_invaded FROM clinical.portal_vein_invasion",
    "SELECT patient_id, 'is_macrovascular', is_macrovascular FROM clinical.portal_vein_invasion",
    "SELECT patient_id, 'has_early', has_early FROM clinical.worst_event_grade WHERE category = 'any'",
    "SELECT patient_id, 'has_dose_action', has_dose_action FROM clinical.worst_event_grade WHERE category = 'any'",
    "SELECT patient_id, 'onset ' || kind, day FROM analysis.onset",
    "SELECT patient_id, 'non-targets ' || day, non_target_code FROM clinical.visit_response",
    "SELECT patient_id, 'new lesion ' || day, has_new_lesion FROM clinical.visit_response",
    "SELECT patient_id, 'never read ' || reading, is_missing FROM clinical.best_response",
)
"""What these cases ask besides what the proof does."""
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
        chart = OTHER_CHARTS.get(name, LITTLE)
        rows = [*chart.get(table, []), {**row, column: None}]
        record = study.add(name, {**chart, table: rows})[table, len(rows) - 1]
        study.add(f"without {name}", chart)
        study.reasons.append((table, column, record, "row" if table_facts(table).column(column).required else "cell"))
    for name, (table, column, _) in EMPTIED.items():
        record = study.add(name, {**LITTLE, table: [{**LITTLE[table][0], column: None}]})[table, 0]
        study.reasons.append((table, column, record, "cell"))
    engine = open_warehouse(copy_new_warehouse(tmp_path_factory.mktemp("unknown") / "warehouse.duckdb"))
    with raw_connection(engine) as con:
        publish_study(con, study)
        con.begin()
        refresh(con)
        found = {patient: dict(values) for patient, values in derived_values(con).items()}
        for query in MORE:
            for patient, what, value in con.execute(query).fetchall():
                found[patient][what] = value
        con.commit()
    engine.dispose()
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_row_set_aside_leaves_open_what_would_rest_on_its_absence(
    name: str, answers: Mapping[str, Mapping[str, Any]]
) -> None:
    _, _, _, with_it, without = CASES[name]
    # An onset that is not known has no row.
    assert {what: answers[name].get(what) for what in with_it} == with_it
    assert {what: answers[f"without {name}"].get(what) for what in without} == without


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
