"""Scores that do not follow from a hospital's own data are asked about; a thrombus among the lesions contradicts Vp0."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection

INDEX = date(2010, 3, 31)


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def healthy(**patient: Any) -> dict[str, list[dict[str, Any]]]:
    """A patient of five Child-Pugh points and ECOG 0."""
    labs = {"bilirubin_total": 1, "albumin": 4, "inr": 1}
    codes = {"ascites": "none", "encephalopathy": "none"}
    name = {"patient_id": "a"}
    return {
        "patient": [name | patient],
        "treatment_course": [name | {"drug_code": "sorafenib", "started_on": INDEX}],
        "lab_result": [
            name | {"analyte_code": analyte, "taken_on": INDEX, "value": value} for analyte, value in labs.items()
        ],
        "observation": [
            *(
                name | {"observation_code": what, "observed_on": INDEX, "value_code": code}
                for what, code in codes.items()
            ),
            name | {"observation_code": "ecog", "observed_on": INDEX, "value_number": 0},
        ],
    }


def test_a_reported_score_that_differs_is_asked_about_with_its_address(con: duckdb.DuckDBPyConnection) -> None:
    reported = {"child_pugh_reported_code": "B", "child_pugh_reported_points": 6, "child_pugh_assessed_on": INDEX}
    publish_by_hand(con, healthy(**reported))
    rows = con.execute("SELECT * FROM clinical.score_question ORDER BY question").fetchall()
    address = (INDEX, "all.csv", None, 1, 1)
    assert rows == [
        ("snuh", "a", "child_pugh_class_differs", "B", "A", *address),
        ("snuh", "a", "child_pugh_class_not_of_points", "B", "A", *address),
        ("snuh", "a", "child_pugh_points_differ", "6", "5", *address),
    ]


def test_what_is_not_reported_is_no_question(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, healthy())
    assert con.execute("SELECT count(*) FROM clinical.score_question").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("reported", "enhancement", "expected"),
    [
        ("vp0", None, ("vp0", False, False)),
        ("vp0", "arterial", (None, True, True)),
        ("vp0", "none", ("vp0", False, False)),
        ("vp3", "arterial", ("vp3", True, True)),
        (None, "arterial", (None, True, True)),
        (None, None, (None, None, None)),
    ],
)
def test_a_thrombus_among_the_lesions(
    con: duckdb.DuckDBPyConnection, reported: str | None, enhancement: str | None, expected: tuple[object, ...]
) -> None:
    name = {"patient_id": "a"}
    tumour = name | {"portal_vein_invasion_code": reported, "has_hepatic_vein_invasion": False}
    rows = healthy() | {"tumour_baseline": [tumour]}
    if enhancement:
        thrombus = {"imaged_on": INDEX, "lesion_label": "V1", "organ_code": "portal_vein"}
        rows |= {"lesion": [name | thrombus | {"enhancement_code": enhancement}]}
    publish_by_hand(con, rows)
    found = con.execute("SELECT vp_code, is_portal_vein_invaded, is_macrovascular FROM clinical.portal_vein_invasion")
    assert found.fetchall() == [expected]


def test_prothrombin_time_in_seconds_alone_says_what_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    rows = healthy()
    inr = rows["lab_result"][2]
    inr["analyte_code"], inr["value"] = "prothrombin_time", 14
    publish_by_hand(con, rows)
    found = con.execute("SELECT derived_points, missing_components, reason FROM clinical.child_pugh").fetchall()
    assert found == [(None, "inr", "inr: prothrombin time in seconds without its control")]
