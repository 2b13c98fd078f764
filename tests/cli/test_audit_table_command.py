"""`hcc audit-table`: what it prints of a file, as a table and as JSON, and how it fails."""

import json
from pathlib import Path

import pytest

from etl.cli import run

TABLE = """table,row,level,group,statistic,printed
Table 1,Patients,,cases,size,50
Table 1,Patients,,controls,size,60
Table 1,Patients,,total,size,110
Table 1,Smoker,yes,cases,n,20
Table 1,Smoker,yes,cases,percent,{percent}
Table 1,Smoker,yes,controls,n,12
Table 1,Smoker,yes,controls,percent,20.0
"""


def write(folder: Path, percent: str) -> str:
    path = folder / "table.csv"
    path.write_text(TABLE.format(percent=percent), encoding="utf-8")
    return str(path)


def test_a_contradiction_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit-table", write(tmp_path, "44.0")]) == 0
    shown = capsys.readouterr().out
    assert "Table 1, Smoker yes (cases): 20 of 50 is 40.00 %, printed is 44.0; 22 would give 44.0" in shown
    assert "7 figures, contradictions: 1, notes: 0." in shown


def test_a_true_table_gives_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit-table", write(tmp_path, "40.0")]) == 0
    assert capsys.readouterr().out.strip().endswith("7 figures, contradictions: 0, notes: 0.")


def test_json_has_the_cells_and_the_computation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit-table", write(tmp_path, "44.0"), "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["kind"] == "percentage"
    assert finding["verdict"] == "contradiction"
    assert finding["figure_ids"] == ["line 5", "line 6"]
    assert finding["computed"] == "40.000"


def test_notes_are_printed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit-table", "studies/published/sorafenib.csv", "--notes"]) == 0
    shown = capsys.readouterr().out
    assert "so 25 of 1309 have no value" in shown
    assert "cannot be tested" in shown


def test_a_file_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit-table", str(tmp_path / "none.csv")]) != 0
    assert "there is no such file" in " ".join(capsys.readouterr().err.split())
