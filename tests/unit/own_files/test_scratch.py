"""What does not fit into memory goes to a folder that its owner alone can open and that goes, too."""

import stat
import tempfile
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from etl.own_files.answer_file import write_answer
from etl.own_files.csv_file import stream_rows
from etl.own_files.scratch import bounded, scratch_folder


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_more_rows_than_memory_are_sorted_and_leave_nothing(place: Path) -> None:
    with bounded(memory_limit="40MB", threads=1, output=None) as engine:
        con = duckdb.connect(config=dict(engine))
        con.execute("CREATE TABLE much AS SELECT i, repeat('x', 50) || hash(i) AS text FROM range(600000) AS t(i)")
        rows = stream_rows(con, "SELECT i FROM much ORDER BY text DESC, i")
        (folder,) = place.iterdir()
        assert (folder / "spilled").is_dir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert sum(number for (number,) in rows) == 600_000 * 599_999 // 2
        con.close()
    assert not list(place.iterdir())


def test_the_folder_lies_next_to_the_output_under_a_name_of_its_own(place: Path) -> None:
    (place / "mine").mkdir()
    names = set()
    for _ in range(2):
        with bounded(memory_limit="1GB", threads=1, output=place / "mine" / "out.csv") as engine:
            folder = Path(engine["temp_directory"]).parent
            assert folder.parent == place / "mine"
            names.add(folder.name)
    assert len(names) == 2
    assert not list((place / "mine").iterdir())


def test_an_output_in_no_folder_is_for_the_writer_to_report(place: Path) -> None:
    with bounded(memory_limit="1GB", threads=1, output=place / "nowhere" / "out.csv") as engine:
        assert Path(engine["temp_directory"]).parent.parent == place


def _plant(folder: Path, *, has_lock: bool) -> Path:
    (folder / "spilled").mkdir(parents=True)
    (folder / "spilled" / "a.tmp").write_text("a")
    if has_lock:
        (folder / "lock").touch()
    return folder


def test_what_a_killed_process_left_is_removed_and_nothing_else(place: Path) -> None:
    dead = _plant(place / ".hcc-scratch-dead", has_lock=True)
    living = _plant(place / ".hcc-scratch-living", has_lock=True)
    others = _plant(place / ".hcc-scratch-others", has_lock=False)
    apart = _plant(place / "apart", has_lock=True)
    (place / ".hcc-scratch-link").symlink_to(apart)
    with FileLock(living / "lock"), scratch_folder(place):
        assert not dead.exists()
        assert all((folder / "spilled" / "a.tmp").is_file() for folder in (living, others, apart))


def test_a_workbook_keeps_its_rows_in_such_a_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = place / "target"
    target.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    dead = _plant(target / ".hcc-scratch-dead", has_lock=True)
    assert write_answer(target / "out.xlsx", ("a",), [("x",)]) == 1
    assert not dead.exists()
    assert [path.name for path in target.iterdir()] == ["out.xlsx"]
