"""What the gate sets aside keeps its patient and its day, so that nobody takes what is unknown for absent."""

import json
from typing import Any

import pytest
from support.small_site import MAPPING, PEOPLE_HEADER, SITE, lab_rows, people_rows, settings_in, write_delivery

from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection

AGGREGATED = "  follow_up:\n    from: people\n    aggregate: {by: [patient_id], columns: {last_contact_on: max}}\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One delivery with every way to be set aside, and after it one in which records become one row."""
    settings = settings_in(tmp_path_factory.mktemp("set_aside"))
    people, labs = people_rows(5), lab_rows(5)
    people += [people[0], people[3].replace("생존", "사망")]
    people[1] = people[1].replace("2014-06-30", "30.6.2014")
    labs += [",2010-03-01,AFP,5,ng/mL", "H9999,2010-03-01,AFP,5,ng/mL", "H0001,2010", labs[5]]
    labs[0] = labs[0].replace("2010-03-01", "2010.3.1")
    labs[3] = labs[3].replace(",BIL,", ",ZZZ,")
    write_delivery(settings, "2026-10", people=people, labs=labs)
    ingest(SITE, settings=settings, delivery="2026-10", accept=True)

    people = people_rows(5)
    folder = write_delivery(settings, "2026-11", people=people, labs=lab_rows(5))
    mapping = MAPPING.replace('"people*.csv"}', '"people*.csv", many: true}')
    mapping = mapping.replace("  follow_up:\n    from: people\n", AGGREGATED)
    for table in ("patient", "treatment_course"):
        first = f"  {table}:\n    from: people\n"
        mapping = mapping.replace(first, f"{first}    deduplicate: {{by: [patient_id], keep: first}}\n")
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(mapping, encoding="utf-8")
    again = people[1].replace("2014-06-30", "bad")
    (folder / "people-2.csv").write_text(f"{PEOPLE_HEADER}\n{again}\n", encoding="utf-8")
    ingest(SITE, settings=settings, delivery="2026-11", accept=True)
    return settings


def read(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        rows = con.execute(query).fetchall()
    engine.dispose()
    return rows


def apart(settings: Settings, columns: str, condition: str) -> list[tuple[Any, ...]]:
    """Read what the first delivery set aside."""
    return read(
        settings, f"SELECT {columns} FROM quality.set_aside WHERE load_id = 1 AND {condition} ORDER BY source_record"
    )


def test_a_quarantined_row_keeps_its_patient_and_what_could_be_read(settings: Settings) -> None:
    found = apart(
        settings,
        "source_record, patient_id IN (SELECT patient_id FROM core.patient), column_name, CAST(day AS VARCHAR), rules, readable",
        "table_name = 'lab_result' AND source_record < 5",
    )
    assert [row[:5] for row in found] == [
        (1, True, None, None, ["not_a_date"]),
        (4, True, None, "2010-03-01", ["unlisted_code"]),
    ]
    no_day, no_code = (json.loads(row[5]) for row in found)
    assert (no_day["analyte_code"], "taken_on" in no_day, no_day["is_fasting"]) == ("afp", False, None)
    assert ("analyte_code" in no_code, no_code["reported_value_text"]) == (False, "2.1")
    assert "patient_id" not in no_code


def test_a_cell_set_aside_names_its_column_and_what_else_its_row_says(settings: Settings) -> None:
    found = apart(
        settings, "column_name, rules, readable->>'vital_status_code'", "table_name = 'follow_up' AND source_record = 2"
    )
    assert found == [("last_contact_on", ["not_a_date"], "alive")]


def test_an_exact_repetition_is_no_unknown_and_another_value_is(settings: Settings) -> None:
    repeated = "list_contains(rules, 'duplicate_key')"
    found = apart(settings, "table_name, column_name, source_record, readable->>'vital_status_code'", repeated)
    assert found == [("follow_up", None, 7, "dead")]
    quarantined = (
        "SELECT count(*) FROM quality.quarantined_row WHERE load_id = 1 AND list_contains(rules, 'duplicate_key')"
    )
    assert read(settings, quarantined) == [(7,)]  # three tables of two people, and a result


def test_a_row_without_a_readable_patient_is_nobodys(settings: Settings) -> None:
    found = apart(settings, "table_name, patient_id IS NOT NULL, rules", "source_record > 10")
    assert found == [
        ("lab_result", False, ["missing_required"]),
        ("lab_result", True, ["unknown_parent"]),
        ("", False, ["ragged_record"]),
    ]


def test_a_cell_of_records_that_became_one_row_has_their_patient(settings: Settings) -> None:
    found = read(
        settings,
        "SELECT column_name, patient_id IN (SELECT patient_id FROM current.follow_up), source_ordinal, rules, source_file "
        "FROM current.set_aside WHERE table_name = 'follow_up'",
    )
    assert found == [("last_contact_on", True, None, ["not_a_date"], "people-2.csv")]


def test_only_the_current_load_is_in_current(settings: Settings) -> None:
    assert read(settings, "SELECT DISTINCT load_id FROM current.set_aside") == [(2,)]
    assert read(settings, "SELECT count(*) > 5 FROM quality.set_aside WHERE load_id = 1") == [(True,)]
