"""Warfarin: who takes it besides the study drug, and the INR that it raises."""

from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.laboratory import panel

_PRODUCTS = (
    "쿠마딘정 5mg", "와파린나트륨정 2mg", "대화와르파린나트륨정 5mg", "제일와파린정 2mg", "Coumadin tab 5mg",
    "Warfarin sodium tab 2mg", "Jeil Warfarin tab 5mg",
)  # fmt: skip
_SHARE_STARTING_LATE, _FEWEST_AT_A_HOSPITAL = 0.02, 2
_SHARE_TAKING_BEFORE = 0.35
_LEAST_TREATMENT_DAYS = 60
_ACTS_AFTER_DAYS = 5
_RISE_ABOVE_BASELINE, _TARGET_INR = (1.1, 1.7), (1.8, 3.4)
_SHARE_TOO_HIGH, _TOO_HIGH_INR = 0.1, (3.5, 4.0)


def draw_warfarin(plan: pd.DataFrame, points: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw the courses of warfarin: rows of table medication with `person` and days relative to the index date.

    Some of those whose INR is raised at baseline have taken it for long; others begin during treatment, so that their
    baseline is as it would have been. Every course ends with the study drug at the latest.
    """
    rng = generator(seed, replica, "warfarin")
    is_treated = (plan["treatment_days"] >= _LEAST_TREATMENT_DAYS).to_numpy()
    has_raised_inr = (points["inr"] > 1).to_numpy()
    rows = [
        _course(person, plan, -int(rng.integers(60, 1500)), rng)
        for person in np.flatnonzero(is_treated & has_raised_inr).tolist()
        if rng.random() < _SHARE_TAKING_BEFORE
    ]
    for _, members in plan[is_treated & ~has_raised_inr].groupby("site_id", sort=True):
        count = max(_FEWEST_AT_A_HOSPITAL, round(len(members) * _SHARE_STARTING_LATE))
        chosen = rng.permutation(plan.index.get_indexer(members.index))[:count]
        rows.extend(_course(person, plan, int(rng.integers(3, 25)), rng) for person in sorted(chosen.tolist()))
    return pd.DataFrame(rows, columns=["person", "product_text", "ingredient_code", "started_on", "stopped_on"])


def raise_inr(labs: pd.DataFrame, courses: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Raise the INRs after the index date that were taken while warfarin acts; all other results stay as they are."""
    rng = generator(seed, replica, "warfarin_inr")
    raised = labs.copy()
    inr = panel()["inr"]
    of_takers = labs[(labs["analyte_code"] == inr.code) & labs["person"].isin(courses["person"])]
    for course in courses.to_dict("records"):
        own = of_takers[of_takers["person"] == course["person"]]
        acts_until = np.inf if pd.isna(course["stopped_on"]) else course["stopped_on"]
        acts = own["taken_on"].between(max(1, course["started_on"] + _ACTS_AFTER_DAYS), acts_until)
        baseline = own.loc[own["taken_on"] <= 0, "value"].iloc[-1]
        low, high = (baseline * factor for factor in _RISE_ABOVE_BASELINE) if course["started_on"] < 0 else _TARGET_INR
        for row in own.index[acts].tolist():
            is_too_high = rng.random() < _SHARE_TOO_HIGH
            drawn = rng.uniform(*(_TOO_HIGH_INR if is_too_high else (low, high)))
            raised.loc[row, "value"] = round(min(float(drawn), inr.high), inr.decimals)
    return raised


def _course(person: int, plan: pd.DataFrame, start: int, rng: np.random.Generator) -> dict[str, Any]:
    last = int(plan["treatment_days"].iloc[person])
    product = _PRODUCTS[int(rng.integers(0, len(_PRODUCTS)))]
    stop = None if rng.random() < 0.6 else int(rng.integers(last // 2, last + 1))
    return {
        "person": person, "product_text": product, "ingredient_code": "warfarin", "started_on": start, "stopped_on": stop,
    }  # fmt: skip
