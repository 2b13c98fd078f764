"""The adverse events that count: recorded, treatment-emergent ones, worst grade per patient and category."""

import calendar
import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from oracle.chart import Chart, Row, before

DAYS_AFTER_LAST_DOSE = 30
SKIN = "Skin and subcutaneous tissue disorders"
ALSO_DERMATOLOGIC = ("Papulopustular rash", "Rash pustular", "Paronychia", "Nail infection", "Skin infection")
GASTROENTEROLOGIC = (
    "Diarrhea", "Nausea", "Vomiting", "Mucositis oral", "Abdominal pain", "Constipation", "Dyspepsia", "Flatulence",
    "Gastritis", "Dry mouth", "Stomach pain",
)  # fmt: skip
HYPERTENSION = ("Hypertension",)
TERMS = Path("schemas/reference/ctcae_term.csv")


@dataclass(frozen=True)
class Events:
    """Worst grades, 1 to 4; 0 without an event that counts, None where there are events and none has a grade."""

    has_any: bool
    worst: int | None
    worst_dermatologic: int | None
    worst_gastroenterologic: int | None
    worst_hypertension: int | None
    is_fatal: bool
    """An event of grade 5, kept apart from the worst grades."""


def read_events(chart: Chart, index: date, last_dose: date) -> Events:
    """Read one patient's events from the index date to 30 days after the last dose."""
    counted = [row for row in chart["adverse_event"] if is_treatment_emergent(row, index, last_dose)]
    graded = [(row["ctcae_term"], int(row["reported_grade"])) for row in counted if grade_exists(row)]
    ungraded = [row["ctcae_term"] for row in counted if not grade_exists(row)]
    worst: dict[str, int | None] = {}
    for category in ("any", "dermatologic", "gastroenterologic", "hypertension"):
        grades = [grade for term, grade in graded if grade < 5 and category in ("any", *categories_of(term))]
        is_open = any(category in ("any", *categories_of(term)) for term in ungraded)
        worst[category] = max(grades) if grades else None if is_open else 0
    return Events(
        has_any=bool(counted),
        worst=worst["any"],
        worst_dermatologic=worst["dermatologic"],
        worst_gastroenterologic=worst["gastroenterologic"],
        worst_hypertension=worst["hypertension"],
        is_fatal=any(grade == 5 for _, grade in graded),
    )


def is_treatment_emergent(row: Row, index: date, last_dose: date) -> bool:
    """Tell whether an event was not there before and can have begun in the window; a partial onset may mean any day."""
    if row["is_present_before"] or row["onset_on"] is None:
        return False
    first, last = possible_days(row["onset_on"], row["onset_on_precision"])
    return index <= last and first <= before(last_dose, -DAYS_AFTER_LAST_DOSE)


def possible_days(day: date, precision: str | None) -> tuple[date, date]:
    """Tell the first and the last day that a partial date can mean."""
    if precision == "month":
        return day, day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return (day, day.replace(month=12, day=31)) if precision == "year" else (day, day)


def categories_of(term: str) -> list[str]:
    """Name the categories of Table 4 to which a term belongs."""
    dermatologic = soc_of(term) == SKIN or term in ALSO_DERMATOLOGIC
    named = {
        "dermatologic": dermatologic,
        "gastroenterologic": term in GASTROENTEROLOGIC,
        "hypertension": term in HYPERTENSION,
    }
    return [name for name, belongs in named.items() if belongs]


def grade_exists(row: Row) -> bool:
    """Tell whether the event has a grade that its term has."""
    return row["reported_grade"] is not None and str(int(row["reported_grade"])) in _terms()[row["ctcae_term"]][1]


def soc_of(term: str) -> str:
    """Look up the system organ class of a term of CTCAE 4.03."""
    return _terms()[term][0]


@cache
def _terms() -> dict[str, tuple[str, list[str]]]:
    with TERMS.open(encoding="utf-8", newline="") as file:
        return {row["term"]: (row["soc"], row["grades"].split()) for row in csv.DictReader(file)}
