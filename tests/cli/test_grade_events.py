"""`hcc grade --events events.csv`: what comes in, what goes out, and what is said of a row that cannot be read."""

import csv
import json
import random
from pathlib import Path

import pytest
from support.csv_rows import read_csv_rows

from etl.cli import run

EVENTS = """\
id,Verbatim,reported_grade,ctcae_version,systolic,diastolic,ward
1,수족증후군 Gr II,,4.03,,,"7, east"
2,설사 없음,,4.03,,,
3,Alopecia,3,4.03,,,
4,HTN,,4.03,139.5,85,
5,"오심, 구토",G II-III,v4.03,,,
6,diareha,2,4.03,,,
7,HFS,2,3.0,,,
8,설사,2,9,,,
9,설사,7,4.03,,,
10,HTN,,4.03,ninety,85,
11,설사
"""
ADDED = ["term", "meddra_code", "soc", "category", "grade", "is_valid", "reason"]
SHREDS = (
    "설사",
    "G",
    "2",
    "II",
    "-",
    "(",
    ")",
    "없음",
    "/",
    ",",
    ";",
    "and",
    "r/o",
    "~",
    "'",
    '"',
    "\t",
    "😀",
    "\u200b",
    "٣",
    "%",
    "\\",
)


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path


def test_the_answer_is_the_file_with_seven_columns_more(events: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run(["grade", "--events", str(events), "-o", str(out)]) == 0
    rows = read_csv_rows(out)
    assert list(rows[0]) == [*EVENTS.splitlines()[0].split(","), *ADDED]
    assert rows[0]["ward"] == "7, east"
    assert [rows[0][name] for name in ADDED] == [
        *("Palmar-plantar erythrodysesthesia syndrome", "10054524", "Skin and subcutaneous tissue disorders"),
        *("dermatologic", "2", "yes", ""),
    ]
    told = [(row["id"], row["grade"], row["is_valid"], row["reason"].partition(":")[0]) for row in rows[1:]]
    assert told == [
        ("2", "", "", "negated"),
        ("3", "", "no", "grade_not_in_term"),
        ("4", "1", "yes", "graded_by_numbers"),
        ("5", "3", "yes", "grade_is_range"),
        ("5", "3", "yes", "grade_is_range"),
        ("6", "", "no", "unlisted"),
        ("7", "", "", "version_differs"),
        ("8", "", "no", "version_not_known"),
        ("9", "", "no", "grade_out_of_range"),
        ("10", "", "no", "number_not_read"),
        ("11", "", "no", "row_not_whole"),
    ]
    assert rows[6]["reason"].endswith("(nearest: Diarrhea; Hyperhidrosis)")
    assert rows[2]["reason"].endswith("(it has 1, 2)")


def test_without_o_it_is_a_table(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--events", str(events)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-7:] == ADDED
    assert len(lines) == 13


def test_json(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--events", str(events), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["grade"], row["is_valid"]) for row in rows[:3]] == [(2, True), (None, None), (None, False)]


def test_with_o_the_counts_are_told(events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", "--events", str(events), "-o", str(tmp_path / "out.csv"), "--json"]) == 0
    told = capsys.readouterr()
    assert {"grade": 3, "reason": "grade_is_range", "rows": 2} in json.loads(told.out)
    assert "out.csv: 12 rows." in told.err


def test_a_term_in_place_of_words(tmp_path: Path) -> None:
    path, out = tmp_path / "events.csv", tmp_path / "out.csv"
    path.write_text(
        "id,term,reported_grade,ctcae_version\n1,DIARRHEA,2,4.03\n2,손발증후군,1,4.03\n3,N/V,1,4.03\n4,spleen,1,4.03\n",
        encoding="utf-8",
    )
    assert run(["grade", "--events", str(path), "-o", str(out)]) == 0
    assert [(row["id"], row["term"], row["ctcae_term"], row["grade"]) for row in read_csv_rows(out)] == [
        ("1", "DIARRHEA", "Diarrhea", "2"),
        ("2", "손발증후군", "Palmar-plantar erythrodysesthesia syndrome", "1"),
        ("3", "N/V", "Nausea", "1"),
        ("3", "N/V", "Vomiting", "1"),
        ("4", "spleen", "", ""),
    ]


def test_words_and_a_term(tmp_path: Path) -> None:
    path, out = tmp_path / "events.csv", tmp_path / "out.csv"
    path.write_text(
        "id,verbatim,term,reported_grade,ctcae_version\n"
        "1,설사,Vomiting,2,4.03\n2,손발이 벗겨짐,HFS,2,4.03\n3,설사,weird,2,4.03\n4,PVTT,Portal vein thrombosis,3,4.03\n"
        "5,설사 없음,Vomiting,2,4.03\n6,설사 없음,Diarrhea,2,4.03\n",
        encoding="utf-8",
    )
    assert run(["grade", "--events", str(path), "-o", str(out)]) == 0
    assert [(row["ctcae_term"], row["grade"], row["reason"].partition(":")[0]) for row in read_csv_rows(out)] == [
        ("Vomiting", "2", "term_differs"),
        ("Palmar-plantar erythrodysesthesia syndrome", "2", ""),
        ("Diarrhea", "2", "term_unlisted"),
        ("Portal vein thrombosis", "", "disease"),
        ("Vomiting", "2", "term_differs"),
        ("Diarrhea", "", "negated"),
    ]


def test_no_shred_of_text_is_lost_or_ends_in_a_crash(tmp_path: Path) -> None:
    rng = random.Random(4)  # noqa: S311
    path, out = tmp_path / "events.csv", tmp_path / "out.csv"
    rows = [["".join(rng.choices(SHREDS, k=rng.randint(0, 7))) for _ in range(5)] for _ in range(2_000)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "verbatim", "reported_grade", "ctcae_version", "systolic", "diastolic"])
        writer.writerows([[str(number), *row] for number, row in enumerate(rows)])
    assert run(["grade", "--events", str(path), "-o", str(out)]) == 0
    answers = read_csv_rows(out)
    assert {row["id"] for row in answers} == {str(number) for number in range(len(rows))}
    assert [row for row in answers if not row["grade"] and not row["reason"]] == []
    assert [row for row in answers if row["grade"] and row["is_valid"] != "yes"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade"], "name one file"),
        (["grade", "labs.csv", "--events", "events.csv"], "name one file"),
        (["grade", "--events", "events.csv", "--lab-only"], "it is about laboratory results"),
        (
            ["grade", "--events", "events.csv", "--option", "lab_grade_mode=lab_only"],
            "The options: event_anorexia, event_disease_related_skin",
        ),
    ],
)
def test_one_file_and_its_own_options(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,verbatim,reported_grade\n", "the header lacks ctcae_version."),
        ("id,reported_grade,ctcae_version\n", "the header lacks verbatim or term."),
        ("id,verbatim,reported_grade,ctcae_version,soc\n", "it already has soc, which the answer adds."),
        ("", "the file is empty."),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    tmp_path: Path, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "events.csv"
    path.write_text(content, encoding="utf-8")
    assert run(["grade", "--events", str(path)]) == 4
    assert message in capsys.readouterr().err


def test_the_file_itself_is_never_overwritten(events: Path) -> None:
    assert run(["grade", "--events", str(events), "-o", str(events)]) == 2
    assert events.read_text(encoding="utf-8") == EVENTS


def test_an_empty_file_with_a_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "events.csv"
    path.write_text("id,verbatim,reported_grade,ctcae_version\n", encoding="utf-8")
    assert run(["grade", "--events", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
