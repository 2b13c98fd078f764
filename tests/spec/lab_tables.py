"""Laboratory grading by CTCAE 4.03: the cases of lab_grades.csv, one table for each part of the rules."""

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


OWN_LOGIC = (
    "INR", "aPTT", "acidosis", "acute kidney injury", "alkalosis", "corrected calcium", "creatinine", "fibrinogen",
    "haptoglobin", "has no such term", "hemoglobin increased", "hyperglycemia", "hyperuricemia", "hypokalemia",
    "triglycerides", "troponin",
)  # fmt: skip
CASES = _read()
TABLES = (
    _table(
        "Multiples of the upper limit of normal",
        "A value equal to a limit belongs to the milder grade. `also` names what else is known; an empty grade is "
        "ungradable, and `reason` says why. A `reason` beside a grade is a warning.",
        "CTCAE 4.03: multiples of ULN",
    ),
    _table(
        "Absolute limits",
        "Every limit from both sides, in every unit that has its own column in CTCAE: the unit as reported decides.",
        "CTCAE 4.03: absolute limits",
    ),
    _table(
        "Terms with their own logic",
        "Baselines, rises, falls, cut-offs, corrected calcium, and analytes that version 4.03 does not grade.",
        *(f"CTCAE 4.03: {name}" for name in OWN_LOGIC),
    ),
    _table("What is missing", "Grade 0 needs all inputs; a graver grade needs only what proves it.", "missing: "),
    _table(
        "Clinical flags, and choices where sources differ",
        "The defaults of the study options `lab_grade_...`; CTCAE 4.03 leaves these open, or is read differently.",
        "clinical: ",
        "choice: ",
    ),
    _table("What a file may hold by mistake", "A reason for the row, and never a guess.", "bad input"),
)
