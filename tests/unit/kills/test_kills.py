"""The harness of kills: it has a scene for every command that writes, and finds a file that is written in two steps."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from kills.children import run_command
from kills.files import between, damaged_files, files, is_draft, only_repeatable
from kills.scenes import SCENES, enter, settings_of

from etl.cli import COMMANDS
from etl.own_files import csv_file
from etl.settings import Settings
from etl.study.freeze.manifest import write_manifest
from warehouse.file.whole_file import whole_file

WITHOUT_A_SCENE = {
    **dict.fromkeys(
        ("findings", "quarantine", "questions", "status", "describe", "check-mapping", "audit-table", "recall"),
        "writes nothing but -o, and the scene of query -o goes the same way",
    ),
    **dict.fromkeys(
        ("grade", "respond", "score", "survive"), "writes its answer by the same whole_file; killed in the test below"
    ),
    **dict.fromkeys(("explain", "check-study", "sql"), "writes nothing"),
    "timeline": "its figures are written as those of study, and its patient's pseudonym is drawn at random",
}


def test_every_command_that_writes_has_a_scene() -> None:
    with_scene = {scene.command[0] for scene in SCENES.values()}
    assert set(COMMANDS) - with_scene - set(WITHOUT_A_SCENE) == set()
    assert with_scene & set(WITHOUT_A_SCENE) == set()
    assert (with_scene | set(WITHOUT_A_SCENE)) - set(COMMANDS) == set()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path)
    settings.data_dir.mkdir()
    return settings


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def in_two_steps(path: Path) -> Iterator[Path]:
    """The planted fault: the file gets its name at once, and its rows by and by."""
    yield path
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    _stop()


@contextmanager
def as_it_is(path: Path) -> Iterator[Path]:
    with whole_file(path) as draft:
        yield draft
        _stop()


@pytest.mark.parametrize(("writes", "found"), [(in_two_steps, ["answer.csv"]), (as_it_is, [])])
def test_a_file_that_is_written_in_two_steps_is_found(
    writes: Callable[[Path], AbstractContextManager[Path]],
    found: list[str],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = settings.data_dir.parent
    (settings.data_dir / "labs.csv").write_text(
        "id,analyte,value,unit,lln,uln,baseline\n1,ast,100,U/L,,40,\n2,alt,300,U/L,,40,\n", encoding="utf-8"
    )
    command = ("grade", "data/labs.csv", "-o", "answer.csv")
    before = files(settings)
    done = run_command(command, partial(enter, settings), folder, kill_after=None)
    assert done.code == 0, done.printed
    after = files(settings)
    assert set(after) == {"answer.csv"}
    (folder / "answer.csv").unlink()
    monkeypatch.setattr(csv_file, "whole_file", writes)
    assert run_command(command, partial(enter, settings), folder, kill_after=None).code is None
    assert between(files(settings), before, after) == found


WHOLE_AND_HALF = [
    ("page.html", b"<html></html>\n", b"<html></ht"),
    ("page.json", b'{"a": 1}', b'{"a": '),
    ("rows.parquet", b"PAR1 rows PAR1", b"PAR1 rows"),
    ("line.svg", b"<svg></svg>\n", b"<svg>"),
]


@pytest.mark.parametrize(("name", "content", "half"), WHOLE_AND_HALF)
def test_half_a_file_is_damaged(name: str, content: bytes, half: bytes, settings: Settings) -> None:
    settings.reports_dir.mkdir()
    path = settings.reports_dir / name
    path.write_bytes(content)
    assert damaged_files(settings) == []
    path.write_bytes(half)
    assert damaged_files(settings) == [f"reports/{name}"]


def test_a_frozen_folder_is_seen_as_one_thing_and_its_damage_is_found(settings: Settings) -> None:
    folder = settings.frozen_dir / "second"
    folder.mkdir(parents=True)
    (folder / "cohort.csv").write_text("id\n1\n", encoding="utf-8")
    write_manifest(folder)
    whole = files(settings)
    assert set(whole) == {"data/frozen/second"}
    (folder / "cohort.csv").write_text("id\n", encoding="utf-8")
    assert between(files(settings), {}, whole) == ["data/frozen/second"]
    assert "cohort.csv: the file was changed" in damaged_files(settings)[0]


def test_an_export_that_was_moved_aside_counts_as_there_and_as_left_behind(settings: Settings) -> None:
    folder = settings.data_dir.parent / "exported"
    folder.mkdir()
    (folder / "cohort.csv").write_text("id\n1\n", encoding="utf-8")
    write_manifest(folder)
    before = files(settings)
    aside = folder.rename(folder.with_name(".exported.1.old"))
    assert files(settings) == before
    assert is_draft(aside, folder.parent)


def test_what_two_undisturbed_runs_write_differently_is_compared_by_name_alone() -> None:
    after = only_repeatable({"page": "1", "table": "2"}, {"page": "3", "table": "2"})
    assert between({"page": "9", "table": "2"}, {}, after) == []
    assert between({"page": "9", "table": "7"}, {}, after) == ["table"]
    assert between({"table": "2"}, after, after) == ["page"]
