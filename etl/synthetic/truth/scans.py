"""The scans after the index date: lesions move so that the arithmetic of mRECIST leads to the response drawn.

What a hospital's scans hold besides changes no response: a scan without contrast or with a lesion that was not measured, a
small nodule that is watched, and scans after progression or after salvage treatment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from etl.synthetic.truth.drawing import choose
from etl.synthetic.truth.lesions import Lesion
from etl.synthetic.truth.visits import scan_days

Seen = list[tuple[Lesion, float]]
"""Lesions on a scan, each with its size against the first time that it was measured."""

_CONTRAST_AFTER = {"no_contrast_after": False, "contrast_after_unknown": None}
_SHARE_WITHOUT_CONTRAST, _SHARE_INCOMPLETE, _SHARE_WATCHED = 0.15, 0.15, 0.1
_SHARE_OTHER_MODALITY = 0.06
_BY_NEW_LESION, _BY_NON_TARGETS = 0.45, 0.55
"""Where a random number below these lands, progression is by a new lesion, by non-targets, or else by growth."""

_NEW_IN = {"liver": 0.6, "lung": 0.2, "lymph_node": 0.08, "bone": 0.07, "portal_vein": 0.05}
_MALIGNANT_NODE_MM = 16
"""A new node of at least this size is beyond doubt, also where a hospital writes whole millimetres."""

_SHARE_SEEN_AGAIN, _SHARE_SEEN_AFTER_SALVAGE, _SHARE_ATYPICAL = 0.5, 0.2, 0.4
_PHYSICIAN_AGREES, _RADIOLOGIST_AGREES, _RADIOLOGIST_READS = 0.93, 0.9, 0.85
_READ_OTHERWISE = {"CR": "PR", "PR": "SD", "SD": "PD", "PD": "SD", "NE": "NE"}


@dataclass(frozen=True)
class Scan:
    """One visit for imaging."""

    day: int
    name: str
    modality: str
    has_contrast: bool | None = True
    has_arterial_phase: bool | None = True
    physician: str | None = None
    radiologist: str | None = None
    non_target: str | None = None
    has_new_lesion: bool | None = None

    def without_contrast(self, has_contrast: bool | None) -> "Scan":
        """The same scan without contrast, or with nobody knowing (None)."""
        return replace(self, has_contrast=has_contrast, has_arterial_phase=has_contrast)


def visit_row(person: int, scan: Scan) -> dict[str, Any]:
    """Write a scan as a row of imaging_visit."""
    return {
        "person": person,
        "imaged_on": scan.day,
        "visit_text": scan.name,
        "modality_code": scan.modality,
        "region_code": "abdomen",
        "has_contrast": scan.has_contrast,
        "has_arterial_phase": scan.has_arterial_phase,
        "response_physician_code": scan.physician,
        "response_radiologist_code": scan.radiologist,
        "non_target_status_code": scan.non_target,
        "has_new_lesion": scan.has_new_lesion,
    }


def follow_up_scans(
    patient: dict[str, Any], lesions: tuple[Lesion, ...], modality: str, rng: np.random.Generator
) -> Iterator[tuple[Scan, Seen]]:
    """Draw a patient's scans after the index date with the lesions on each."""
    days = scan_days(int(patient["first_scan_day"]), int(patient["last_scan_day"]))
    best = patient["response"]
    oddity = _draw_oddity(best, days, lesions, rng)
    watched: Lesion | None = None
    later = _later_day(patient, days[-1], rng)
    nadir = factor = 1.0
    for number, day in enumerate(days, start=1):
        kind = oddity.get(day)
        scan = Scan(
            day, f"{number}차", _other_modality(modality, rng), non_target=_status(lesions), has_new_lesion=False
        )
        if day == days[-1] and patient["has_progressed"]:
            scan, factor, new = _progress(scan, patient, nadir, rng)
            seen = [(lesion, factor) for lesion in lesions]
            is_seen_again_on_drug = later is not None and later < int(patient["treatment_days"])
            if new and new.organ == "liver" and is_seen_again_on_drug and rng.random() < _SHARE_ATYPICAL:
                new = replace(new, pattern="atypical", size_mm=min(new.size_mm or 0.0, 14.0))
        else:
            new = None
            factor = _factor(best, nadir, rng)
            seen = [(lesion, factor) for lesion in lesions]
            scan = replace(scan, **_readings("NE" if kind in ("no contrast", "incomplete") else best, rng))
            if best == "CR" and scan.non_target != "none":
                scan = replace(scan, non_target="CR")
        if kind == "watched":
            watched = Lesion("W1", "liver", "new", "atypical", round(float(rng.uniform(5, 8)), 1))
        if kind == "no contrast":
            scan = replace(scan.without_contrast(False), non_target="NE" if scan.non_target != "none" else "none")
        elif kind == "incomplete":
            seen = _without_one_target(seen, rng)
        else:
            nadir = min(nadir, factor)
        seen += [(lesion, 1.0) for lesion in (watched, new) if lesion]
        yield _as_contrast_was(scan, patient), _treated(seen, patient, day)
    if later is not None:
        scan = Scan(later, f"{len(days) + 1}차", modality, non_target=_status(lesions), has_new_lesion=False)
        scan = _as_contrast_was(scan, patient)
        yield _afterwards(scan, patient, lesions, new, factor=factor, nadir=nadir, rng=rng)


def _draw_oddity(
    best: str, days: tuple[int, ...], lesions: tuple[Lesion, ...], rng: np.random.Generator
) -> dict[int, str]:
    """Choose at most one scan between the first and the last, on which the response drawn does not rest."""
    between = days[1:-1]
    chance = rng.random()
    if not between:
        return {}
    day = between[int(rng.integers(0, len(between)))]
    if chance < _SHARE_WITHOUT_CONTRAST:
        return {day: "no contrast"}
    if chance < _SHARE_WITHOUT_CONTRAST + _SHARE_INCOMPLETE:
        return {day: "incomplete"} if sum(lesion.role == "target" for lesion in lesions) > 1 else {}
    if best == "SD" and chance < _SHARE_WITHOUT_CONTRAST + _SHARE_INCOMPLETE + _SHARE_WATCHED:
        return {day: "watched"}
    return {}


def _later_day(patient: dict[str, Any], last_day: int, rng: np.random.Generator) -> int | None:
    """Scan some again while they take the drug beyond progression, and some after salvage treatment."""
    chance, after = rng.random(), int(rng.integers(40, 75))
    alive_until = int(patient["survival_days"]) - 2
    if patient["has_progressed"] and last_day + after < min(int(patient["treatment_days"]), alive_until):
        return last_day + after if chance < _SHARE_SEEN_AGAIN else None
    if patient["salvage"] and int(patient["salvage_day"]) + after < alive_until:
        return int(patient["salvage_day"]) + after if chance < _SHARE_SEEN_AFTER_SALVAGE else None
    return None


def _progress(
    scan: Scan, patient: dict[str, Any], nadir: float, rng: np.random.Generator
) -> tuple[Scan, float, Lesion | None]:
    """Let the disease progress: by a new lesion, by its non-targets, or by growth of its targets."""
    best = patient["response"]
    how = rng.random()
    scan = replace(scan, **_readings("PD", rng))
    if best == "CR" or how < _BY_NEW_LESION:
        organ = choose(_NEW_IN, rng)
        size = None if organ in ("bone", "portal_vein") else round(float(rng.uniform(11, 32)), 1)
        if organ == "lymph_node" and size is not None:
            size = round(_MALIGNANT_NODE_MM + (size - 11) * 16 / 21, 1)
        new = Lesion("NL1", organ, "new", "thrombus" if organ == "portal_vein" else "typical", size)
        return replace(scan, has_new_lesion=True), _factor(best, nadir, rng), new
    if how < _BY_NON_TARGETS and scan.non_target != "none":
        return replace(scan, non_target="PD"), _factor(best, nadir, rng), None
    return scan, nadir * float(rng.uniform(1.26, 1.7)), None


def _afterwards(
    scan: Scan,
    patient: dict[str, Any],
    lesions: tuple[Lesion, ...],
    new: Lesion | None,
    *,
    factor: float,
    nadir: float,
    rng: np.random.Generator,
) -> tuple[Scan, Seen]:
    """Draw the scan that no longer counts: growth beyond progression, or whatever salvage treatment did."""
    on_drug = scan.day < int(patient["treatment_days"])
    change = float(rng.uniform(1.05, 1.4) if on_drug else rng.uniform(0.5, 1.6))
    grown = max(factor, 0.1) * change
    reading = "PD" if on_drug or grown >= nadir * 1.2 else "SD"
    seen: Seen = [(lesion, grown) for lesion in lesions]
    if new is not None:
        # An atypical nodule proves itself by growing ten millimetres and more, so progression began with it.
        growth = 1.0 if new.size_mm is None else 1 + float(rng.uniform(10.5, 16)) / new.size_mm
        seen.append((new, growth if new.pattern == "atypical" else change))
    return replace(scan, **_readings(reading, rng)), _treated(seen, patient, scan.day)


def _factor(best: str, nadir: float, rng: np.random.Generator) -> float:
    """Draw the size at a visit against the baseline.

    Stable disease moves too little to grow by 20 % from its nadir; a node in partial response stays above 10 mm.
    """
    if best == "CR":
        return 0.0
    if best == "PR":
        return float(rng.uniform(0.4, 0.65) if nadir == 1.0 else nadir * rng.uniform(1.0, 1.05))
    return float(rng.uniform(0.93, 1.05))


def _as_contrast_was(scan: Scan, patient: dict[str, Any]) -> Scan:
    """Take the contrast from every scan of those whom this screens out."""
    if patient["reason"] not in _CONTRAST_AFTER:
        return scan
    return scan.without_contrast(_CONTRAST_AFTER[patient["reason"]])


def _status(lesions: tuple[Lesion, ...]) -> str:
    return "IR/SD" if any(lesion.role == "non_target" for lesion in lesions) else "none"


def _other_modality(modality: str, rng: np.random.Generator) -> str:
    if rng.random() >= _SHARE_OTHER_MODALITY:
        return modality
    return "ct" if modality == "mri" else "mri"


def _without_one_target(seen: Seen, rng: np.random.Generator) -> Seen:
    """Leave out one target that was not measured this time."""
    targets = [i for i, (lesion, _) in enumerate(seen) if lesion.role == "target"]
    missing = targets[int(rng.integers(0, len(targets)))]
    return seen[:missing] + seen[missing + 1 :]


def _treated(seen: Seen, patient: dict[str, Any], day: int) -> Seen:
    """Flag the largest liver lesion from its local treatment during the drug on."""
    if not patient["concomitant"] or day < int(patient["concomitant_day"]):
        return seen
    return [(replace(lesion, is_treated=True) if lesion.label == "L1" else lesion, factor) for lesion, factor in seen]


def _readings(response: str, rng: np.random.Generator) -> dict[str, Any]:
    """Read the scan as the physician and the radiologist would: mostly alike, never always."""
    physician = response if rng.random() < _PHYSICIAN_AGREES else _READ_OTHERWISE[response]
    radiologist = response if rng.random() < _RADIOLOGIST_AGREES else _READ_OTHERWISE[response]
    return {"physician": physician, "radiologist": radiologist if rng.random() < _RADIOLOGIST_READS else None}
