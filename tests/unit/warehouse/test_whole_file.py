"""A file appears whole or not at all, whoever writes it and however that ends."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.file.whole_file import put_folder, whole_file, write_whole

PROGRAMS = [path for folder in ("etl", "warehouse") for path in Path(folder).rglob("*.py")]
KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.file.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as draft:
    draft.write_text("half of i")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("content", "written"), [("한\r\n글\n", "한\r\n글\n".encode()), (b"\x00\xff", b"\x00\xff"), ("", b"")]
)
def test_what_is_written_is_there(tmp_path: Path, content: str | bytes, written: bytes) -> None:
    write_whole(tmp_path / "page.html", "old")
    write_whole(tmp_path / "page.html", content)
    assert (tmp_path / "page.html").read_bytes() == written
    assert names(tmp_path) == ["page.html"]


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole_file(path) as draft:
        draft.write_text("half of i", encoding="utf-8")
        raise ZeroDivisionError
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["page.html"]


def test_a_kill_leaves_the_old_file_and_the_next_writer_removes_the_draft(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "old"
    assert len(names(tmp_path)) == 2
    write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert names(tmp_path) == ["page.html"]


def test_the_draft_of_a_process_that_lives_stays(tmp_path: Path) -> None:
    draft = tmp_path / f".page.html.1.{os.getppid()}.draft"
    draft.write_text("half of i", encoding="utf-8")
    write_whole(tmp_path / "page.html", "new")
    assert draft.exists()


def test_threads_that_write_the_same_file_leave_one_of_them_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_whole(path, str(number) * 100_000), range(8)))
    text = path.read_text(encoding="utf-8")
    assert len(text) == 100_000
    assert len(set(text)) == 1
    assert names(tmp_path) == ["page.html"]


def test_who_was_first_stays_where_a_file_is_not_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "hill.key"
    with whole_file(path, replaces=False, mode=0o600) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600, "from its first moment"
        draft.write_text("second", encoding="utf-8")
        path.write_text("first", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "first"
    assert names(tmp_path) == ["hill.key"]


def test_a_folder_gets_its_name_with_all_that_is_in_it(tmp_path: Path) -> None:
    draft = tmp_path / ".draft"
    (draft / "inner").mkdir(parents=True)
    (draft / "inner" / "rows.csv").write_text("a\n1\n", encoding="utf-8")
    put_folder(draft, tmp_path / "done")
    assert names(tmp_path) == ["done"]
    assert (tmp_path / "done" / "inner" / "rows.csv").read_text(encoding="utf-8") == "a\n1\n"


def test_no_other_program_syncs_files_by_itself() -> None:
    of_their_own = [path for path in PROGRAMS if "fsync" in path.read_text(encoding="utf-8")]
    assert [path.as_posix() for path in of_their_own] == ["warehouse/file/whole_file.py"]
