"""The ledger of a small hospital: a source of which nothing is left, and the rules of one load alone."""

from pathlib import Path
from typing import Any

import pytest
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery

from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        rows = con.execute(sql).fetchall()
    engine.dispose()
    return rows


def test_a_source_all_of_whose_records_are_excluded_is_explained(settings: Settings) -> None:
    cancelled = [",".join([*row.split(",")[:3], "취소", "ng/mL"]) for row in lab_rows(20)]
    write_delivery(settings, "2016-04", people=people_rows(20), labs=cancelled)
    ingest(SITE, settings=settings)
    told = "SELECT source_records, contributing, excluded, produced, staged FROM audit.ledger WHERE table_name = 'lab_result'"
    assert ask(settings, told) == [(40, 0, 40, 0, 0)]


def test_the_rules_of_a_load_are_those_of_its_own_rows(settings: Settings) -> None:
    for delivery, unlisted in (("2016-04", 1), ("2016-05", 2)):
        labs = lab_rows(40) + [f"H{n:04d},2010-03-02,모름,1,ng/mL" for n in range(1, unlisted + 1)]
        write_delivery(settings, delivery, labs=labs)
        ingest(SITE, settings=settings)
    told = "SELECT load_id, rule, records FROM audit.ledger_rule WHERE kind = 'quarantined' ORDER BY load_id"
    assert ask(settings, told) == [(1, "unlisted_code", 1), (2, "unlisted_code", 2)]
