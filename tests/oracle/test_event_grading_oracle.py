"""Adverse events by the warehouse's rules agree with the slow reading, on rows drawn at random."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from oracle.drawn_events import Written, draw_rows
from oracle.event_grading import GRADES, read_grade

from etl.own_files.grading.events import NUMBERS, grade_events


def _differences(rows: list[Written], folder: Path) -> tuple[list[object], Counter[int | None]]:
    path = folder / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "verbatim", "reported_grade", "ctcae_version", *NUMBERS))
        writer.writeheader()
        writer.writerows({"id": str(number), **row.cells} for number, row in enumerate(rows))
    answer = grade_events(path)
    term, grade = answer.columns.index("term"), answer.columns.index("grade")
    found: list[list[tuple[object, ...]]] = [[] for _ in rows]
    for row in answer.rows:
        found[int(row[0])].append((row[term], row[grade]))
    wanted = [[(event.term, read_grade(event)) for event in row.events] for row in rows]
    wrong: list[object] = [
        (row.cells, want, got) for row, want, got in zip(rows, wanted, found, strict=True) if want != got
    ]
    return wrong[:3], Counter(grade for events in wanted for _, grade in events)


def test_a_few_thousand_rows(tmp_path: Path) -> None:
    wrong, _ = _differences(list(draw_rows(3_000, seed=1)), tmp_path)
    assert wrong == []


@pytest.mark.slow
def test_forty_thousand_rows(tmp_path: Path) -> None:
    rows = list(draw_rows(40_000, seed=2))
    wrong, grades = _differences(rows, tmp_path)
    assert wrong == []
    assert {event.term for row in rows for event in row.events} == set(GRADES)
    assert min(grades[grade] for grade in (None, 0, 1, 2, 3, 4, 5)) > 500
