"""Laboratory grading by CTCAE 4.03: the cases of lab_grades.csv, one table for each part of the rules.

Sources: `A1` to `A4` and `F` are the sections of the rules of this project (docs/decisions): A1 the algorithm, A2 the
multiples of ULN, A3 absolute limits and terms with their own logic, A4 traps, F the choices where sources differ.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

CHAPTER = "Laboratory grading by CTCAE 4.03"
PATH = Path(__file__).with_name("lab_grades.csv")


@dataclass(frozen=True)
class LabTable:
    """Cases that belong together, in the shape of `spec.table.SpecTable`."""

    title: str
    intro: str
    cases: list[dict[str, str]]

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.cases[0])


def _read() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(title: str, intro: str, *sources: str) -> LabTable:
    cases = [case for case in CASES if case["source"].startswith(sources)]
    return LabTable(title, intro, cases)


CASES = _read()
TABLES = (
    _table(
        "Multiples of the upper limit of normal",
        "A value equal to a limit belongs to the milder grade. `also` names what else is known; an empty grade is "
        "ungradable, and `reason` says why. INR is compared with the baseline in anticoagulated patients only.",
        "A2",
    ),
    _table(
        "Absolute limits, and terms with their own logic",
        "Every limit from both sides, in every unit that has its own column; the unit as reported decides.",
        "A3",
    ),
    _table(
        "What is missing", "Grade 0 needs all inputs; a graver grade needs only what proves it.", "A1.1", "A1.3", "A1.4"
    ),
    _table(
        "Ends, flags, traps and choices",
        "Where sources differ, the default of the study options.",
        "A1.2",
        "A1.8",
        "A4",
        "F",
    ),
    _table(
        "What a file may hold by mistake", "A reason for the row, and never a guess.", "bad input", "known as a bound"
    ),
)
