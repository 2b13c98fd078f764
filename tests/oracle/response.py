"""Tumour response by mRECIST from the lesions: every visit, the best one, time to progression and durations."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from oracle.chart import Chart, Row

MINIMUM_STABLE_DAYS = 42
RESPONSE_FALL = Fraction(7, 10)
PROGRESSION_RISE = Fraction(12, 10)
FAINT_MM = Decimal(5)
NODE_NORMAL_BELOW_MM = 10
NEW_NODULE_MM = 10
BEST_FIRST = ("CR", "PR", "SD", "IR/SD", "PD", "NE")


@dataclass(frozen=True)
class Visit:
    """One day of imaging after the index date, read from its lesions."""

    imaged_on: date
    target_sum_mm: Fraction | None
    """None when a target is missing or was not seen in an arterial phase."""
    target: str
    non_target: str
    has_new_lesion: bool
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
    by_day = _lesions_by_day(chart)
    scans = {row["imaged_on"]: row for row in sorted(chart["imaging_visit"], key=lambda row: row["imaged_on"])}
    at_baseline = by_day.get(max((day for day in by_day if day <= index), default=date.min), [])
    targets = [row for row in at_baseline if row["role_code"] == "target"]
    sizes = [size_of(row) for row in targets]
    baseline = None if None in sizes or not sizes else sum(map(Fraction, sizes), Fraction(0))
    nadir = baseline
    visits = []
    for day in sorted(day for day in {*scans, *by_day} if day > index):
        visit = _read_visit(scans.get(day), by_day.get(day, []), at_baseline, baseline=baseline, nadir=nadir)
        visits.append(replace(visit, imaged_on=day, has_new_lesion=_has_new_lesion(day, scans.get(day), by_day)))
        visits[-1] = replace(visits[-1], overall=overall_response(visits[-1], has_targets=bool(targets)))
        if visit.target_sum_mm is not None:
            nadir = visit.target_sum_mm if nadir is None else min(nadir, visit.target_sum_mm)
    return _course(tuple(visits), index, salvage_on, baseline)


def overall_response(visit: Visit, *, has_targets: bool) -> str:
    """Combine targets, non-targets and new lesions, row by row from the top of the table."""
    if visit.has_new_lesion or "PD" in (visit.target, visit.non_target):
        return "PD"
    if not has_targets:
        return "NE" if visit.non_target == "none" else visit.non_target
    if visit.target == "CR":
        return "CR" if visit.non_target in ("CR", "none") else "PR"
    return visit.target


def size_of(row: Row) -> Decimal | None:
    """Measure a target: nodes by the short axis, the liver by its viable part, other organs as a whole; None: missing."""
    if row["is_lymph_node"]:
        size: Decimal | None = row["short_axis_mm"]
    elif row["organ_code"] == "liver":
        size = _viable(row)
    else:
        size = row["whole_diameter_mm"]
    return FAINT_MM if size is None and row["enhancement_code"] == "faint" else size


def target_response(
    sizes: list[tuple[Decimal | None, bool]], *, baseline: Fraction | None, nadir: Fraction | None
) -> str:
    """Read the targets of one visit.

    Args:
        sizes: millimetres (None: missing) and whether it is a node, of every target.
        baseline: the sum before treatment.
        nadir: the smallest complete sum so far.
    """
    measured = sum((Fraction(size) for size, _ in sizes if size is not None), Fraction(0))
    is_whole = all(size is not None for size, _ in sizes)
    if nadir is not None and measured >= nadir * PROGRESSION_RISE and measured > nadir:
        return "PD"
    if not is_whole or baseline is None:
        return "NE"
    if all(size < NODE_NORMAL_BELOW_MM if is_node else size == 0 for size, is_node in sizes if size is not None):
        return "CR"
    return "PR" if measured <= baseline * RESPONSE_FALL else "SD"


def _lesions_by_day(chart: Chart) -> dict[date, list[Row]]:
    by_day: dict[date, list[Row]] = {}
    for row in chart["lesion"]:
        by_day.setdefault(row["imaged_on"], []).append(row)
    return by_day


def _read_visit(
    scan: Row | None, lesions: list[Row], at_baseline: list[Row], *, baseline: Fraction | None, nadir: Fraction | None
) -> Visit:
    """Read targets and non-targets of one visit; without an arterial phase no target can be measured."""
    by_label = {row["lesion_label"]: row for row in lesions}
    can_measure = scan is None or (scan["has_contrast"] is not False and scan["has_arterial_phase"] is not False)
    sizes = []
    for target in at_baseline:
        if target["role_code"] == "target":
            row = by_label.get(target["lesion_label"])
            sizes.append((size_of(row) if row and can_measure else None, bool(target["is_lymph_node"])))
    is_whole = bool(sizes) and all(size is not None for size, _ in sizes)
    return Visit(
        imaged_on=date.min,
        target_sum_mm=sum((Fraction(size) for size, _ in sizes if size is not None), Fraction(0)) if is_whole else None,
        target=target_response(sizes, baseline=baseline, nadir=nadir) if sizes else "none",
        non_target=_non_target(scan, by_label, at_baseline),
        has_new_lesion=False,
        overall="NE",
    )


def _non_target(scan: Row | None, by_label: dict[str, Row], at_baseline: list[Row]) -> str:
    """Take the reader's status of the non-targets, or else tell from their enhancement."""
    if scan is not None and scan["non_target_status_code"] is not None:
        return str(scan["non_target_status_code"])
    others = [row["lesion_label"] for row in at_baseline if row["role_code"] == "non_target"]
    seen = [by_label[label]["enhancement_code"] for label in others if label in by_label]
    if not others:
        return "none"
    if any(code in ("arterial", "faint") for code in seen):
        return "IR/SD"
    return "CR" if len(seen) == len(others) and all(code == "none" for code in seen) else "NE"


def _has_new_lesion(day: date, scan: Row | None, by_day: dict[date, list[Row]]) -> bool:
    """Tell whether a new lesion proves progression, dated to where it was first seen.

    A nodule in the liver does from 10 mm on if it is typical, or by growing 10 mm at later visits if it is atypical; an
    effusion does not; whatever else is new does. Where no lesion is described, the reader's word counts.
    """
    new = [row for row in by_day.get(day, []) if row["role_code"] == "new"]
    if not new:
        return scan is not None and scan["has_new_lesion"] is True
    return any(_proves_progression(row, day, by_day) for row in new)


def _proves_progression(row: Row, day: date, by_day: dict[date, list[Row]]) -> bool:
    if row["pattern_code"] == "effusion":
        return False
    if row["organ_code"] != "liver":
        return True
    if row["pattern_code"] == "typical":
        size = Decimal(0) if row["enhancement_code"] == "none" else _viable(row) or row["whole_diameter_mm"]
        return size is not None and size >= NEW_NODULE_MM
    return any(
        later["lesion_label"] == row["lesion_label"] and _growth(row, later) >= NEW_NODULE_MM
        for other_day, rows in by_day.items()
        if other_day > day
        for later in rows
    )


def _viable(row: Row) -> Decimal | None:
    return Decimal(0) if row["enhancement_code"] == "none" else row["viable_diameter_mm"]


def _growth(earlier: Row, later: Row) -> Decimal:
    """Measure both by the viable part, if the earlier has one and the later tells it; or else both as a whole."""
    before, after = _viable(earlier), _viable(later)
    if not before or after is None:
        before, after = earlier["whole_diameter_mm"], later["whole_diameter_mm"]
    return Decimal(0) if before is None or after is None else after - before


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
