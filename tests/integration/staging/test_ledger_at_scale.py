"""The ledger balances where refused, merged and excluded rows each fill more than one row group of the engine."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from support.small_site import MAPPING, SITE, people_rows, settings_in, write_delivery

import etl.pipeline
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.settings import Settings
from warehouse.errors import RefusedError
from warehouse.file.connect import open_warehouse, raw_connection

PEOPLE, DAYS = 260, 500
EACH = PEOPLE * DAYS
"""130,000, more than the 122,880 rows of a row group."""

COUNTS = "source_records, contributing, excluded, unreadable, produced, staged, quarantined, merged, empty_slots"
BALANCED = (4 * EACH, 3 * EACH, EACH, 0, 3 * EACH, EACH, EACH, EACH, 0)

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Each result comes twice, once more with an unknown analyte and once cancelled; expectations are left out."""
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    settings = settings_in(tmp_path)
    days = [(date(2010, 1, 1) + timedelta(days=day)).isoformat() for day in range(DAYS)]
    results = [f"H{person:04d},{day}" for person in range(1, PEOPLE + 1) for day in days]
    labs = [
        f"{result},{rest}"
        for rest in ("AFP,7.5,ng/mL", "AFP,8.5,ng/mL", "모름,7.5,ng/mL", "AFP,취소,ng/mL")
        for result in results
    ]
    write_delivery(settings, "2016-04", people=people_rows(PEOPLE), labs=labs)
    return settings


def write_mapping(settings: Settings, *, ceilings: str = "") -> None:
    merging = "    deduplicate: {by: [patient_id, taken_on, analyte_code], keep: first}\n"
    text = MAPPING.replace("  lab_result:\n    from: labs\n", f"  lab_result:\n    from: labs\n{merging}") + ceilings
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(text, encoding="utf-8")


def ask(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def ledger(settings: Settings) -> list[tuple[object, ...]]:
    return ask(settings, f"SELECT {COUNTS} FROM audit.ledger WHERE table_name = 'lab_result'")


def test_a_delivery_within_its_ceilings_is_published_and_every_row_is_explained(settings: Settings) -> None:
    write_mapping(settings, ceilings="ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}\n")
    ingest(SITE, settings=settings)
    assert ledger(settings) == [BALANCED]
    assert ask(settings, "SELECT count(*), count(DISTINCT (patient_id, taken_on)) FROM current.lab_result") == [
        (EACH, EACH)
    ]
    assert ask(settings, "SELECT rules, count(*) FROM quality.quarantined_row GROUP BY ALL") == [
        (["unlisted_code"], EACH)
    ]
    rules = ask(
        settings, "SELECT kind, rule, records FROM audit.ledger_rule WHERE table_name = 'lab_result' ORDER BY 1"
    )
    assert rules == [
        ("excluded", "cancelled", EACH),
        ("merged", "the first of the same patient_id, taken_on, analyte_code", EACH),
        ("quarantined", "unlisted_code", EACH),
    ]


def test_a_delivery_beyond_its_ceilings_is_refused_for_its_rows_not_for_its_ledger(settings: Settings) -> None:
    write_mapping(settings)
    with pytest.raises(RefusedError) as refused:
        ingest(SITE, settings=settings)
    assert "unexplained" not in str(refused.value)
    assert "lab_result" in str(refused.value)
    assert "130,000" in str(refused.value)
    assert ledger(settings) == [BALANCED]
