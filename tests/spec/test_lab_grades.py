"""Laboratory grading, case by case: the rules against tests/spec/lab_grades.csv, through the file that `hcc grade` reads."""

import csv

import pytest
from spec.lab_tables import CASES, TABLES

from etl.grading.labs import NUMBERS, YES_NO, grade_labs

COLUMNS = ("id", "term", "analyte", "value", "unit", "lln", "uln", "baseline", *YES_NO, *NUMBERS)


def _row(number: int, case: dict[str, str]) -> dict[str, str]:
    also = dict(pair.split("=") for pair in case["also"].split(", ") if pair)
    return {"id": str(number)} | {name: case[name] for name in COLUMNS if name in case} | also


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    path = tmp_path_factory.mktemp("labs") / "labs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_row(number, case) for number, case in enumerate(CASES))
    answer = grade_labs(path)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def test_every_case(graded: list[dict[str, str]]) -> None:
    found = [
        ("" if row["grade"] is None else str(row["grade"]), (row["reason"] or "").partition(":")[0]) for row in graded
    ]
    wrong = [
        (case, answer) for case, answer in zip(CASES, found, strict=True) if answer != (case["grade"], case["reason"])
    ]
    assert wrong == []


def test_a_grade_has_its_criterion_and_nothing_else_has(graded: list[dict[str, str]]) -> None:
    assert [row for row in graded if (row["grade"] is None) != (row["criterion"] is None)] == []


def test_every_case_stands_in_one_table() -> None:
    told = [tuple(case.values()) for table in TABLES for case in table.cases]
    assert sorted(told) == sorted(tuple(case.values()) for case in CASES)
    assert len(told) >= 250
