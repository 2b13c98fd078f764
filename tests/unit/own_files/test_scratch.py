"""What does not fit into memory goes to a folder that goes, too."""

import os
import tempfile
from pathlib import Path

import duckdb
import pytest

from etl.own_files.csv_file import stream_rows
from etl.own_files.scratch import bounded


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_more_rows_than_memory_are_sorted_and_leave_nothing(place: Path) -> None:
    con = duckdb.connect(config=dict(bounded(memory_limit="40MB", threads=1)))
    con.execute("CREATE TABLE much AS SELECT i, repeat('x', 50) || hash(i) AS text FROM range(600000) AS t(i)")
    rows = stream_rows(con, "SELECT i FROM much ORDER BY text DESC, i")
    assert [path.name for path in place.iterdir()] == [f"hcc-scratch-{os.getpid()}"]
    assert sum(number for (number,) in rows) == 600_000 * 599_999 // 2
    con.close()
    assert not list(place.iterdir())


def test_what_a_killed_process_left_is_removed_and_nothing_else(place: Path) -> None:
    dead, living, others = place / "hcc-scratch-4194305", place / f"hcc-scratch-{os.getppid()}", place / "hcc-scratch-x"
    for folder in (dead, living, others):
        folder.mkdir()
        (folder / "a.tmp").write_text("a")
    (place / "hcc-scratch-4194306").symlink_to(others)
    bounded(memory_limit="1GB", threads=1)
    assert not dead.exists()
    assert all((folder / "a.tmp").is_file() for folder in (living, others))
