"""When the patients come: clinic visits for blood and examination, scans for the tumour."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator

_CLINIC_DAYS = (14, 28, 56, 84, 112, 140, 168, 210, 252, 300, 360, 420, 480, 540, 600, 690)
_SCAN_INTERVAL_DAYS = 63
_SCANS_TOO_CLOSE_DAYS = 14


@dataclass(frozen=True)
class ClinicVisits:
    """Clinic visits in long form, sorted by patient and day; `person` is the row in the plan."""

    person: np.ndarray
    day: np.ndarray
    is_baseline: np.ndarray
    """The last visit up to and including the index date."""


def draw_clinic_visits(plan: pd.DataFrame, seed: int, replica: int) -> ClinicVisits:
    """Draw two visits before treatment, the second within a week of it, and visits until 30 days after the last dose."""
    rng = generator(seed, replica, "visits")
    size = len(plan)
    early = -rng.integers(10, 28, size)
    baseline = -rng.integers(0, 7, size)
    jitter = rng.integers(-3, 4, (size, len(_CLINIC_DAYS)))
    days = np.column_stack([early, baseline, np.array(_CLINIC_DAYS) + jitter])
    last = np.minimum(plan["treatment_days"].to_numpy() + 30, plan["survival_days"].to_numpy() - 1)
    wanted = days <= last[:, None]
    person, column = np.nonzero(wanted)
    return ClinicVisits(person, days[wanted], column == 1)


def scan_days(first: int, last: int) -> tuple[int, ...]:
    """List the days of the scans from the first to the last, about nine weeks apart."""
    between = tuple(range(first + _SCAN_INTERVAL_DAYS, last - _SCANS_TOO_CLOSE_DAYS, _SCAN_INTERVAL_DAYS))
    return (first, *between) if first == last else (first, *between, last)
