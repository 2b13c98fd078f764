"""Tumour response by mRECIST from the lesions: every visit, the best one, time to progression and durations."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from oracle.assessments import read_course
from oracle.chart import Chart, Row
from oracle.mrecist import Options

MINIMUM_STABLE_DAYS = 42
BEST_FIRST = ("CR", "PR", "SD", "IR/SD", "PD", "NE")


@dataclass(frozen=True)
class Visit:
    """One visit for imaging after the index date, read from its lesions."""

    imaged_on: date
    """The day that counts: of progression the earliest of the visit that proves it, of another response the latest."""
    target_sum_mm: Fraction | None
    """None when a target is missing or was not seen in an arterial phase."""
    overall: str


@dataclass(frozen=True)
class Response:
    """One patient's course of response; days are counted from the index date."""

    baseline_sum_mm: Fraction | None
    visits: tuple[Visit, ...]
    best: str
    progression_days: int
    """To the first progression, or to the last evaluable scan before any salvage treatment."""
    has_progressed: bool
    stable_days: int | None
    response_days: int | None
    complete_days: int | None


def read_response(chart: Chart, index: date, salvage_on: date | None) -> Response:
    """Read one patient's scans."""
    lesions = [_lesion(row, index) for row in chart["lesion"]]
    scans = {row["imaged_on"]: row for row in chart["imaging_visit"]}
    dates = {*scans, *(row["imaged_on"] for row in chart["lesion"])}
    days = [_day(scans.get(imaged_on), (imaged_on - index).days) for imaged_on in sorted(dates)]
    therapy = None if salvage_on is None else (salvage_on - index).days
    baseline, visits = None, []
    for visit, (_, overall, _), counted in read_course(days, lesions, Options(), therapy):
        total = visit["target_sum_mm"] if visit["targets_measured"] == "all" else None
        if visit["is_baseline"]:
            baseline = total
        elif overall is not None and counted is not None:
            visits.append(Visit(imaged_on=index + timedelta(days=counted), target_sum_mm=total, overall=overall))
    return _course(tuple(visits), index, salvage_on, baseline)


def _day(scan: Row | None, day: int) -> Row:
    """What a day of imaging says; what is not said is not held against it."""
    if scan is None:
        return {"day": day, "can_measure_viable": True, "non_target_code": None, "has_new_lesion": None}
    return {
        "day": day,
        "can_measure_viable": scan["has_contrast"] is not False and scan["has_arterial_phase"] is not False,
        "non_target_code": scan["non_target_status_code"],
        "has_new_lesion": scan["has_new_lesion"],
    }


def _lesion(row: Row, index: date) -> Row:
    lengths = ("viable_diameter_mm", "whole_diameter_mm", "short_axis_mm")
    said = ("lesion_label", "organ_code", "role_code", "enhancement_code", "pattern_code")
    return {
        "day": (row["imaged_on"] - index).days,
        "is_node": row["is_lymph_node"]
        if row["is_lymph_node"] is not None
        else row["organ_code"] in ("lymph_node", "porta_hepatis"),
        "is_treated_before": row.get("is_treated_before"),
        "has_malignant_cells": row.get("has_malignant_cells"),
        **{name: row[name] for name in said},
        **{name: None if row[name] is None else Fraction(row[name]) for name in lengths},
    }


def _course(visits: tuple[Visit, ...], index: date, salvage_on: date | None, baseline: Fraction | None) -> Response:
    """Find the best response, progression and durations; what comes after progression or salvage does not count."""
    counted: list[Visit] = []
    for visit in visits:
        if salvage_on is not None and visit.imaged_on > salvage_on:
            break
        counted.append(visit)
        if visit.overall == "PD":
            break
    has_progressed = bool(counted) and counted[-1].overall == "PD"
    evaluable = [visit.imaged_on for visit in counted if visit.overall != "NE"]
    end = evaluable[-1] if evaluable else index
    best = min((_for_best(visit, index) for visit in counted), key=BEST_FIRST.index, default="NE")
    first = {kind: [visit.imaged_on for visit in counted if visit.overall in kind] for kind in (("CR",), ("CR", "PR"))}
    return Response(
        baseline_sum_mm=baseline,
        visits=visits,
        best=best,
        progression_days=(end - index).days,
        has_progressed=has_progressed,
        stable_days=(end - index).days if best == "SD" else None,
        response_days=(end - first["CR", "PR"][0]).days if best in ("CR", "PR") else None,
        complete_days=(end - first["CR",][0]).days if best == "CR" else None,
    )


def _for_best(visit: Visit, index: date) -> str:
    """Count stable disease from 42 days on; earlier it proves nothing."""
    is_early = (visit.imaged_on - index).days < MINIMUM_STABLE_DAYS
    return "NE" if visit.overall in ("SD", "IR/SD") and is_early else visit.overall
