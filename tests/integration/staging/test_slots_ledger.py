"""The whole way of wide records and of cells that list: a slot is refused at its own address, and both balances hold."""

from pathlib import Path
from typing import Any

import pytest
from support.small_site import MAPPING, SITE, people_rows, settings_in, write_delivery

import etl.pipeline
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.quality.plausibility import find_implausible
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection

SLOTS = """\
  imaging_visit:
    from: scans
    keep_if: {when: "동의 = 'Y'", name: consented}
    unpivot:
      name: 차수
      groups: "1..3"
      columns: {영상일: "{group}차 / 영상일", 판정: "{group}차 / 판정"}
    unless_empty: [영상일, 판정]
    deduplicate: {by: [patient_id, imaged_on], keep: first}
    columns:
      patient_id: 번호
      imaged_on: {column: 영상일, date: ["%Y-%m-%d"]}
      visit_text: 차수
      response_physician_code: {column: 판정, recode: {PR: PR, PD: PD}}
  adverse_event:
    from: scans
    explode: {columns: [이상반응, 등급], separator: ";"}
    unless_empty: [이상반응]
    columns:
      patient_id: 번호
      verbatim_text: 이상반응
      reported_grade: {column: 등급, number: {}}
ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}
"""
SCANS = """\
번호,동의,1차 / 영상일,1차 / 판정,2차 / 영상일,2차 / 판정,3차 / 영상일,3차 / 판정,이상반응,등급
H0001,Y,2010-04-01,PR,2010-06-31,PD,,,오심;발진,1;2
H0002,Y,2010-04-01,PR,2010-04-01,PR,2010-08-01,??,통증,9
H0003,N,2010-04-01,PR,,,,,,
H0004,Y,,,,,,PD,오심;;발진,1;2
H0005,Y,1900-01-02,PR,2199-01-01,PR,2010-04-01,PR,오심;오심,
"""


@pytest.fixture
def settings(warehouse_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site whose scans are wide records, ingested with the expectations left out: they are about something else."""
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir(exist_ok=True)
    warehouse_path.rename(settings.warehouse_path)
    folder = write_delivery(settings, "2016-04", people=people_rows(5))
    (folder / "scans.csv").write_text(SCANS, encoding="utf-8")
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(
        MAPPING.replace("\ntables:\n", '\n  scans: {file: "scans.csv"}\ntables:\n') + SLOTS, encoding="utf-8"
    )
    return settings


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def test_a_bad_visit_costs_that_visit_and_both_balances_hold(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    rows = ask(settings, "SELECT source_record, source_ordinal, visit_text FROM current.imaging_visit ORDER BY ALL")
    assert rows == [(1, 1, "1"), (2, 1, "1"), (2, 3, "3"), (5, 1, "1"), (5, 3, "3")]
    refused = ask(
        settings,
        "SELECT table_name, source_record, source_ordinal, rules FROM quality.quarantined_row "
        "WHERE table_name IN ('imaging_visit', 'adverse_event') ORDER BY ALL",
    )
    assert refused == [
        ("adverse_event", 5, 2, ["duplicate_key"]),
        ("imaging_visit", 1, 2, ["not_a_date"]),
        ("imaging_visit", 4, 3, ["missing_required"]),
        ("imaging_visit", 5, 2, ["not_a_date"]),
    ]
    counts = (
        "source_records, contributing, excluded, unused, unreadable, produced, staged, quarantined, merged, empty_slots"
    )
    ledger = ask(
        settings,
        f"SELECT table_name, {counts} FROM audit.ledger WHERE table_name IN ('imaging_visit', 'adverse_event') "
        "ORDER BY ALL",
    )
    assert ledger == [
        ("adverse_event", 5, 5, 0, 0, 0, 9, 6, 1, 0, 2),
        ("imaging_visit", 5, 4, 1, 0, 0, 12, 5, 3, 1, 3),
    ]


def test_what_is_wrong_with_a_slot_names_the_column_of_its_group(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    told = ask(
        settings,
        "SELECT table_name, source_record, source_ordinal, rule, source_column, cost FROM quality.finding "
        "WHERE table_name IN ('imaging_visit', 'adverse_event') AND source_record IS NOT NULL ORDER BY ALL",
    )
    assert told == [
        ("adverse_event", 2, 1, "out_of_range", "등급", "cell"),
        ("adverse_event", 4, 1, "uneven_parts", "이상반응, 등급", "none"),
        ("adverse_event", 5, 2, "duplicate_key", None, "row"),
        ("imaging_visit", 1, 2, "not_a_date", "2차 / 영상일", "row"),
        ("imaging_visit", 2, 3, "unlisted_code", "3차 / 판정", "cell"),
        ("imaging_visit", 4, 3, "missing_required", "3차 / 영상일", "row"),
        ("imaging_visit", 5, 2, "not_a_date", "2차 / 영상일", "row"),
    ]
    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        find_implausible(con, 1)
    engine.dispose()
    implausible = ask(
        settings,
        "SELECT source_record, source_ordinal, source_column FROM quality.finding WHERE rule = 'before_birth'",
    )
    assert implausible == [(5, 1, "1차 / 영상일")]


def test_what_is_wrong_with_a_merged_row_costs_no_row(settings: Settings) -> None:
    mapping = settings.mappings_dir / SITE / "mapping.yaml"
    text = mapping.read_text(encoding="utf-8").replace("by: [patient_id, imaged_on]", "by: [patient_id]")
    mapping.write_text(text, encoding="utf-8")
    ingest(SITE, settings=settings)
    rows = ask(settings, "SELECT source_record, source_ordinal FROM current.imaging_visit ORDER BY ALL")
    assert rows == [(1, 1), (2, 1), (5, 1)]
    told = ask(
        settings,
        "SELECT source_record, source_ordinal, rule, cost FROM quality.finding "
        "WHERE table_name = 'imaging_visit' AND source_record IS NOT NULL ORDER BY ALL",
    )
    assert told == [
        (1, 2, "not_a_date", "cell"),
        (2, 3, "unlisted_code", "cell"),
        (4, 3, "missing_required", "row"),
        (5, 2, "not_a_date", "cell"),
    ]
    (ledger,) = ask(
        settings,
        "SELECT produced, staged, quarantined, merged, empty_slots FROM audit.ledger WHERE table_name = 'imaging_visit'",
    )
    assert ledger == (12, 3, 1, 5, 3)
