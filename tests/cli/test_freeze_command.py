"""hcc freeze: a folder and its seal; --check says what was touched and ends with 5; everything else is one sentence."""

import json
from pathlib import Path

import pytest
from support.frozen_case import copy_frozen_case

from etl.cli import run
from etl.study.freeze.manifest import check_frozen, read_seal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place with a warehouse and a study; returns where frozen data will lie."""
    copy_frozen_case(tmp_path)
    # The case came without the mappings of its hospitals, with which its loads could be compared.
    monkeypatch.setattr("etl.derivation.freshness.stale_sentence", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return Path("data/frozen/paper-1")


def test_a_study_is_frozen_and_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["freeze", "paper-1", "--study", "small"]) == 0
    assert capsys.readouterr().out == f"{folder}: frozen. Seal: {read_seal(folder)}\n"
    assert check_frozen(folder) == []
    assert run(["freeze", "--check", "paper-1"]) == 0
    assert capsys.readouterr().out == f"{folder}: untouched. Seal: {read_seal(folder)}\n"


def test_what_differs_from_the_files_is_said_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("etl.derivation.freshness.stale_sentence", lambda *_: "Files differ: run 'hcc derive'.")
    assert run(["freeze", "paper-1", "--study", "small"]) == 0
    assert capsys.readouterr().err == "Files differ: run 'hcc derive'.\n"
    assert run(["study", "small"]) == 0
    assert capsys.readouterr().err.startswith("Files differ: run 'hcc derive'.\n")
    assert run(["study", "small", "--from", "paper-1"]) == 0
    assert "Files differ" not in capsys.readouterr().err, "a frozen data set follows no file of today"


def test_a_touched_file_is_named_and_the_exit_code_is_5(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["freeze", "paper-1", "--study", "small"]) == 0
    (folder / "options.csv").write_text("name\n", encoding="utf-8")
    (folder / "note.txt").write_text("mine\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["freeze", "--check", "paper-1"]) == 5
    said = capsys.readouterr()
    assert [line.partition(":")[0] for line in said.out.splitlines()] == ["note.txt", "options.csv"]
    assert said.err == f"{folder} was touched since it was frozen; files: 2.\n"
    assert run(["freeze", "--check", "paper-1", "--json"]) == 5
    answer = json.loads(capsys.readouterr().out)
    assert answer["seal"] is None
    assert len(answer["touched"]) == 2


def test_json_has_the_folder_and_the_seal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["freeze", "paper-1", "--study", "small", "--json"]) == 0
    expected = {"folder": str(folder), "study": "small", "seal": read_seal(folder)}
    assert json.loads(capsys.readouterr().out) == expected
    assert run(["freeze", "--check", "paper-1", "--json"]) == 0
    checked = {"folder": str(folder), "seal": read_seal(folder), "touched": []}
    assert json.loads(capsys.readouterr().out) == checked


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["Paper 1", "--study", "small"], 5, "'Paper 1' cannot name a frozen data set."),
        (["paper-1", "--study", "smal"], 8, "There is no study studies/smal.yaml."),
        (["--check", "paper-2"], 8, "There is no frozen data set data/frozen/paper-2. Known: none."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, sentence: str
) -> None:
    assert run(["freeze", *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(sentence)
    assert not folder.exists()


def test_the_study_of_frozen_data_is_not_another_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["freeze", "paper-1", "--study", "small"]) == 0
    capsys.readouterr()
    assert run(["study", "other", "--from", "paper-1"]) == 5
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"The frozen data set {folder} is of the study 'small', not of 'other'."
    )


def test_an_existing_name_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["freeze", "paper-1", "--study", "small"]) == 0
    capsys.readouterr()
    assert run(["freeze", "paper-1", "--study", "small"]) == 5
    assert capsys.readouterr().err == (
        f"There is a frozen data set {folder} already, and it is never overwritten. Choose another name.\n"
    )


def test_without_a_warehouse_there_is_nothing_to_freeze(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/warehouse.duckdb").unlink()
    assert run(["freeze", "paper-1", "--study", "small"]) == 8
    assert capsys.readouterr().err.startswith("There is no warehouse yet")
    assert not folder.exists()


def test_a_changed_study_file_is_refused_until_the_study_is_computed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path("studies/small.yaml")
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("A small study", "Another study", 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8").count("Another study") == 1
    assert run(["freeze", "paper-1", "--study", "small"]) == 5
    assert capsys.readouterr().err == (
        "The warehouse does not hold the present results of the study 'small': the study file was changed since. "
        "Run 'make study' first.\n"
    )
    assert not folder.exists()
