"""What cannot be so is used nowhere: not as a baseline, in no score, no cohort, no correction and no evaluation."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import publish_by_hand

from etl.report.load.clinical import list_clinical
from etl.report.load.write import write_report
from warehouse.file.connect import open_warehouse, raw_connection

INDEX = date(2010, 3, 31)
Limits = tuple[float | None, float | None]
HEALTHY: dict[str, tuple[float, str, Limits]] = {
    "bilirubin_total": (1.0, "mg/dL", (0.2, 1.2)),
    "albumin": (4.0, "g/dL", (3.5, 5.2)),
    "inr": (1.0, "1", (0.8, 1.2)),
    "platelets": (150.0, "10*9/L", (130.0, 400.0)),
    "afp": (12.0, "ng/mL", (None, 7.0)),
}
NONE: Limits = (None, None)
PATIENTS: dict[str, dict[str, tuple[float, str, Limits]]] = {
    "seconds": {"inr": (10.5, "1", (8.3, 11.5))},
    "umol": {"bilirubin_total": (12.0, "mg/dL", (0.0, 17.0))},
    "grams": {"albumin": (38.0, "g/dL", NONE)},
    "both": {"bilirubin_total": (400.0, "mg/dL", NONE), "albumin": (38.0, "g/dL", NONE)},
    "negative": {"inr": (-1.0, "1", NONE)},
    "per litre": {"platelets": (93000.0, "10*9/L", NONE)},
    "large tumour": {"afp": (1200000.0, "ng/mL", (None, 7.0))},
    "bleeding": {"inr": (8.0, "1", (0.8, 1.2))},
    "jaundice": {"bilirubin_total": (12.0, "mg/dL", (0.2, 1.2))},
    "foreign limits": {"inr": (1.1, "1", (10.8, 15.0))},
    "exchanged limits": {"bilirubin_total": (1.1, "mg/dL", (1.2, 0.2))},
}


def lab(patient: str, analyte: str, value: float, unit: str, limits: Limits = NONE, *, day: int = 0) -> dict[str, Any]:
    """A laboratory result as a mapping writes it; the unit is the common one."""
    return {
        "patient_id": patient,
        "analyte_code": analyte,
        "taken_on": INDEX + timedelta(day),
        "reported_value": value,
        "reported_unit": unit,
        "value": value,
        "unit": unit,
        "lower_limit": limits[0],
        "upper_limit": limits[1],
    }


def rows() -> dict[str, list[dict[str, Any]]]:
    """Patients of five Child-Pugh points, but for the result that each is named after."""
    names = [*PATIENTS, "earlier", "corrected", "evaluated"]
    labs = [
        lab(name, analyte, *values) for name in names for analyte, values in (HEALTHY | PATIENTS.get(name, {})).items()
    ]
    labs += [lab("earlier", "inr", 10.5, "1", (8.3, 11.5), day=-1), lab("earlier", "inr", 1.9, "1", (0.8, 1.2), day=-3)]
    labs.remove(lab("earlier", "inr", *HEALTHY["inr"]))
    labs += [
        lab("corrected", "calcium_total", 7.1, "mg/dL", (8.5, 10.5), day=9),
        lab("corrected", "albumin", 38, "g/dL", day=9),
    ]
    labs += [lab("evaluated", "afp", -5, "ng/mL", day=60), lab("evaluated", "afp", 8, "ng/mL", day=64)]
    visits = [(-20, "SD"), (-10, "NE"), (0, "PR"), (60, "PR")]
    return {
        "patient": [{"patient_id": name} for name in names],
        "treatment_course": [{"patient_id": name, "drug_code": "sorafenib", "started_on": INDEX} for name in names],
        "lab_result": labs,
        "observation": [
            {"patient_id": name, "observation_code": what, "observed_on": INDEX, "value_code": "none"}
            for name in names
            for what in ("ascites", "encephalopathy")
        ],
        "imaging_visit": [
            {"patient_id": "evaluated", "imaged_on": INDEX + timedelta(day), "response_radiologist_code": response}
            for day, response in visits
        ],
    }


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(copy_new_warehouse(tmp_path_factory.mktemp("judged") / "warehouse.duckdb"))
    with raw_connection(engine) as connection:
        publish_by_hand(connection, rows())
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("patient", "points", "missing", "reason"),
    [
        ("seconds", None, "inr", f"inr: value_in_another_unit on {INDEX}: not used"),
        ("umol", None, "bilirubin", f"bilirubin: value_in_another_unit on {INDEX}: not used"),
        ("grams", None, "albumin", f"albumin: value_absurd on {INDEX}: not used"),
        (
            "both",
            None,
            "albumin, bilirubin",
            f"albumin: value_absurd on {INDEX}: not used; bilirubin: value_absurd on {INDEX}: not used",
        ),
        ("negative", None, "inr", f"inr: value_negative on {INDEX}: not used"),
        ("per litre", 5, None, None),
        ("bleeding", 7, None, None),
        ("jaundice", 7, None, None),
        ("foreign limits", 5, None, None),
        ("exchanged limits", 5, None, None),
        ("earlier", 6, None, None),
    ],
)
def test_child_pugh(
    con: duckdb.DuckDBPyConnection, patient: str, points: int | None, missing: str | None, reason: str | None
) -> None:
    query = "SELECT derived_points, missing_components, reason FROM clinical.child_pugh WHERE patient_id = ?"
    assert con.execute(query, [patient]).fetchall() == [(points, missing, reason)]


def test_albi_names_what_is_not_used(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT patient_id, reason FROM clinical.albi WHERE albi_score IS NULL ORDER BY patient_id"
    ).fetchall()
    assert found == [
        (
            "both",
            (
                f"bilirubin and albumin missing (albumin of {INDEX} not used, value_absurd; "
                f"bilirubin of {INDEX} not used, value_absurd)"
            ),
        ),
        ("grams", f"albumin missing (albumin of {INDEX} not used, value_absurd)"),
        ("umol", f"bilirubin missing (bilirubin of {INDEX} not used, value_in_another_unit)"),
    ]


def test_the_cohort_has_no_such_value(con: duckdb.DuckDBPyConnection) -> None:
    empty = {
        column: {
            name for (name,) in con.execute(f"SELECT patient_id FROM analysis.cohort WHERE {column} IS NULL").fetchall()
        }
        for column in ("inr", "bilirubin_mg_dl", "albumin_g_dl", "platelets_10_9_l", "afp_ng_ml")
    }
    assert empty == {
        "inr": {"seconds", "negative"},
        "bilirubin_mg_dl": {"umol", "both"},
        "albumin_g_dl": {"grams", "both"},
        "platelets_10_9_l": {"per litre"},
        "afp_ng_ml": set(),
    }


def test_the_last_value_that_can_be_so_is_the_baseline(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("SELECT inr, inr_on FROM clinical.child_pugh WHERE patient_id = 'earlier'").fetchall()
    assert found == [(Decimal("1.9"), INDEX - timedelta(3))]


def test_the_grades_go_by_the_same_judgement(con: duckdb.DuckDBPyConnection) -> None:
    graded = con.execute(
        "SELECT patient_id, analyte_code, reason FROM clinical.lab_grade WHERE reason LIKE 'value_%' ORDER BY ALL"
    ).fetchall()
    judged = con.execute(
        "SELECT patient_id, analyte_code, value_fault FROM clinical_step.doubtful_result INNER JOIN reference.lab_term "
        "USING (analyte_code) WHERE value_fault IS NOT NULL ORDER BY ALL"
    ).fetchall()
    assert graded == judged
    assert len(graded) == 9


def test_albumin_that_cannot_be_so_corrects_no_calcium(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("SELECT DISTINCT grade, reason FROM clinical.lab_grade WHERE analyte_code = 'calcium_total'")
    assert found.fetchall() == [(None, "albumin_missing")]


def test_alpha_fetoprotein_that_cannot_be_so_is_none_at_the_evaluation(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("SELECT taken_on, value FROM clinical.afp_at_evaluation").fetchall()
    assert found == [(INDEX + timedelta(64), 8)]


def test_a_response_up_to_the_first_dose_is_asked_about(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT question, reported, derived, noted_on, source_record FROM clinical.visit_question ORDER BY ALL"
    )
    assert found.fetchall() == [
        ("response_before_treatment", "PR", str(INDEX), INDEX, 3),
        ("response_before_treatment", "SD", str(INDEX), INDEX - timedelta(20), 1),
    ]


def test_they_are_listed_for_the_hospital_with_their_place(con: duckdb.DuckDBPyConnection) -> None:
    listed = list_clinical(con, "snuh", question="limits_of_another_unit")
    assert [(each["topic"], each["reported"], each["derived"]) for each in listed] == [
        (
            "laboratory",
            "3 of 15 results of International normalised ratio have an upper limit of 11.5 to 15; not used: 2 values, 10.5",
            "Prothrombin time, s?",
        ),
        (
            "laboratory",
            "1 of 14 results of Bilirubin, total in mg/dL have an upper limit of 17; not used: 1 values, 12",
            "umol/L?",
        ),
    ]
    assert all(each["place"].startswith("all.csv") for each in listed)


def test_the_report_has_them_under_a_heading_of_their_own(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (load_id,) = con.execute("SELECT load_id FROM audit.load").fetchall()[0]
    text = write_report(con, "snuh", load_id=load_id, reports_dir=tmp_path).read_text(encoding="utf-8")
    assert "<h3>Laboratory results</h3>" in text
    assert "3 of 15 results of International normalised ratio have an upper limit of 11.5 to 15" in text
