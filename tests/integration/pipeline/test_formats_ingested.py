"""The whole way from typed files: what the file says of its codes is on record, and sheets that nobody reads are told."""

from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import xlsxwriter
from support.small_site import settings_in

from etl.pipeline import ingest

MAPPING = """\
site: hill
hospital: Hill Hospital
version: 1
missing: ["NA"]
identity: {pid: pseudonymise, 번호: pseudonymise}
sources:
  people: {file: "people.sav"}
  courses: {file: "visits.xlsx", sheet: "투약"}
  contacts: {file: "visits.xlsx", sheet: "추적*", skip_rows: 1, header_rows: 2}
tables:
  patient:
    from: people
    columns:
      patient_id: pid
      sex: {column: sex, recode: {"1": male, "2": female, "9": null}}
      birth_date: {column: born, date: ["%Y-%m-%d"]}
      age_reported_years: {column: age, number: {}, missing: ["999"]}
  treatment_course:
    from: courses
    columns:
      patient_id: 번호
      drug_code: {constant: sorafenib}
      role_code: {constant: study}
      started_on: {column: 시작일, date: ["%Y-%m-%d"]}
  follow_up:
    from: contacts
    columns:
      patient_id: 번호
      vital_status_code: {column: 상태 / 최종, recode: {TRUE: alive, "1": dead}}
      last_contact_on: {column: 상태 / 날짜, date: ["%Y-%m-%d"]}
"""


def _deliver(folder: Path) -> None:
    count = 12
    people = pd.DataFrame(
        {
            "pid": [f"P{n}" for n in range(count)],
            "sex": [1.0, 2.0, 9.0, *[1.0] * (count - 3)],
            "born": pd.to_datetime(["1950-01-02"] * count).date,
            "age": [60.0, 999.0, -8.0, *[61.0] * (count - 3)],
        }
    )
    pyreadstat.write_sav(
        people,
        folder / "people.sav",
        variable_value_labels={"sex": {1: "남", 2: "여", 9: "모름"}},
        missing_ranges={"sex": [9], "age": [999, {"lo": -9, "hi": -7}]},
    )
    with xlsxwriter.Workbook(folder / "visits.xlsx") as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("투약")
        sheet.write_row(0, 0, ["번호", "시작일"])
        for row in range(1, count + 1):
            sheet.write(row, 0, f"P{row - 1}")
            sheet.write_datetime(row, 1, pd.Timestamp("2010-03-05").to_pydatetime(), day)
        sheet = workbook.add_worksheet("추적 2026")
        sheet.write(0, 0, "추적 관찰")
        sheet.merge_range(1, 0, 2, 0, "번호")
        sheet.merge_range(1, 1, 1, 2, "상태")
        sheet.write_row(2, 1, ["최종", "날짜"])
        for row in range(3, count + 3):
            sheet.write_row(row, 0, [f"P{row - 3}", True, "2014-06-30"])
        workbook.add_worksheet("메모").write(0, 0, "x")


def test_workbooks_and_spss_files_go_the_whole_way(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = settings.raw_dir / "hill" / "2026-11"
    folder.mkdir(parents=True)
    (settings.mappings_dir / "hill").mkdir(parents=True)
    (settings.mappings_dir / "hill" / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "SYNTHETIC.txt").write_text("synthetic\n", encoding="utf-8")
    _deliver(folder)
    outcome = ingest("hill", accept=True, settings=settings)
    assert outcome.load_id == 1
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        addresses = con.execute(
            "SELECT source_file, source_sheet, source_record, vital_status_code, last_contact_on::VARCHAR "
            "FROM current.follow_up ORDER BY source_record LIMIT 1"
        ).fetchall()
        courses = con.execute("SELECT count(*), min(started_on)::VARCHAR FROM current.treatment_course").fetchall()
        labels = con.execute('SELECT "column", code, label, is_missing FROM audit.source_label').fetchall()
        told = con.execute(
            "SELECT rule, table_name, column_name, source_column, found FROM quality.finding "
            "WHERE rule IN ('undeclared_missing', 'unused_sheet') ORDER BY ALL"
        ).fetchall()
        unread = con.execute(
            "SELECT source_line, source_record FROM quality.finding WHERE rule = 'not_a_number' OR rule = 'out_of_range'"
        ).fetchall()
    assert addresses == [("visits.xlsx", "추적 2026", 1, "alive", "2014-06-30")]
    assert courses == [(12, "2010-03-05")]
    assert labels == [
        ("sex", "1", "남", False),
        ("sex", "2", "여", False),
        ("sex", "9", "모름", True),
        ("age", "999", None, True),
        ("age", "-9..-7", None, True),
    ]
    assert told == [
        ("undeclared_missing", "patient", "age_reported_years", "age", "-8"),
        ("unused_sheet", "", None, None, "메모 (visits.xlsx)"),
    ]
    assert unread == [(3, 3)]
    assert ingest("hill", accept=True, settings=settings).is_noop
