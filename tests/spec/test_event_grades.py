"""Adverse events, case by case: the rules against tests/spec/event_tables.py, through the file that `hcc grade` reads."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from spec.event_tables import CASES, GRADES, GROUPS, TABLES

from etl.own_files.grading.events import NUMBERS, grade_events
from warehouse.views.rules import apply_rule, open_rules, set_options

COLUMNS = ("id", "verbatim", "reported_grade", "ctcae_version", *NUMBERS)


def graded(folder: Path, rows: Sequence[dict[str, str]]) -> list[list[dict[str, Any]]]:
    """Write rows into a file, grade it, and give the answers of each row."""
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({"id": str(number), **row} for number, row in enumerate(rows))
    answer = grade_events(path)
    found: list[list[dict[str, Any]]] = [[] for _ in rows]
    for row in answer.rows:
        named = dict(zip(answer.columns, row, strict=True))
        found[int(named["id"])].append(named)
    return found


def test_every_case(tmp_path: Path) -> None:
    rows = [
        {"verbatim": case["verbatim"], "reported_grade": case["reported_grade"], "ctcae_version": case["version"]}
        | dict(pair.split("=") for pair in case["also"].split(", ") if pair)
        for case in CASES
    ]
    wrong = []
    for case, answers in zip(CASES, graded(tmp_path, rows), strict=True):
        found = "; ".join(
            " ".join(str(cell) for cell in (row["term"], row["grade"]) if cell is not None) for row in answers
        )
        reasons = [(row["reason"] or "").partition(":")[0] for row in answers]
        reason = "; ".join(reasons) if any(reasons) else ""
        if (found, reason) != (case["found"], case["reason"]):
            wrong.append((case, found, reason))
    assert wrong == []


def test_a_term_has_its_grades_and_no_others(tmp_path: Path) -> None:
    asked = [(case, grade) for case in GRADES for grade in "12345"]
    rows = [{"verbatim": case["term"], "reported_grade": grade, "ctcae_version": "4.03"} for case, grade in asked]
    for (case, grade), (row,) in zip(asked, graded(tmp_path, rows), strict=True):
        exists = grade in case["grades"].split()
        assert (row["term"], row["is_valid"], row["grade"]) == (case["term"], exists, int(grade) if exists else None)
        assert (row["reason"] is None) == exists


def test_the_categories_and_their_options() -> None:
    con = open_rules()
    apply_rule(con, "clinical.event_term")
    category = dict(con.execute("SELECT term, category FROM clinical.event_term").fetchall())
    assert [case for case in GROUPS if category[case["term"]] != case["category"]] == []
    con = open_rules()
    set_options(con, {"event_anorexia": "gastroenterologic", "event_disease_related_skin": "excluded"})
    apply_rule(con, "clinical.event_term")
    changed = con.execute("SELECT term, category FROM clinical.event_term").fetchall()
    assert {term: now for term, now in changed if category[term] != now} == {
        "Anorexia": "gastroenterologic",
        "Periorbital edema": "other",
        "Purpura": "other",
    }


def test_every_term_is_its_own_spelling(tmp_path: Path) -> None:
    con = open_rules()
    terms = [term for (term,) in con.execute("SELECT term FROM reference.ctcae_term").fetchall()]
    answers = graded(tmp_path, [{"verbatim": term.upper(), "ctcae_version": "4.03"} for term in terms])
    assert [term for term, rows in zip(terms, answers, strict=True) if [row["term"] for row in rows] != [term]] == []
    assert len(terms) == 790


def test_every_spelling_gives_its_terms(tmp_path: Path) -> None:
    con = open_rules()
    listed = con.execute(
        "SELECT spelling, list(term ORDER BY term) FROM reference.event_synonym GROUP BY spelling"
    ).fetchall()
    for grade in ("", " Gr 2"):
        answers = graded(tmp_path, [{"verbatim": spelling + grade, "ctcae_version": "4.03"} for spelling, _ in listed])
        wrong = [
            (spelling, terms, [row["term"] for row in rows])
            for (spelling, terms), rows in zip(listed, answers, strict=True)
            if sorted(str(row["term"]) for row in rows) != terms
        ]
        assert wrong == []


@pytest.mark.parametrize("table", ["event_synonym", "event_category", "event_criterion", "event_translation"])
def test_reference_rows_name_terms_of_ctcae(table: str) -> None:
    strange = open_rules().execute(
        f"SELECT term FROM reference.{table} WHERE term NOT IN (SELECT term FROM reference.ctcae_term)"
    )
    assert strange.fetchall() == []


def test_no_spelling_of_a_tumour_thrombus_is_a_thrombosis() -> None:
    con = open_rules()
    spellings = con.execute("SELECT lower(spelling) FROM reference.event_synonym").fetchall()
    assert [
        name for (name,) in spellings if "pvtt" in name or "종양혈전" in name or ("tumo" in name and "thromb" in name)
    ] == []


def test_every_case_stands_in_one_table() -> None:
    told = [tuple(case.values()) for table in TABLES for case in table.cases]
    assert len(told) == len(CASES) + len(GRADES) + len(GROUPS)
    assert len(told) >= 250
