"""Exposures that begin after time zero: landmark and time-dependent analyses, next to the publication's own.

A variable such as an adverse event or a later treatment is known only from the day on which it begins. Counted as known
at time zero, it gives its patients time in which they could not die (immortal time).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from etl.study.analyses.model_sheet import write_term
from etl.study.analyses.models import Models
from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.definition.study_file import Curve, Model, StudyFile
from etl.study.statistics.cox import fit_cox
from etl.study.statistics.design import build_design
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.time_dependent import landmark, split_at_onset, split_at_onsets

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Exposed:
    """The patients of a population for whom a variable, its onset and the endpoint are known."""

    frame: "pd.DataFrame"
    time: Numbers
    event: Numbers
    onset: Numbers
    """Day of the onset; NaN for those who never have it."""
    missing: int
    """Patients of whom it is not known whether they have it: they are left out."""
    without_onset: int
    """Patients who have it, on an unknown day: they are left out."""


def analyse_onsets(patients: Patients, models: Models) -> Iterator[Sheet]:
    """Fit, for every endpoint asked for, each variable that begins after time zero in three ways.

    `naive.<endpoint>`: as if known at time zero. `landmark.<endpoint>`: as known at each landmark (`group_level`, in
    months), among those still followed. `time_dependent.<endpoint>`: as it changes in time.
    `time_dependent.<model>`: the variables of a Cox model of the endpoint, all that begin later as they change in time.
    """
    for endpoint in patients.study.sensitivity.time_dependent:
        population = _population_of(patients.study, endpoint)
        variables = later_variables(patients.study, endpoint)
        sheets = {kind: Sheet(f"{kind}.{endpoint}", population) for kind in ("naive", "landmark", "time_dependent")}
        for variable in variables:
            exposed = _exposed(patients, population, variable, endpoint=endpoint)
            _fit_naive(sheets["naive"], exposed, variable)
            for month in patients.study.sensitivity.landmark_months:
                _fit_landmark(sheets["landmark"], exposed, variable, month=month, days=month * patients.days_per_month)
            _fit_time_dependent(sheets["time_dependent"], exposed, variable)
        yield from sheets.values()
        for name, model in patients.study.models.items():
            if model.endpoint == endpoint and model.selection != "each":
                (fitted,) = models.fitted[name]
                yield _fit_all_time_dependent(patients, name, fitted.design.variables, variables=variables)


def later_variables(study: StudyFile, endpoint: str) -> list[str]:
    """Name the yes-or-no variables with an onset that a Cox model or a curve of the endpoint has, or the file names."""
    used = [name for model in study.models.values() if model.endpoint == endpoint for name in model.variables]
    used += study.sensitivity.later_variables
    used += [curve.by for curve in study.curves.values() if curve.endpoint == endpoint and curve.by]
    return [
        name for name, variable in study.variables.items() if name in used and variable.onset and variable.is_yes_no
    ]


def _population_of(study: StudyFile, endpoint: str) -> str:
    """Take the population of the first model or curve that has the endpoint."""
    owners: list[Model | Curve] = [*study.models.values(), *study.curves.values()]
    return next((owner.population for owner in owners if owner.endpoint == endpoint), next(iter(study.populations)))


def _exposed(patients: Patients, population: str, variable: str, *, endpoint: str) -> Exposed:
    frame = patients.frame(population)
    time, event = frame[f"{endpoint}:time"], frame[f"{endpoint}:event"]
    frame = frame[time.notna() & event.notna() & (time >= 0)]
    missing = int(frame[variable].isna().sum())
    frame = frame[frame[variable].notna()]
    onset = frame[f"onset:{patients.study.variables[variable].onset}"].to_numpy(dtype=np.float64, copy=True)
    is_yes = (frame[variable] == "yes").to_numpy()
    onset[~is_yes] = np.nan
    is_dated = ~is_yes | ~np.isnan(onset)
    frame, onset = frame[is_dated], onset[is_dated]
    return Exposed(
        frame,
        frame[f"{endpoint}:time"].to_numpy(dtype=np.float64),
        frame[f"{endpoint}:event"].to_numpy(dtype=np.float64),
        onset,
        missing,
        int((~is_dated).sum()),
    )


def _fit_naive(sheet: Sheet, exposed: Exposed, variable: str) -> None:
    is_exposed = (~np.isnan(exposed.onset)).astype(np.float64)
    _write_cox(sheet, is_exposed, exposed.time, exposed.event, variable=variable)
    sheet.write("patients", len(is_exposed), method="count", variable=variable)
    sheet.write("exposed", is_exposed.sum(), method="count", variable=variable)
    sheet.write("missing", exposed.missing, method="count", variable=variable)
    note = "They have it, on an unknown day." if exposed.without_onset else None
    sheet.write("without_onset", exposed.without_onset, method="count", variable=variable, note=note)


def _fit_landmark(sheet: Sheet, exposed: Exposed, variable: str, *, month: float, days: float) -> None:
    group = f"{month:g}"
    found = landmark(exposed.time, exposed.event, exposed.onset, at=days)
    is_exposed = found.is_exposed.astype(np.float64)
    counts = {
        "patients": len(found.time),
        "exposed": is_exposed.sum(),
        "ended_before": found.ended_before,
        "censored_before": found.censored_before,
    }
    for operation, count in counts.items():
        sheet.write(operation, float(count), method="count", variable=variable, group_level=group, note=found.note)
    _write_cox(sheet, is_exposed, found.time, found.event, variable=variable, group_level=group)
    if len(found.time) and 0 < is_exposed.sum() < len(is_exposed):
        sheet.write_test(log_rank(found.time, found.event, is_exposed), variable=variable, group_level=group)


def _fit_time_dependent(sheet: Sheet, exposed: Exposed, variable: str) -> None:
    rows = split_at_onset(exposed.time, exposed.event, exposed.onset)
    is_exposed = rows.is_exposed.astype(np.float64)
    _write_cox(sheet, is_exposed, rows.stop, rows.event, variable=variable, entry=rows.start)
    sheet.write("patients", len(exposed.time), method="count", variable=variable)
    sheet.write("exposed", len(np.unique(rows.patient[rows.is_exposed])), method="count", variable=variable)
    events = rows.event & rows.is_exposed
    sheet.write("events_when_exposed", float(events.sum()), method="count", variable=variable)


def _write_cox(
    sheet: Sheet,
    is_exposed: Numbers,
    time: NDArray[np.generic],
    event: NDArray[np.generic],
    *,
    variable: str,
    group_level: str | None = None,
    entry: Numbers | None = None,
) -> None:
    fit = fit_cox(is_exposed[:, None], time, event, ties="breslow", entry=entry)
    write_term(
        sheet,
        float(fit.coefficients[0]),
        float(fit.standard_errors[0]),
        method="cox_breslow",
        variable=variable,
        level="yes",
        group_level=group_level,
    )


def _fit_all_time_dependent(patients: Patients, name: str, kept: Sequence[str], *, variables: Sequence[str]) -> Sheet:
    """Fit a Cox model's own variables again, those that begin later as they change in time."""
    model = patients.study.models[name]
    sheet = Sheet(f"time_dependent.{name}", model.population)
    later = [variable for variable in kept if variable in variables]
    frame = patients.frame(model.population)
    frame = frame[frame[f"{model.endpoint}:time"].ge(0) & frame[f"{model.endpoint}:event"].notna()]
    followed = len(frame)
    onsets = {}
    for variable in later:
        onset = frame[f"onset:{patients.study.variables[variable].onset}"].where(frame[variable] == "yes")
        onsets[variable] = onset
        frame = frame[frame[variable].notna() & ((frame[variable] != "yes") | onset.notna())]
    fixed = [variable for variable in kept if variable not in later]
    design = build_design(frame, fixed)
    complete = frame.loc[design.is_complete]
    rows = split_at_onsets(
        complete[f"{model.endpoint}:time"].to_numpy(),
        complete[f"{model.endpoint}:event"].to_numpy(),
        np.column_stack([onsets[variable].loc[complete.index] for variable in later])
        if later
        else np.empty((len(complete), 0)),
    )
    matrix = np.column_stack([design.matrix[rows.patient], rows.is_exposed.astype(np.float64)])
    fit = fit_cox(matrix, rows.stop, rows.event, ties=model.ties, entry=rows.start)
    columns = [(column.variable, column.level) for column in design.columns] + [(variable, "yes") for variable in later]
    errors = fit.standard_errors
    for number, (variable, level) in enumerate(columns):
        write_term(
            sheet,
            float(fit.coefficients[number]),
            float(errors[number]),
            method=f"cox_{model.ties}",
            variable=variable,
            level=level,
        )
    sheet.write("patients", len(complete), method="count")
    sheet.write("incomplete", followed - len(complete), method="count")
    sheet.write("outcomes", float(rows.event.sum()), method="count")
    if fit.note:
        sheet.write("note", None, method=f"cox_{model.ties}", note=fit.note)
    return sheet
