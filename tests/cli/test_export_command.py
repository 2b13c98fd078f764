"""hcc export: a folder for another program, a summary, and everything that cannot be is one sentence."""

import json
from pathlib import Path

import pytest

from etl.cli import run
from etl.export.export import PERSONAL


@pytest.fixture(autouse=True)
def _in_a_warehouse(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCC_DATA_DIR", str(warehouse_path.parent))
    monkeypatch.setenv("HCC_REPORTS_DIR", str(warehouse_path.parent / "reports"))
    monkeypatch.setattr("etl.derivation.freshness.stale_sentence", lambda *_: None)


def test_the_summary_says_whose_data_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(tmp_path / "out"), "--schema", "cohort", "-s", "clinical.survival"]) == 0
    shown, said = capsys.readouterr()
    assert shown == f"{tmp_path / 'out'}: 2 tables, 0 rows, as .csv.\n"
    assert said == f"{PERSONAL}\n"


def test_json_names_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(tmp_path / "out"), "--schema", "cohort", "--format", "xlsx", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["tables"] == [{"table": "analysis.cohort", "file": "analysis.xlsx", "sheet": "cohort", "rows": 0}]
    assert (told["format"], told["warning"], len(told["seal"])) == ("xlsx", PERSONAL, 64)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["out", "--schema", "quality"], 5, "'quality' is not exported: "),
        (
            ["out", "--schema", "cohrt"],
            8,
            "There is no schema or table 'cohrt' in the warehouse. Did you mean 'cohort'?",
        ),
        (["data", "--schema", "cohort"], 5, "data: the folder holds something that is no export"),
        (["file", "--schema", "cohort"], 5, "file: this is a file or a link"),
        (["file/out", "--schema", "cohort"], 7, "file/out: it cannot be "),
        (["..", "--schema", "cohort"], 5, "..: an export needs a folder of its own."),
        ([".", "--schema", "cohort"], 5, ".: an export needs a folder of its own."),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(  # noqa: PLR0917  # fixtures and a case
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    (tmp_path / "here" / "data").mkdir(parents=True)
    (tmp_path / "here" / "data" / "mine.csv").touch()
    (tmp_path / "here" / "file").touch()
    monkeypatch.chdir(tmp_path / "here")
    assert run(["export", *arguments]) == code
    shown, said = capsys.readouterr()
    assert shown == ""
    assert said.startswith(sentence)
    assert said.count("\n") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["data", "file"]


def test_an_unknown_format_is_refused_with_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(tmp_path / "out"), "--format", "ods"]) == 2
    assert "parquet" in capsys.readouterr().err
