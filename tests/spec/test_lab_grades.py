"""Laboratory grading, case by case: the rules against tests/spec/lab_grades.csv, through the file that `hcc grade` reads."""

import csv
import re

import pytest
from spec.lab_tables import CASES, TABLES

from etl.own_files.grading.labs import NUMBERS, YES_NO, grade_labs
from warehouse.views.rules import apply_rule, open_rules

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


def _text(grade: int | None) -> str:
    return "" if grade is None else str(grade)


def test_every_case(graded: list[dict[str, str]]) -> None:
    found = [
        (_text(row["grade"]), (row["reason"] or "").partition(":")[0], _text(row["grade_at_least"])) for row in graded
    ]
    wanted = [(case["grade"], case["reason"], case["at_least"]) for case in CASES]
    wrong = [(case, answer) for case, answer, right in zip(CASES, found, wanted, strict=True) if answer != right]
    assert wrong == []


def test_a_grade_has_its_criterion_and_nothing_else_has(graded: list[dict[str, str]]) -> None:
    assert [row for row in graded if (row["grade"] is None) != (row["criterion"] is None)] == []


def test_every_case_stands_in_one_table() -> None:
    told = [tuple(case.values()) for table in TABLES for case in table.cases]
    assert sorted(told) == sorted(tuple(case.values()) for case in CASES)
    assert len(told) >= 250


def test_every_criterion_has_found_its_rung() -> None:
    """A kind of criterion that the ladder does not know would be passed over in silence."""
    con = open_rules()
    apply_rule(con, "clinical_step.lab_ladder")
    names = [column[0] for column in con.execute("SELECT * FROM clinical_step.lab_ladder LIMIT 0").description or ()]
    arms = [
        n
        for n in names
        if re.fullmatch(r"(normal_times|absolute|absolute_from|baseline_times|baseline_from|rise)_\d", n)
    ]
    rungs = con.execute(
        f"SELECT sum({' + '.join(f'({arm} IS NOT NULL)::INTEGER' for arm in arms)} + (cutoff_grade IS NOT NULL)::INTEGER) "
        "FROM clinical_step.lab_ladder WHERE unit = 'unknown'"
    ).fetchone()
    in_units = con.execute(
        f"SELECT sum({' + '.join(f'({arm} IS NOT NULL)::INTEGER' for arm in arms if arm.startswith(('absolute', 'rise')))}) "
        "FROM clinical_step.lab_ladder AS ladder INNER JOIN (SELECT DISTINCT lab_term, unit FROM reference.lab_criterion "
        "WHERE unit <> '1') AS own ON ladder.ladder_term = own.lab_term AND ladder.unit = own.unit"
    ).fetchone()
    criteria = "SELECT count(*) FROM reference.lab_criterion WHERE basis <> 'clinical' AND "
    assert con.execute(criteria + "coalesce(unit, '1') = '1'").fetchone() == rungs
    assert con.execute(criteria + "unit <> '1'").fetchone() == in_units


def test_every_term_and_grade_is_one_that_ctcae_has() -> None:
    con = open_rules()
    strange = con.execute(
        """
        SELECT lab_term.term, criterion.grade
        FROM reference.lab_term
        INNER JOIN reference.lab_criterion AS criterion ON lab_term.lab_term = criterion.lab_term
        LEFT JOIN reference.ctcae_term AS ctcae
            ON lab_term.term = ctcae.term AND list_contains(ctcae.grades, criterion.grade)
        WHERE ctcae.term IS NULL
        """
    ).fetchall()
    assert strange == []
