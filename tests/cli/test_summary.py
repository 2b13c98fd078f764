"""What an ingest says at the end: the ledger, what needs attention, the report, questions that have an answer."""

import json
from pathlib import Path

import pytest

from etl.commands.summary import QUESTIONS, attention_line, outcome_as_dict, show_outcome, show_synthetic
from etl.findings import RULES
from etl.publishing import Outcome
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.reading.query import run_query
from warehouse.views.refresh import refresh

LEDGER = "(1, 7, 'patient', 0, 187, 180, 4, 2, 1, 180, 170, 6, 1, 3)"
FINDINGS = """
    (1, 'patient', 'sex', 7, 3, 'unlisted_code', 'error'),
    (1, 'patient', 'sex', 7, 4, 'unlisted_code', 'error'),
    (1, '', NULL, 7, NULL, 'no_final_newline', 'note')
"""
VERDICT = (
    "Many rows quarantined: 170 rows were loaded. 6 rows were quarantined and 3 cells were set aside. The largest share is "
    "in patient: 6 of 176. 1 expectation does not hold. 1 question goes to the hospital."
)


@pytest.fixture
def settings(warehouse_path: Path) -> Settings:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        con.execute("INSERT INTO audit.load BY NAME SELECT 1 AS load_id, 'snuh' AS site_id, 'published' AS state")
        con.execute(
            "INSERT INTO quality.quarantined_row BY NAME SELECT 1 AS load_id, 'patient' AS table_name, "
            "source_record FROM range(6) AS t(source_record)"
        )
        con.execute(
            "INSERT INTO quality.expectation_result BY NAME SELECT 1 AS load_id, 'patient' AS table_name, "
            "'warning' AS severity, 60 AS element_count, i = 1 AS is_success FROM range(2) AS t(i)"
        )
        con.execute(
            "INSERT INTO audit.source_file BY NAME SELECT 7 AS source_id, 1 AS load_id, 'patients' AS source, "
            "'환자기본.csv' AS file, 'x' AS sha256, 1 AS size_bytes, 187 AS record_count"
        )
        con.execute(
            "INSERT INTO audit.ledger (load_id, source_id, table_name, part, source_records, contributing, excluded, unused, "
            f"unreadable, produced, staged, quarantined, merged, empty_slots) VALUES {LEDGER}"
        )
        con.execute(
            "INSERT INTO quality.finding BY NAME SELECT *, 'conformance' AS category, 'cell' AS cost FROM (VALUES "
            f"{FINDINGS}) AS f (load_id, table_name, column_name, source_id, source_record, rule, severity)"
        )
        refresh(con)
    engine.dispose()
    return Settings(data_dir=warehouse_path.parent)


def outcome(**changes: object) -> Outcome:
    facts = {"site_id": "snuh", "delivery": "2026-11", "load_id": 1, "is_synthetic": False, "is_noop": False}
    facts |= {"assessment": "clean", "report_path": Path("reports/snuh.html")}
    return Outcome(**(facts | changes))  # type: ignore[arg-type]


def shown(settings: Settings, capsys: pytest.CaptureFixture[str], **changes: object) -> list[str]:
    show_outcome(outcome(**changes), settings)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_it_tells_the_ledger_what_needs_attention_and_where_the_report_is(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(settings, capsys)
    assert lines[:2] == ["snuh 2026-11 is published as load 1.", VERDICT]
    assert "환자기본.csv patient 187 180 4 2 1 180 170 6 1 3" in lines
    assert (
        "error 2 x unlisted code (patient.sex). Add the code to the mapping's list, once its meaning is known." in lines
    )
    assert lines.index("Report: reports/snuh.html") > lines.index("What needs attention")
    assert [line for line in lines if line.startswith('make query Q="')] == [
        f'make query Q="{sql}"' for sql in QUESTIONS
    ]


def test_clinical_questions_are_counted(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert not [line for line in shown(settings, capsys) if line.startswith("Clinical questions")]
    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        con.execute(
            "INSERT INTO clinical.clinical_question BY NAME SELECT 'snuh' AS site_id, 'p' || i AS patient_id, "
            "'response' AS topic, 'physician_against_lesions' AS question FROM range(1200) AS t(i)"
        )
    engine.dispose()
    assert "Clinical questions: 1,200; see hcc questions snuh" in shown(settings, capsys)
    assert outcome_as_dict(outcome(), settings)["clinical_questions"] == 1200


def test_the_gravest_comes_first(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(settings, capsys)
    severities = [line.split()[0] for line in lines if " x " in line]
    assert severities == ["error", "note"]


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"is_noop": True}, "snuh 2026-11 is in already, unchanged, as load 1: nothing to do."),
        ({"is_noop": False}, "snuh 2026-11 is published as load 1."),
    ],
)
def test_the_headline_says_what_happened(
    changes: dict[str, object], headline: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(settings, capsys, **changes)[:2] == [headline, VERDICT]


def test_synthetic_data_is_called_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    show_outcome(outcome(is_synthetic=True), settings)
    assert "SYNTHETIC" in capsys.readouterr().err
    show_synthetic(Path("data/raw/snuh/2026-11"))
    said = capsys.readouterr().err
    assert "SYNTHETIC DATA" in said
    assert "data/raw/snuh/2026-11" in said


def test_as_json_it_holds_the_same(settings: Settings) -> None:
    facts = outcome_as_dict(outcome(), settings)
    assert facts["ledger"][0]["loaded"] == 170
    assert f"{facts['verdict']}: {facts['verdict_sentence']}" == VERDICT
    assert facts["findings"][0] == {"rule": "unlisted_code", "times": 2, "columns": ["patient.sex"]}
    json.dumps(facts, default=str)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_an_answer(question: str, settings: Settings) -> None:
    assert run_query(settings.warehouse_path, question).columns


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_line(rule: str) -> None:
    severity, line = attention_line(rule, 1234, ["a.b", "a.c", "a.d", "a.e", "a.f"])
    assert severity == RULES[rule].severity
    assert line.startswith(f"1,234 x {rule.replace('_', ' ')} (a.b, a.c, a.d, a.e and 1 more). ")
    assert line.endswith(".")
