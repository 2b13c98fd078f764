"""Clinical questions: where reported and derived differ, each with the row to look at, on the page and in the JSON."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.warehouse_rows import publish_by_hand, stage_by_hand

from etl.report.all_hospitals.write import write_index
from etl.report.load.clinical import list_clinical
from etl.report.load.clinical_words import all_words
from etl.report.load.write import write_report
from warehouse.errors import NotFoundError
from warehouse.file.connect import open_warehouse, raw_connection

INDEX = date(2010, 1, 1)


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        yield con
    engine.dispose()


def patient(name: str, *, physician: str, radiologist: str, sizes: tuple[int, int] = (100, 70)) -> dict[str, Any]:
    """One patient with a baseline and one scan on day 60."""
    scans = [{"imaged_on": INDEX}]
    scans += [
        {
            "imaged_on": INDEX + timedelta(60),
            "response_physician_code": physician,
            "response_radiologist_code": radiologist,
        }
    ]
    lesions = [
        {
            "imaged_on": INDEX + timedelta(day),
            "lesion_label": "L1",
            "organ_code": "liver",
            "role_code": "target",
            "viable_diameter_mm": size,
            "enhancement_code": "arterial",
        }
        for day, size in zip((0, 60), sizes, strict=True)
    ]
    tables: dict[str, list[dict[str, Any]]] = {
        "patient": [{}],
        "treatment_course": [{"drug_code": "sorafenib", "started_on": INDEX}],
        "imaging_visit": scans,
        "lesion": lesions,
    }
    return {table: [{"patient_id": name, **row} for row in rows] for table, rows in tables.items()}


def together(*patients: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {table: [row for each in patients for row in each[table]] for table in patients[0]}


def test_a_visit_that_two_read_differently_is_asked_with_its_address(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(
        con,
        together(
            patient("agrees", physician="PR", radiologist="PR"),
            patient("differs", physician="SD", radiologist="PR"),
        ),
    )
    asked = [
        (row["topic"], row["question"], row["patient_id"], row["noted_on"], row["reported"], row["derived"])
        for row in list_clinical(con, "snuh")
    ]
    day = INDEX + timedelta(60)
    assert asked == [
        ("response", "physician_against_lesions", "differs", day, "SD", "PR"),
        ("response", "physician_against_radiologist", "differs", day, "SD", "PR"),
    ]
    assert {(row["file"], row["record"]) for row in list_clinical(con, "snuh")} == {("all.csv", 4)}


def test_targets_that_the_rule_would_not_choose_are_asked_about(con: duckdb.DuckDBPyConnection) -> None:
    """Three in the liver, seven in all, and one of them too small; of a choice within the rule nothing is asked."""

    def chosen(name: str, *lesions: tuple[str, str, float]) -> dict[str, list[dict[str, Any]]]:
        rows = [
            {
                "patient_id": name,
                "imaged_on": INDEX,
                "lesion_label": label,
                "organ_code": organ,
                "role_code": "target",
                "viable_diameter_mm" if organ == "liver" else "whole_diameter_mm": size,
            }
            for label, organ, size in lesions
        ]
        return patient(name, physician="SD", radiologist="SD", sizes=(100, 100)) | {"lesion": rows}

    lung = [(f"T{number}", organ, 30.0) for number, organ in enumerate(("lung", "lung", "adrenal", "adrenal"), start=4)]
    publish_by_hand(
        con,
        together(
            chosen("many", ("T1", "liver", 50), ("T2", "liver", 40), ("T3", "liver", 9.94), *lung),
            chosen("right", ("T1", "liver", 50), ("T2", "liver", 10), *lung[:2]),
        ),
    )
    asked = con.execute(
        "SELECT patient_id, question, reported, derived, noted_on, source_record FROM clinical.target_question ORDER BY ALL"
    ).fetchall()
    first = con.execute("SELECT min(source_record) FROM current.lesion WHERE patient_id = 'many'").fetchall()[0][0]
    assert asked == [
        ("many", "target_not_measurable", "T3, 9.9 mm", "non_target", INDEX, first + 2),
        ("many", "too_many_targets", "7", "5", INDEX, first),
        ("many", "too_many_targets_in_organ", "3 in liver", "2", INDEX, first),
    ]
    told = {row["question"] for row in list_clinical(con, "snuh")}
    assert {"target_not_measurable", "too_many_targets", "too_many_targets_in_organ"} <= told


def test_where_no_lesion_was_described_the_lesions_say_nothing(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, patient("a", physician="PR", radiologist="PR") | {"lesion": []})
    assert con.execute("SELECT count(*) FROM clinical.response_disagreement WHERE scope = 'visit'").fetchall() == [(2,)]
    assert list_clinical(con, "snuh") == []


def test_the_page_and_the_json_show_them(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    people = [patient(f"p{number:02}", physician="PD", radiologist="PR") for number in range(20)]
    load_id = publish_by_hand(con, together(*people))
    page = write_report(con, "snuh", load_id=load_id, reports_dir=tmp_path)
    text = page.read_text(encoding="utf-8")
    told = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert "The physician&#39;s response is not the one that the lesions give." in text
    assert "First 12 rows, 20 patients in all" in text
    assert "8 more: <code>hcc questions snuh --question physician_against_lesions</code>" in text
    assert [(each["question"], each["count"], len(each["examples"])) for each in told["clinical"]["questions"]] == [
        ("physician_against_lesions", 20, 12),
        ("physician_against_radiologist", 20, 12),
    ]
    assert len(told["clinical_questions"]) == 40
    index = write_index(con, reports_dir=tmp_path).read_text(encoding="utf-8")
    assert '<td class="num edge">40</td>' in index


def test_a_hospital_without_any_is_told_so(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_id = publish_by_hand(con, patient("agrees", physician="PR", radiologist="PR"))
    text = write_report(con, "snuh", load_id=load_id, reports_dir=tmp_path).read_text(encoding="utf-8")
    assert "None. What this hospital reports and what the rules derive agree." in text


def test_they_are_asked_of_the_current_load_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    publish_by_hand(con, patient("differs", physician="PD", radiologist="PR"))
    later = stage_by_hand(con, patient("later", physician="PR", radiologist="PR"), delivery="2026-12")
    page = write_report(con, "snuh", load_id=later, reports_dir=tmp_path)
    assert 'id="clinical"' not in page.read_text(encoding="utf-8")
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["clinical_questions"] == []


def test_one_kind_alone_is_listed_and_an_unknown_one_is_told(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, patient("differs", physician="SD", radiologist="PR"))
    assert len(list_clinical(con, "snuh", question="physician_against_lesions")) == 1
    with pytest.raises(
        NotFoundError, match=r"There is no question 'physician'\. Did you mean 'physician_against_\w+'\? Questions: "
    ):
        list_clinical(con, "snuh", question="physician")


def test_before_the_first_publication_there_are_none(con: duckdb.DuckDBPyConnection) -> None:
    assert list_clinical(con, "snuh") == []


@pytest.mark.parametrize("question", all_words())
def test_every_question_says_what_to_do(question: str) -> None:
    words = all_words()[question]
    assert words.says[0].islower()
    assert not words.says.endswith(".")
    assert words.advice.endswith(".")
