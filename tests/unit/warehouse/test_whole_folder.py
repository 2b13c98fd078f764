"""A folder is written whole or not at all, and what a killed writer left goes, whatever numbers processes have."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.errors import BusyError
from warehouse.file import whole_folder as module
from warehouse.file.whole_file import write_whole
from warehouse.file.whole_folder import mend_folder, whole_folder

NAMES = ["out", "out[1]", "o*t", "out.b", "결과"]


def _plant(folder: Path, ending: str) -> Path:
    left = folder.with_name(f".{folder.name}.{ending}")
    left.mkdir()
    (left / "rows.csv").write_text("left", encoding="utf-8")
    return left


def _write(folder: Path, text: str) -> None:
    with whole_folder(folder) as draft:
        (draft / "rows.csv").write_text(text, encoding="utf-8")


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["{own}.draft", "{own}.old", "k3_x9ab2.draft", "k3_x9ab2.old"])
def test_what_a_kill_left_blocks_nobody(tmp_path: Path, name: str, ending: str) -> None:
    """In a container the next process has the number of the killed one."""
    folder = tmp_path / name
    _write(folder, "first")
    _plant(folder, ending.format(own=os.getpid()))
    _write(folder, "second")
    assert (folder / "rows.csv").read_text(encoding="utf-8") == "second"
    assert _left(folder) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_was_moved_away_comes_back(tmp_path: Path, name: str) -> None:
    _plant(tmp_path / name, f"{os.getpid()}.old")
    mend_folder(tmp_path / name)
    assert (tmp_path / name / "rows.csv").read_text(encoding="utf-8") == "left"
    assert _left(tmp_path / name) == [name]


def test_leftovers_of_another_folder_stay(tmp_path: Path) -> None:
    others = [_plant(tmp_path / name, "k3_x9ab2.draft") for name in ("out.b", "outs", "o")]
    _write(tmp_path / "out", "mine")
    assert all(other.is_dir() for other in others)


def test_a_draft_of_a_living_writer_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_WAIT_SECONDS", 0)
    with whole_folder(tmp_path / "out") as draft:
        (draft / "rows.csv").write_text("mine", encoding="utf-8")
        with pytest.raises(BusyError, match="another process writes it"), whole_folder(tmp_path / "out"):
            pass
        with pytest.raises(BusyError, match="another process writes it"):
            mend_folder(tmp_path / "out")
        assert draft.is_dir()
    assert (tmp_path / "out" / "rows.csv").read_text(encoding="utf-8") == "mine"


def test_writers_that_wait_for_each_other_lose_nothing_and_leave_no_lock(tmp_path: Path) -> None:
    """Each adds one to the number that is there: two at once, behind a lock that one of them removed, would lose one."""
    folder, writers, times = tmp_path / "out", 3, 15
    _write(folder, "0")
    add = (
        "import sys; from pathlib import Path; from warehouse.file.whole_folder import whole_folder\n"
        "folder = Path(sys.argv[1])\n"
        f"for _ in range({times}):\n"
        "    with whole_folder(folder) as draft:\n"
        "        (draft / 'rows.csv').write_text(str(int((folder / 'rows.csv').read_text()) + 1))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", add, folder]) for _ in range(writers)]
    assert [process.wait() for process in running] == [0] * writers
    assert (folder / "rows.csv").read_text(encoding="utf-8") == str(writers * times)
    assert _left(folder) == ["out"]


def test_a_draft_is_its_owners_alone(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700


def test_a_failure_leaves_the_old_folder(tmp_path: Path) -> None:
    _write(tmp_path / "out", "first")
    with pytest.raises(ValueError, match="no"), whole_folder(tmp_path / "out"):
        raise ValueError("no")
    assert (tmp_path / "out" / "rows.csv").read_text(encoding="utf-8") == "first"
    assert _left(tmp_path / "out") == ["out"]


def test_a_file_with_a_pattern_in_its_name_loses_its_dead_drafts(tmp_path: Path) -> None:
    dead = tmp_path / ".out[1].csv.1.4194305.draft"
    dead.write_text("left", encoding="utf-8")
    write_whole(tmp_path / "out[1].csv", "mine")
    assert _left(tmp_path / "out") == ["out[1].csv"]
