"""Days of imaging and their lesions to visits, as a slow, obvious reading of one patient; not written from the SQL.

A visit is a plain dict that `oracle.mrecist.read_visits` reads, with `day`, its name, and `days`, those of its imaging.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from oracle.mrecist import Options, read_visits

Row = dict[str, Any]

VESSELS = ("portal_vein", "hepatic_vein", "bile_duct")
NEVER = ("before", "effusion", "bland", "hilar below", "normal node", "small node")
"""What by rule cannot be progression."""


def read_course(
    days: Sequence[Row], lesions: Sequence[Row], options: Options, new_therapy_day: int | None = None
) -> list[tuple[Row, tuple[str | None, str | None, str | None], int | None]]:
    """Read a course: every visit, its target, overall and simplified response, and the day that the overall one takes.

    Args:
        days: each with `day`, `can_measure_viable`, `non_target_code` and `has_new_lesion` by the reader.
        lesions: as in the warehouse, with `day`.
        options: what is open in the rules.
        new_therapy_day: the first day of new anticancer therapy.
    """
    visits = _describe(_group(days, lesions, options, new_therapy_day), list(lesions), options)
    answers = read_visits(visits, options)
    return [
        (visit, answer, _day_that_counts(visits, number, answer[1], options))
        for number, (visit, answer) in enumerate(zip(visits, answers, strict=True))
    ]


def _group(days: Sequence[Row], lesions: Sequence[Row], options: Options, therapy: int | None) -> list[Row]:
    """Gather days: the window before the index date, then from each first scan what follows within the window."""
    with_lesions = {lesion["day"] for lesion in lesions}
    before = sorted((day for day in days if day["day"] <= 0 and day["day"] in with_lesions), key=_day)
    if options.baseline_window_days == 0:
        before = before[-1:]
    else:
        before = [day for day in before if day["day"] >= -options.baseline_window_days]
    visits = [{"day": before[-1]["day"], "is_baseline": True, "days": before}] if before else []
    begun: list[Row] | None = None
    for day in sorted((day for day in days if day["day"] > 0), key=_day):
        if begun is not None:
            is_near = day["day"] - begun[0]["day"] <= options.assessment_window_days
            is_crossing = therapy is not None and begun[0]["day"] <= therapy < day["day"]
            if is_near and not is_crossing:
                begun.append(day)
                continue
        begun = [day]
        visits.append({"day": day["day"], "is_baseline": False, "days": begun})
    return visits


def _day(row: Row) -> int:
    return int(row["day"])


def _describe(visits: list[Row], lesions: list[Row], options: Options) -> list[Row]:
    for visit in visits:
        visit["seen"] = _lesions_of(visit, lesions)
    at_baseline = visits[0]["seen"] if visits and visits[0]["is_baseline"] else {}
    targets = choose_targets([rows[-1] for rows in at_baseline.values()], options)
    known = set(at_baseline)
    if options.baseline_window_days > 0:
        known |= {lesion["lesion_label"] for lesion in lesions if lesion["day"] <= 0}
    for visit in visits:
        visit["targets"] = {label: at_baseline[label][-1] for label in targets}
        visit["sums"] = [(day["day"], _sizes(visit, day["day"], options)) for day in visit["days"]]
        sizes = visit["sums"][-1][1]
        measured = [size for size, _ in sizes if size is not None]
        visit["target_sum_mm"] = sum(measured, Fraction(0)) if measured else None
        visit["targets_measured"] = "not_applicable" if not sizes else _how_many(len(measured), len(sizes))
        visit["are_targets_gone"] = bool(sizes) and all(
            size is not None and (size < 10 if node else size == 0) for size, node in sizes
        )
        others = [rows[-1] for label, rows in at_baseline.items() if label not in targets]
        visit["non_target_code"] = _worst_word(visit) or _non_target(others, visit, options)
    _find_new(visits, at_baseline, targets, known, options)
    return visits


def _lesions_of(visit: Row, lesions: list[Row]) -> dict[str, list[Row]]:
    """Return the rows of every lesion at a visit by their days, the one that counts moved to the end."""
    phase = {day["day"]: day["can_measure_viable"] for day in visit["days"]}
    seen: dict[str, list[Row]] = {}
    for lesion in sorted(lesions, key=_day):
        if lesion["day"] in phase:
            row = lesion | {"is_baseline": visit["is_baseline"]}
            in_vessel = not row["is_node"] and (row["pattern_code"] == "thrombus" or row["organ_code"] in VESSELS)
            in_liver = not row["is_node"] and row["organ_code"] == "liver"
            row["in_vessel"], row["lacks"] = in_vessel, (in_vessel or in_liver) and not phase[lesion["day"]]
            row["size"] = None if row["lacks"] and not visit["is_baseline"] else _size(row)
            seen.setdefault(lesion["lesion_label"], []).append(row)
    for rows in seen.values():
        roles = [row["role_code"] for row in rows if row["role_code"]]
        best = max(rows, key=_weight)
        for row in rows:
            row["role_code"] = roles[-1] if roles else None
        rows.sort(key=lambda row, best=best: (row is best, row["day"]))  # type: ignore[misc]
    return seen


def _weight(row: Row) -> tuple[bool, bool, bool, int]:
    says_nothing = row["size"] is None and row["enhancement_code"] in (None, "not_assessed")
    return row["size"] is not None, not row["lacks"], not says_nothing, row["day"]


def _sizes(visit: Row, until: int, options: Options) -> list[tuple[Fraction | None, bool]]:
    """Return size and kind of every target as they are known on a day of the visit."""
    sizes = []
    for label, target in visit["targets"].items():
        if visit["is_baseline"]:
            sizes.append((target["size"], target["is_node"]))
            continue
        known = [
            row
            for row in sorted(visit["seen"].get(label, []), key=_day)
            if row["day"] <= until and row["size"] is not None and not _is_lost(target, row, options)
        ]
        sizes.append((known[-1]["size"] if known else None, target["is_node"]))
    return sizes


def _is_lost(target: Row, row: Row, options: Options) -> bool:
    was_treated_since = bool(row["is_treated_before"]) and not target["is_treated_before"]
    return options.treated_target == "not_evaluable" and was_treated_since


def _how_many(known: int, wanted: int) -> str:
    return "none" if known == 0 else "all" if known == wanted else "some"


def _worst_word(visit: Row) -> str | None:
    words = [day["non_target_code"] for day in visit["days"]]
    return next((code for code in ("PD", "IR/SD", "NE", "CR", "none") if code in words), None)


def choose_targets(at_baseline: Sequence[Row], options: Options) -> list[str]:
    """Choose the targets among the lesions at the baseline: the hospital's, or two per organ and five in all."""
    roles = {lesion["role_code"] for lesion in at_baseline}
    if options.target_lesions_from == "hospital" and roles & {"target", "non_target"}:
        return [lesion["lesion_label"] for lesion in at_baseline if lesion["role_code"] == "target"]
    fit = [lesion for lesion in at_baseline if _is_measurable(lesion, options)]
    fit.sort(key=lambda lesion: (-lesion["size"], str(lesion["lesion_label"])))
    chosen: list[Row] = []
    for lesion in fit:
        of_organ = [other for other in chosen if _organ(other) == _organ(lesion)]
        if len(of_organ) < 2 and len(chosen) < 5:
            chosen.append(lesion)
    return [lesion["lesion_label"] for lesion in chosen]


def _organ(lesion: Row) -> str | None:
    return "lymph_node" if lesion["is_node"] else lesion["organ_code"]


def _size(lesion: Row) -> Fraction | None:
    if lesion["is_node"]:
        size = lesion["short_axis_mm"]
    elif lesion["organ_code"] == "liver":
        size = _viable(lesion)
    else:
        size = lesion["whole_diameter_mm"]
    return Fraction(5) if size is None and lesion["enhancement_code"] == "faint" else size


def _viable(lesion: Row) -> Fraction | None:
    return Fraction(0) if lesion["enhancement_code"] == "none" else lesion["viable_diameter_mm"]


def _is_measurable(lesion: Row, options: Options) -> bool:
    size, organ, pattern = lesion["size"], lesion["organ_code"], lesion["pattern_code"]
    if size is None or organ in (*VESSELS, "bone", "pleura"):
        return False
    if pattern in ("infiltrative", "thrombus", "effusion", "necrotic"):
        return False
    if organ == "porta_hepatis":
        return bool(size >= options.porta_hepatis_node_mm)
    if lesion["is_node"]:
        return bool(size >= 15)
    if organ == "liver" and (pattern == "atypical" or lesion["enhancement_code"] == "none"):
        return False
    return bool(size >= 10)


def _non_target(others: Sequence[Row], visit: Row, options: Options) -> str:
    states = []
    for other in others:
        rows = visit["seen"].get(other["lesion_label"])
        state = _state(rows[-1], options) if rows else None
        if state == "there" or not _is_benign(other, options):
            states.append(state)
    if not states:
        return "none"
    if "there" in states:
        return "IR/SD"
    return "CR" if all(state == "gone" for state in states) else "NE"


def _is_benign(other: Row, options: Options) -> bool:
    """Say whether what was seen at the baseline was no tumour."""
    if other["in_vessel"]:
        return other["enhancement_code"] == "none" and not other["lacks"]
    if other["is_node"] and other["organ_code"] == "porta_hepatis":
        return other["size"] is not None and other["size"] < options.porta_hepatis_node_mm
    return False


def _state(lesion: Row, options: Options) -> str | None:  # noqa: PLR0911  # one a line of the rules
    size = lesion["size"]
    if lesion["is_node"] and lesion["organ_code"] == "porta_hepatis":
        return None if size is None else "there" if size >= options.porta_hepatis_node_mm else "gone"
    if lesion["is_node"] and size is not None:
        return "gone" if size < 10 else "there"
    if lesion["enhancement_code"] in ("arterial", "faint"):
        return "there"
    if lesion["lacks"] and not lesion["is_baseline"]:
        return None
    if lesion["enhancement_code"] == "none":
        return "gone"
    if lesion["organ_code"] not in ("liver", None) and size is not None:
        return "there" if size > 0 else "gone"
    return None


def _find_new(
    visits: list[Row], at_baseline: dict[str, list[Row]], targets: list[str], known: set[str], options: Options
) -> None:
    """Find the new lesions of all visits, then date back what proved itself later, then listen to the reader."""
    for number, visit in enumerate(visits):
        visit["new"] = {}
        if visit["is_baseline"]:
            continue
        for label, rows in visit["seen"].items():
            past = [earlier["seen"][label][-1] for earlier in visits[:number] if label in earlier["seen"]]
            before = at_baseline[label][-1] if label in at_baseline else None
            judged = [
                (row, _judge(row, past, before, is_target=label in targets, is_known=label in known, options=options))
                for row in rows
            ]
            is_called_new = rows[-1]["role_code"] == "new"
            is_unknown = rows[-1]["role_code"] is None and label not in known and bool(at_baseline)
            if is_called_new or is_unknown:
                visit["new"][label] = judged
            elif judged[-1][1] in ("again", "hilar grown"):
                visit["new"][label] = [(row, kind) for row, kind in judged if kind in ("again", "hilar grown")]
    for label in {label for visit in visits for label in visit["new"]}:
        _date_back([visit["new"][label] for visit in visits if label in visit["new"]], options)
    for visit in visits:
        _hear_reader(visit, options)


def _judge(row: Row, past: list[Row], before: Row | None, *, is_target: bool, is_known: bool, options: Options) -> str:  # noqa: PLR0911  # one a line of the rules
    """Name what a row shows; a name with `!` proves progression, one with `?` is equivocal."""
    size, pattern, organ = row["size"], row["pattern_code"], row["organ_code"]
    smallest = min((other["size"] for other in past if other["size"] is not None), default=None)
    is_hilar = row["is_node"] and organ == "porta_hepatis"
    limit = options.porta_hepatis_node_mm
    has_crossed = size is not None and smallest is not None and size >= limit > smallest
    if before and organ == "liver" and before["is_treated_before"] and _viable(before) == 0 and pattern == "typical":
        viable = row["viable_diameter_mm"] if row["enhancement_code"] != "none" else Fraction(0)
        if viable is not None and viable >= 10 and not row["lacks"]:
            return "again"
    if is_known:
        rises = has_crossed and size - smallest >= options.porta_hepatis_node_rise_mm
        return "hilar grown" if is_hilar and before and not is_target and rises else "before"
    if pattern == "effusion":
        return "cells!" if row["has_malignant_cells"] else "effusion"
    if row["in_vessel"]:
        if row["enhancement_code"] != "none":
            return "invasion!"
        return "unknown?" if row["lacks"] else "bland"
    if is_hilar and size is not None:
        if size < limit:
            return "hilar below"
        return "hilar risen" if has_crossed and size - smallest < options.porta_hepatis_node_rise_mm else "node!"
    if row["is_node"] and size is not None:
        if size < 10:
            return "normal node"
        return "small node" if size < options.new_node_mm else "node!"
    if organ != "liver":
        return "elsewhere!"
    if pattern == "typical":
        return "typical!" if _nodule(row) >= 10 else "typical, small?"
    return "grown!" if any(_growth(other, row) >= 10 for other in past) else "watched?"


def _is_equivocal(kind: str) -> bool:
    return kind.endswith("?") or kind == "small node"


def _is_proof(kind: str) -> bool | None:
    return None if kind == "unknown?" else kind.endswith("!") or kind in ("again", "hilar grown")


def _date_back(sightings: list[list[tuple[Row, str]]], options: Options) -> None:
    """Let what proved itself at a later visit be progression from its first equivocal sighting on."""
    last = [kinds[-1][1] for kinds in sightings]
    first = next((place for place, kind in enumerate(last) if _is_equivocal(kind)), None)
    if first is None or options.date_back == "none":
        return
    later = [kind for kind in last[first + 1 :] if _is_proof(kind)]
    if options.date_back == "growth_only":
        later = [kind for kind in later if kind in ("grown!", "hilar grown")]
    if later:
        sightings[first][:] = [(row, "dated!" if _is_equivocal(kind) else kind) for row, kind in sightings[first]]


def _hear_reader(visit: Row, options: Options) -> None:
    said = [day["has_new_lesion"] for day in visit["days"] if day["has_new_lesion"] is not None]
    kinds = [rows[-1][1] for rows in visit["new"].values()]
    if any(_is_proof(kind) for kind in kinds):
        visit["has_new_lesion"] = True
    elif True in said:
        visit["has_new_lesion"] = True
        if kinds and options.new_lesion_by == "ask":
            visit["has_new_lesion"] = None
        elif kinds and options.new_lesion_by == "description":
            visit["has_new_lesion"] = None if "unknown?" in kinds else False
        elif kinds and all(kind in NEVER for kind in kinds):
            visit["has_new_lesion"] = False
    else:
        visit["has_new_lesion"] = None if "unknown?" in kinds and not said else False


def _nodule(lesion: Row) -> Fraction:
    if lesion["enhancement_code"] == "none":
        return Fraction(0)
    return lesion["viable_diameter_mm"] or lesion["whole_diameter_mm"] or Fraction(0)


def _seen_viable(lesion: Row) -> Fraction | None:
    """Return the viable part as far as the scan could show that nothing enhances."""
    if lesion["enhancement_code"] == "none" and lesion["lacks"] and not lesion["is_baseline"]:
        return None
    return _viable(lesion)


def _growth(earlier: Row, later: Row) -> Fraction:
    """Compare by the viable part where the earlier shows one and the later reports it, or else by the whole."""
    before, after = _seen_viable(earlier), _seen_viable(later)
    if not before or after is None:
        before, after = earlier["whole_diameter_mm"], later["whole_diameter_mm"]
    return Fraction(0) if before is None or after is None else after - before


def _day_that_counts(visits: list[Row], number: int, overall: str | None, options: Options) -> int | None:
    """Return the earliest day that proves a progression, or the latest day of another response."""
    visit = visits[number]
    if overall != "PD":
        return None if overall is None else int(visit["days"][-1]["day"])
    proofs: list[int] = []
    if visit["non_target_code"] == "PD":
        proofs += [day["day"] for day in visit["days"] if day["non_target_code"] == "PD"]
    if visit["has_new_lesion"]:
        proofs += [day["day"] for day in visit["days"] if day["has_new_lesion"]]
        for rows in visit["new"].values():
            if _is_proof(rows[-1][1]):
                proofs += [row["day"] for row, kind in rows if _is_proof(kind)]
    if read_visits(visits, options)[number][0] == "PD":
        for day, sizes in visit["sums"]:
            known = [size for size, _ in sizes if size is not None]
            partly = visit | {
                "target_sum_mm": sum(known, Fraction(0)) if known else None,
                "targets_measured": _how_many(len(known), len(sizes)),
                "are_targets_gone": False,
                "has_new_lesion": False,
                "non_target_code": "none",
            }
            if read_visits([*visits[:number], partly], options)[-1][0] == "PD":
                proofs.append(day)
    return min(proofs)
