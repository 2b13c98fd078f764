"""The lesions of a patient before treatment, and how one of them is measured on a scan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

_INFILTRATIVE_FROM_MM = 80
_MOST_TARGETS = 5
_LARGEST_MM = 395
"""No lesion that fits into a person grows beyond it."""

_NODE_GONE_MM = 7.0


@dataclass(frozen=True)
class Lesion:
    """One lesion; the size that counts is viable, whole or short axis, by organ. No size: not measured."""

    label: str
    organ: str
    role: str
    pattern: str
    size_mm: float | None
    is_treated: bool = False


def draw_lesions(patient: dict[str, Any], rng: np.random.Generator) -> Iterator[Lesion]:
    """Choose lesions as a reader would: at most two targets in an organ and five in all."""
    targets = 0
    extrahepatic = [organ for organ in ("lymph_node", "lung", "adrenal", "brain") if patient[organ]]
    largest = patient["largest_diameter_mm"]
    if patient["nodule_count"] >= 1:
        viable = round(max(10.0, largest * rng.uniform(0.85, 1.0)), 1)
        infiltrative = largest >= _INFILTRATIVE_FROM_MM and bool(extrahepatic) and rng.random() < 0.25
        is_treated = not patient["first_line"] and rng.random() < 0.4
        yield Lesion(
            "L1", "liver", "non_target" if infiltrative else "target", "infiltrative" if infiltrative else "typical",
            None if infiltrative else viable, is_treated,
        )  # fmt: skip
        targets += not infiltrative
    if patient["nodule_count"] > 1:
        second = round(largest * rng.uniform(0.3, 0.95), 1)
        is_target = second >= 10
        yield Lesion("L2", "liver", "target" if is_target else "non_target", "typical", second if is_target else None)
        targets += is_target
    if patient["nodule_count"] > 2:
        yield Lesion("L3", "liver", "non_target", "typical", None)
    if patient["portal_vein"] != "vp0":
        yield Lesion("V1", "portal_vein", "non_target", "thrombus", None)
    for number, organ in enumerate(extrahepatic, start=1):
        is_target = targets < _MOST_TARGETS
        size = round(float(rng.uniform(26, 42) if organ == "lymph_node" else rng.uniform(11, 45)), 1)
        yield Lesion(f"E{number}", organ, "target" if is_target else "non_target", "typical", size)
        targets += is_target
    for label, organ in (("B1", "bone"), ("P1", "peritoneum"), ("X1", "other")):
        if patient[organ]:
            yield Lesion(label, organ, "non_target", "typical", None)


def measured(person: int, day: int, lesion: Lesion, factor: float, *, has_contrast: bool | None) -> dict[str, Any]:
    """Measure one lesion at one visit: the liver by its viable part, nodes by the short axis, others as a whole.

    Without contrast nothing is seen to enhance, so no viable part can be measured.
    """
    size = None if lesion.size_mm is None else round(min(lesion.size_mm * factor, _LARGEST_MM), 1)
    is_node = lesion.organ == "lymph_node"
    if is_node and factor == 0:
        size = _NODE_GONE_MM
    gone = factor == 0 and not is_node
    in_liver = lesion.organ == "liver"
    whole = size if not in_liver else None if lesion.size_mm is None else round(max(lesion.size_mm, size or 0) + 1.5, 1)
    enhancement = "none" if gone else "arterial" if in_liver or lesion.organ == "portal_vein" else "not_assessed"
    return {
        "person": person,
        "imaged_on": day,
        "lesion_label": lesion.label,
        "organ_code": lesion.organ,
        "role_code": lesion.role,
        "is_lymph_node": is_node,
        "viable_diameter_mm": size if in_liver and has_contrast else None,
        "whole_diameter_mm": None if is_node else whole,
        "short_axis_mm": size if is_node else None,
        "enhancement_code": enhancement if has_contrast else "not_assessed",
        "pattern_code": "necrotic" if gone and in_liver else lesion.pattern,
        "is_treated_before": lesion.is_treated,
    }
