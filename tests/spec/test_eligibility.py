"""Every case of the tables of eligibility, compared with the views of a warehouse."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from spec.cases_in_warehouse import Rows, differences
from spec.eligibility_tables import TABLES
from spec.table import SpecTable

INDEX = date(2010, 3, 31)
ANSWER = {"yes": True, "no": False, "?": None}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_criteria(table: SpecTable, warehouse_path: Path) -> None:
    found = differences(
        warehouse_path,
        table,
        given,
        "SELECT patient_id, criterion, verdict FROM clinical.eligibility_criterion",
        ["verdict"],
    )
    assert not found


def given(case: dict[str, str]) -> Rows:
    """Read what a case says into rows; what it does not name is as in an eligible patient."""
    patient: dict[str, Any] = {
        "diagnosis_basis": "clinical",
        "is_unresectable": True,
        "bclc_reported_code": "C",
        "child_pugh_reported_code": "A",
    }
    study_course = {"drug_code": "sorafenib", "started_on": INDEX, "started_on_precision": "day"}
    tables: dict[str, list[dict[str, Any]]] = {"patient": [patient], "treatment_course": [study_course]}
    for part in filter(None, (part.strip() for part in case["given"].split(","))):
        match part.split():
            case ["no", "dose"]:
                tables["treatment_course"] = []
            case ["first", "dose", day, *precision]:
                study_course |= {"started_on": day, "started_on_precision": precision[0] if precision else "day"}
            case ["basis", basis]:
                patient["diagnosis_basis"] = known(basis)
            case ["BCLC", stage]:
                patient["bclc_reported_code"] = known(stage)
            case ["Child-Pugh", code]:
                patient["child_pugh_reported_code"] = known(code)
            case ["unresectable", answer]:
                patient["is_unresectable"] = ANSWER[answer]
            case ["ECOG", ecog]:
                row = {"observation_code": "ecog", "observed_on": INDEX, "value_number": ecog}
                tables.setdefault("observation", []).append(row)
            case ["serious", answer]:
                row = {"condition_code": "serious_comorbidity", "is_present": ANSWER[answer]}
                tables.setdefault("medical_history", []).append(row)
            case ["cancer", site, in_situ, days]:
                cured_on = None if days == "-" else INDEX - timedelta(days=int(days))
                row = {
                    "condition_code": "other_cancer", "is_present": True, "cancer_site_code": known(site),
                    "is_in_situ": ANSWER[in_situ], "cured_on": cured_on,
                }  # fmt: skip
                tables.setdefault("medical_history", []).append(row)
            case [day, modality, region, contrast]:
                row = {
                    "imaged_on": INDEX + timedelta(days=int(day)), "modality_code": known(modality),
                    "region_code": known(region), "has_contrast": ANSWER[contrast],
                }  # fmt: skip
                tables.setdefault("imaging_visit", []).append(row)
            case [drug, day, *precision]:
                started_on = INDEX + timedelta(days=int(day))
                row = {
                    "drug_code": drug, "started_on": started_on.replace(day=1) if precision else started_on,
                    "started_on_precision": precision[0] if precision else "day",
                }  # fmt: skip
                tables["treatment_course"].append(row)
    return tables


def known(cell: str) -> str | None:
    return None if cell == "?" else cell
