"""Every command that prints a table as its answer writes it into a file, too; which do not is listed here with the reason."""

import inspect

import pytest

from etl.cli import COMMANDS, run

WITHOUT_A_FILE = {
    # what they do is the answer, and `hcc status`, `hcc findings` or a report has the rows
    "ingest": "status, findings", "ingest-all": "status", "derive": "status", "rollback": "status", "prune": "status",
    "report": "its page has JSON next to it", "freeze": "a folder of files", "export": "a folder of files",
    "timeline": "its folder holds a CSV file", "synthesize": "a folder of files",
    "explain": "SQL, no table", "check-study": "a sentence, no table", "sql": "question after question; query has -o",
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_answers_writes_a_file(command: str) -> None:
    assert ("output" in inspect.signature(COMMANDS[command]).parameters) == (command not in WITHOUT_A_FILE)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITHOUT_A_FILE])
def test_a_file_of_no_known_format_is_refused_with_the_list(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = {"option": ["list"], "query": ["SELECT 1"], "describe": [], "status": [], "recall": [], "study": []}
    assert run([command, *arguments.get(command, ["x"]), "-o", "out.ods"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert ".parquet" in said


def test_the_numbers_of_frozen_data_are_in_a_file_already(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "--from", "paper-1", "-o", "out.csv"]) == 2
    assert "results.json" in capsys.readouterr().err
