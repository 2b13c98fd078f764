"""What the warehouse answers, on the screen and as JSON."""

import io
import json
from pathlib import Path

import pytest

from etl.cli import run
from warehouse.errors import NotFoundError, QueryError


@pytest.fixture(autouse=True)
def _in_a_warehouse(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCC_DATA_DIR", str(warehouse_path.parent))
    monkeypatch.setenv("HCC_REPORTS_DIR", str(warehouse_path.parent / "reports"))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_query_prints_json_without_loss(capsys: pytest.CaptureFixture[str]) -> None:
    text = answer(
        capsys,
        "query",
        "--json",
        "SELECT DATE '2013-12-04' AS taken_on, 1.800000::DECIMAL(18,6) AS value, '남' AS sex, NULL AS nothing, "
        "[1, 2] AS list, TIMESTAMP '2013-12-04 05:06:07' AS at",
    )
    assert '"value": 1.800000' in text
    assert json.loads(text) == [
        {
            "taken_on": "2013-12-04",
            "value": 1.8,
            "sex": "남",
            "nothing": None,
            "list": [1, 2],
            "at": "2013-12-04T05:06:07",
        }
    ]


def test_query_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    header, row = answer(capsys, "query", "SELECT 42 AS answer, '[b]x' AS text").splitlines()
    assert header.split() == ["answer", "text"]
    assert row.split() == ["42", "[b]x"]


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE x (a INTEGER)", "DELETE FROM audit.load", "SELECT * FROM nowhere", "SELEKT", ""]
)
def test_query_refuses_in_a_sentence(sql: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", sql]) == QueryError.exit_code
    shown, said = capsys.readouterr()
    assert shown == ""
    assert said.strip()
    assert "Traceback" not in said


def test_query_reads_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    assert run(["query", f"SELECT * FROM '{tmp_path / 'secret.csv'}'"]) == QueryError.exit_code
    assert "secret\n" not in "".join(capsys.readouterr())


def test_sql_answers_question_after_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "sys.stdin",
        io.StringIO("SELECT 41\n  + 1 AS a;\nSELECT nonsense;\nSELEKT;\n\nSELECT 1 AS x; SELECT 'end' AS b"),
    )
    assert run(["sql"]) == 0
    shown, said = capsys.readouterr()
    assert [line.strip() for line in shown.splitlines()] == ["a", "42", "x", "1", "b", "end"]
    assert "nonsense" in said
    assert "SELEKT" in said


def test_status_of_an_empty_warehouse(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(answer(capsys, "status", "--json")) == []


def test_describe_tells_tables_and_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert "patient" in answer(capsys, "describe")
    assert "Sex at birth as recorded" in " ".join(answer(capsys, "describe", "current.patient").split())
    assert json.loads(answer(capsys, "describe", "--json", "current.patient"))


def test_describe_of_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["describe", "current.patiant"]) == NotFoundError.exit_code
    assert "current.patiant" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["rollback"], ["findings"], ["quarantine"], ["questions"], ["report"]])
def test_a_hospital_without_a_load_is_told(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "atlantis"]) == NotFoundError.exit_code
    shown, said = capsys.readouterr()
    assert shown == ""
    assert "atlantis" in said
    assert said.count("\n") == 1


def test_an_unknown_table_of_the_quarantine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quarantine", "atlantis", "--table", "lab_results"]) == NotFoundError.exit_code
    shown, said = capsys.readouterr()
    assert shown == ""
    assert said.startswith(
        "There is no canonical table 'lab_results'. Did you mean 'lab_result'? Tables: adverse_event, "
    )


def test_prune_of_an_empty_warehouse_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prune", "--keep", "3"]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
@pytest.mark.parametrize("command", [["query", "FROM range(1500)"], ["status"], ["describe"], ["option", "list"]])
def test_an_answer_goes_into_a_file(
    command: list[str], suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"answer{suffix}"
    assert run([*command, "-o", str(path)]) == 0
    shown, said = capsys.readouterr()
    assert shown == ""
    assert f"{path}: " in said
    assert path.is_file()
    assert run([*command, "-o", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["output"] == str(path)
    assert told["rows"] == (1500 if command[0] == "query" else told["rows"])


def test_a_file_of_no_known_format_is_refused_before_the_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["query", "SELECT 1", "-o", str(tmp_path / "out.ods")]) == 2
    assert ".parquet" in capsys.readouterr().err
