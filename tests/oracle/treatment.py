"""When the study drug was taken and how much of it, and what was done before, beside and after it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle.chart import Chart, Row, before
from oracle.survival import CUT_OFF

STUDY_DRUG = "sorafenib"
CONCOMITANT = ("tace", "radiotherapy")
METFORMIN = ("metformin",)
STATINS = ("atorvastatin", "rosuvastatin", "pitavastatin", "simvastatin", "pravastatin", "fluvastatin", "lovastatin")
MEDICATION_COUNTS_FROM_DAYS_BEFORE = 30


@dataclass(frozen=True)
class Treatment:
    """One patient's treatment around the index date."""

    index_date: date | None
    last_dose: date | None
    days: int | None
    """From the first to the last dose, a plain difference."""
    mean_dose_mg: Fraction | None
    """Milligrams over the days from the first to the last dose, both counted; a pause counts as 0."""
    is_first_line: bool
    concomitant: tuple[str, ...]
    salvage: tuple[str, ...]
    salvage_on: date | None
    takes_metformin: bool
    takes_statin: bool


def read_treatment(chart: Chart) -> Treatment:
    """Read a patient's treatment; without an index date there is nothing to tell."""
    index = index_date(chart)
    last = last_dose(chart) if index else None
    if index is None or last is None:
        return Treatment(index, None, None, None, False, (), (), None, False, False)
    after = _after_the_final_stop(chart, last)
    return Treatment(
        index_date=index,
        last_dose=last,
        days=(last - index).days,
        mean_dose_mg=_mean_dose(chart, index, last),
        is_first_line=not [start for start, _ in _other_treatment(chart) if start < index],
        concomitant=tuple(
            row["procedure_code"]
            for row in chart["procedure"]
            if row["procedure_code"] in CONCOMITANT
            and index <= row["started_on"] <= last
            and not (row["procedure_code"] == "radiotherapy" and row["target_site_code"] == "bone")
        ),
        salvage=tuple(name for _, name in after),
        salvage_on=min((start for start, _ in after), default=None),
        takes_metformin=_takes(chart, METFORMIN, index, last),
        takes_statin=_takes(chart, STATINS, index, last),
    )


def study_courses(chart: Chart) -> list[Row]:
    """List the courses of the study drug."""
    return [
        row
        for row in chart["treatment_course"]
        if row["drug_code"] == STUDY_DRUG and row["role_code"] in ("study", None)
    ]


def index_date(chart: Chart) -> date | None:
    """Find the first dose of the study drug; None unless it is known to the day."""
    courses = sorted(study_courses(chart), key=lambda row: (row["started_on"], row["started_on_precision"] != "day"))
    if not courses or courses[0]["started_on_precision"] not in ("day", None):
        return None
    first: date = courses[0]["started_on"]
    return first


def last_dose(chart: Chart) -> date | None:
    """Find the last day on which the study drug was taken: of the last dose step, or else of the course."""
    steps = [
        row
        for row in chart["exposure"]
        if row["drug_code"] == STUDY_DRUG and row["dose_mg"] and not row.get("is_interruption")
    ]
    days = [row["stopped_on"] for row in steps or study_courses(chart) if row["stopped_on"]]
    return min(max(days), CUT_OFF) if days else None


def _mean_dose(chart: Chart, index: date, last: date) -> Fraction | None:
    """Add up the milligrams of every day from the first to the last dose; of steps that overlap the latest counts."""
    steps = sorted(
        (row for row in chart["exposure"] if row["drug_code"] == STUDY_DRUG), key=lambda row: row["started_on"]
    )
    milligrams = Fraction(0)
    for number in range((last - index).days + 1):
        covering = [row for row in steps if row["started_on"] <= before(index, -number) <= (row["stopped_on"] or last)]
        if covering:
            milligrams += Fraction(covering[-1]["dose_mg"]) * int(covering[-1]["times_per_day"])
    return milligrams / ((last - index).days + 1) if steps else None


def _other_treatment(chart: Chart) -> list[tuple[date, str]]:
    """List the start and name of every treatment of the tumour other than the study drug."""
    procedures = [(row["started_on"], row["procedure_code"]) for row in chart["procedure"]]
    drugs = [
        (row["started_on"], row["drug_code"]) for row in chart["treatment_course"] if row not in study_courses(chart)
    ]
    return sorted(treatment for treatment in procedures + drugs if treatment[0] <= CUT_OFF)


def _after_the_final_stop(chart: Chart, last: date) -> list[tuple[date, str]]:
    """List what began after the study drug was stopped for good; nothing while it goes on, or went on at the cut-off."""
    if any(row["stopped_on"] is None for row in study_courses(chart)):
        return []
    return [(start, name) for start, name in _other_treatment(chart) if start > last]


def _takes(chart: Chart, ingredients: tuple[str, ...], index: date, last: date) -> bool:
    """Tell whether a prescription overlaps the time from 30 days before the index date to the last dose."""
    first = before(index, MEDICATION_COUNTS_FROM_DAYS_BEFORE)
    return any(
        row["ingredient_code"] in ingredients
        and (row["started_on"] is None or row["started_on"] <= last)
        and (row["stopped_on"] is None or row["stopped_on"] >= first)
        for row in chart["medication"]
    )
