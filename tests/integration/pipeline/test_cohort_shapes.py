"""Shapes of public cohorts as small invented deliveries: each in its own file form, each with a mapping of its own.

A registry's text whose names stand in row two of three, and whose deaths lie in two files; a survey without a patient's
number, the prothrombin time in seconds under the name of INR; events that agree in everything but their number; a
follow-up in weeks since a day of another file.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from support.small_site import settings_in

from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.errors import MappingError

HEAD = """\
site: cohort
hospital: A public cohort
version: 1
missing: ["[Not Available]", "[Not Applicable]", "?"]
ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def deliver(
    settings: Settings, mapping: str, files: dict[str, str | Sequence[Sequence[object]]], name: str = "1"
) -> None:
    """Write the mapping and one delivery; a text as it is, a grid as a workbook."""
    path = settings.mappings_dir / "cohort" / "mapping.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + mapping, encoding="utf-8")
    folder = settings.raw_dir / "cohort" / name
    folder.mkdir(parents=True)
    (folder / "SYNTHETIC.txt").write_text("synthetic\n", encoding="utf-8")
    for file, content in files.items():
        if isinstance(content, str):
            (folder / file).write_text(content, encoding="utf-8")
            continue
        with xlsxwriter.Workbook(folder / file) as book:
            sheet = book.add_worksheet("data")
            for row, cells in enumerate(content):
                sheet.write_row(row, 0, cells)


def ask(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(settings.warehouse_path, read_only=True) as con:
        return con.execute(query).fetchall()


def found(settings: Settings, rule: str) -> list[tuple[object, ...]]:
    """List the findings of a rule: file, record, what was found, what was expected."""
    return ask(
        settings,
        f"""SELECT file.file, finding.source_record, finding.found, finding.expected FROM quality.finding
        LEFT JOIN audit.source_file AS file USING (source_id) WHERE rule = '{rule}' ORDER BY ALL""",
    )


REGISTRY = """\
identity: {bcr_patient_barcode: pseudonymise}
sources:
  patients: {file: "patient.txt", delimiter: "\\t", header_rows: 3, header_name_row: 2}
  follow_ups:
    file: [follow_up_v4.txt, "follow_up_v[12].txt"]
    delimiter: "\\t"
    header_rows: 3
    header_name_row: 2
tables:
  patient:
    from: patients
    columns: {patient_id: bcr_patient_barcode, sex: {column: gender, recode: {MALE: male, FEMALE: female}}}
  follow_up:
    - from: patients
      columns:
        patient_id: bcr_patient_barcode
        vital_status_code: {column: vital_status, recode: {Alive: alive, Dead: dead}}
        last_contact_on: {column: last_contact, date: "%Y-%m-%d"}
        died_on: {column: death, date: "%Y-%m-%d"}
    - from: follow_ups
      columns:
        patient_id: bcr_patient_barcode
        vital_status_code: {column: vital_status, recode: {Alive: alive, Dead: dead}}
        last_contact_on: {column: last_contact, date: "%Y-%m-%d"}
        died_on: {column: death, date: "%Y-%m-%d"}
over_parts:
  follow_up:
    aggregate:
      by: [patient_id]
      columns: {last_contact_on: max, died_on: max}
      greatest: {vital_status_code: [unknown, alive, dead]}
"""


def tabbed(*lines: Sequence[str]) -> str:
    return "".join("\t".join(line) + "\n" for line in lines)


NAMES = ["bcr_patient_barcode", "gender", "vital_status", "last_contact", "death"]
HEADER = [
    ["Patient", "Gender", "Vital status", "Last contact", "Death"],
    NAMES,
    ["CDE_ID:2673794", "CDE_ID:2200604", "CDE_ID:5", "CDE_ID:", "CDE_ID:3"],
]
NOTHING = "[Not Available]"
PATIENTS = tabbed(
    *HEADER,
    ["XX-01", "MALE", "Alive", "2010-01-05", NOTHING],
    ["XX-02", "FEMALE", "Alive", "2010-02-05", NOTHING],
    ["XX-03", "MALE", "Dead", NOTHING, "2010-03-05"],
    ["XX-04", "FEMALE", "Alive", "2010-04-05", NOTHING],
)
LATER = tabbed(
    *HEADER,
    ["XX-01", "MALE", "Dead", NOTHING, "2011-01-05"],
    ["XX-04", "FEMALE", "Alive", "2012-04-05", NOTHING],
)
EARLIER = tabbed(*HEADER, ["XX-04", "FEMALE", "Alive", "2011-04-05", NOTHING])


@pytest.mark.slow
def test_names_in_row_two_of_three_and_deaths_in_two_files(settings: Settings) -> None:
    deliver(settings, REGISTRY, {"patient.txt": PATIENTS, "follow_up_v4.txt": LATER, "follow_up_v1.txt": EARLIER})
    ingest("cohort", settings=settings)
    people = ask(
        settings,
        """SELECT patient.source_record, sex, vital_status_code, died_on::VARCHAR, last_contact_on::VARCHAR
        FROM current.patient INNER JOIN current.follow_up USING (site_id, patient_id) ORDER BY ALL""",
    )
    assert people == [
        (1, "male", "dead", "2011-01-05", "2010-01-05"),
        (2, "female", "alive", None, "2010-02-05"),
        (3, "male", "dead", "2010-03-05", None),
        (4, "female", "alive", None, "2012-04-05"),
    ]
    assert ask(settings, "SELECT count(*) FROM quality.quarantined_row") == [(0,)]


SURVEY = """\
identity: {record: pseudonymise}
sources:
  survey: {file: "survey.xlsx", header_rows: 3, header_name_row: 2, rename: {PT: [INR, PT_control]}, record_number: record}
tables:
  patient:
    from: survey
    columns: {patient_id: record, sex: {column: Gender, recode: {"1": male, "0": female}}}
  lab_result:
    from: survey
    unless_empty: [INR]
    columns:
      patient_id: record
      analyte_code: {constant: inr}
      taken_on: {column: Day, date: "%Y-%m-%d"}
      reported_value_text: INR
      reported_value: {column: INR, number: {}}
      reported_unit: {constant: "1"}
"""
ABOVE = [
    ["Survey of 2010", "", "", "", ""],
    ["Gender", "Day", "PT", "PT", "Remark"],
    ["1 = male", "date", "INR", "s", ""],
]


def survey(*inr: object) -> list[list[object]]:
    return [*ABOVE, *([number % 2, "2010-03-05", value, 12, "x"] for number, value in enumerate(inr))]


@pytest.mark.slow
def test_without_a_patients_number_each_record_is_a_patient(settings: Settings) -> None:
    deliver(settings, SURVEY, {"survey.xlsx": survey(1.1, 0.98, "?", 1.32)})
    ingest("cohort", settings=settings)
    assert ask(settings, "SELECT source_record, sex FROM current.patient ORDER BY ALL") == [
        (1, "female"),
        (2, "male"),
        (3, "female"),
        (4, "male"),
    ]
    same = "SELECT lab.source_record, p.source_record, value::DOUBLE FROM current.lab_result AS lab"
    joined = ask(settings, f"{same} INNER JOIN current.patient AS p USING (site_id, patient_id) ORDER BY ALL")
    assert joined == [(1, 1, 1.1), (2, 2, 0.98), (4, 4, 1.32)]
    assert ask(settings, "SELECT * FROM clinical.laboratory_question") == []
    columns = ask(settings, "SELECT patient_id FROM current.patient")
    assert all(len(str(name)) == 16 for (name,) in columns)


@pytest.mark.slow
def test_the_same_file_again_has_the_same_patients_and_another_order_has_others_in_their_places(
    settings: Settings,
) -> None:
    """The manual says what is lost at a redelivery: the pseudonym follows the place, not the person."""
    who = "SELECT patient_id FROM current.patient ORDER BY source_record"
    deliver(settings, SURVEY, {"survey.xlsx": survey(1.1, 0.98)})
    ingest("cohort", settings=settings)
    first = ask(settings, who)
    deliver(settings, SURVEY, {"survey.xlsx": survey(0.98, 1.1, 1.2)}, name="2")
    ingest("cohort", settings=settings)
    assert ask(settings, who)[:2] == first


@pytest.mark.slow
def test_prothrombin_seconds_in_a_column_of_inr_are_asked_about_once(settings: Settings) -> None:
    deliver(settings, SURVEY, {"survey.xlsx": survey(1.1, 12.4, 13.1, 11.9, 14.2)})
    ingest("cohort", settings=settings)
    question = "SELECT source_file, source_record, question, reported, derived FROM clinical.laboratory_question"
    assert ask(settings, question) == [
        (
            "survey.xlsx",
            2,
            "values_of_another_test",
            "4 of 5 results of International normalised ratio: 11.9 to 14.2, not used",
            "Prothrombin time, s?",
        )
    ]
    assert ask(settings, "SELECT count(*) FROM current.lab_result") == [(5,)]


def test_another_source_cannot_name_these_patients(settings: Settings) -> None:
    other = SURVEY.replace("tables:\n", '  calls: {file: "calls.csv"}\ntables:\n') + (
        "  follow_up: {from: calls, columns: {patient_id: record}}\n"
    )
    deliver(settings, other, {"survey.xlsx": survey(1.1), "calls.csv": "record\n1\n"})
    with pytest.raises(
        MappingError, match=r"mapping.yaml:\d+: the patients are the records of 'survey' \('record'\), which"
    ):
        ingest("cohort", settings=settings)


WEEKS = """\
identity: {pid: pseudonymise}
sources:
  people: {file: "people.csv", encoding: cp949, skip_rows: 1, dates: "%Y.%m.%d"}
  weeks: {file: "weeks.xlsx", skip_rows: 1, keep_if: {name: not a summary, when: "week <> 'last'"}}
tables:
  patient: {from: people, columns: {patient_id: pid}}
  observation:
    from: weeks
    unless_empty: [weight]
    lookup: {from: people, match: {pid: pid}, take: {first_day: start}}
    columns:
      patient_id: pid
      observed_on: {column: week, date: {since: first_day, unit: weeks}}
      observation_code: {constant: weight}
      value_number: {column: weight, number: {}}
      unit: {constant: kg}
  follow_up:
    from: people
    columns:
      patient_id: pid
      last_contact_on: {column: weeks_alive, date: {since: start, unit: weeks}}
      vital_status_code: {column: status, recode: {"1": dead, "2": alive}}
"""


@pytest.mark.slow
def test_times_in_weeks_since_a_day_of_the_same_and_of_another_file(settings: Settings) -> None:
    """The anchor is in a file with dates of its own form; a week is text, a number, a fraction, or before the day."""
    people = (
        "관찰 연구,,,\npid,start,weeks_alive,status\n"
        "P1,2010.03.05,28.5714285,1\nP2,2010.12.27,0,2\nP3,,12,2\nP4,2011.01.03,,2\n"
    )
    sheet = [
        ["", "Visits by week", "", ""],
        ["", "pid", "week", "weight"],
        ["", "P1", -1, 61.5],
        ["", "P1", 12, 60],
        ["", "P2", "1.5", 70],
        ["", "P2", "last", 69],
        ["", "P3", 4, 55],
        ["", "P4", "week 4", 58],
        ["", "P4", 8, ""],
    ]
    deliver(settings, WEEKS, {"weeks.xlsx": sheet}, name="1")
    (settings.raw_dir / "cohort" / "1" / "people.csv").write_bytes(people.encode("cp949"))
    ingest("cohort", settings=settings)
    observed = "SELECT source_record, observed_on::VARCHAR, value_number::DOUBLE FROM current.observation ORDER BY ALL"
    assert ask(settings, observed) == [(1, "2010-02-26", 61.5), (2, "2010-05-28", 60.0), (3, "2011-01-07", 70.0)]
    followed = "SELECT source_record, last_contact_on::VARCHAR FROM current.follow_up ORDER BY ALL"
    assert ask(settings, followed) == [(1, "2010-09-21"), (2, "2010-12-27"), (3, None), (4, None)]
    assert [row[:3] for row in found(settings, "no_counted_day")] == [("weeks.xlsx", 6, "week 4")]
    assert [row[:2] for row in found(settings, "no_anchor_day")] == [("people.csv", 3), ("weeks.xlsx", 5)]
    account = "SELECT excluded, empty_slots FROM audit.ledger WHERE table_name = 'observation'"
    assert ask(settings, account) == [(1, 1)]


EVENTS = """\
identity: {pid: pseudonymise}
sources:
  people: {file: "people.csv"}
  events: {file: ["events.csv", "events_2.csv"]}
tables:
  patient: {from: people, columns: {patient_id: pid}}
  adverse_event: {from: events, columns: {patient_id: pid, verbatim_text: ae, SEQUENCE}}
  procedure:
    from: events
    columns:
      patient_id: pid
      procedure_code: {constant: rfa}
      started_on: {column: day, date: "%Y-%m-%d"}
      SEQUENCE
"""
FIRST = "pid,ae,day,seq\nP1,nausea,2010-01-05,1\nP1,nausea,2010-01-05,2\nP2,nausea,2010-01-05,\n"
SECOND = "pid,ae,day,seq\nP1,nausea,2010-01-05,2\nP2,nausea,2010-01-05,\n"
FILES = {"people.csv": "pid\nP1\nP2\n", "events.csv": FIRST, "events_2.csv": SECOND}


@pytest.mark.slow
@pytest.mark.parametrize("table", ["adverse_event", "procedure"])
def test_two_true_rows_that_agree_are_both_loaded_by_their_number(settings: Settings, table: str) -> None:
    """A record that was sent twice, or has no number to tell it from another, is a duplicate as before."""
    deliver(settings, EVENTS.replace("SEQUENCE", "sequence_number: seq"), FILES)
    ingest("cohort", settings=settings)
    kept = ask(settings, f"SELECT source_record, sequence_number FROM current.{table} ORDER BY ALL")
    assert kept == [(1, "1"), (2, "2"), (3, None)]
    twice = f"SELECT source_record, found FROM quality.finding WHERE rule = 'duplicate_key' AND table_name = '{table}'"
    assert ask(settings, f"{twice} ORDER BY ALL") == [
        (1, "record 2 (line 3) of events.csv"),
        (2, "record 3 (line 4) of events.csv"),
    ]


@pytest.mark.slow
def test_without_the_number_they_are_duplicates(settings: Settings) -> None:
    deliver(settings, EVENTS.replace(", SEQUENCE", "").replace("      SEQUENCE\n", ""), FILES)
    ingest("cohort", settings=settings)
    assert ask(settings, "SELECT count(*) FROM current.adverse_event") == [(2,)]
