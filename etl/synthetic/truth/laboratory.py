"""Laboratory results with their limits, and the examination that the Child-Pugh score needs next to them."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import Floats, generator
from etl.synthetic.truth.visits import ClinicVisits

_FEMALE_HEMOGLOBIN = (12.0, 16.0)
_ALWAYS = {"ast", "alt", "bilirubin_total", "albumin", "creatinine", "hemoglobin", "wbc", "platelets", "inr"}
_DRAWN_APART = {"afp", "prothrombin_time"}
_SHARE_OF_OTHERS = 0.6
_SHARE_STRAYING = 0.02
_COMPONENTS = ("bilirubin_total", "albumin", "inr", "ascites", "encephalopathy")
_COMPONENT_SHARES = (0.24, 0.36, 0.12, 0.25, 0.03)
_POINT_RANGES = {
    "bilirubin_total": ((0.4, 1.7), (2.0, 3.0), (3.2, 5.5)),
    "albumin": ((3.6, 4.6), (2.8, 3.5), (2.2, 2.7)),
    "inr": ((0.95, 1.4), (1.7, 2.2), (2.4, 3.0)),
}
_RATIO_RANGES = {"<80": (0.1, 0.74), "80-120": (0.86, 1.14), ">120": (1.28, 4.0)}
_AFP_DETECTION_LIMIT = 2.0
_AFP_WINDOW_DAYS = 21


@dataclass(frozen=True)
class Analyte:
    """One analyte of the panel: its common unit, limits of normal, and the shape of its values."""

    code: str
    unit: str
    decimals: int
    lower_limit: float
    upper_limit: float
    typical: float
    spread: float
    low: float
    high: float


@cache
def panel() -> dict[str, Analyte]:
    """Read the analytes that every hospital measures (laboratory.csv)."""
    with (Path(__file__).parent / "laboratory.csv").open(encoding="utf-8", newline="") as file:
        return {row["analyte_code"]: _analyte(row) for row in csv.DictReader(file)}


def draw_points(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Share the Child-Pugh points beyond five over the components: how many each of the five has, 1 to 3."""
    rng = generator(seed, replica, "child_pugh")
    points = np.ones((len(plan), len(_COMPONENTS)), dtype=int)
    for person, total in enumerate(plan["child_pugh_points"].tolist()):
        for _ in range(int(total) - len(_COMPONENTS)):
            free = (points[person] < 3) * np.array(_COMPONENT_SHARES)
            points[person, rng.choice(len(_COMPONENTS), p=free / free.sum())] += 1
    return pd.DataFrame(points, columns=list(_COMPONENTS))


def draw_laboratory(
    plan: pd.DataFrame, points: pd.DataFrame, visits: ClinicVisits, *, seed: int, replica: int
) -> pd.DataFrame:
    """Draw table lab_result in common units, with `person` and days relative to the index date (`taken_on`)."""
    rng = generator(seed, replica, "laboratory")
    is_female = (plan["sex"] == "female").to_numpy()
    unknown_score = (plan["reason"] == "child_pugh_unknown").to_numpy()
    parts = []
    for analyte in panel().values():
        if analyte.code in _DRAWN_APART:
            continue
        at_baseline = _at_baseline(analyte, points, rng)
        drift = np.exp(rng.normal(0, max(analyte.spread, 0.03) / 2, len(visits.person)))
        value = (at_baseline[visits.person] * np.where(visits.is_baseline, 1.0, drift)).clip(analyte.low, analyte.high)
        value = _with_excursions(value, analyte, visits.day > 0, rng)
        measured = rng.random(len(value)) < (1.0 if analyte.code in _ALWAYS else _SHARE_OF_OTHERS)
        if analyte.code == "albumin":
            measured &= ~(unknown_score[visits.person] & (visits.day <= 0))
        parts.append(results(analyte, visits.person[measured], visits.day[measured], value[measured]))
    table = pd.concat([*parts, _draw_afp(plan, visits, rng)], ignore_index=True)
    of_women = is_female[table["person"].to_numpy()] & (table["analyte_code"] == "hemoglobin").to_numpy()
    table.loc[of_women, ["lower_limit", "upper_limit"]] = _FEMALE_HEMOGLOBIN
    return table


def results(analyte: Analyte, person: np.ndarray, day: np.ndarray, value: Floats) -> pd.DataFrame:
    """Write results of one analyte as rows of table lab_result, with the common limits of normal."""
    return pd.DataFrame(
        {
            "person": person,
            "taken_on": day,
            "analyte_code": analyte.code,
            "value_qualifier": np.full(len(person), None, dtype=object),
            "value": np.asarray(value).round(analyte.decimals),
            "unit": analyte.unit,
            "lower_limit": analyte.lower_limit,
            "upper_limit": analyte.upper_limit,
        }
    )


def _analyte(row: dict[str, str]) -> Analyte:
    numbers = [float(row[name] or "nan") for name in ("lower_limit", "upper_limit", "typical", "spread", "low", "high")]
    return Analyte(row["analyte_code"], row["unit"], int(row["decimals"]), *numbers)


def _at_baseline(analyte: Analyte, points: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Draw what each patient has at baseline; inside the range of its points where the Child-Pugh score reads it."""
    size = len(points)
    if analyte.code not in _POINT_RANGES:
        drawn = analyte.typical * np.exp(rng.normal(0, analyte.spread, size))
        return np.asarray(drawn.clip(analyte.low, analyte.high))
    ranges = np.array(_POINT_RANGES[analyte.code])[points[analyte.code].to_numpy() - 1]
    return np.asarray(ranges[:, 0] + rng.beta(2, 2.5, size) * (ranges[:, 1] - ranges[:, 0]))


def _with_excursions(value: Floats, analyte: Analyte, may_stray: np.ndarray, rng: np.random.Generator) -> Floats:
    """Let a few results stray far towards the least or the greatest value, so that every grade occurs."""
    strays = may_stray & (rng.random(len(value)) < _SHARE_STRAYING)
    extreme = np.where(rng.random(len(value)) < 0.5, analyte.low, analyte.high)
    how_far = rng.uniform(0.3, 1.0, len(value))
    return np.asarray(np.where(strays, value ** (1 - how_far) * extreme**how_far, value))


def _draw_afp(plan: pd.DataFrame, visits: ClinicVisits, rng: np.random.Generator) -> pd.DataFrame:
    """Draw AFP before treatment, near the first scan in the ratio drawn before, and later if treatment goes on."""
    before = plan["afp"].to_numpy()
    first_scan = plan["first_scan_day"].to_numpy()
    latest = plan["survival_days"].to_numpy() - 1
    measured = np.flatnonzero(np.isfinite(before))
    baseline_day = np.full(len(plan), -1)
    baseline_day[visits.person[visits.is_baseline]] = visits.day[visits.is_baseline]
    ratio = np.full(len(plan), np.nan)
    for category, (low, high) in _RATIO_RANGES.items():
        members = (plan["afp_ratio"] == category).to_numpy()
        ratio[members] = rng.uniform(low, high, int(members.sum()))
    followed = np.flatnonzero(
        np.isfinite(ratio) & np.isfinite(before) & (plan["reason"] != "no_imaging_after").to_numpy()
    )
    near = np.minimum(first_scan[followed] + rng.integers(-3, 4, len(followed)), latest[followed])
    later_day = first_scan + _AFP_WINDOW_DAYS + rng.integers(20, 60, len(plan))
    later = np.flatnonzero(
        np.isfinite(before) & (later_day < latest) & (later_day < plan["treatment_days"].to_numpy() + 30)
    )
    analyte = panel()["afp"]
    person = np.concatenate([measured, followed, later])
    day = np.concatenate([baseline_day[measured], near, later_day[later]])
    level = np.concatenate(
        [before[measured], before[followed] * ratio[followed], before[later] * rng.uniform(0.4, 3.5, len(later))]
    )
    table = results(analyte, person, day, level)
    # Below the detection limit only the bound is known; it settles the class where the first value was well above it.
    undetectable = (
        (table["value"] < _AFP_DETECTION_LIMIT).to_numpy() & (day > 0) & (before[person] >= 3 * _AFP_DETECTION_LIMIT)
    )
    table.loc[undetectable, "value"] = _AFP_DETECTION_LIMIT
    table.loc[undetectable, "value_qualifier"] = "<"
    return table
