"""What the program says to somebody who maps an unknown export: where a sentence names the next step, and which one."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from etl.cli import app

HEAD = """\
site: north
hospital: North
version: 1
"""
PATIENT = """\
identity: {번호: pseudonymise, 성명: drop}
sources:
  people: {file: "people.csv", OPTIONS}
  labs: {file: "labs.csv"}
tables:
  patient: {from: people, columns: {patient_id: 번호}}
"""
PEOPLE = "번호,성명,성별\nP1,김하나,여\nP2,이두리,남\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    delivery = tmp_path / "data" / "raw" / "north" / "2026-12"
    delivery.mkdir(parents=True)
    (delivery / "SYNTHETIC.txt").write_text("synthetic\n", encoding="utf-8")
    (delivery / "labs.csv").write_text("번호,검사일,AST\nP1,2010-01-05,30\n", encoding="utf-8")
    return delivery


def check(mapping: str) -> str:
    path = Path("site_mappings/north/mapping.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + mapping, encoding="utf-8")
    result = CliRunner().invoke(app, ["check-mapping", "north"])
    return f"{result.output}{result.exception or ''}"


@pytest.mark.parametrize(
    ("options", "above", "rows"),
    [
        ("encoding: utf-8", ["환자 명단,,"], 1),
        ("encoding: utf-8", ["환자 명단,,", ",,", "2026-12,,"], 3),
        ("skip_rows: 2", ["환자 명단,,"], 1),
        ("skip_rows: 1", [], 0),
    ],
)
def test_a_header_at_another_row_is_named_by_its_row(folder: Path, options: str, above: list[str], rows: int) -> None:
    (folder / "people.csv").write_text("".join(f"{line}\n" for line in above) + PEOPLE, encoding="utf-8")
    assert f"it has with 'skip_rows: {rows}'" in check(PATIENT.replace("OPTIONS", options))


def test_a_column_that_is_nowhere_is_no_matter_of_rows(folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE.replace("번호", "등록"), encoding="utf-8")
    said = check(PATIENT.replace("OPTIONS", "encoding: utf-8"))
    assert "does the header stand further down ('skip_rows'), or was the column renamed?" in said
    assert "김하나" not in said


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("번호", "the header with 'rename' of mapping.yaml names column '번호' 2 times, as columns 1 and 3"),
        ("_record", "'_record' is reserved. Give it another by 'rename' in mapping.yaml"),
    ],
)
def test_a_new_name_that_cannot_be_is_looked_for_in_the_mapping(folder: Path, new: str, sentence: str) -> None:
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    assert sentence in check(PATIENT.replace("OPTIONS", f"rename: {{성별: {new}}}"))


def test_a_source_without_a_table_lists_its_columns_but_those_that_name_a_person(folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    lines = [line.split() for line in check(PATIENT.replace("OPTIONS", "encoding: utf-8")).splitlines()]
    assert [line for line in lines if "labs" in line] == [
        ["unused_source", "labs"],
        ["unused_column", "labs", "검사일"],
        ["unused_column", "labs", "AST"],
    ]


@pytest.mark.parametrize(("identity", "is_told"), [("", True), ("identity: {번호: pseudonymise}\n", False)])
def test_a_patient_whom_no_column_names_may_be_a_record(folder: Path, identity: str, is_told: bool) -> None:
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    tables = "tables: {patient: {from: people, columns: {sex: {column: 성별, recode: {여: female}}}}}\n"
    said = check(f'{identity}sources: {{people: {{file: "people.csv"}}}}\n{tables}')
    assert "'patient.patient_id' is required and nothing fills it." in said
    assert ("see 'record_number' of a source" in said) == is_told
