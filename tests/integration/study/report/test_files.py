"""The files next to the study's page: tables in Word and Excel, and the numbers as analysis results data."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import python_calamine
from docx.enum.section import WD_ORIENT
from support.small_study import SMALL_STUDY, draw_onsets, draw_patients
from support.study_warehouse import StudyWarehouse, study_warehouse

from etl.study.report.document import Cell, Column, Document, Number, Row, Section, Table
from etl.study.report.outline import read_outline
from etl.study.report.results_json import results_text
from etl.study.report.word import word_bytes
from etl.study.report.workbook import workbook_bytes


def number(raw: float | None, shown: str | None, text: str | None = None) -> Number:
    return Number(f"s|t|{raw}", raw, shown, text, None, "count")


def document(*tables: Table, is_synthetic: bool = True) -> Document:
    section = Section("tables", "Tables", "", tables)
    return Document("s", "A study", "A paper", is_synthetic, is_current=True, key_numbers=(), sections=(section,))


NARROW = Table(
    "table_1",
    "Table 1",
    "Who they are",
    (Column("Characteristic", is_number=False), Column("First", size=number(257.0, "257")), Column("P")),
    (
        Row((Cell(("Age, years",)), Cell((number(58.661234, "58.66"), " ± ", number(10.1, "10.10"))), Cell())),
        Row((Cell(("=1+1",), indent=1), Cell((number(212.0, "212"),)), Cell((number(0.0312, "0.031"),), marks=("a",)))),
        Row((Cell(("@SUM(A1)",)), Cell((number(None, None, "infinite"),)), Cell(("–",)))),
    ),
    footnotes=(("", "Of those who are known."), ("a", "Fisher's exact test.")),
)
WIDE = Table(
    "wide",
    "",
    "Many columns",
    (
        Column("Factor", is_number=False),
        *(Column(f"c{place}", over="Both" if place < 3 else "") for place in range(1, 8)),
    ),
    (Row(tuple(Cell((f"v{place}",)) for place in range(8))),),
)


def test_word_holds_every_cell_with_its_footnotes_and_the_mark_of_synthetic_data() -> None:
    word = docx.Document(io.BytesIO(word_bytes(document(NARROW, WIDE))))
    first, second = word.tables
    assert [cell.text for cell in first.rows[0].cells] == ["Characteristic", "First\n(N = 257)", "P"]
    assert [cell.text for cell in first.rows[1].cells] == ["Age, years", "58.66 ± 10.10", ""]
    assert [cell.text for cell in first.rows[2].cells] == ["=1+1", "212", "0.031a"]
    assert first.rows[2].cells[2].paragraphs[0].runs[-1].font.superscript is True
    assert [cell.text for cell in second.rows[0].cells][1:3] == ["Both", "Both"]
    text = [paragraph.text for paragraph in word.paragraphs]
    assert "Table 1. Who they are" in text
    assert "a Fisher's exact test." in text
    assert [section.orientation for section in word.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert all("Synthetic data" in section.header.paragraphs[0].text for section in word.sections)


def test_real_data_are_not_marked_as_synthetic() -> None:
    content = word_bytes(document(NARROW, is_synthetic=False))
    assert "Synthetic" not in docx.Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text
    sheet = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(workbook_bytes(document(NARROW, is_synthetic=False)))
    ).get_sheet_by_index(0)
    assert "Synthetic" not in str(sheet.to_python())


def test_a_workbook_holds_numbers_unrounded_and_never_a_formula() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(document(NARROW, WIDE))))
    assert book.sheet_names == ["Table 1", "wide"]
    rows = book.get_sheet_by_name("Table 1").to_python()
    lines = {str(row[0]).strip(): row for row in rows}
    assert lines["Table 1. Who they are"]
    assert lines["Age, years"][1] == "58.66 ± 10.10"
    assert lines["=1+1"][1:] == [212.0, 0.0312]
    assert lines["@SUM(A1)"][1:] == ["infinite", "–"]
    assert lines["a Fisher's exact test."]


def test_two_tables_of_one_number_have_sheets_of_their_own() -> None:
    twice = Table("b", "Table 1", "Again: [*]?", NARROW.columns, NARROW.rows)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(document(NARROW, twice))))
    assert book.sheet_names == ["Table 1", "Table 1 2"]


@pytest.mark.parametrize("write", [word_bytes, workbook_bytes])
def test_the_same_report_gives_the_same_bytes(write) -> None:  # type: ignore[no-untyped-def]
    assert write(document(NARROW, WIDE)) == write(document(NARROW, WIDE))


@pytest.mark.parametrize("write", [word_bytes, workbook_bytes])
def test_a_study_without_tables_gives_a_file(write) -> None:  # type: ignore[no-untyped-def]
    assert write(document())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyWarehouse]:
    folder = tmp_path_factory.mktemp("small")
    with study_warehouse(folder, draw_patients(60), study=SMALL_STUDY, onsets=draw_onsets(draw_patients(60))) as made:
        made.compute()
        yield made


def test_each_number_is_one_result_with_what_it_refers_to(warehouse: StudyWarehouse, tmp_path: Path) -> None:
    outline = read_outline(warehouse.con, warehouse.definition.name)
    assert outline is not None
    event = json.loads(results_text(warehouse.con, outline))["reportingEvent"]
    found = {result["id"]: result for analysis in event["analyses"] for result in analysis["results"]}
    stored = warehouse.rows("SELECT result_id, raw_value, coalesce(formatted_value, text) FROM analysis.result")
    assert {key: (result["rawValue"], result["formattedValue"]) for key, result in found.items()} == {
        key: (raw, shown) for key, raw, shown in stored
    }
    sets = {each["id"] for each in event["analysisSets"]}
    subsets = {each["id"] for each in event["dataSubsets"]}
    groups = {group["id"] for grouping in event["analysisGroupings"] for group in grouping["groups"]}
    operations = {operation["id"] for method in event["methods"] for operation in method["operations"]}
    for analysis in event["analyses"]:
        assert analysis["analysisSetId"] in sets
        for result in analysis["results"]:
            assert result["operationId"] in operations
            assert result.get("dataSubsetId") is None or result["dataSubsetId"] in subsets
            assert all(group["groupId"] in groups for group in result.get("resultGroups", []))
    assert subsets
    assert groups
