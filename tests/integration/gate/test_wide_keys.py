"""Two records of one patient that differ in what matters are two rows; the same record twice is still a duplicate."""

from pathlib import Path

from support.small_site import MAPPING, SITE, settings_in, write_delivery

from etl.pipeline import ingest
from warehouse.file.connect import open_warehouse, raw_connection

TABLES = """\
  medical_history:
    from: cancers
    columns:
      patient_id: 번호
      condition_code: {constant: other_cancer}
      is_present: {constant: true}
      cancer_site_code: {column: 부위, recode: {위: stomach, 대장: colorectum}}
      started_on: {column: 진단일, date: ["%Y-%m-%d"]}
  adverse_event:
    from: events
    columns:
      patient_id: 번호
      verbatim_text: 내용
      reported_grade: {column: 등급, number: {}}
      onset_on: {column: 시작, date: ["%Y-%m-%d"]}
      ended_on: {column: 종료, date: ["%Y-%m-%d"]}
      is_serious: {column: 중대, boolean: {true: [Y], false: [N]}}
"""
CANCERS = """\
번호,부위,진단일
H0001,위,2001-01-01
H0001,대장,2001-01-01
H0001,대장,2003-01-01
H0001,대장,2003-01-01
H0002,,2001-01-01
H0002,,2005-01-01
"""
EVENTS = """\
번호,내용,등급,시작,종료,중대
H0001,오심,,2010-04-01,,Y
H0001,오심,,2010-04-01,,N
H0001,오심,1,2010-04-01,,N
H0001,오심,2,2010-04-01,,N
H0001,오심,2,2010-04-01,2010-04-03,N
H0001,오심,2,2010-04-01,2010-04-03,N
"""


def test_rows_that_differ_stay_and_a_record_that_is_sent_twice_does_not(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = write_delivery(settings, "2026-01")
    (folder / "cancers.csv").write_text(CANCERS, encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    sources = '  cancers: {file: "cancers.csv"}\n  events: {file: "events.csv"}\ntables:\n'
    mapping = MAPPING.replace("tables:\n", sources + TABLES)
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(mapping, encoding="utf-8")

    ingest(SITE, settings=settings, accept=True)

    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        kept = [
            con.execute(f"SELECT list(source_record ORDER BY source_record) FROM core.{table}").fetchall()
            for table in ("medical_history", "adverse_event")
        ]
        told = con.execute(
            "SELECT table_name, source_record FROM quality.finding WHERE rule = 'duplicate_key' ORDER BY ALL"
        ).fetchall()
    engine.dispose()
    assert kept == [[([1, 2, 3, 5, 6],)], [([1, 2, 3, 4, 5],)]]
    assert told == [("adverse_event", 6), ("medical_history", 4)]
