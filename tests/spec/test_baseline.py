"""Baseline: the last value in [-28, 0] days, [-60, 0] for AFP; and what analysis.cohort makes of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection

INDEX = date(2010, 3, 31)

LABS = """
analyte         | days before, value | baseline
bilirubin_total | 28: 1.2            | 1.2
bilirubin_total | 29: 1.2            |
bilirubin_total | 0: 1.2             | 1.2
bilirubin_total | -1: 1.2            |
bilirubin_total | 20: 1.0, 3: 2.0    | 2.0
bilirubin_total | 3: 2.0, 20: 1.0    | 2.0
bilirubin_total | 3: 2.0, 3: 2.5     | 2.5
bilirubin_total | 3: -, 20: 1.0      | 1.0
bilirubin_total | 3: -               |
afp             | 60: 400            | 400
afp             | 61: 400            |
afp             | 29: 400, 59: 300   | 400
albumin         | 28: 3.5            | 3.5
albumin         | 60: 3.5            |
"""
COLUMNS = {"bilirubin_total": "bilirubin_mg_dl", "afp": "afp_ng_ml", "albumin": "albumin_g_dl"}


def _cases() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in LABS.strip().splitlines()[1:]]


def _course(patient_id: str) -> dict[str, object]:
    return {"patient_id": patient_id, "drug_code": "sorafenib", "started_on": INDEX}


@pytest.fixture
def cohort_of(warehouse_path: Path):  # type: ignore[no-untyped-def]
    """Publish rows and read columns of analysis.cohort by patient."""
    engine = open_warehouse(warehouse_path)

    def publish_and_read(tables: dict[str, list[dict[str, object]]], columns: str) -> dict[str, tuple[object, ...]]:
        with raw_connection(engine) as con:
            publish_by_hand(con, tables)
            rows = con.execute(f"SELECT patient_id, {columns} FROM analysis.cohort").fetchall()
        return {row[0]: row[1:] for row in rows}

    yield publish_and_read
    engine.dispose()


def test_the_baseline_of_laboratory_values(cohort_of) -> None:  # type: ignore[no-untyped-def]
    tables: dict[str, list[dict[str, object]]] = {"patient": [], "treatment_course": [], "lab_result": []}
    for number, (analyte, values, _) in enumerate(_cases()):
        patient_id = f"case {number}"
        tables["patient"].append({"patient_id": patient_id})
        tables["treatment_course"].append(_course(patient_id))
        for pair in values.split(","):
            days, value = pair.split(":")
            tables["lab_result"].append(
                {
                    "patient_id": patient_id,
                    "analyte_code": analyte,
                    "taken_on": INDEX - timedelta(days=int(days)),
                    "value": None if value.strip() == "-" else value.strip(),
                }
            )
    found = cohort_of(tables, ", ".join(COLUMNS.values()))
    for number, (analyte, values, baseline) in enumerate(_cases()):
        value = found[f"case {number}"][list(COLUMNS).index(analyte)]
        assert (None if value is None else float(str(value))) == (float(baseline) if baseline else None), (
            analyte,
            values,
        )


def test_the_baseline_of_findings(cohort_of) -> None:  # type: ignore[no-untyped-def]
    def observe(days: int, code: str, **value: object) -> dict[str, object]:
        return {"patient_id": "a", "observed_on": INDEX - timedelta(days=days), "observation_code": code, **value}

    found = cohort_of(
        {
            "patient": [{"patient_id": "a"}],
            "treatment_course": [_course("a")],
            "observation": [
                observe(28, "ecog", value_number=1),
                observe(40, "ecog", value_number=0),
                observe(-3, "ecog", value_number=2),
                observe(5, "ascites", value_code="slight"),
                observe(29, "encephalopathy", value_code="none"),
                observe(0, "weight", value_number=61.5, unit="kg"),
            ],
        },
        "ecog, ascites_code, encephalopathy_code, CAST(weight_kg AS DOUBLE)",
    )
    assert found == {"a": (1, "slight", None, 61.5)}


@pytest.mark.parametrize(
    ("birth_date", "precision", "reported", "age"),
    [
        ("1950-03-31", "day", 70, 60),
        ("1950-04-01", "day", 70, 59),
        ("1950-04-01", None, None, 59),
        ("1950-03-01", "month", 70, 60),
        ("1950-01-01", "year", 59, 59),
        ("1950-01-01", "year", None, None),
        (None, None, 61, 61),
        (None, None, None, None),
    ],
)
def test_age(cohort_of, birth_date: str | None, precision: str | None, reported: int | None, age: int | None) -> None:  # type: ignore[no-untyped-def]
    patient = {
        "patient_id": "a",
        "birth_date": birth_date,
        "birth_date_precision": precision,
        "age_reported_years": reported,
    }
    assert cohort_of({"patient": [patient], "treatment_course": [_course("a")]}, "age_years") == {"a": (age,)}


@pytest.mark.parametrize(
    ("lung", "others", "expected"),
    [(True, False, True), (True, None, True), (False, False, False), (False, None, None), (None, None, None)],
)
def test_extrahepatic_metastasis(cohort_of, lung: bool | None, others: bool | None, expected: bool | None) -> None:  # type: ignore[no-untyped-def]
    organs = ("lymph_node", "bone", "brain", "adrenal", "peritoneum", "other")
    tumour = {"patient_id": "a", "has_lung_metastasis": lung} | {f"has_{organ}_metastasis": others for organ in organs}
    assert cohort_of(
        {"patient": [{"patient_id": "a"}], "tumour_baseline": [tumour]}, "has_extrahepatic_metastasis"
    ) == {"a": (expected,)}


def test_the_first_of_several_courses_is_the_index_date(cohort_of) -> None:  # type: ignore[no-untyped-def]
    def course(
        patient_id: str, started_on: str, precision: str | None = "day", drug: str = "sorafenib"
    ) -> dict[str, object]:
        return {
            "patient_id": patient_id,
            "drug_code": drug,
            "started_on": started_on,
            "started_on_precision": precision,
        }

    found = cohort_of(
        {
            "patient": [{"patient_id": name} for name in ("two", "vague first", "vague second", "other drug", "none")],
            "treatment_course": [
                course("two", "2010-05-01"),
                course("two", "2010-02-03"),
                course("vague first", "2010-01-01", "month"),
                course("vague first", "2010-05-01"),
                course("vague second", "2010-01-05"),
                course("vague second", "2010-05-01", "month"),
                course("other drug", "2009-01-05", drug="doxorubicin"),
            ],
        },
        "CAST(index_date AS VARCHAR)",
    )
    assert found == {
        "two": ("2010-02-03",),
        "vague first": (None,),
        "vague second": ("2010-01-05",),
        "other drug": (None,),
        "none": (None,),
    }
