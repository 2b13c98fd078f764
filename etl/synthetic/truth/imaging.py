"""The tumour before treatment, and every scan with its lesions."""

from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.lesions import Lesion, draw_lesions, measured
from etl.synthetic.truth.scans import Scan, follow_up_scans, visit_row

_METASTASES = ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")
_CONTRAST_BEFORE = {"no_contrast_before": False, "contrast_before_unknown": None}


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
        at_baseline = tuple(draw_lesions(patient, rng))
        before = Scan(_baseline_day(patient, rng), "기저", modality="mri" if rng.random() < 0.18 else "ct")
        has_contrast = _CONTRAST_BEFORE.get(patient["reason"], True)
        before = before.without_contrast(has_contrast) if has_contrast is not True else before
        baselines.append(_tumour_baseline(person, patient, at_baseline, before))
        visits.append(visit_row(person, before))
        lesions.extend(measured(person, before.day, lesion, 1.0, has_contrast=has_contrast) for lesion in at_baseline)
        if patient["reason"] == "no_imaging_after":
            continue
        for scan, seen in follow_up_scans(patient, at_baseline, before.modality, rng):
            visits.append(visit_row(person, scan))
            lesions.extend(
                measured(person, scan.day, lesion, factor, has_contrast=scan.has_contrast) for lesion, factor in seen
            )
    return pd.DataFrame(visits), pd.DataFrame(lesions), pd.DataFrame(baselines)


def _baseline_day(patient: dict[str, Any], rng: np.random.Generator) -> int:
    if patient["reason"] == "no_imaging_before":
        return -int(rng.integers(70, 160))
    return -int(rng.integers(2, 46))


def _tumour_baseline(person: int, patient: dict[str, Any], lesions: tuple[Lesion, ...], scan: Scan) -> dict[str, Any]:
    nodules = int(patient["nodule_count"])
    return {
        "person": person,
        "imaged_on": scan.day,
        "modality_code": scan.modality,
        "has_contrast": scan.has_contrast,
        "largest_diameter_mm": patient["largest_diameter_mm"],
        "nodule_count": nodules,
        "nodule_count_qualifier": "at_least" if nodules >= 10 else "exact",
        "is_infiltrative": any(lesion.pattern == "infiltrative" for lesion in lesions),
        "portal_vein_invasion_code": patient["portal_vein"],
        "has_hepatic_vein_invasion": patient["portal_vein"] == "vp4" and person % 7 == 0,
        "has_bile_duct_invasion": patient["portal_vein"] == "vp3" and person % 11 == 0,
        **{f"has_{organ}_metastasis": bool(patient[organ]) for organ in _METASTASES},
    }
