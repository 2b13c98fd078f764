"""Every case of the tables of scores, compared with the views of a warehouse."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from spec.cases_in_warehouse import Rows, differences
from spec.score_tables import ALBI, BCLC, CLASSES, COMPONENTS, PERFORMANCE

from warehouse.reference.load import REFERENCE

INDEX = date(2010, 3, 31)
ANALYTES = {"bilirubin": "bilirubin_total", "albumin": "albumin", "inr": "inr"}
SCORED = {
    "bilirubin": ("1", "2", "4"), "albumin": ("4", "3", "2"), "inr": ("1", "2", "3"),
    "ascites": ("none", "slight", "moderate"), "encephalopathy": ("none", "grade_1_2", "grade_3_4"),
}  # fmt: skip
UNITS = {"bilirubin": "mg/dL", "albumin": "g/dL", "inr": "1"}
with (REFERENCE / "unit_conversion.csv").open(encoding="utf-8", newline="") as lines:
    FACTORS = {
        (row["analyte_code"], row["from_unit"]): (Decimal(row["factor"]), row["to_unit"])
        for row in csv.DictReader(lines)
    }


def test_components_of_child_pugh(warehouse_path: Path) -> None:
    def given(case: dict[str, str]) -> Rows:
        return one_patient([finding(case["component"], case["value"], case["unit"])])

    query = "SELECT patient_id, component, points FROM clinical.child_pugh_component"
    assert not differences(warehouse_path, COMPONENTS, given, query, ["points"], part="component")


def test_classes_of_child_pugh(warehouse_path: Path) -> None:
    def given(case: dict[str, str]) -> Rows:
        points = zip(SCORED, case["points"].split(), strict=True)
        findings = [finding(name, SCORED[name][int(point) - 1], UNITS.get(name, "")) for name, point in points
                    if point != "?"]  # fmt: skip
        reported = case["reported"]
        column = "child_pugh_reported_points" if reported.isdigit() else "child_pugh_reported_code"
        return one_patient(findings, **{column: reported or None})

    found = differences(
        warehouse_path,
        CLASSES,
        given,
        "SELECT patient_id, NULL, derived_points, derived_code, child_pugh_code FROM clinical.child_pugh",
        ["total", "derived", "decides"],
    )
    assert not found


def test_albi(warehouse_path: Path) -> None:
    def given(case: dict[str, str]) -> Rows:
        return one_patient([finding(name, *case[name].split()) for name in ("bilirubin", "albumin") if case[name]])

    found = differences(
        warehouse_path,
        ALBI,
        given,
        "SELECT patient_id, NULL, FORMAT('{:.3f}', albi_score), albi_grade, malbi_grade, reason FROM clinical.albi",
        ["score", "grade", "mALBI", "why not"],
    )
    assert not found


def test_performance_status(warehouse_path: Path) -> None:
    def given(case: dict[str, str]) -> Rows:
        named = (("ecog", case["ECOG reported"]), ("karnofsky", case["Karnofsky"]))
        return one_patient([finding(name, value) for name, value in named])

    found = differences(
        warehouse_path,
        PERFORMANCE,
        given,
        "SELECT patient_id, NULL, ecog, ecog_from FROM clinical.performance_status",
        ["ECOG", "from"],
    )
    assert not found


def test_bclc(warehouse_path: Path) -> None:
    def given(case: dict[str, str]) -> Rows:
        known = {name: None if cell == "?" else cell for name, cell in case.items()}
        flag = {"yes": True, "no": False, None: None}
        count = known["nodules"]
        qualifier = None if count is None else {"+": "at_least", "y": "multiple"}.get(count[-1], "exact")
        tumour = {
            "portal_vein_invasion_code": known["Vp"] and f"vp{known['Vp']}",
            "has_hepatic_vein_invasion": flag[known["hepatic vein"]],
            "nodule_count": None if count in (None, "many") else count.rstrip("+"),
            "nodule_count_qualifier": qualifier,
            "largest_diameter_mm": known["largest mm"],
        } | {
            f"has_{organ}_metastasis": flag[known["spread"]]
            for organ in ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")
        }
        findings = [finding("ecog", known["ECOG"] or "")]
        return dict(one_patient(findings, child_pugh_reported_code=known["Child-Pugh"])) | {"tumour_baseline": [tumour]}

    found = differences(
        warehouse_path,
        BCLC,
        given,
        "SELECT patient_id, NULL, derived_code, possible_stages FROM clinical.bclc",
        ["stage", "possible"],
    )
    assert not found


def one_patient(findings: list[tuple[str, dict[str, Any]]], **patient: Any) -> Rows:
    tables: dict[str, list[dict[str, Any]]] = {
        "patient": [patient],
        "treatment_course": [{"drug_code": "sorafenib", "started_on": INDEX}],
    }
    for table, row in findings:
        if row:
            tables.setdefault(table, []).append(row)
    return tables


def finding(name: str, value: str, unit: str = "") -> tuple[str, dict[str, Any]]:
    """Write a value of the tables as a row, converted as an ingest converts it; nothing where there is none."""
    if not value:
        return "observation", {}
    if name not in ANALYTES:
        column = "value_number" if name in ("ecog", "karnofsky") else "value_code"
        return "observation", {"observed_on": INDEX, "observation_code": name, column: value}
    number = value.lstrip("<>=")
    factor, common = FACTORS[ANALYTES[name], unit]
    return "lab_result", {
        "analyte_code": ANALYTES[name],
        "taken_on": INDEX,
        "value_qualifier": value.removesuffix(number) or None,
        "reported_value": number,
        "reported_unit": unit,
        "value": round(Decimal(number) * factor, 6),
        "unit": common,
    }
