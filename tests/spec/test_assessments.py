"""Every case of the tables of visits made of days, compared with the rules' own SQL; a case is a patient, each option a run."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from spec.assessment_tables import TABLES
from spec.table import SpecTable
from spec.test_response import make

from warehouse.views.rules import apply_rule, open_rules, set_options

Case = dict[str, str]
_DAY = re.compile(r"(?P<day>-?\d+)(?P<marks>[!+-]*): *(?P<lesions>.*)")
_ORGANS = {"node": "lymph_node", "hilum": "porta_hepatis", "vein": "portal_vein"}
_PATTERNS = ("atypical", "infiltrative", "thrombus", "effusion", "necrotic")


@pytest.mark.parametrize(
    ("table", "number"),
    [(table, number) for table in TABLES for number in range(len(table.cases))],
    ids=[f"{table.title}: {' | '.join(case.values())}" for table in TABLES for case in table.cases],
)
def test_case(table: SpecTable, number: int) -> None:
    assert answers(table.title)[str(number)] == table.cases[number]["visits"]


@cache
def answers(title: str) -> dict[str, str]:
    """Run the rules on all cases of a table, once for every option."""
    (table,) = [table for table in TABLES if table.title == title]
    found: dict[str, str] = {}
    for option in {case["option"] for case in table.cases}:
        chosen = {str(number): case for number, case in enumerate(table.cases) if case["option"] == option}
        with open_rules() as con:
            name, _, value = option.partition(" = ")
            set_options(con, {name: value} if name else {})
            make(con, "imaging_day", [day for key, case in chosen.items() for day, _ in course(key, case)])
            make(
                con,
                "measured_lesion",
                [row for key, case in chosen.items() for _, rows in course(key, case) for row in rows],
            )
            apply_rule(con, "clinical.visit_response")
            found |= dict(
                con.execute(
                    """
                    SELECT patient_id, STRING_AGG(
                        CONCAT_WS(
                            ' ', day, COALESCE(overall_response, '?'), COALESCE(progression_day, response_day)
                        ), ', ' ORDER BY day
                    )
                    FROM clinical.visit_response WHERE NOT is_baseline GROUP BY patient_id
                    """
                ).fetchall()
            )
    return found


def course(name: str, case: Case) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Read a course of imaging: of each day its row, and the rows of its lesions."""
    for described in case["imaging"].split(";"):
        match = _DAY.fullmatch(described.strip())
        assert match, described
        day, marks = int(match["day"]), match["marks"]
        says_new = True if "+" in marks else False if "-" in marks else None
        row = (name, day, "!" not in marks, None, says_new, None, case.get("therapy") or None)
        yield row, [lesion(name, day, text) for text in match["lesions"].split(",")]


def lesion(name: str, day: int, text: str) -> tuple[Any, ...]:
    """Read a lesion: organ, size and words."""
    label, size, *words = text.split()
    organ = label.partition("/")[0]
    organ = _ORGANS.get(organ, organ)
    roles = {"target": "target", "other": "non_target", "new": "new"}
    length = None if size == "?" else size
    pattern = next((word for word in words if word in _PATTERNS), "typical")
    cells = {"cells": True, "no-cells": False}
    return (
        name, day, label, organ, next((roles[word] for word in words if word in roles), None),
        organ in ("lymph_node", "porta_hepatis"), length, length, length, "none" if "none" in words else "arterial", pattern,
        "treated" in words, next((cells[word] for word in words if word in cells), None),
    )  # fmt: skip
