"""Assessments of two days: the liver by MRI and the chest by CT, some days apart."""

from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator

_SHARE_PARTED, _SHARE_PARTED_BEFORE = 0.35, 0.5
_DAYS_APART = (2, 7)
_CHEST_CT = {
    "modality_code": "ct", "region_code": "chest", "has_contrast": True, "has_arterial_phase": False,
    "response_physician_code": None, "response_radiologist_code": None, "non_target_status_code": None,
    "has_new_lesion": None,
}  # fmt: skip
"""The chest alone: nobody judges the response by it."""


def part_scans(
    visits: pd.DataFrame, lesions: pd.DataFrame, plan: pd.DataFrame, *, seed: int, replica: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the chest of a few patients a few days after their liver, and of some a few days before it at baseline.

    Only assessments on which nothing rests are parted: those of stable patients between the first scan and the last,
    and baselines, of which every lesion counts as long as they lie in the baseline window.

    Args:
        visits: table imaging_visit with `person` and days relative to the index date; not changed.
        lesions: table lesion likewise.
        plan: what the study was drawn from.
        seed: of the random numbers.
        replica: of the study.

    Returns:
        both tables with the chest's scans behind those drawn before.
    """
    rng = generator(seed, replica, "parted_scans")
    visits, lesions = visits.copy(), lesions.copy()
    scans_of = {person: scans.sort_values("imaged_on") for person, scans in visits.groupby("person", sort=True)}
    last_scan_day = plan["last_scan_day"].to_numpy()
    chest: list[dict[str, Any]] = []
    for person in np.flatnonzero(_is_steady(plan)).tolist():
        if person not in scans_of or rng.random() >= _SHARE_PARTED:
            continue
        scans = scans_of[person]
        after = scans[scans["imaged_on"].between(1, last_scan_day[person], inclusive="left")].iloc[1:]
        steady = after[(after["response_physician_code"] == "SD") & after["has_arterial_phase"].eq(True)]
        parted = [(scans.index[0], -1)] if rng.random() < _SHARE_PARTED_BEFORE else []
        if len(steady):
            parted.append((steady.index[int(rng.integers(0, len(steady)))], 1))
        for row, direction in parted:
            day = int(visits.at[row, "imaged_on"])
            moved = lesions.index[
                (lesions["person"] == person) & (lesions["imaged_on"] == day) & (lesions["organ_code"] == "lung")
            ]
            if len(moved):
                chest_day = day + direction * int(rng.integers(*_DAYS_APART))
                lesions.loc[moved, "imaged_on"] = chest_day
                visits.at[row, "modality_code"] = "mri"
                chest.append(visits.loc[row].to_dict() | _CHEST_CT | {"imaged_on": chest_day})
    if chest:
        visits = pd.concat([visits, pd.DataFrame(chest).astype(visits.dtypes)], ignore_index=True)
    return visits, lesions


def _is_steady(plan: pd.DataFrame) -> np.ndarray:
    """Choose patients whose disease is stable at best, with a lesion in the lung and no local treatment in between."""
    is_steady = (plan["response"] == "SD") & plan["lung"].astype(bool) & ~plan["concomitant"].astype(bool)
    return np.asarray(is_steady & plan["reason"].isna())
