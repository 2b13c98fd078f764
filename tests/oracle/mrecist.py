"""mRECIST as a slow, obvious reading: one patient's visits to responses, responses to the best one, lesions to visits.

Written from the published rules with exact fractions, and not from the SQL. It takes plain dicts, whatever made them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Row = dict[str, Any]

BEST_FIRST = ["CR", "PR", "SD", "IR/SD", "PD", "NE"]
WORST_FIRST = ["PD", "SD", "IR/SD", "PR", "CR", "NE"]
VESSELS = ("portal_vein", "hepatic_vein", "bile_duct")


@dataclass(frozen=True)
class Options:
    """The study options that the rules depend on, with their defaults."""

    min_abs_increase_mm: Fraction = Fraction(0)
    pr_kept_until_pd: bool = False
    simplified_growth_reference: str = "nadir"
    confirmation_days: int = 28
    confirmation_max_ne: int = 1
    confirmation_max_sd: int = 0
    minimum_sd_days: int = 42
    disease_after_cr: str = "progression"
    target_lesions_from: str = "hospital"
    atypical_nodule_dated: str = "first_sight"
    treated_target: str = "evaluable"


def read_visits(visits: Sequence[Row], options: Options) -> list[tuple[str | None, str | None, str | None]]:
    """Read a patient's visits in order of their days: target, overall and simplified response of each.

    Args:
        visits: each with `is_baseline`, `target_sum_mm` (None or a Fraction), `targets_measured`, `are_targets_gone`,
            `non_target_code` and `has_new_lesion` (None: not known).
        options: what is open in the rules.
    """
    answers: list[tuple[str | None, str | None, str | None]] = []
    baseline: Fraction | None = None
    complete: list[Fraction] = []
    for visit in visits:
        if visit["is_baseline"]:
            answers.append((None, None, None))
        else:
            nadir = min(complete, default=None)
            target = _target(visit, baseline, nadir, options)
            answers.append((target, _overall(visit, target), _simplified(visit, baseline, nadir, options)))
        if visit["targets_measured"] == "all":
            complete.append(visit["target_sum_mm"])
            if visit["is_baseline"]:
                baseline = visit["target_sum_mm"]
    return answers


def _grows(now: Fraction | None, before: Fraction | None, options: Options) -> bool:
    if now is None or before is None:
        return False
    if before == 0:
        return now > 0
    return now / before >= Fraction(120, 100) and now - before >= options.min_abs_increase_mm


def _target(visit: Row, baseline: Fraction | None, nadir: Fraction | None, options: Options) -> str | None:
    total = visit["target_sum_mm"]
    if visit["targets_measured"] == "not_applicable":
        return None
    if visit["targets_measured"] != "none" and _grows(total, nadir, options):
        return "PD"
    if visit["targets_measured"] != "all" or not baseline:
        return "NE"
    if visit["are_targets_gone"]:
        return "CR"
    has_fallen = total / baseline <= Fraction(70, 100)
    had_fallen = nadir is not None and nadir / baseline <= Fraction(70, 100)
    return "PR" if has_fallen or (options.pr_kept_until_pd and had_fallen) else "SD"


def _overall(visit: Row, target: str | None) -> str | None:  # one return a line of the table
    new, others = visit["has_new_lesion"], visit["non_target_code"]
    if new is True or target == "PD" or others == "PD":
        return "PD"
    if new is None or others is None:
        return None
    if target is None:
        return {"none": "NE"}.get(others, others)
    if target == "NE":
        return "NE"
    if target == "CR" and others in ("IR/SD", "NE"):
        return "PR"
    return target


def _simplified(visit: Row, baseline: Fraction | None, nadir: Fraction | None, options: Options) -> str | None:
    total = visit["target_sum_mm"]
    if visit["has_new_lesion"] is None:
        return None
    if visit["has_new_lesion"]:
        return "PD"
    if visit["targets_measured"] != "all" or not baseline:
        return "NE"
    if _grows(total, baseline if options.simplified_growth_reference == "baseline" else nadir, options):
        return "PD"
    if visit["are_targets_gone"]:
        return "CR"
    return "PR" if total / baseline <= Fraction(70, 100) else "SD"


def best_responses(
    responses: Sequence[tuple[int, str]], new_therapy_day: int | None, options: Options
) -> tuple[str, str]:
    """Find the best overall response, unconfirmed and confirmed, of days and responses in any order."""
    counted: list[tuple[int, str]] = []
    for day in sorted({day for day, _ in responses}):
        if new_therapy_day is not None and day > new_therapy_day:
            break
        counted.append((day, min((kind for at, kind in responses if at == day), key=WORST_FIRST.index)))
        if counted[-1][1] == "PD":
            break
    plain = min((_late_enough(day, kind, options) for day, kind in counted), key=BEST_FIRST.index, default="NE")
    return plain, _confirmed(counted, options)


def _late_enough(day: int, kind: str, options: Options) -> str:
    return "NE" if kind in ("SD", "IR/SD") and day < options.minimum_sd_days else kind


def _confirmed(counted: list[tuple[int, str]], options: Options) -> str:
    if options.disease_after_cr == "progression":
        counted = _with_disease_after_cr(counted)
    best = "NE"
    for position, (day, kind) in enumerate(counted):
        candidate = "NE"
        if kind == "PD":
            candidate = "PD"
        elif _is_confirmed(counted, position, options):
            candidate = kind
        elif kind in ("CR", "PR", "SD") and day >= options.minimum_sd_days:
            candidate = "SD"
        elif kind == "IR/SD" and day >= options.minimum_sd_days:
            candidate = kind
        best = min(best, candidate, key=BEST_FIRST.index)
    return best


def _with_disease_after_cr(counted: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Take the first disease after a complete response for progression, which ends the record."""
    for position, (day, kind) in enumerate(counted):
        if kind in ("PR", "SD", "IR/SD") and "CR" in [earlier for _, earlier in counted[:position]]:
            return [*counted[:position], (day, "PD")]
    return counted


def _is_confirmed(counted: list[tuple[int, str]], position: int, options: Options) -> bool:
    day, kind = counted[position]
    if kind not in ("CR", "PR"):
        return False
    for later in range(position + 1, len(counted)):
        later_day, later_kind = counted[later]
        between = [each for _, each in counted[position + 1 : later]]
        stable = between.count("SD") + between.count("IR/SD")
        if later_day - day < options.confirmation_days or between.count("NE") > options.confirmation_max_ne:
            continue
        if kind == "CR" and later_kind == "CR" and set(between) <= {"CR", "NE"}:
            return True
        if kind == "PR" and later_kind in ("CR", "PR") and stable <= options.confirmation_max_sd:
            return True
    return False


def visits_of_lesions(days: Sequence[Row], lesions: Sequence[Row], options: Options) -> list[Row]:
    """Turn one patient's lesions into the visits that `read_visits` takes, in order of their days.

    Args:
        days: each with `day`, `is_baseline`, `can_measure_viable`, `non_target_code` and `has_new_lesion` by the reader.
        lesions: as in the warehouse, with `day`.
        options: what is open in the rules.
    """
    baseline_days = [day["day"] for day in days if day["is_baseline"]]
    at_baseline = [lesion for lesion in lesions if lesion["day"] in baseline_days]
    targets = choose_targets(at_baseline, options)
    others = [lesion for lesion in at_baseline if lesion["lesion_label"] not in targets]
    visits = []
    for day in sorted(days, key=lambda day: int(day["day"])):
        seen = {lesion["lesion_label"]: lesion for lesion in lesions if lesion["day"] == day["day"]}
        sizes = [
            (_followed_size(target, seen.get(target["lesion_label"]), day, options), target["is_node"])
            for target in at_baseline
            if target["lesion_label"] in targets
        ]
        known = [size for size, _ in sizes if size is not None]
        new = _new_lesions(day, lesions, at_baseline, options) if not day["is_baseline"] else []
        visits.append(
            {
                "is_baseline": day["is_baseline"],
                "target_sum_mm": sum(known, Fraction(0)) if known else None,
                "targets_measured": "not_applicable" if not sizes else _how_many(len(known), len(sizes)),
                "are_targets_gone": bool(sizes)
                and all(size is not None and (size < 10 if node else size == 0) for size, node in sizes),
                "non_target_code": day["non_target_code"] or _non_target(others, seen),
                "has_new_lesion": any(new) if new else bool(day["has_new_lesion"]),
            }
        )
    return visits


def choose_targets(at_baseline: Sequence[Row], options: Options) -> set[str]:
    """Choose the targets among the lesions at the baseline: the hospital's, or two per organ and five in all."""
    roles = {lesion["role_code"] for lesion in at_baseline}
    if options.target_lesions_from == "hospital" and roles & {"target", "non_target"}:
        return {lesion["lesion_label"] for lesion in at_baseline if lesion["role_code"] == "target"}
    fit = [lesion for lesion in at_baseline if _is_measurable(lesion)]
    fit.sort(key=lambda lesion: (-(_size(lesion) or 0), str(lesion["lesion_label"])))
    chosen: list[Row] = []
    for lesion in fit:
        of_organ = [other for other in chosen if _organ(other) == _organ(lesion)]
        if len(of_organ) < 2 and len(chosen) < 5:
            chosen.append(lesion)
    return {lesion["lesion_label"] for lesion in chosen}


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


def _is_measurable(lesion: Row) -> bool:
    size, organ, pattern = _size(lesion), lesion["organ_code"], lesion["pattern_code"]
    if size is None or organ in (*VESSELS, "bone", "pleura"):
        return False
    if pattern in ("infiltrative", "thrombus", "effusion", "necrotic"):
        return False
    if organ == "porta_hepatis":
        return size >= 20
    if lesion["is_node"]:
        return size >= 15
    if organ == "liver" and (pattern == "atypical" or lesion["enhancement_code"] == "none"):
        return False
    return size >= 10


def _followed_size(target: Row, lesion: Row | None, day: Row, options: Options) -> Fraction | None:
    if lesion is None:
        return None
    if day["is_baseline"]:
        return _size(lesion)
    was_treated_since = bool(lesion["is_treated_before"]) and not target["is_treated_before"]
    if not day["can_measure_viable"] or (options.treated_target == "not_evaluable" and was_treated_since):
        return None
    return _size(lesion)


def _how_many(known: int, wanted: int) -> str:
    return "none" if known == 0 else "all" if known == wanted else "some"


def _non_target(others: Sequence[Row], seen: dict[str, Row]) -> str:
    if not others:
        return "none"
    states = [_state(seen[other["lesion_label"]]) if other["lesion_label"] in seen else None for other in others]
    if "there" in states:
        return "IR/SD"
    return "CR" if all(state == "gone" for state in states) else "NE"


def _state(lesion: Row) -> str | None:
    size = _size(lesion)
    if lesion["is_node"] and size is not None:
        return "gone" if size < 10 else "there"
    if lesion["enhancement_code"] in ("arterial", "faint"):
        return "there"
    if lesion["enhancement_code"] == "none":
        return "gone"
    if lesion["organ_code"] not in ("liver", None) and size is not None:
        return "there" if size > 0 else "gone"
    return None


def _new_lesions(day: Row, lesions: Sequence[Row], at_baseline: Sequence[Row], options: Options) -> list[bool]:
    """Tell of every new lesion of a day whether it proves progression."""
    known = {lesion["lesion_label"] for lesion in at_baseline}
    found = []
    for lesion in lesions:
        is_unknown = bool(known) and lesion["role_code"] is None and lesion["lesion_label"] not in known
        if lesion["day"] == day["day"] and (lesion["role_code"] == "new" or is_unknown):
            same = [
                other
                for other in lesions
                if other["lesion_label"] == lesion["lesion_label"] and other["day"] not in _baseline_days(at_baseline)
            ]
            found.append(_proves(lesion, same, options))
    return found


def _baseline_days(at_baseline: Sequence[Row]) -> set[int]:
    return {lesion["day"] for lesion in at_baseline}


def _viable(lesion: Row) -> Fraction | None:
    return Fraction(0) if lesion["enhancement_code"] == "none" else lesion["viable_diameter_mm"]


def _nodule(lesion: Row) -> Fraction:
    if lesion["pattern_code"] == "typical" and lesion["enhancement_code"] == "none":
        return Fraction(0)
    return _viable(lesion) or lesion["whole_diameter_mm"] or Fraction(0)


def _proves(lesion: Row, same: Sequence[Row], options: Options) -> bool:
    pattern, organ, size = lesion["pattern_code"], lesion["organ_code"], _nodule(lesion)
    if pattern == "effusion":
        return False
    if pattern == "thrombus" or organ in VESSELS:
        return True
    if lesion["is_node"]:
        axis = _size(lesion)
        return axis is None or axis >= 10 if organ != "liver" else _grown(lesion, same, options)
    if organ != "liver":
        return True
    if pattern == "typical":
        return size >= 10
    return _grown(lesion, same, options)


def _grown(lesion: Row, same: Sequence[Row], options: Options) -> bool:
    will_grow = any(other["day"] > lesion["day"] and _growth(lesion, other) >= 10 for other in same)
    has_grown = any(other["day"] < lesion["day"] and _growth(other, lesion) >= 10 for other in same)
    return has_grown or (will_grow and options.atypical_nodule_dated == "first_sight")


def _growth(earlier: Row, later: Row) -> Fraction:
    """Compare by the viable part where the earlier shows one and the later tells it, or else by the whole."""
    before, after = _viable(earlier), _viable(later)
    if not before or after is None:
        before, after = earlier["whole_diameter_mm"], later["whole_diameter_mm"]
    return Fraction(0) if before is None or after is None else after - before
