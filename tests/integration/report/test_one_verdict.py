"""One load, one verdict: the terminal, hcc status, the report, the page of all hospitals and --json say the same words."""

import html
import json
from pathlib import Path

import pytest
from support.quality_warehouse import build_warehouse, plant_findings

from etl.commands.loads import status
from etl.commands.summary import outcome_as_dict, show_outcome
from etl.loads.publish import publish
from etl.publishing import Outcome
from etl.report.all_hospitals.write import write_index
from etl.report.load.collect import collect_report
from etl.report.load.write import write_report
from etl.report.read_verdicts import read_verdicts
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection

EXPECTED = (
    "insert into quality.expectation_result values (1, 'patient', 'sex', 'expect_column_values_to_be_in_set', "
    "'conformance', 'fatal', 100, 60, 0, 0, true, 'Sex comes from the code list.')"
)
QUARANTINED = (
    (
        "insert into quality.quarantined_row by name "
        "select 1 as load_id, 'patient' as table_name, i as source_record, ['wrong_form'] as rules from range({0}) t(i)"
    ),
    "update audit.ledger set quarantined = {0}, produced = produced + {0} where table_name = 'patient'",
)
REFUSED = "update audit.load set state = 'refused', refusal = '성별 is not listed. Extend the map.'"
CASES = {
    "Clean": [EXPECTED],
    "With questions": [EXPECTED, "plant", "delete from quality.quarantined_row"],
    "With rows quarantined": [EXPECTED, *(each.format(1) for each in QUARANTINED)],
    "Many rows quarantined": [EXPECTED, *(each.format(9) for each in QUARANTINED)],
    "Not assessed": [],
    "Refused": [EXPECTED, REFUSED],
}


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("staged") / "warehouse.duckdb"
    build_warehouse(path, results=4).dispose()
    return path.read_bytes()


@pytest.mark.parametrize("grade", CASES)
def test_the_same_words_in_all_places(
    grade: str, staged: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    monkeypatch.setenv("HCC_DATA_DIR", str(settings.data_dir))
    settings.warehouse_path.write_bytes(staged)
    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        for statement in CASES[grade]:
            plant_findings(con, 1) if statement == "plant" else con.execute(statement)
        if grade != "Refused":
            publish(con, 1, assessment="clean")
        page = write_report(con, "snuh", load_id=1, reports_dir=settings.reports_dir)
        index = write_index(con, reports_dir=settings.reports_dir).read_text(encoding="utf-8")
        verdict = read_verdicts(con)[1]
        (questions,) = (s.data for s in collect_report(con, "snuh", load_id=1).sections if s.name == "questions")
    engine.dispose()
    assert verdict.grade == grade
    asked = len(questions.asked)
    assert (f"{asked} questions go to the hospital." in verdict.sentence) == bool(asked)

    for text in (page.read_text(encoding="utf-8"), index):
        shown = html.unescape(text)
        assert f">{grade}</" in shown or f"<bdi>{verdict.line}</bdi>" in shown
        assert f"<bdi>{verdict.sentence}</bdi>" in shown or f"<bdi>{verdict.line}</bdi>" in shown
    written = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert (written["verdict"], written["verdict_sentence"]) == (grade, verdict.sentence)

    capsys.readouterr()
    status(as_json=True)
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["verdict"], line["verdict_sentence"]) == (grade, verdict.sentence)
    status()
    assert f" {grade} " in (said := capsys.readouterr().out)
    assert verdict.sentence in said

    outcome = Outcome("snuh", "2026-11", 1, is_synthetic=True, is_noop=False, assessment="clean", report_path=page)
    show_outcome(outcome, settings)
    assert verdict.line in capsys.readouterr().out.splitlines()
    told = outcome_as_dict(outcome, settings)
    assert (told["verdict"], told["verdict_sentence"]) == (grade, verdict.sentence)
