"""The report: what it answers, what it never lets through, and how it is written."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.quality_warehouse import HOSTILE, build_warehouse, plant_findings, stage_load

from etl.report.load.lists import list_findings, list_quarantined
from etl.report.load.write import write_report
from warehouse.errors import EnvironmentRefusal, NotFoundError
from warehouse.file.connect import open_warehouse, raw_connection

SITE = "snuh"


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("staged") / "warehouse.duckdb"
    engine = build_warehouse(path)
    with raw_connection(engine) as con:
        con.execute(
            "insert into quality.expectation_result values (1, 'patient', 'sex', 'expect_column_values_to_be_in_set', "
            "'conformance', 'fatal', 100, 60, 0, 0, true, 'Sex comes from the code list.')"
        )
    engine.dispose()
    return path


@pytest.fixture
def con(staged: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = tmp_path / "warehouse.duckdb"
    copy.write_bytes(staged.read_bytes())
    engine = open_warehouse(copy)
    with raw_connection(engine) as con:
        yield con
    engine.dispose()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return tmp_path / "reports"


def _read(page: Path) -> tuple[str, dict[str, Any]]:
    return page.read_text(encoding="utf-8"), json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_delivery_without_questions_is_clean(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert data["verdict"] == "Clean"
    assert data["verdict_sentence"] == "All 5,085 rows were loaded. 1 expectation holds."
    assert "<strong>Clean</strong>" in page
    assert (
        "None. Nothing in this delivery needs the hospital&#39;s answer." in page
        or "needs the hospital's answer" in page
    )


def test_a_load_that_nobody_has_judged_is_not_called_clean(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    con.execute("delete from quality.expectation_result")
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert data["verdict"] == "Not assessed"
    assert "<strong>Not assessed</strong>" in page


def test_an_expectation_that_fails_is_told(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    con.execute(
        "update quality.expectation_result set is_success = false, severity = 'warning', "
        "unexpected_count = 6, unexpected_percent = 10"
    )
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert data["verdict_sentence"].endswith("rows were loaded. 1 expectation does not hold.")
    assert '<span class="tag warning">does not hold</span>' in page
    assert "6 of 60" in page
    assert "90 %" in page


def test_what_had_nothing_to_judge_is_counted_apart(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    con.execute(
        "insert into quality.expectation_result by name select * replace ('aetiology' as column_name, 0 as element_count, "
        "null as is_success) from quality.expectation_result"
    )
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert sorted(each["judgement"] for each in data["expectations"]["results"]) == ["holds", "nothing to judge"]
    assert data["verdict_sentence"].endswith(" rows were loaded. 1 expectation holds; 1 had nothing to judge.")
    assert '<dd>1 <small>of 1</small> <small class="apart">1 had nothing to judge</small></dd>' in page
    assert "Those that hold <span>1</span>" in page
    assert "Those that had nothing to judge <span>1</span>" in page


def test_questions_are_counted_in_one_sentence(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    plant_findings(con, 1)
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert data["verdict"] == "With rows quarantined"
    assert data["verdict_sentence"].endswith(
        "1 row was quarantined and 3 cells were set aside. 1 expectation holds. 4 questions go to the hospital."
    )
    assert (
        "환자기본_202611.csv record 9 (line 10), column &#39;생년월일&#39;: &#39;2013-13-04&#39; is not a date of the form"
        in page
    )
    assert "&#39;X&#39; is not listed (남, 여); 1 more is like it. 2 cells are set aside." in page
    assert "unknown parent" in page


def test_a_refused_delivery_says_why_beside_the_published_report(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    published = write_report(con, SITE, load_id=1, reports_dir=reports)
    before = published.read_bytes()
    why = "187 of 187 patients would be refused (성별 'M', 'F' not listed)" + "; and so on" * 30
    con.execute(
        "insert into audit.load (load_id, site_id, delivery, state, refusal) values (2, 'snuh', '2026-12', 'refused', ?)",
        [f"{why}. Extend the map, or --accept."],
    )
    page = write_report(con, SITE, load_id=2, reports_dir=reports)
    text, data = _read(page)
    assert page.name == "snuh.refused.html"
    assert data["verdict_sentence"].endswith("or --accept. Nothing was published.")
    assert html.escape("성별 'M', 'F' not listed", quote=False) in text.replace("&#39;", "'")
    assert "Extend the map, or --accept. Nothing was published.</bdi>" in text, "the end says what to do: it is not cut"
    assert published.read_bytes() == before


def test_hostile_text_stays_text(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    plant_findings(con, 1)
    con.execute("update audit.source_file set file = ?, source = ?", [HOSTILE + ".csv", HOSTILE])
    con.execute("update audit.source_column set name = ?", [HOSTILE])
    con.execute("update audit.site set hospital = ?", [HOSTILE])
    con.execute("update audit.load set delivery = ?", [HOSTILE])
    con.execute("update quality.finding set source_column = ?, found = ?, expected = ?", [HOSTILE] * 3)
    con.execute("update audit.ledger_rule set rule = ?", [HOSTILE])
    page, data = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert "남자" in page
    assert data["findings"][0]["found"] == HOSTILE


def test_the_page_needs_nothing_from_outside(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    page, _ = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert re.findall(r"(?:src|href)=\"(?!#|data:,)[^\"]*\"", page) == []
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_what_is_synthetic_is_marked_and_what_is_not_is_not(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    page, _ = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert 'class="synthetic"' in page
    con.execute("update audit.load set is_synthetic = false")
    page, _ = _read(write_report(con, SITE, load_id=1, reports_dir=reports))
    assert "ynthetic data" not in page


def test_a_hundred_thousand_findings_make_a_small_page_and_are_all_in_the_json(
    con: duckdb.DuckDBPyConnection, reports: Path
) -> None:
    con.execute(
        """insert into quality.finding
        select 1, 'lab_result', 'value', 108, i, i + 1, 1, '결과' || i % 200, 'not_a_number', 'conformance', 'error',
            'cell', '양성 ' || i, 'a number' from range(1, 100001) t(i)"""
    )
    page = write_report(con, SITE, load_id=1, reports_dir=reports)
    text, data = _read(page)
    assert page.stat().st_size < 1_500_000
    assert "80 more causes are in the JSON next to this page" in text
    assert "488 more: <code>hcc findings snuh --rule not_a_number</code>" in text
    assert len(data["findings"]) == 100_000


def test_the_ledger_shows_what_does_not_balance(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    assert "off by" not in _read(write_report(con, SITE, load_id=1, reports_dir=reports))[0]
    con.execute("update audit.ledger set contributing = contributing - 2 where table_name = 'lesion'")
    assert "✗ off by 2" in _read(write_report(con, SITE, load_id=1, reports_dir=reports))[0]


def test_change_is_told_against_the_load_before(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    con.execute("update audit.load set state = 'published'")
    stage_load(con, 2, patients=62)
    con.execute("update core.patient set patient_id = 'p-new' where load_id = 2 and source_record = 1")
    page, data = _read(write_report(con, SITE, load_id=2, reports_dir=reports))
    assert (data["change"]["new_patients"], data["change"]["absent_patients"]) == (3, 1)
    assert "3 new patients, 1 no longer there" in page
    assert ["patient", 60, 62] in data["change"]["rows"]


def test_an_unknown_load_and_a_folder_that_cannot_be_made_are_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError, match=r"snuh has no load 9 in this warehouse\. See 'hcc status'\."):
        write_report(con, SITE, load_id=9, reports_dir=tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="the report cannot be written"):
        write_report(con, SITE, load_id=1, reports_dir=tmp_path / "file")


def test_nothing_half_written_is_left(con: duckdb.DuckDBPyConnection, reports: Path) -> None:
    write_report(con, SITE, load_id=1, reports_dir=reports)
    assert sorted(path.name for path in reports.iterdir()) == ["snuh.html", "snuh.json"]


def test_findings_are_listed_gravest_first_with_their_sentence(con: duckdb.DuckDBPyConnection) -> None:
    plant_findings(con, 1)
    rows = list_findings(con, SITE)
    assert [row["severity"] for row in rows] == ["error"] * 4 + ["warning", "note"]
    assert (rows[0]["file"], rows[0]["record"], rows[0]["source_column"]) == ("환자기본_202611.csv", 9, "생년월일")
    assert rows[0]["sentence"].startswith(
        "환자기본_202611.csv record 9 (line 10), column '생년월일': '2013-13-04' is not"
    )
    assert [row["rule"] for row in list_findings(con, SITE, rule="unit_missing")] == ["unit_missing"]
    assert len(list_findings(con, SITE, limit=2)) == 2
    with pytest.raises(NotFoundError, match="There is no rule 'unlisted'"):
        list_findings(con, SITE, rule="unlisted")
    with pytest.raises(NotFoundError, match="amc has no load yet"):
        list_findings(con, "amc")


def test_refused_rows_are_listed_with_their_cells_and_reasons(con: duckdb.DuckDBPyConnection) -> None:
    plant_findings(con, 1)
    (without,) = list_quarantined(con, SITE, load_id=1)
    (row,) = list_quarantined(con, SITE, load_id=1, with_cells=True)
    assert {"raw": row["raw"], **without} == row
    assert (row["table"], row["record"], row["line"], row["rules"]) == ("lab_result", 77, 78, ["unknown_parent"])
    assert json.loads(row["raw"])["검사코드"] == "ALT"
