"""`hcc grade labs.csv`: what comes in, what goes out, and what is said of a file that cannot be read."""

import json
from pathlib import Path

import pytest
from support.csv_rows import read_csv_rows

from etl.cli import run

LABS = """\
id,Term,value,unit,lln,uln,baseline,symptomatic,ward
1,Alanine aminotransferase increased,3.6,same,,1.2,,,"7, east"
2,anemia,9.9,G/DL,12,17,,,
3,Platelet count decreased,1e+05,/mm³,150000,400000,,,
4,Hypokalemia,3.2,mEq/L,3.5,5.1,,yes,
5,Hypokalemia,3.2,mmol/L,3.5,5.1,,,
6,INR increased,abc,,,1.2,,,
7,Night sweats increased,1,,,,,,
8,Creatinine increased,177,µmol/L,50,90,88
"""


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    path = tmp_path / "labs.csv"
    path.write_text(LABS, encoding="utf-8")
    return path


def test_the_answer_is_the_file_with_four_columns_more(labs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run(["grade", str(labs), "-o", str(out)]) == 0
    rows = read_csv_rows(out)
    assert list(rows[0]) == [
        *LABS.splitlines()[0].split(","),
        *("grade", "grade_at_least", "criterion", "reason"),
    ]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert rows[0]["ward"] == "7, east"
    assert [row["grade"] for row in rows] == ["1", "2", "1", "2", "1", "", "", ""]
    assert rows[1]["criterion"] == "< 10 g/dL to 8 g/dL"
    assert [row["reason"].partition(":")[0] for row in rows[4:]] == [
        *("symptoms_unknown", "value_not_a_number", "term_unknown", "row_not_whole"),
    ]


def test_without_o_it_is_a_table(labs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", str(labs)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-4:] == ["grade", "grade_at_least", "criterion", "reason"]
    assert len(lines) == 9


def test_json_keeps_an_ungradable_result_apart_from_a_normal_one(
    labs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["grade", str(labs), "--json"]) == 0
    grades = [row["grade"] for row in json.loads(capsys.readouterr().out)]
    assert grades == [1, 2, 1, 2, 1, None, None, None]


def test_with_o_the_counts_are_told(labs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", str(labs), "-o", str(tmp_path / "out.csv"), "--json"]) == 0
    told = capsys.readouterr()
    assert {"grade": None, "reason": "term_unknown", "rows": 1} in json.loads(told.out)
    assert "out.csv: 8 rows." in told.err


@pytest.mark.parametrize(
    ("option", "row", "grade"),
    [
        ("--lab-only", "Anemia,9.5,g/dL,13,17,,yes,", "2"),
        ("--worst-case", "Hypokalemia,3.2,mmol/L,3.5,5.1,,,", "2"),
        ("--wnl-guard", "Lymphocyte count decreased,0.75,10^9/L,0.7,4,,,", "0"),
    ],
)
def test_an_option_changes_the_grade_and_the_default_does_not(
    tmp_path: Path, option: str, row: str, grade: str
) -> None:
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text(f"id,term,value,unit,lln,uln,baseline,transfusion,note\n1,{row}\n", encoding="utf-8")
    grades = []
    for options in ([], [option]):
        assert run(["grade", str(path), "-o", str(out), *options]) == 0
        grades.append(read_csv_rows(out)[0]["grade"])
    assert grades[0] != grades[1] == grade


GLUCOSE = "id,term,value,unit,lln,uln,baseline,fasting\n1,Hyperglycemia,200,mg/dL,70,110,,no\n"


def test_any_option_of_laboratory_grading_can_be_named(tmp_path: Path) -> None:
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text(GLUCOSE, encoding="utf-8")
    found = []
    for value in ("ungradable", "zero"):
        assert run(["grade", str(path), "-o", str(out), "--option", f"lab_grade_glucose_not_fasting={value}"]) == 0
        row = read_csv_rows(out)[0]
        found.append((row["grade"], row["reason"].partition(":")[0], row["criterion"].partition(" (")[2]))
    assert found == [
        ("", "not_fasting", ""),
        ("0", "not_fasting", "not fasting, no grade above 2: option lab_grade_glucose_not_fasting)"),
    ]


@pytest.mark.parametrize(
    ("option", "code", "message"),
    [
        ("lab_grade_mode", 2, "'lab_grade_mode' is no study option that changes this answer; write it as in"),
        ("long_term_months=12", 2, "'long_term_months=12' is no study option that changes this answer"),
        ("lab_grade_moon=full", 2, "'lab_grade_moon=full' is no study option that changes this answer"),
        (
            "lab_grade_mode=loud",
            11,
            "The study option 'lab_grade_mode' cannot be 'loud'; expected is one of: clinical,",
        ),
    ],
)
def test_an_option_that_is_none_is_refused(
    labs: Path, option: str, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["grade", str(labs), "--option", option]) == code
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_a_bound_has_its_least_grade_next_to_the_grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "labs.csv"
    path.write_text(
        "id,term,value,unit,lln,uln,baseline\n1,혈소판,<30,만/㎕,15,40,\n2,혈소판,<3,만/㎕,15,40,\n3,Anemia,7,g/㎗,17,13,\n",
        encoding="utf-8",
    )
    assert run(["grade", str(path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["grade"], row["grade_at_least"], row["reason"].partition(":")[0]) for row in rows] == [
        (None, None, "value_is_a_bound"),
        (None, 3, "value_is_a_bound"),
        (3, None, "limits_swapped"),
    ]


def test_an_analyte_is_graded_for_each_of_its_terms(tmp_path: Path) -> None:
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text("id,analyte,value,unit,lln,uln,baseline\n1,K,5.6,mmol/L,3.5,5.1,\n2,LDH,400,U/L,,200,\n")
    assert run(["grade", str(path), "-o", str(out)]) == 0
    assert [(row["id"], row["ctcae_term"], row["grade"]) for row in read_csv_rows(out)] == [
        ("1", "Hyperkalemia", "2"),
        ("1", "Hypokalemia", "0"),
        ("2", "", ""),
    ]


def test_an_analyte_in_the_column_of_the_term_is_graded_likewise(tmp_path: Path) -> None:
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_text(
        "id,term,value,unit,lln,uln,baseline\n1,혈색소,9.5,g/dL,13,17,\n2,Anemia,9.5,g/dL,13,17,\n", encoding="utf-8"
    )
    assert run(["grade", str(path), "-o", str(out)]) == 0
    assert [(row["id"], row["term"], row["ctcae_term"], row["grade"]) for row in read_csv_rows(out)] == [
        ("1", "혈색소", "Anemia", "2"),
        ("1", "혈색소", "Hemoglobin increased", "0"),
        ("2", "Anemia", "Anemia", "2"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,term,value,unit,lln,uln\n1,Anemia,9,g/dL,12,17\n", "labs.csv: the header lacks baseline."),
        (b"id,value,unit,lln,uln,baseline\n", "the header lacks term or analyte."),
        (b"", "labs.csv: the file is empty."),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe\x00\x81", "labs.csv: "),
        (b"id,term,value,unit,lln,uln,baseline,grade\n", "it already has grade, which the answer adds."),
        (
            b"id,term,value,unit,lln,uln,baseline,\n1,Anemia,9,g/dL,12,17,,\n",
            "labs.csv: column 8 has no name in the header.",
        ),
        (b"id,term,value,unit,lln,uln,baseline,_Record\n", "the header names _record, a name that is taken here."),
        (b"\xff\xfei\x00d\x00,", "labs.csv: it is text in neither UTF-8, UTF-16 nor"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labs.csv"
    path.write_bytes(content)
    assert run(["grade", str(path)]) == 4
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", str(tmp_path / "nowhere.csv")]) == 8
    assert "there is no such file" in capsys.readouterr().err
    assert run(["grade", str(tmp_path)]) == 8
    assert "this is a folder. Name a CSV file." in capsys.readouterr().err


def test_the_file_itself_is_never_overwritten(labs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", str(labs), "-o", str(labs)]) == 2
    assert labs.read_text(encoding="utf-8") == LABS


def test_korean_windows_and_semicolons_are_read(tmp_path: Path) -> None:
    path, out = tmp_path / "labs.csv", tmp_path / "out.csv"
    path.write_bytes("id;term;value;unit;lln;uln;baseline;비고\n1;Anemia;9,9;g/dL;12;17;;빈혈\n".encode("cp949"))
    assert run(["grade", str(path), "-o", str(out)]) == 0
    row = read_csv_rows(out)[0]
    assert (row["비고"], row["grade"], row["reason"].partition(":")[0]) == ("빈혈", "", "value_not_a_number")


def test_unicode_text_of_excel_is_read(tmp_path: Path) -> None:
    path, out = tmp_path / "labs.txt", tmp_path / "out.csv"
    path.write_text("id\tterm\tvalue\tunit\tlln\tuln\tbaseline\n1\tAnemia\t9.9\tg/dL\t12\t17\t\n", encoding="utf-16")
    assert run(["grade", str(path), "-o", str(out)]) == 0
    assert read_csv_rows(out)[0]["grade"] == "2"
