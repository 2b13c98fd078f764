"""The tumour on the scans: lesions with their diameters at every visit, and what the readers made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.visits import scan_days

_INFILTRATIVE_FROM_MM = 80
_MOST_TARGETS = 5
_NODE_GONE_MM = 7.0
_PHYSICIAN_AGREES = 0.93
_RADIOLOGIST_AGREES = 0.9
_RADIOLOGIST_READS = 0.85


@dataclass(frozen=True)
class BaselineLesion:
    """One lesion before treatment; the size that counts is viable, whole or short axis, by organ."""

    label: str
    organ: str
    role: str
    pattern: str
    size_mm: float | None
    is_treated: bool = False


def draw_imaging(plan: pd.DataFrame, seed: int, replica: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draw the scans of every patient.

    Returns:
        tables imaging_visit, lesion and tumour_baseline with `person` and days relative to the index date (`*_on`).
    """
    rng = generator(seed, replica, "imaging")
    visits: list[dict[str, Any]] = []
    lesions: list[dict[str, Any]] = []
    baselines: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        at_baseline = tuple(_draw_lesions(patient, rng))
        day = _baseline_day(patient, rng)
        modality = "mri" if rng.random() < 0.18 else "ct"
        has_contrast = patient["reason"] != "no_contrast_before"
        baselines.append(
            _tumour_baseline(person, patient, at_baseline, day=day, modality=modality, has_contrast=has_contrast)
        )
        visits.append(
            _visit(person, day, "기저", modality, at_baseline)
            | {"has_contrast": has_contrast, "has_arterial_phase": has_contrast}
        )
        lesions.extend(_measured(person, day, lesion, 1.0) for lesion in at_baseline)
        if patient["reason"] == "no_imaging_after":
            continue
        _follow(person, patient, at_baseline, modality=modality, rng=rng, visits=visits, lesions=lesions)
    return pd.DataFrame(visits), pd.DataFrame(lesions), pd.DataFrame(baselines)


def _draw_lesions(patient: dict[str, Any], rng: np.random.Generator) -> Iterator[BaselineLesion]:
    """Choose lesions as a reader would: at most two targets in an organ and five in all."""
    targets = 0
    extrahepatic = [organ for organ in ("lymph_node", "lung", "adrenal", "brain") if patient[organ]]
    largest = patient["largest_diameter_mm"]
    if patient["nodule_count"] >= 1:
        viable = round(max(10.0, largest * rng.uniform(0.85, 1.0)), 1)
        infiltrative = largest >= _INFILTRATIVE_FROM_MM and bool(extrahepatic) and rng.random() < 0.25
        is_treated = not patient["first_line"] and rng.random() < 0.4
        yield BaselineLesion(
            "L1", "liver", "non_target" if infiltrative else "target", "infiltrative" if infiltrative else "typical",
            None if infiltrative else viable, is_treated,
        )  # fmt: skip
        targets += not infiltrative
    if patient["nodule_count"] > 1:
        second = round(largest * rng.uniform(0.3, 0.95), 1)
        is_target = second >= 10
        yield BaselineLesion(
            "L2", "liver", "target" if is_target else "non_target", "typical", second if is_target else None
        )
        targets += is_target
    if patient["nodule_count"] > 2:
        yield BaselineLesion("L3", "liver", "non_target", "typical", None)
    if patient["portal_vein"] != "vp0":
        yield BaselineLesion("V1", "portal_vein", "non_target", "thrombus", None)
    for number, organ in enumerate(extrahepatic, start=1):
        is_target = targets < _MOST_TARGETS
        size = round(float(rng.uniform(26, 42) if organ == "lymph_node" else rng.uniform(11, 45)), 1)
        yield BaselineLesion(f"E{number}", organ, "target" if is_target else "non_target", "typical", size)
        targets += is_target
    for label, organ in (("B1", "bone"), ("P1", "peritoneum"), ("X1", "other")):
        if patient[organ]:
            yield BaselineLesion(label, organ, "non_target", "typical", None)


def _baseline_day(patient: dict[str, Any], rng: np.random.Generator) -> int:
    if patient["reason"] == "no_imaging_before":
        return -int(rng.integers(70, 160))
    return -int(rng.integers(2, 46))


def _tumour_baseline(
    person: int,
    patient: dict[str, Any],
    lesions: tuple[BaselineLesion, ...],
    *,
    day: int,
    modality: str,
    has_contrast: bool,
) -> dict[str, Any]:
    nodules = int(patient["nodule_count"])
    return {
        "person": person,
        "imaged_on": day,
        "modality_code": modality,
        "has_contrast": has_contrast,
        "largest_diameter_mm": patient["largest_diameter_mm"],
        "nodule_count": nodules,
        "nodule_count_qualifier": "at_least" if nodules >= 10 else "exact",
        "is_infiltrative": any(lesion.pattern == "infiltrative" for lesion in lesions),
        "portal_vein_invasion_code": patient["portal_vein"],
        "has_hepatic_vein_invasion": patient["portal_vein"] == "vp4" and person % 7 == 0,
        "has_bile_duct_invasion": patient["portal_vein"] == "vp3" and person % 11 == 0,
        **{f"has_{organ}_metastasis": bool(patient[organ]) for organ in _METASTASES},
    }


_METASTASES = ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")


def _follow(
    person: int,
    patient: dict[str, Any],
    at_baseline: tuple[BaselineLesion, ...],
    *,
    modality: str,
    rng: np.random.Generator,
    visits: list[dict[str, Any]],
    lesions: list[dict[str, Any]],
) -> None:
    """Add the scans after the index date, so that the arithmetic of mRECIST leads to the response drawn."""
    days = scan_days(int(patient["first_scan_day"]), int(patient["last_scan_day"]))
    best = patient["response"]
    nadir = 1.0
    for number, day in enumerate(days, start=1):
        progresses = day == days[-1] and patient["has_progressed"]
        by_new_lesion = progresses and (best == "CR" or rng.random() < 0.45)
        factor = _factor(best, nadir, rng)
        reading = best if not progresses else "PD"
        if progresses and not by_new_lesion:
            factor = nadir * rng.uniform(1.26, 1.7)
        nadir = min(nadir, factor)
        visit = _visit(person, day, f"{number}차", modality, at_baseline)
        visit |= {"has_new_lesion": by_new_lesion, **_readings(reading, rng)}
        if best == "CR" and not by_new_lesion and visit["non_target_status_code"] != "none":
            visit["non_target_status_code"] = "CR"
        visits.append(visit)
        lesions.extend(_measured(person, day, lesion, factor) for lesion in at_baseline)
        if by_new_lesion:
            size = round(float(rng.uniform(11, 32)), 1)
            new = BaselineLesion("NL1", "liver", "new", "typical", size)
            lesions.append(_measured(person, day, new, 1.0))


def _factor(best: str, nadir: float, rng: np.random.Generator) -> float:
    """Draw the size at a visit against the baseline.

    Stable disease moves too little to grow by 20 % from its nadir; a node in partial response stays above 10 mm.
    """
    if best == "CR":
        return 0.0
    if best == "PR":
        return float(rng.uniform(0.4, 0.65) if nadir == 1.0 else nadir * rng.uniform(1.0, 1.05))
    return float(rng.uniform(0.93, 1.05))


def _visit(person: int, day: int, name: str, modality: str, lesions: tuple[BaselineLesion, ...]) -> dict[str, Any]:
    has_others = any(lesion.role == "non_target" for lesion in lesions)
    return {
        "person": person,
        "imaged_on": day,
        "visit_text": name,
        "modality_code": modality,
        "region_code": "abdomen",
        "has_contrast": True,
        "has_arterial_phase": True,
        "response_physician_code": None,
        "response_radiologist_code": None,
        "non_target_status_code": ("IR/SD" if has_others else "none") if name != "기저" else None,
        "has_new_lesion": None,
    }


def _readings(response: str, rng: np.random.Generator) -> dict[str, str | None]:
    """Read the scan as the physician and the radiologist would: mostly alike, never always."""
    others = {"CR": "PR", "PR": "SD", "SD": "PD", "PD": "SD"}
    physician = response if rng.random() < _PHYSICIAN_AGREES else others[response]
    radiologist = response if rng.random() < _RADIOLOGIST_AGREES else others[response]
    return {
        "response_physician_code": physician,
        "response_radiologist_code": radiologist if rng.random() < _RADIOLOGIST_READS else None,
    }


def _measured(person: int, day: int, lesion: BaselineLesion, factor: float) -> dict[str, Any]:
    """Measure one lesion at one visit: the liver by its viable part, nodes by the short axis, others as a whole."""
    size = None if lesion.size_mm is None else round(lesion.size_mm * factor, 1)
    is_node = lesion.organ == "lymph_node"
    if is_node and factor == 0:
        size = _NODE_GONE_MM
    gone = factor == 0 and not is_node
    in_liver = lesion.organ == "liver"
    whole = size if not in_liver else None if lesion.size_mm is None else round(max(lesion.size_mm, size or 0) + 1.5, 1)
    return {
        "person": person,
        "imaged_on": day,
        "lesion_label": lesion.label,
        "organ_code": lesion.organ,
        "role_code": lesion.role,
        "is_lymph_node": is_node,
        "viable_diameter_mm": size if in_liver else None,
        "whole_diameter_mm": None if is_node else whole,
        "short_axis_mm": size if is_node else None,
        "enhancement_code": "none"
        if gone
        else "arterial"
        if in_liver or lesion.organ == "portal_vein"
        else "not_assessed",
        "pattern_code": "necrotic" if gone and in_liver else lesion.pattern,
        "is_treated_before": lesion.is_treated,
    }
