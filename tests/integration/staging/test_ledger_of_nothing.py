"""The ledger balances where a source was read and nothing of it became a row."""

from pathlib import Path

from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery

from etl.pipeline import ingest
from warehouse.file.connect import open_warehouse, raw_connection


def test_a_source_all_of_whose_records_are_excluded_is_explained(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    cancelled = [",".join([*row.split(",")[:3], "취소", "ng/mL"]) for row in lab_rows(20)]
    write_delivery(settings, "2016-04", people=people_rows(20), labs=cancelled)
    ingest(SITE, settings=settings)
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        (told,) = con.execute(
            "SELECT source_records, contributing, excluded, produced, staged FROM audit.ledger WHERE table_name = 'lab_result'"
        ).fetchall()
    engine.dispose()
    assert told == (40, 0, 40, 0, 0)
