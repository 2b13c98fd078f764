"""One row from two files: a patient's follow-up in the patients' file and in a file of its own."""

# ruff: noqa: E501 (a table is read across)

import random
from datetime import date
from pathlib import Path

import pytest
from support.small_site import MAPPING, PEOPLE_HEADER, SITE, settings_in, write_delivery

from etl.mapping.read_mapping import read_mapping
from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.errors import MappingError
from warehouse.file.connect import open_warehouse, raw_connection

FOLLOW_UP = """\
  follow_up:
    - from: people
      columns:
        patient_id: 번호
        vital_status_code: {column: 상태, recode: {사망: dead, 생존: alive}}
        died_on: {column: 사망일, date: ["%Y-%m-%d"]}
        last_contact_on: {column: 최종일, date: ["%Y-%m-%d"]}
    - from: calls
      columns:
        patient_id: 번호
        vital_status_code: {column: 상태, recode: {사망: dead, 생존: alive, 모름: unknown}}
        died_on: {column: 사망일, date: {formats: ["%Y-%m-%d", "%Y-%m"], precision: died_on_precision}}
        last_contact_on: {column: 통화일, date: ["%Y-%m-%d"]}
        death_cause_text: 사인
"""
AGGREGATE = """\
over_parts:
  follow_up:
    aggregate:
      by: [patient_id]
      columns: {last_contact_on: max}
      greatest: {vital_status_code: [unknown, alive, dead]}
"""
DEDUPLICATE = "over_parts:\n  follow_up: {deduplicate: {by: [patient_id], keep: last, order_by: last_contact_on}}\n"


def test_a_death_in_the_second_file_is_not_lost(tmp_path: Path) -> None:
    """Every patient against a slow reading of both files: dead over alive, the latest contact, the first known death."""
    drawn = random.Random(11)  # noqa: S311
    people, calls = [], []
    for n in range(1, 41):
        status, died, last = drawn.choice(
            [("사망", "2011-05-01", "2011-05-01"), ("생존", "", "2012-01-01"), ("", "", "")]
        )
        people.append([f"H{n:04d}", "성명", "남", "1950-01-01", "2010-03-01", status, died, last])
        for _ in range(drawn.choice([0, 1, 1, 2])):
            status = drawn.choice(["사망", "생존", "모름", ""])
            died = drawn.choice(["2011-04-02", "2011-06", "?"]) if status == "사망" else ""
            calls.append([f"H{n:04d}", status, died, f"20{drawn.randrange(10, 14)}-07-{n % 28 + 1:02d}", "간부전"])
    settings = _site(tmp_path, AGGREGATE, people=people, calls=calls)

    ingest(SITE, settings=settings, accept=True)

    found = _ask(
        settings,
        "SELECT p.source_record, f.vital_status_code, f.died_on, f.died_on_precision, f.last_contact_on, f.death_cause_text"
        " FROM core.follow_up AS f JOIN core.patient AS p USING (patient_id) ORDER BY 1",
    )
    assert found == [
        (n, *_slow_reading(row, [call for call in calls if call[0] == row[0]])) for n, row in enumerate(people, 1)
    ]
    only_second = {call[0] for call in calls if call[1] == "사망"} - {row[0] for row in people if row[5] == "사망"}
    assert len(only_second) > 3, "the files must differ, or this shows nothing"
    ledger = _ask(
        settings,
        "SELECT part, source_records, contributing, produced, staged, quarantined, merged FROM audit.ledger"
        " WHERE table_name = 'follow_up' ORDER BY part",
    )
    assert ledger == [(0, 40, 40, 40, 40, 0, 0), (1, len(calls), len(calls), len(calls), 0, 0, len(calls))]
    rules = _ask(settings, "SELECT part, rule, records FROM audit.ledger_rule WHERE table_name = 'follow_up'")
    assert rules == [(1, "one row for each patient_id, over all parts", len(calls))]
    told = _ask(
        settings, "SELECT DISTINCT rule, cost FROM quality.finding WHERE table_name = 'follow_up' AND cost <> 'none'"
    )
    assert told == [("not_a_date", "cell")]


def test_a_winner_is_taken_whole(tmp_path: Path) -> None:
    people = [[f"H{n:04d}", "성명", "남", "1950-01-01", "2010-03-01", "생존", "", "2012-01-01"] for n in range(1, 4)]
    calls = [
        ["H0001", "사망", "2013-01-01", "2013-01-01", "간부전"],
        ["H0002", "사망", "2011-01-01", "2011-01-01", ""],
    ]
    settings = _site(tmp_path, DEDUPLICATE, people=people, calls=calls)
    ingest(SITE, settings=settings, accept=True)
    found = _ask(settings, "SELECT vital_status_code, source_record FROM core.follow_up ORDER BY patient_id, 1")
    assert sorted(found) == [("alive", 2), ("alive", 3), ("dead", 1)]
    rules = _ask(
        settings, "SELECT part, rule, records FROM audit.ledger_rule WHERE table_name = 'follow_up' ORDER BY part"
    )
    rule = "the last by last_contact_on of the same patient_id, over all parts"
    assert rules == [(0, rule, 1), (1, rule, 1)]


def test_without_a_rule_the_finding_names_the_other_file(tmp_path: Path) -> None:
    people = [["H0001", "성명", "남", "1950-01-01", "2010-03-01", "생존", "", "2012-01-01"]]
    settings = _site(tmp_path, "", people=people, calls=[["H0001", "사망", "2013-01-01", "2013-01-01", ""]])
    ingest(SITE, settings=settings, accept=True)
    told = _ask(settings, "SELECT found FROM quality.finding WHERE rule = 'duplicate_key'")
    assert told == [("record 1 (line 2) of people.csv",)]


def _slow_reading(person: list[str], calls: list[list[str]]) -> tuple:
    """Read one patient's follow-up by hand, file by file."""
    rank = {"": 0, "모름": 1, "생존": 2, "사망": 3}
    code = {0: None, 1: "unknown", 2: "alive", 3: "dead"}
    status = code[max(rank[word] for word in (person[5], *(call[1] for call in calls)))]
    deaths = [(person[6], None)] + [(call[2], "day" if call[2].count("-") == 2 else "month") for call in calls]
    known = [(text, precision) for text, precision in deaths if text not in {"", "?"}]
    died, precision = known[0] if known else ("", None)
    contacts = [text for text in (person[7], *(call[3] for call in calls)) if text]
    return (
        status,
        date.fromisoformat(died if died.count("-") == 2 else f"{died}-01") if died else None,
        precision,
        date.fromisoformat(max(contacts)) if contacts else None,
        "간부전" if calls else None,
    )


def _site(folder: Path, over: str, *, people: list[list[str]], calls: list[list[str]]) -> Settings:
    settings = settings_in(folder)
    delivery = write_delivery(
        settings, "2026-01", people=[",".join(row) for row in people], labs=["H0001,2010-03-01,AFP,7,ng/mL"]
    )
    lines = ["번호,상태,사망일,통화일,사인", *(",".join(row) for row in calls)]
    (delivery / "calls.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    before, _, after = MAPPING.partition("  follow_up:\n")
    mapping = before + FOLLOW_UP + "  lab_result:\n" + after.partition("  lab_result:\n")[2] + over
    mapping = mapping.replace("tables:\n", '  calls: {file: "calls.csv"}\ntables:\n')
    assert PEOPLE_HEADER in (delivery / "people.csv").read_text(encoding="utf-8")
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return settings


def _ask(settings: Settings, query: str) -> list[tuple]:
    engine = open_warehouse(settings.warehouse_path)
    try:
        with raw_connection(engine) as con:
            return con.execute(query).fetchall()
    finally:
        engine.dispose()


MISTAKES = [
    ("patiant: {aggregate: {by: [patient_id]}}", "'patiant' is not a canonical table. Did you mean 'patient'?"),
    ("patient: {aggregate: {by: [patient_id]}}", "'patient' has 1 part under 'tables:'; state it in the part itself."),
    ("follow_up: {}", "say one of aggregate and deduplicate."),
    ("follow_up: {agregate: {by: [patient_id]}}", "'agregate' is not an option here. Did you mean 'aggregate'?"),
    ("follow_up: {deduplicate: {bye: [patient_id], keep: last}}", "'bye' is not an option here. Did you mean 'by'?"),
    ("follow_up: {deduplicate: {by: [patient], keep: last}}", "'follow_up.patient' is not a canonical column."),
    ("follow_up: {aggregate: {by: [patient_id, death_cause_text]}}", "the part from 'people' does not fill 'follow_up.death_cause_text', so its rows meet no others."),
    ("follow_up: {aggregate: {by: [patient_id], columns: {vital_status_code: max}}}", "of which none is the greatest; say first or last. Codes are put in an order under 'greatest'."),
    ("follow_up: {aggregate: {by: [patient_id], greatest: {vital_status_code: [alive, dead]}}}", "the order leaves out unknown; list every code, the least first."),
    ("follow_up: {aggregate: {by: [patient_id], greatest: {vital_status_code: [alive, ded, dead, unknown]}}}", "'ded' is not a code of the list 'vital_status'. Did you mean 'dead'?"),
    ("follow_up: {aggregate: {by: [patient_id], greatest: {vital_status_code: [alive, dead, dead, unknown]}}}", "the code 'dead' is listed 2 times."),
    ("follow_up: {aggregate: {by: [patient_id], greatest: {died_on: ['2010']}}}", "'died_on' holds no codes; say min, max, first or last under 'columns'."),
    ("follow_up: {aggregate: {by: [patient_id], columns: {vital_status_code: first}, greatest: {vital_status_code: [alive, dead, unknown]}}}", "'vital_status_code' stands under 'columns', too; say one of them."),
    ("follow_up: {aggregate: {by: [patient_id], columns: {died_on_precision: first}}}", "'died_on_precision' follows 'died_on'; name that."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path: Path, line: str, sentence: str) -> None:
    before, _, _ = MAPPING.partition("  follow_up:\n")
    text = (
        before.replace("tables:\n", '  calls: {file: "calls.csv"}\ntables:\n') + FOLLOW_UP + f"over_parts:\n  {line}\n"
    )
    number = text[: text.index("over_parts")].count("\n") + 2
    site = tmp_path / SITE
    site.mkdir()
    (site / "mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        read_mapping(tmp_path, SITE)
    assert any(sentence in told and f"mapping.yaml:{number}:" in told for told in str(raised.value).splitlines()), str(
        raised.value
    )
