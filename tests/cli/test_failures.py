"""What goes wrong ends in one sentence and the exit code that is written down."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl import cli
from etl.cli import run
from etl.commands import answers
from warehouse.errors import (
    BusyError,
    DeliveryError,
    EnvironmentRefusal,
    HccError,
    MappingError,
    NotFoundError,
    RefusedError,
)

HCC = Path(sys.executable).with_name("hcc")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCC_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HCC_REPORTS_DIR", str(tmp_path / "reports"))


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    answer, said = capsys.readouterr()
    assert answer == ""
    assert "Traceback" not in said
    assert said.count("\n") == 1
    return said.strip()


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `hcc status` meet an error: reading the settings is the first thing that it does."""

    def fail() -> None:
        raise error

    monkeypatch.setattr("etl.commands.loads.read_settings", fail)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (MappingError, 3),
        (DeliveryError, 4),
        (RefusedError, 5),
        (BusyError, 6),
        (EnvironmentRefusal, 7),
        (NotFoundError, 8),
    ],
)
def test_our_own_errors_are_one_sentence_and_their_code(
    kind: type[HccError], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, kind("snuh 2026-11: [bold]this[/bold] was found, that was expected."))
    assert run(["status"]) == code
    assert one_sentence(capsys) == "snuh 2026-11: [bold]this[/bold] was found, that was expected."


@pytest.mark.parametrize("command", [["ingest"], ["check-mapping"], ["explain", "lab_result"]])
def test_an_unknown_hospital_is_told_in_one_sentence(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command[0], "atlantis", *command[1:]]) in {MappingError.exit_code, NotFoundError.exit_code}
    assert "atlantis" in one_sentence(capsys)


@pytest.mark.parametrize(
    "command", [["status"], ["query", "SELECT 1"], ["describe"], ["findings", "snuh"], ["questions", "snuh"], ["sql"]]
)
def test_a_warehouse_that_is_not_there_is_told_in_one_sentence(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == NotFoundError.exit_code
    assert str(tmp_path / "data" / "warehouse.duckdb") in one_sentence(capsys)


def test_a_command_line_that_is_not_understood_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest"]) == 2
    assert "Missing argument 'SITE'" in capsys.readouterr().err
    assert run(["ingset", "snuh"]) == 2
    assert "ingest" in capsys.readouterr().err


def test_a_setting_that_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HCC_THREADS", "many")
    assert run(["status"]) == EnvironmentRefusal.exit_code
    assert "threads" in one_sentence(capsys)


@pytest.mark.parametrize(
    "number",
    [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENOMEM],
)
def test_a_machine_that_refuses_is_told_in_words(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, OSError(number, os.strerror(number), "data/landed"))
    assert run(["status"]) == EnvironmentRefusal.exit_code
    assert "(data/landed)" in one_sentence(capsys)


def test_the_unforeseen_is_logged_without_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, ValueError("could not convert 900101-1234567"))
    assert run(["status"]) == 1
    said = one_sentence(capsys)
    (log,) = (tmp_path / "data" / "logs").iterdir()
    assert str(log) in said
    written = log.read_text()
    assert "builtins.ValueError" in written
    assert "in status" in written
    assert "900101" not in written + said


def test_traceback_is_shown_when_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, ValueError("all of it"))
    assert run(["--traceback", "status"]) == 1
    assert "ValueError: all of it" in capsys.readouterr().err


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert run(["status"]) == 130
    assert one_sentence(capsys) == "Interrupted. What was published before is unchanged."


def test_a_reader_that_goes_away_is_met_in_silence() -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{HCC}' --help | true"], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_the_program_hands_its_code_to_the_shell() -> None:
    assert subprocess.run([HCC, "--help"], capture_output=True, check=False).returncode == 0
    done = subprocess.run([HCC, "ingest"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""


def test_every_command_is_registered_under_its_name() -> None:
    assert {command.name for command in cli.app.registered_commands} == set(cli.COMMANDS)
    assert cli.COMMANDS["query"] is answers.query
