"""Laboratory grading by CTCAE 4.03: the cases of lab_grades.csv, one table for each part of the rules."""

from pathlib import Path

from spec.table import CaseTable
from support.csv_rows import read_csv_rows

CHAPTER = "Laboratory grading by CTCAE 4.03"
PATH = Path(__file__).with_name("lab_grades.csv")


def _table(title: str, intro: str, *sources: str) -> CaseTable:
    cases = [case for case in CASES if case["source"].startswith(sources)]
    return CaseTable(title, intro, cases)


OWN_LOGIC = (
    "INR", "aPTT", "acidosis", "acute kidney injury", "alkalosis", "corrected calcium", "creatinine", "fibrinogen",
    "haptoglobin", "has no such term", "hemoglobin increased", "hyperglycemia", "hyperuricemia", "hypokalemia",
    "triglycerides", "troponin",
)  # fmt: skip
CASES = read_csv_rows(PATH)
TABLES = (
    _table(
        "Multiples of the upper limit of normal",
        "A value equal to a limit belongs to the milder grade. `also` names what else is known; an empty grade is "
        "ungradable, and `reason` says why. A `reason` next to a grade is a warning. `at_least` is the least grade of a bound.",
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
    _table(
        "Limits of normal that cannot be used",
        "They count as missing, with a warning next to the grade that needs none. Where the value would be plausible in "
        "the unit of its limits, its own unit is not known, and there is no grade.",
        "limits: ",
    ),
    _table(
        "Values known as a bound only",
        "Graded where nothing on the open side could change the grade; else `at_least` is the least grade that is certain.",
        "bound: ",
    ),
    _table(
        "Units as they are written",
        "Read by rule: signs, raised digits and joined characters are folded, powers of ten and prefixes are taken apart; "
        "a unit that is another number stays another.",
        "unit: ",
    ),
    _table("What a file may hold by mistake", "A reason for the row, and never a guess.", "bad input"),
)
