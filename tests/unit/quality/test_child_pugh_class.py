"""The class of Child-Pugh points is stated in one reference table: A 5-6, B 7-9, C 10-15."""

import csv
import re
from pathlib import Path

from schemas.catalogue import table_facts
from schemas.code_list import read_code_list

FILE = Path("schemas/reference/child_pugh_class.csv")
ARMS = re.compile(r"BETWEEN 7 AND 9|points\s*<=\s*[69]\b|points\s*>=\s*10\b", flags=re.IGNORECASE)


def _rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_score_has_one_class() -> None:
    column = table_facts("patient").column("child_pugh_reported_points")
    lowest = column.checks["greater_than_or_equal_to"]["min_value"]
    highest = column.checks["less_than_or_equal_to"]["max_value"]
    classes = {
        points: [row["class_code"] for row in _rows() if int(row["points_from"]) <= points <= int(row["points_to"])]
        for points in range(lowest - 1, highest + 2)
    }
    assert classes.pop(lowest - 1) == classes.pop(highest + 1) == []
    assert ["".join(classes[points]) for points in range(5, 16)] == list("AABBBCCCCCC")


def test_the_classes_are_those_of_the_code_list() -> None:
    entries = {entry.code: entry.label for entry in read_code_list("child_pugh_class").entries}
    assert entries == {row["class_code"]: f"{row['points_from']} to {row['points_to']} points" for row in _rows()}


def test_no_program_states_the_classes_again() -> None:
    programs = [path for folder in ("etl", "warehouse") for path in sorted(Path(folder).rglob("*.*"))]
    own = [path for path in programs if path.suffix in {".py", ".sql"} and "synthetic" not in path.parts]
    assert [
        path for path in own if "child_pugh" in (text := path.read_text(encoding="utf-8")) and ARMS.search(text)
    ] == []
    assert ARMS.search("WHEN child_pugh_reported_points BETWEEN 7 AND 9 THEN 'B'")
    assert ARMS.search("WHEN score.derived_points <= 6 THEN 'A'")
