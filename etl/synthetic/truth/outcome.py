"""What treatment does to the patients: response, scans, survival, treatment and its days.

Everything here is an answer (a best response, a day of progression): it steers the tables and is never exported.
"""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import (
    Floats,
    draw_by_quota,
    draw_flags,
    draw_matched,
    generator,
    normal_quantiles,
    where_known,
)
from etl.synthetic.truth.people import CUT_OFF
from etl.synthetic.truth.survival import DAYS_PER_MONTH, draw_survival
from etl.synthetic.truth.targets import GROUP_SIZES, moment

MINIMUM_STABLE_DAYS = 42
"""Stable disease seen before this day is too early to count."""

FATAL_EVENTS = {
    "Hepatic failure": "liver_failure",
    "Upper gastrointestinal hemorrhage": "bleeding",
    "Esophageal varices hemorrhage": "bleeding",
}
"""Terms of fatal events, with the cause of death that goes with each."""

_SHARE_FATAL = 0.15
_FATAL_AFTER_LAST_DOSE_DAYS = 25
_EVENT_SHARE = {"SD": 0.75, "PR": 0.7, "CR": 0.5, "PD": 1.0}
_LAST_SCAN_BEFORE_DEATH_DAYS = 3
_SCANS_APART_DAYS = 10
_VISITS_APART_DAYS = 15
"""Scans closer than this are one visit, which stable disease and the progression after it must not be."""

_TREATMENT_AFTER_SALVAGE_DAYS = 12


def draw_outcome(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Add what happens after the index date.

    Returns:
        plan with `response` (best), `concomitant`, `salvage`, the event flags, `survival_days` (to death, or to the
        last contact), `is_dead`, `first_scan_day`, `response_day`, `last_scan_day`, `has_progressed`,
        `treatment_days`, `concomitant_day`, `salvage_day` and `fatal_event` (its term).
    """
    rng = generator(seed, replica, "outcome")
    plan = plan.copy()
    groups = plan["group"].to_numpy()
    plan["response"] = draw_by_quota(groups, "response", rng)
    plan["afp_ratio"] = _draw_afp_ratio(plan, rng)
    for variable in ("concomitant", "salvage"):
        plan[variable] = draw_flags(groups, variable, rng)
    _draw_event_flags(plan, rng)
    draw_survival(plan, rng)
    _draw_scans(plan, rng)
    _draw_treatment(plan, rng)
    _draw_fatal_events(plan, rng)
    return plan


def _draw_afp_ratio(plan: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Draw the AFP class at the first evaluation; whoever has no AFP before treatment is among those without."""
    ratio = draw_by_quota(plan["group"].to_numpy(), "afp_ratio", rng)
    for group in GROUP_SIZES:
        of_group = (plan["group"] == group).to_numpy()
        unmeasured = plan["afp"].isna().to_numpy()
        wrong = np.flatnonzero(of_group & unmeasured & (ratio != "missing"))
        spare = np.flatnonzero(of_group & ~unmeasured & (ratio == "missing"))[: len(wrong)]
        ratio[spare], ratio[wrong[: len(spare)]] = ratio[wrong[: len(spare)]], "missing"
    return ratio


def _draw_event_flags(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw who has adverse events, nested as the grades are: 3-4 within 2-4 within any."""
    size = len(plan)
    flags = {name: np.zeros(size, dtype=bool) for name in ("event_any", "event_grade_2_4", "event_grade_3_4")}
    kinds = {
        name: np.zeros(size, dtype=bool)
        for name in ("event_dermatologic_2_4", "event_gastroenterologic_2_4", "event_hypertension_2_4")
    }
    groups = plan["group"].to_numpy()
    for group in GROUP_SIZES:
        members = rng.permutation(np.flatnonzero(groups == group))
        inner = members
        for name, flag in flags.items():
            inner = inner[: int(draw_flags(groups[members], name, rng).sum())]
            flag[inner] = True
            inner = rng.permutation(inner)
        graded = rng.permutation(np.flatnonzero(flags["event_grade_2_4"] & (groups == group)))
        # Skin first, gut from the other end: few have both, as in the printed counts.
        for name, order in zip(kinds, (graded, graded[::-1], graded), strict=True):
            kinds[name][order[: int(draw_flags(groups[members], name, rng).sum())]] = True
    for name, flag in (flags | kinds).items():
        plan[name] = flag


def _draw_scans(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw the days of the first scan, of the first response and of progression (or of the last scan)."""
    size = len(plan)
    response = plan["response"].to_numpy()
    salvage = plan["salvage"].to_numpy()
    latest = plan["survival_days"].to_numpy() - np.where(salvage, 40, _LAST_SCAN_BEFORE_DEATH_DAYS)
    latest = np.minimum(latest, (CUT_OFF - plan["index_date"].to_numpy().astype("datetime64[D]")).astype(int))
    first = (60 * np.exp(0.25 * normal_quantiles(size, rng))).clip(24, 110)
    progression = np.exp(0.27 * normal_quantiles(size, rng))
    last = np.zeros(size)
    answered = np.full(size, np.nan)
    for group in GROUP_SIZES:
        for kind in ("SD", "PR", "CR"):
            members = np.flatnonzero((plan["group"] == group).to_numpy() & (response == kind))
            if not len(members):
                continue
            begin = np.zeros(len(members)) if kind == "SD" else first[members].clip(max=(latest[members] - 30).clip(24))
            drawn = DAYS_PER_MONTH * draw_matched(
                len(members), rng,
                mean=moment(f"{kind.lower()}_duration_months", "mean", group),
                sd=moment(f"{kind.lower()}_duration_months", "sd", group),
                low=1.5 if kind == "SD" else 0.9, high=90,
            )  # fmt: skip
            last[members] = begin + _deal_below(drawn, latest[members] - begin, rng)
            if kind != "SD":
                answered[members] = begin
    last = np.minimum(last, latest).astype(int)
    first = np.where(np.isfinite(answered), answered, np.minimum(first, last)).astype(int)
    has_event = rng.random(size) < np.array([_EVENT_SHARE[kind] for kind in response])
    apart = last - np.where(response == "SD", MINIMUM_STABLE_DAYS, first)
    has_progressed = (has_event & (apart >= _SCANS_APART_DAYS)) | (response == "PD")
    is_stable_first = (response == "SD") & has_progressed
    last = np.where(is_stable_first, np.maximum(last, MINIMUM_STABLE_DAYS + _VISITS_APART_DAYS), last)
    is_in_study = plan["group"].isin(["long_term", "short_term"]).to_numpy()
    last = _progression_at_the_median(progression, last, latest, has_progressed=has_progressed, counted=is_in_study)
    plan["last_scan_day"] = last
    plan["first_scan_day"] = np.where(response == "PD", last, first)
    plan["response_day"] = answered
    plan["has_progressed"] = has_progressed
    # Stable disease counts from day 42 on, so a scan that shows it must come then and before progression.
    counted = plan["first_scan_day"].clip(MINIMUM_STABLE_DAYS, plan["last_scan_day"] - _VISITS_APART_DAYS)
    plan["first_scan_day"] = plan["first_scan_day"].where(~is_stable_first, counted)


def _progression_at_the_median(
    shape: Floats, last: np.ndarray, latest: np.ndarray, *, has_progressed: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """Scale the days of the scans that show nothing but progression, until the median of all is the printed one.

    Args:
        shape: days of those scans, relative to each other.
        last: days of the last scans of the others; 0 for those who are to be scaled.
        latest: no scan comes after these days.
        has_progressed: the last scan shows progression.
        counted: whose median it is.
    """
    wanted = moment("progression_months", "median", "all") * DAYS_PER_MONTH
    days = wanted
    scaled_last = last
    for _ in range(20):
        scaled_last = np.where(last == 0, np.minimum((shape * days).clip(24, 170), latest), last).astype(int)
        days += 0.7 * (wanted - _median_time(scaled_last[counted], has_progressed[counted]))
    return scaled_last


def _median_time(days: np.ndarray, is_event: np.ndarray) -> float:
    """Estimate the median time to an event by Kaplan and Meier."""
    times, counts = np.unique(days[is_event], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times)
    surviving = np.cumprod(1 - counts / at_risk)
    return float(times[np.argmax(surviving <= 0.5)])


def _deal_below(values: Floats, limits: Floats, rng: np.random.Generator) -> Floats:
    """Deal values so that each stays below its limit where the values allow it; the tightest limit chooses first."""
    left = sorted(values.tolist())
    dealt = np.empty(len(values))
    for i in np.argsort(limits, kind="stable").tolist():
        fitting = int(np.searchsorted(left, limits[i], side="right"))
        dealt[i] = min(left.pop(int(rng.integers(0, fitting)) if fitting else 0), limits[i])
    return dealt


def _draw_treatment(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw days on the drug around the last scan, scaled by group to the printed median; then the salvage day."""
    groups = plan["group"].to_numpy()
    survival = plan["survival_days"].to_numpy()
    longest = np.where(plan["salvage"], survival - 2 * _TREATMENT_AFTER_SALVAGE_DAYS, survival - 1)
    wish = plan["last_scan_day"].to_numpy() * np.exp(rng.normal(0, 0.35, len(plan)))
    days = np.zeros(len(plan), dtype=int)
    for group in GROUP_SIZES:
        members = groups == group
        median = moment("treatment_months", "median", group) * DAYS_PER_MONTH
        factor = 1.0
        for _ in range(20):
            days[members] = (wish[members] * factor).clip(14, longest[members]).astype(int)
            factor *= median / float(np.median(days[members]))
    plan["treatment_days"] = days
    earliest = np.maximum(days, plan["last_scan_day"].to_numpy()) + 1
    after = rng.integers(3, 40, len(plan))
    days_after = 3 + rng.random(len(plan)) * (days - 4).clip(1)
    plan["concomitant_day"] = np.where(plan["concomitant"], days_after.astype(int), -1)
    plan["salvage_day"] = np.where(plan["salvage"], np.minimum(earliest + after, survival - 1), -1)


def _draw_fatal_events(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Let some of those who died on the drug or soon after it die of an event that the chart grades 5."""
    on_drug = plan["survival_days"] <= plan["treatment_days"] + _FATAL_AFTER_LAST_DOSE_DAYS
    could = (plan["is_dead"] & on_drug & plan["event_any"]).to_numpy()
    chosen = could & (rng.random(len(plan)) < _SHARE_FATAL)
    plan["fatal_event"] = where_known(chosen, rng.choice(list(FATAL_EVENTS), len(plan), p=[0.6, 0.2, 0.2]))
