"""hcc score: a file of patients' values in, the same file with scores out; what is missing or unreadable has its reason."""

import json
from pathlib import Path

import pytest
from spec.table import SpecTable
from support.csv_rows import read_csv_rows

from etl.cli import run

COLUMNS = (
    "patient_id,bilirubin,bilirubin_unit,albumin,albumin_unit,inr,ascites,encephalopathy,ecog,nodule_count,"
    "largest_diameter_mm,portal_vein_invasion,hepatic_vein_invasion,extrahepatic_spread"
)

CASES = SpecTable(
    "Rows of a file",
    "A row is the fourteen columns of the file.",
    """
row | points | class | albi | ecog | bclc | reason
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | 5 | A | 1 | 0 | A |
P,17.1,umol/L,41,g/L,1.0,None,0,0,1,20,0,no,no | 5 | A | 1 | 0 | 0 |
P,1.0,mg/dL,4.1,g/dL,1.0,없음,none,0,>3,40,vp0,no,no | 5 | A | 1 | 0 | B |
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,multiple,40,vp0,no,no | 5 | A | 1 | 0 | B |
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,20,vp3,no,no | 5 | A | 1 | 0 | C |
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,20,vp0,yes,no | 5 | A | 1 | 0 | C |
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,20,vp0,no,yes | 5 | A | 1 | 0 | C |
P,3.1,mg/dL,2.7,g/dL,2.4,moderate,4,0,1,20,vp0,no,no | 15 | C | 3 | 0 | D |
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,3,,,,, | 5 | A | 1 | 3 | D |
P,<0.2,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | 5 | A | 1 | 0 | A | ALBI: the bound leaves the score open
P,abc,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | | | | 0 | | bilirubin is not a number
P,1.0,,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | | | | 0 | | bilirubin_unit is empty
P,1.0,furlong,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | | | | 0 | | bilirubin_unit is no unit of bilirubin
P,1200,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | | | | 0 | | bilirubin: value_absurd: not used
P,1.0,mg/dL,4.1,g/dL,1.0,big,none,0,1,45,vp0,no,no | | | 1 | 0 | | ascites is not one of none, slight, moderate
P,1.0,mg/dL,4.1,g/dL,1.0,none,5,0,1,45,vp0,no,no | | | 1 | 0 | | encephalopathy is not one of none
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,7,1,45,vp0,no,no | 5 | A | 1 | | | ECOG: not an ECOG of 0 to 5
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,few,45,vp0,no,no | 5 | A | 1 | 0 | | nodule_count is neither a whole number
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,2,wide,vp0,no,no | 5 | A | 1 | 0 | | largest_diameter_mm is not a length from 0 to 400 mm
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,2,3000,vp0,no,no | 5 | A | 1 | 0 | | largest_diameter_mm is not a length from 0 to 400 mm
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp9,no,no | 5 | A | 1 | 0 | | portal_vein_invasion is not one of vp0 to vp4
P,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,maybe | 5 | A | 1 | 0 | | extrahepatic_spread is neither yes nor no
P,,,,,,,,,,,,, | | | | | | Child-Pugh: albumin: not known; ascites: not known
P,1.0,mg/dL | | | | | | cells
,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no | | | | | | patient_id is empty
""",
)
ADDED = {
    "points": "child_pugh_points", "class": "child_pugh_class", "albi": "albi_grade", "ecog": "ecog_status",
    "bclc": "bclc_stage",
}  # fmt: skip


def score(tmp_path: Path, text: str, *options: str) -> list[dict[str, str]]:
    """Run the command on a text, and read what it wrote."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    assert run(["score", *options, str(source), "-o", str(target)]) == 0
    return read_csv_rows(target)


def test_rows_of_a_file(tmp_path: Path) -> None:
    rows = score(tmp_path, "\n".join((COLUMNS, *(case["row"] for case in CASES.cases))))
    for case, row in zip(CASES.cases, rows, strict=True):
        found = {name: row[column] for name, column in ADDED.items()}
        assert found == {name: case[name] for name in ADDED}, case["row"]
        assert case["reason"] in row["reason"], case["row"]
        if case["bclc"] and not case["reason"]:
            assert not row["reason"], case["row"]


def test_a_column_of_seconds_is_no_column_of_inr(tmp_path: Path) -> None:
    """The warehouse's one judgement of results, over the column of a file; a single high INR stands."""
    start = "1.0,mg/dL,4.1,g/dL"
    rest = "none,none,0,1,45,vp0,no,no"
    rows = score(tmp_path, "\n".join((COLUMNS, *(f"P,{start},{seconds},{rest}" for seconds in ("11.5", "12", "13")))))
    assert {(row["child_pugh_class"], row["albi_grade"]) for row in rows} == {("", "1")}
    assert rows[0]["reason"].startswith("Child-Pugh: inr: value_of_another_test: not used")
    rows = score(tmp_path, "\n".join((COLUMNS, *(f"P,{start},{inr},{rest}" for inr in ("1.0", "1.1", "6.5")))))
    assert [row["child_pugh_points"] for row in rows] == ["5", "5", "7"]


def test_only_scores_whose_columns_are_there_are_asked_for(tmp_path: Path) -> None:
    (row,) = score(tmp_path, "patient_id,ecog,karnofsky\nP,,70\n")
    assert (row["ecog_status"], row["child_pugh_class"], row["reason"]) == ("2", "", "")


def test_the_reported_class_goes_before_the_derived_one_by_option(tmp_path: Path) -> None:
    text = f"{COLUMNS},reported_child_pugh\nP,1.0,mg/dL,4.1,g/dL,1.0,none,none,0,1,45,vp0,no,no,C\n"
    assert score(tmp_path, text)[0]["bclc_stage"] == "D"
    assert score(tmp_path, text, "--option", "score_decides=derived")[0]["bclc_stage"] == "A"


def test_the_answer_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.csv"
    path.write_text("patient_id,ecog\nP,1\n,0\n", encoding="utf-8")
    assert run(["score", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [row["ecog_status"] for row in json.loads(out)] == [1, None]
    assert "1 rows" in err


@pytest.mark.parametrize(
    ("text", "arguments", "code", "message"),
    [
        ("patient_id,weight\nP,60\n", (), 4, "it has none of the columns that a score is made of"),
        ("id,ecog\nP,1\n", (), 4, "the header lacks patient_id"),
        ("patient_id,ecog,reason\nP,1,x\n", (), 4, "reason"),
        (
            "patient_id,ecog\nP,1\n",
            ("--option", "data_cut_off=2010-01-01"),
            2,
            "is no study option that changes this answer",
        ),
        ("patient_id,ecog\nP,1\n", ("--option", "karnofsky_90_ecog=5"), 11, "expected is one of: 0, 1"),
        ("patient_id,ecog\nP,1\n", ("-o", "in.csv"), 2, "would overwrite the file"),
    ],
)
def test_what_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    text: str,
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text(text, encoding="utf-8")
    assert run(["score", "in.csv", *arguments]) == code
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())
