"""Files of one source that drift apart, and a look-up across files, from the delivery to the findings."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from support.small_site import MAPPING, SITE, lab_rows, settings_in, write_delivery
from typer.testing import CliRunner

from etl.cli import app
from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.errors import DeliveryError
from warehouse.file.connect import open_warehouse, raw_connection

LABS = """\
    from: labs
    lookup:
      - {from: people, match: {번호: 번호}, take: {환자성별: 성별}}
      - {from: codes/limits.csv, match: {code: 검사, sex: 환자성별}, take: {정상상한: high}}
"""
COLUMNS = """\
      taken_on: {coalesce: [날짜, 검사일], date: ["%Y-%m-%d"]}
      upper_limit: {coalesce: [상한, 정상상한], number: {}}
      is_fasting: {column: 공복, boolean: {true: [Y]}}
"""
LIMITS = "code,sex,high\nAFP,남,10\nAFP,여,11\nBIL,남,1.2\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    rows = lab_rows(40)
    folder = write_delivery(settings, "2026-01", labs=[f"{row},Y,9" for row in rows[:40]])
    first = folder / "labs.csv"
    first.write_text(first.read_text(encoding="utf-8").replace("단위", "단위,공복,상한", 1), encoding="utf-8")
    (folder / "labs_2.csv").write_text("\n".join(["번호,검사일,검사,결과,단위", *rows[40:]]) + "\n", encoding="utf-8")
    site = settings.mappings_dir / SITE
    (site / "codes").mkdir()
    (site / "codes" / "limits.csv").write_text(LIMITS, encoding="utf-8")
    mapping = MAPPING.replace("    from: labs\n", LABS).replace(
        '      taken_on: {column: 날짜, date: ["%Y-%m-%d"]}\n', COLUMNS
    )
    (site / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return settings


def test_a_column_that_one_file_lacks_is_empty_there_and_told_once(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    told = _ask(
        settings,
        "SELECT file, rule, source_column, severity, cost, count(*) FROM quality.finding JOIN audit.source_file USING (source_id)"
        " WHERE rule IN ('absent_column', 'lookup_missed') GROUP BY ALL ORDER BY ALL",
    )
    assert told == [
        ("labs.csv", "lookup_missed", "검사, 성별 (people)", "warning", "none", 10),  # no limit of BIL for women
        ("labs_2.csv", "absent_column", "공복", "warning", "none", 1),
        ("labs_2.csv", "lookup_missed", "검사, 성별 (people)", "warning", "none", 10),
    ]  # 날짜 and 상한 are bridged by what they are coalesced with
    counts = "SELECT count(*), count(taken_on), count(is_fasting), count(upper_limit) FROM core.lab_result"
    assert _ask(settings, counts) == [(80, 80, 40, 70)]
    assert _ask(settings, "SELECT upper_limit FROM core.lab_result ORDER BY upper_limit")[0] == (Decimal("1.2"),)


def test_check_mapping_tells_it_before_anything_is_ingested(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data_dir", "reports_dir", "mappings_dir"):
        monkeypatch.setenv(f"HCC_{name.upper()}", str(getattr(settings, name)))
    found = CliRunner().invoke(app, ["check-mapping", SITE, "--json"])
    assert found.exit_code == 0, found.output
    notes = json.loads(found.output)["notes"]
    assert [(n["file"], n["source_column"]) for n in notes if n["rule"] == "absent_column"] == [("labs_2.csv", "공복")]
    assert [n for n in notes if n["rule"] in {"unused_column", "unused_source"}] == []
    explained = CliRunner().invoke(app, ["explain", SITE, "lab_result"])
    assert 'FROM delivery.lookup."limits" AS "there"' in explained.output


def test_a_column_that_every_file_lacks_refuses_the_delivery(settings: Settings) -> None:
    first = settings.raw_dir / SITE / "2026-01" / "labs.csv"
    first.write_text(first.read_text(encoding="utf-8").replace("공복", "금식", 1), encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"mapping\.yaml:\d+: the source 'labs' .* has no column '공복'"):
        ingest(SITE, settings=settings)


def _ask(settings: Settings, query: str) -> list[tuple]:
    engine = open_warehouse(settings.warehouse_path)
    try:
        with raw_connection(engine) as con:
            return con.execute(query).fetchall()
    finally:
        engine.dispose()
