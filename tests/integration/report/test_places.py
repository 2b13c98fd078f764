"""One bad cell is one finding, and every finding and question says where to go: line, row, or cell as Excel shows it."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from support.small_site import MAPPING, SITE, settings_in, write_delivery
from typer.testing import CliRunner
from xlsxwriter.utility import xl_rowcol_to_cell

from etl.cli import app
from etl.pipeline import ingest
from etl.report.load.causes import collect_causes
from etl.report.load.clinical import list_clinical
from etl.report.load.clinical_words import all_words
from etl.report.load.lists import list_findings
from etl.report.load.question_places import rests_on
from etl.report.read_verdicts import read_counts
from etl.settings import Settings

VISITS = """\
  visits: {file: "visits.xlsx", sheet: 방문}
tables:
  lab_result:
    from: visits
    unpivot: {name: test, groups: [AST, ALT, AFP], columns: {result: "{group}"}}
    unless_empty: [result]
    columns:
      patient_id: 번호
      taken_on: {column: 방문일, date: ["%Y-%m-%d"]}
      analyte_code: {column: test, recode: {AST: ast, ALT: alt, AFP: afp}}
      reported_value_text: result
      reported_value: {column: result, number: {}}
      reported_unit: {constant: U/L}
  imaging_visit:
    from: visits
    columns:
      patient_id: 번호
      imaged_on: {column: 방문일, date: ["%Y-%m-%d"]}
      visit_text: 차수
      response_physician_code: {column: 주치의, recode: {PR: PR, SD: SD, PD: PD}}
  lesion:
    from: visits
    columns:
      patient_id: 번호
      imaged_on: {column: 방문일, date: ["%Y-%m-%d"]}
      lesion_label: {constant: L1}
      organ_code: {constant: liver}
      role_code: {constant: target}
      enhancement_code: {constant: arterial}
      viable_diameter_mm: {coalesce: ["크기, mm", 재측정], number: {}}
"""
HEADER = ["번호", "방문일", "주치의", "크기, mm", "AST", "ALT", "AFP", "재측정", "차수"]
TOP, LEFT = 3, 2
"""The table begins in row 4 and column C, below a title and right of an empty margin."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any]]:
    """A hospital whose visits come in a workbook with a margin and a blank row; what was written, by Excel's address."""
    settings = settings_in(tmp_path_factory.mktemp("places"))
    folder = write_delivery(settings, "2026-11", people=_people(), labs=[])
    (folder / "labs.csv").unlink()
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("최종일\n", "최종일,비고\n", 1), encoding="utf-8")
    mapping = MAPPING.replace('  labs: {file: "labs*.csv", many: true}\ntables:\n', VISITS).partition(
        "  lab_result:\n    from: labs"
    )[0]
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(
        mapping.replace(
            "birth_date: {column: 생년월일",
            "aetiology: {column: 비고, recode: {B: hbv}}\n      birth_date: {column: 생년월일",
        ),
        encoding="utf-8",
    )
    written = _write_visits(folder / "visits.xlsx")
    ingest(SITE, settings=settings, accept=True)
    return settings, written


def _people() -> list[str]:
    """Three patients; the note of the first goes over two lines, so that the others are a line further down."""
    row = "{},성명,남,{},2010-03-01,생존,,2014-06-30,{}"
    return [
        row.format("P1", "1950-01-01", '"B\n"'), row.format("P2", "1950-13-01", "B"), row.format("P3", "1950-01-03", "?"),
    ]  # fmt: skip


def _write_visits(path: Path) -> dict[str, Any]:
    rows: list[list[Any] | None] = [
        HEADER,
        ["P1", "2010-02-20", None, 100, 31, 33, 7],
        ["P1", "2010-05-01", "PD", 60, 30, "용혈", 8],
        None,
        ["P2", "2010-13-01", "SD", 50, 41, 42, 43],
        ["P3", "2010-03-03", "SD", 50, 41, 42, 43],
        ["P3", "2010-03-03", "SD", "오십", 41, 42, 43],
    ]
    written: dict[str, Any] = {}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("방문")
        for number, row in enumerate(rows):
            for column, value in enumerate(row or []):
                if value is not None:
                    sheet.write(TOP + number, LEFT + column, value)
                    written[xl_rowcol_to_cell(TOP + number, LEFT + column)] = value
            if row and row is not HEADER:  # 1-2 was typed: the first course, the second visit
                typed = (TOP + number, LEFT + HEADER.index("차수"), dt.datetime.fromisoformat("2026-01-02"))
                sheet.write_datetime(*typed, book.add_format({"num_format": "m-d"}))
    return written


def _open(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(settings.warehouse_path), read_only=True)


def test_one_bad_cell_is_one_finding_whatever_it_touches(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    with _open(settings) as con:
        (date,) = [each for each in list_findings(con, SITE, rule="not_a_date") if each["file"] == "visits.xlsx"]
        ((raw,),) = con.execute(
            "SELECT count(*) FROM quality.finding WHERE rule = 'not_a_date' AND source_column = '방문일'"
        ).fetchall()
    assert raw == 5
    assert (date["cell"], date["record"], date["line"]) == ("D8", 3, 8)
    assert [(each["table"], each["column"], each["rows"]) for each in date["touches"]] == [
        ("imaging_visit", "imaged_on", 1),
        ("lab_result", "taken_on", 3),
        ("lesion", "imaged_on", 1),
    ]
    assert date["rows_quarantined"] == 5
    assert date["sentence"].startswith(
        "visits.xlsx, sheet '방문', record 3, cell D8, column '방문일': '2010-13-01' is not a date of the form"
    )
    assert date["sentence"].endswith("5 rows are quarantined in imaging_visit, lab_result, lesion.")


def test_every_cell_named_holds_what_was_found(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, written = place
    with _open(settings) as con:
        found = [each for each in list_findings(con, SITE) if each["cell"]]
    assert {"D8", "H6"} <= {each["cell"] for each in found}
    quoted = [each for each in found if each["rule"] in {"not_a_date", "not_a_number"}]
    assert quoted
    for each in quoted:
        assert each["found"] in {str(written.get(cell)) for cell in each["cell"].split(", ")}


def test_a_text_names_the_physical_line(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    folder = settings.raw_dir / SITE / "2026-11"
    lines = (folder / "people.csv").read_text(encoding="utf-8").split("\n")
    with _open(settings) as con:
        found = [
            each
            for each in list_findings(con, SITE)
            if each["file"] == "people.csv" and each["found"] in {"?", "1950-13-01"}
        ]
    assert sorted((each["record"], each["line"]) for each in found) == [(2, 4), (3, 5)]
    for each in found:
        assert each["cell"] is None
        assert each["found"] in next(csv.reader([lines[each["line"] - 1]]))
        assert f"record {each['record']} (line {each['line']})" in each["sentence"]


def test_findings_are_counted_alike_everywhere(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    written = json.loads((settings.reports_dir / f"{SITE}.json").read_text(encoding="utf-8"))
    with _open(settings) as con:
        load_id = con.execute("SELECT max(load_id) FROM audit.load").fetchall()[0][0]
        findings, causes, counts = list_findings(con, SITE), collect_causes(con, load_id), read_counts(con, [load_id])
    assert sum(cause.count for cause in causes) == len(findings) == len(written["findings"])
    assert sum(written["questions"]["finding_counts"].values()) == len(findings)
    assert counts[load_id].questions == sum(cause.severity != "note" for cause in causes)
    assert counts[load_id].cells_set_aside == sum(each["cells_set_aside"] > 0 for each in findings)
    assert len({cause.sentence for cause in causes}) == len(causes)


def test_a_clinical_question_names_every_cell_that_it_rests_on(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, written = place
    with _open(settings) as con:
        of_kind = [each for each in list_clinical(con, SITE) if each["question"] == "physician_against_lesions"]
    (asked,) = [each for each in of_kind if each["noted_on"] == dt.date(2010, 5, 1)]
    assert asked["reported"] == "PD"
    assert asked["place"] == "visits.xlsx, sheet '방문', record 2, cells E6, F6, J6"
    assert [written.get(cell) for cell in asked["places"][0]["cells"]] == ["PD", 60, None]


def test_a_header_with_the_separator_has_its_cell(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    with _open(settings) as con:
        (word,) = [each for each in list_findings(con, SITE, rule="not_a_number") if each["found"] == "오십"]
    assert (word["source_column"], word["cell"]) == ("크기, mm, 재측정", "F10, J10")


def test_a_column_of_codes_that_became_dates_is_reported_once(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    with _open(settings) as con:
        found = list_findings(con, SITE, rule="typed_date")
    assert [(each["source_column"], each["cell"], each["found"]) for each in found] == [
        ("차수", "K5", "5 typed date(s) and no other number or code")
    ]


def test_a_duplicate_names_the_row_of_the_first(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    with _open(settings) as con:
        found = list_findings(con, SITE, rule="duplicate_key")
    assert {(each["line"], each["found"]) for each in found} == {(10, "record 4 (row 9)")}


def without_a_place(con: duckdb.DuckDBPyConnection, site: str) -> list[str]:
    """Name the clinical questions of a site that have no place, though its current load has its record runs."""
    has_runs = con.execute(
        "SELECT count(*) FROM audit.record_run INNER JOIN audit.source_file USING (source_id) "
        "INNER JOIN audit.site ON current_load_id = load_id WHERE audit.site.site_id = ?",
        [site],
    ).fetchall() != [(0,)]
    return sorted({each["question"] for each in list_clinical(con, site) if has_runs and not each["places"]})


def test_no_clinical_question_is_without_a_place(place: tuple[Settings, dict[str, Any]]) -> None:
    settings, _ = place
    with _open(settings) as con:
        assert list_clinical(con, SITE)
        assert without_a_place(con, SITE) == []


def test_a_clinical_question_without_a_place_is_found(
    place: tuple[Settings, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = place
    rests = {kind: each for kind, each in rests_on().items() if kind != "physician_against_lesions"}
    monkeypatch.setattr("etl.report.load.question_places.rests_on", lambda: rests)
    with _open(settings) as con:
        assert without_a_place(con, SITE) == ["physician_against_lesions"]


def test_every_kind_of_question_says_what_it_rests_on() -> None:
    assert set(all_words()) == set(rests_on())


def test_what_goes_to_the_hospital_says_what_the_hospital_can_do(
    place: tuple[Settings, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = place
    for name in ("data_dir", "reports_dir", "mappings_dir"):
        monkeypatch.setenv(f"HCC_{name.upper()}", str(getattr(settings, name)))
    out = tmp_path / "questions.csv"
    done = CliRunner().invoke(app, ["findings", SITE, "--for", "hospital", "-o", str(out)])
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert {"cell", "line", "sentence", "for_hospital"} <= rows[0].keys()
    assert "for_data_manager" not in rows[0]
    assert all(row["for_hospital"] for row in rows)
    assert "mapping.yaml" not in out.read_text(encoding="utf-8")
