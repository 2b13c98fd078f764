"""The lock next to the warehouse: a second writer waits and knows for whom; a killed holder blocks nobody."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from warehouse.errors import BusyError, EnvironmentRefusal
from warehouse.file.holders import name_holders, shorten_command
from warehouse.file.lock import hold_warehouse
from warehouse.progress import Silent

HOLD = """
import sys
from pathlib import Path
from warehouse.file.lock import hold_warehouse
from warehouse.progress import Silent
with hold_warehouse(Path(sys.argv[1]), wait_seconds=0, say=Silent().say):
    print("held", flush=True)
    sys.stdin.read()
"""


class Heard(Silent):
    """A listener that remembers what was said, and may answer to it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.first_word = threading.Event()

    def say(self, message: str) -> None:
        self.said.append(message)
        self.first_word.set()


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "w.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_gives_up_and_names_the_first(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    heard = Heard()
    with (
        pytest.raises(
            BusyError, match=rf"is still held by 'python\S*' \(process {holder.pid}\), since 20\S+, after 0 s"
        ),
        hold_warehouse(tmp_path / "w.duckdb", wait_seconds=0.1, say=heard.say),
    ):
        raise AssertionError("the lock was given twice")
    assert len(heard.said) == 1
    assert "Waiting for the warehouse, which is held by 'python" in heard.said[0]
    holder.communicate("")


def test_a_second_writer_waits_and_then_runs(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    heard = Heard()

    def release() -> None:
        heard.first_word.wait()
        holder.communicate("")

    helper = threading.Thread(target=release)
    helper.start()
    with hold_warehouse(tmp_path / "w.duckdb", wait_seconds=60, say=heard.say):
        assert json.loads((tmp_path / "w.duckdb.lock.json").read_text())["pid"] == os.getpid()
    helper.join()
    assert heard.said
    assert not (tmp_path / "w.duckdb.lock.json").exists()


def test_a_killed_holder_blocks_nobody(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    heard = Heard()
    assert (tmp_path / "w.duckdb.lock.json").exists(), "the note of the killed holder stays"
    with hold_warehouse(tmp_path / "w.duckdb", wait_seconds=0, say=heard.say):
        assert heard.said == []


def test_the_lock_is_freed_when_the_work_fails(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with pytest.raises(ZeroDivisionError), hold_warehouse(path, wait_seconds=0, say=Silent().say):
        1 / 0  # noqa: B018
    with hold_warehouse(path, wait_seconds=0, say=Silent().say):
        pass


def test_an_error_of_the_work_is_not_taken_for_one_of_the_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), hold_warehouse(tmp_path / "w.duckdb", wait_seconds=0, say=Silent().say):
        (tmp_path / "missing").read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with (
        pytest.raises(EnvironmentRefusal, match="The lock next to the warehouse"),
        hold_warehouse(tmp_path / "data" / "w.duckdb", wait_seconds=0, say=Silent().say),
    ):
        pass


def test_readers_are_named(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"")
    assert name_holders(path) == ()
    program = "import sys; f = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "held\n"
    assert [holder.pid for holder in name_holders(path)] == [reader.pid]
    reader.communicate("")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["/usr/bin/python3", "/x/.venv/bin/hcc", "query", "select * from t where patient_id = 'P-017'"], "hcc query"),
        (["/x/.venv/bin/hcc", "ingest", "snuh"], "hcc ingest"),
        (["/usr/bin/duckdb", "-readonly", "/data/warehouse.duckdb"], "duckdb"),
        (["python3", "-c", "print('P-017')"], "python3"),
        (["/usr/lib/R/bin/exec/R"], "R"),
        ([], "unknown program"),
    ],
)
def test_commands_are_named_without_their_arguments(words: list[str], shown: str) -> None:
    assert shorten_command(words) == shown
