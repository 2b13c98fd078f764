"""mRECIST as a slow, obvious reading: one patient's visits to responses, responses to the best one.

Written from the published rules with exact fractions, and not from the SQL. It takes plain dicts, whatever made them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

Row = dict[str, Any]

BEST_FIRST = ["CR", "PR", "SD", "IR/SD", "PD", "NE"]
WORST_FIRST = ["PD", "SD", "IR/SD", "PR", "CR", "NE"]


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
    date_back: str = "every_proof"
    treated_target: str = "evaluable"
    baseline_window_days: int = 61
    assessment_window_days: int = 14
    porta_hepatis_node_mm: int = 20
    porta_hepatis_node_rise_mm: int = 5
    new_node_mm: int = 15
    new_lesion_by: str = "reader"
    nadir_zero_rise_mm: Fraction = Fraction(0)


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
            needed = options
            if any(
                overall == "CR" and done["target_sum_mm"] == 0
                for done, (_, overall, _) in zip(visits, answers, strict=False)
            ):
                needed = replace(options, nadir_zero_rise_mm=Fraction(0))
            target = _target(visit, baseline, nadir, needed)
            answers.append((target, _overall(visit, target), _simplified(visit, baseline, nadir, needed)))
        if visit["targets_measured"] == "all":
            complete.append(visit["target_sum_mm"])
            if visit["is_baseline"]:
                baseline = visit["target_sum_mm"]
    return answers


def _grows(now: Fraction | None, before: Fraction | None, options: Options) -> bool:
    if now is None or before is None:
        return False
    if before == 0:
        return now > 0 and now >= options.nadir_zero_rise_mm
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
