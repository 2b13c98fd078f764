"""Adverse events per time on the drug: long-term survivors take it longer, and so have more time for an event."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.definition.study_file import StudyFile
from etl.study.statistics.rates import EventTime, event_rate, rate_ratio, rate_ratio_test

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 100
"""Rates are per so many months of one patient on the drug."""


def count_rates(patients: Patients) -> Iterator[Sheet]:
    """Count first events per 100 months on the drug in every group of the study's first table with groups.

    A patient is counted from the index date to the first event or the last dose, whichever is earlier; an event after
    the last dose is not counted. Left out are patients without a last dose, and those of whom the study does not know
    whether they had the event, such as those of a hospital that reports none: their time would count as free of it.
    `rates`: operations patients, missing (left out), events, months, rate, low, high; of the first group against the
    second, ratio, ratio_low, ratio_high, p.
    """
    kinds = patients.study.sensitivity.event_rates
    grouped = [table for table in patients.study.tables.values() if table.groups is not None]
    if not kinds or not grouped:
        return
    table = grouped[0]
    assert table.groups is not None, "those with groups"
    sheet = Sheet("rates", table.population)
    frame = patients.frame(table.population)
    levels = list(patients.study.variables[table.groups].all_levels)
    for kind in kinds:
        is_known = _is_known(patients.study, frame, kind)
        counted = []
        for level in levels:
            is_member = frame[table.groups] == level
            missing = int((is_member & ~is_known).sum())
            sheet.write("missing", missing, method="count", variable=kind, group_level=level)
            members = frame[is_member & is_known]
            counted.append(_count(sheet, members, kind, group=level, days=patients.days_per_month))
        if len(counted) > 1:
            _compare(sheet, counted[0], counted[1], kind=kind)
    yield sheet


def _is_known(study: StudyFile, frame: "pd.DataFrame", kind: str) -> "pd.Series":
    """Mark who has a last dose and a value in the yes-or-no variables that begin with this kind of onset."""
    begun = [name for name, form in study.variables.items() if form.onset == kind and form.is_yes_no]
    return frame[["onset:last_dose", *begun]].notna().all(axis=1)


def _count(sheet: Sheet, frame: "pd.DataFrame", kind: str, *, group: str, days: float) -> EventTime:
    last_dose = frame["onset:last_dose"].to_numpy(dtype=np.float64)
    onset = frame[f"onset:{kind}"].to_numpy(dtype=np.float64)
    has_event = ~np.isnan(onset) & (onset <= last_dose)
    # The day of the first dose is a day on the drug.
    time = (np.where(has_event, onset, last_dose) + 1) / days
    counted = EventTime(events=int(has_event.sum()), time=float(time.sum()))
    write = partial(sheet.write, variable=kind, group_level=group)
    write("patients", len(frame), method="count")
    write("events", counted.events, method="count")
    write("months", counted.time, method="count")
    rate = event_rate(counted)
    for operation, value in (("rate", rate.value), ("low", rate.low), ("high", rate.high)):
        scaled = None if value is None else value * MONTHS
        write(operation, scaled, method=rate.method, note=rate.note or None)
    return counted


def _compare(sheet: Sheet, first: EventTime, second: EventTime, *, kind: str) -> None:
    ratio, test = rate_ratio(first, second), rate_ratio_test(first, second)
    numbers = (("ratio", ratio.value), ("ratio_low", ratio.low), ("ratio_high", ratio.high))
    for operation, value in numbers:
        sheet.write(operation, value, method=ratio.method, variable=kind, note=ratio.note or None)
    sheet.write_test(test, variable=kind)
