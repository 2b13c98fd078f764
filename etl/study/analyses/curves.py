"""Comparisons of curves: log-rank, by hospital too, and cumulative incidence where another event competes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.definition.study_file import Curve
from etl.study.statistics.competing_risk import CumulativeIncidence, aalen_johansen
from etl.study.statistics.estimate import NORMAL_QUANTILE
from etl.study.statistics.gray import gray
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.median_interval import median_interval

if TYPE_CHECKING:
    import pandas as pd

EVENT, COMPETING = 1, 2
CAUSES = {EVENT: "event", COMPETING: "competing"}
STEPS_SQL = """
SELECT stratum, time_months, survival, std_error
FROM analysis.kaplan_meier
WHERE study_id = ? AND curve = ? AND events > 0
ORDER BY stratum_position, time_days
"""


def compare_curves(patients: Patients) -> Iterator[Sheet]:
    """Compare the strata of every curve that has some, by the log-rank test, plain and with hospitals as strata.

    The curves themselves, their medians and limits are SQL (analysis.kaplan_meier, survival_summary). Of each stratum,
    median_symmetric, _std_error, _low and _high are the median and its interval as SPSS has them (`median_interval`).
    """
    for name, curve in patients.study.curves.items():
        sheet = Sheet(f"curve.{name}", curve.population)
        _write_symmetric_medians(sheet, patients, name)
        if curve.by is not None:
            _write_comparison(sheet, patients, curve, by=curve.by)
        yield sheet


def estimate_incidence(patients: Patients) -> Iterator[Sheet]:
    """Estimate the cumulative incidence of every curve that the study asks it for, and compare its strata by Gray.

    A step a row: `sequence` counts them, `time_months`, `incidence`, `low` and `high` stand under the same number.
    Of the cause `competing`, the level is `competing`; of the event, `event`.
    """
    for name in patients.study.sensitivity.competing:
        curve = patients.study.curves[name]
        frame = _competing(patients, curve)
        sheet = Sheet(f"incidence.{name}", curve.population)
        is_grouped = curve.by is not None
        if is_grouped:
            frame = frame[frame[curve.by].notna()]
        time, cause = frame["time"].to_numpy(), frame["cause"].to_numpy()
        groups = frame[curve.by].astype(str).to_numpy() if is_grouped else None
        for steps in aalen_johansen(time, cause, groups):
            _write_incidence(sheet, steps, days_per_month=patients.days_per_month)
        if groups is not None:
            for number, test in gray(time, cause, groups).items():
                sheet.write_test(test, variable=curve.by, level=CAUSES[number])
        yield sheet


def _write_symmetric_medians(sheet: Sheet, patients: Patients, name: str) -> None:
    by = patients.study.curves[name].by
    steps = patients.con.execute(STEPS_SQL, [patients.study.study, name]).df()
    for stratum in ["all"] if by is None else patients.study.variables[by].all_levels:
        own = steps[steps["stratum"] == stratum]
        survival = own["survival"].to_numpy()
        # Where survival is 0 there is no standard error, and Greenwood's sum has no bound.
        share = np.divide(own["std_error"].to_numpy(), survival, out=np.full(len(own), np.inf), where=survival > 0)
        found = median_interval(own["time_months"].to_numpy(), survival, share**2)
        numbers = {
            "": found.median,
            "_std_error": found.standard_error,
            "_low": found.lower,
            "_high": found.upper,
        }
        for part, value in numbers.items():
            note = found.note if value is None else None
            sheet.write(f"median_symmetric{part}", value, method="collett", group_level=stratum, note=note)


def _write_comparison(sheet: Sheet, patients: Patients, curve: Curve, *, by: str) -> None:
    frame = _followed(patients, curve)
    frame = frame[frame[by].notna()]
    time, event = frame["time"].to_numpy(), frame["event"].to_numpy()
    groups = frame[by].cat.codes.to_numpy()
    sheet.write_test(log_rank(time, event, groups), variable=by)
    stratified = log_rank(time, event, groups, stratum=frame["site_id"].to_numpy())
    sheet.write_test(stratified, variable=by, prefix="stratified_")
    sheet.write("missing", int(patients.frame(curve.population)[by].isna().sum()), method="count", variable=by)


def _followed(patients: Patients, curve: Curve) -> "pd.DataFrame":
    """Take the patients whose time and event are known."""
    frame = patients.frame(curve.population)
    frame = frame.assign(time=frame[f"{curve.endpoint}:time"], event=frame[f"{curve.endpoint}:event"])
    return frame[frame["time"].notna() & frame["event"].notna()]


def _competing(patients: Patients, curve: Curve) -> "pd.DataFrame":
    """Distinguish the event from the competing one: whichever came first ends the time."""
    frame = patients.frame(curve.population)
    event = frame[f"{curve.endpoint}:event"]
    either = frame[f"{curve.endpoint}:competing_event"]
    time = frame[f"{curve.endpoint}:competing_time"].where(event != 1, frame[f"{curve.endpoint}:time"])
    cause = np.where(event == 1, EVENT, np.where(either == 1, COMPETING, 0))
    frame = frame.assign(time=time, cause=cause)
    return frame[frame["time"].notna() & event.notna() & either.notna()]


def _write_incidence(sheet: Sheet, steps: CumulativeIncidence, *, days_per_month: float) -> None:
    """Write one group's steps; limits of 95 % are plain, cut to 0 and 1."""
    for number in range(len(steps.time)):
        estimate = float(steps.estimate[number])
        width = NORMAL_QUANTILE * float(np.sqrt(steps.variance[number]))
        numbers = {
            "time_months": float(steps.time[number]) / days_per_month,
            "incidence": estimate,
            "low": max(0.0, estimate - width),
            "high": min(1.0, estimate + width),
        }
        for operation, value in numbers.items():
            sheet.write(
                operation,
                value,
                method="aalen_johansen",
                level=CAUSES[steps.cause],
                group_level=str(steps.group),
                sequence=number + 1,
            )
