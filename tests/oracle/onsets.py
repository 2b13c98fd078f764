"""What begins after the index date, and on which day of it, read from one chart."""

from collections.abc import Iterator
from datetime import date

from oracle.chart import Chart
from oracle.events import categories_of, grade_exists, is_treatment_emergent
from oracle.reading import Reading
from oracle.survival import CUT_OFF
from oracle.treatment import CONCOMITANT

KINDS = (
    "any_event", "event_2_4", "event_3_4", "dermatologic_2_4", "gastroenterologic_2_4", "hypertension_2_4",
    "fatal_event", "concomitant", "salvage", "last_dose", "first_scan", "progression",
)  # fmt: skip
"""The kinds that are read here."""


def read_onsets(chart: Chart, reading: Reading) -> dict[str, int]:
    """Find the first day of each kind; 0 for what began on the index date or before."""
    index, last = reading.treatment.index_date, reading.treatment.last_dose
    if index is None or last is None:
        return {}
    first: dict[str, int] = {}
    for kind, day in _every_day(chart, reading, index, last):
        first[kind] = min(first.get(kind, day), max(day, 0))
    return first


def _every_day(chart: Chart, reading: Reading, index: date, last: date) -> Iterator[tuple[str, int]]:
    yield "last_dose", (last - index).days
    if reading.treatment.salvage_on is not None:
        yield "salvage", (reading.treatment.salvage_on - index).days
    for row in chart["procedure"]:
        is_bone = row["procedure_code"] == "radiotherapy" and row["target_site_code"] == "bone"
        if row["procedure_code"] in CONCOMITANT and index <= row["started_on"] <= last and not is_bone:
            yield "concomitant", (row["started_on"] - index).days
    for row in chart["imaging_visit"]:
        if index < row["imaged_on"] <= CUT_OFF:
            yield "first_scan", (row["imaged_on"] - index).days
    if reading.response is not None and reading.response.has_progressed:
        yield "progression", reading.response.progression_days
    for row in chart["adverse_event"]:
        if is_treatment_emergent(row, index, last):
            yield from ((kind, (row["onset_on"] - index).days) for kind in _kinds_of(row))


def _kinds_of(row: dict) -> Iterator[str]:
    yield "any_event"
    grade = int(row["reported_grade"]) if grade_exists(row) else 0
    if grade == 5:
        yield "fatal_event"
    if 2 <= grade <= 4:
        yield "event_2_4"
        yield from (f"{category}_2_4" for category in categories_of(row["ctcae_term"]))
    if 3 <= grade <= 4:
        yield "event_3_4"
