"""What treatment does to the patients: response, scans, survival, treatment and its days.

Everything here is an answer (a best response, a day of progression): it steers the tables and is never exported.
"""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import Floats, draw_by_quota, draw_flags, draw_matched, generator
from etl.synthetic.truth.people import CUT_OFF
from etl.synthetic.truth.targets import GROUP_SIZES, moment

DAYS_PER_MONTH = 30.4375
TWO_YEARS_DAYS = 731
"""The first whole day beyond 24 months (730.5 days)."""

MINIMUM_STABLE_DAYS = 42
"""Stable disease seen before this day is too early to count."""

_EARLIEST_DEATH_DAYS = 27
_FRAIL_DEATH_DAYS = 116
"""Whoever dies before this day progressed at the first scan and had no further treatment."""

_SURVIVAL_RATE_PER_MONTH = 0.0928
"""Of the exponential whose part below two years has the printed median over all patients."""

_SURVIVAL_EFFECTS = {
    "salvage": 0.48, "concomitant": 0.3, "dermatologic": 0.21, "child_pugh_b": -0.55, "extrahepatic": -0.3,
    "main_vein": -0.4, "high_afp": -0.45, "progressive": -0.5, "metformin": 0.5, "limited": -0.3,
}  # fmt: skip
_EVENT_SHARE = {"SD": 0.75, "PR": 0.7, "CR": 0.5, "PD": 1.0}
_LAST_SCAN_BEFORE_DEATH_DAYS = 3
_SCANS_APART_DAYS = 10
_TREATMENT_AFTER_SALVAGE_DAYS = 12


def draw_outcome(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Add what happens after the index date.

    Returns:
        plan with `response` (best), `concomitant`, `salvage`, the event flags, `survival_days` (to death, or to the
        last contact), `is_dead`, `first_scan_day`, `response_day`, `last_scan_day`, `has_progressed`,
        `treatment_days`, `salvage_day`.
    """
    rng = generator(seed, replica, "outcome")
    plan = plan.copy()
    groups = plan["group"].to_numpy()
    plan["response"] = draw_by_quota(groups, "response", rng)
    plan["afp_ratio"] = _draw_afp_ratio(plan, rng)
    for variable in ("concomitant", "salvage"):
        plan[variable] = draw_flags(groups, variable, rng)
    _draw_event_flags(plan, rng)
    _draw_survival(plan, rng)
    _draw_scans(plan, rng)
    _draw_treatment(plan, rng)
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


def _draw_survival(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw days to death or last contact: short-term by rank of a latent fitness, long-term beyond two years."""
    groups = plan["group"].to_numpy()
    index_date = plan["index_date"].to_numpy().astype("datetime64[D]")
    days = np.zeros(len(plan), dtype=int)
    is_dead = np.zeros(len(plan), dtype=bool)
    fitness = _fitness(plan, rng)
    for group in ("short_term", "screened"):
        members = np.flatnonzero(groups == group)
        drawn = _short_survival_days(len(members), rng)
        days[members] = _deal_by_fitness(plan, members, fitness[members], drawn)
        is_dead[members] = True
    possible = (CUT_OFF - index_date).astype(int)
    long_term = np.flatnonzero(groups == "long_term")
    death = TWO_YEARS_DAYS + 1 + rng.exponential(650, len(long_term)).astype(int)
    seen = np.maximum(possible[long_term] - rng.integers(0, 60, len(long_term)), TWO_YEARS_DAYS)
    is_dead[long_term] = death < seen
    days[long_term] = np.minimum(death, seen)
    lost = np.flatnonzero(groups == "undetermined")
    days[lost] = np.minimum(rng.integers(120, 690, len(lost)), possible[lost])
    plan["survival_days"], plan["is_dead"] = days, is_dead


def _fitness(plan: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Add up what makes patients live longer, with noise of one standard deviation."""
    present = {
        "salvage": plan["salvage"],
        "concomitant": plan["concomitant"],
        "dermatologic": plan["event_dermatologic_2_4"],
        "child_pugh_b": plan["child_pugh_points"] >= 7,
        "extrahepatic": plan["extrahepatic"],
        "main_vein": plan["portal_vein"].isin(["vp3", "vp4"]),
        "high_afp": plan["afp"] > 1000,
        "progressive": plan["response"] == "PD",
        "metformin": plan["metformin"],
        "limited": plan["ecog"].isin(["1", "2"]),
    }
    total = rng.standard_normal(len(plan))
    for name, effect in _SURVIVAL_EFFECTS.items():
        total = total + effect * present[name].to_numpy().astype(float)
    return np.asarray(total)


def _short_survival_days(size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw evenly spread quantiles of an exponential between the earliest death and two years."""
    quantile = (np.arange(size) + rng.uniform(0.2, 0.8, size)) / size
    span_months = (TWO_YEARS_DAYS - 1 - _EARLIEST_DEATH_DAYS) / DAYS_PER_MONTH
    below = 1 - np.exp(-_SURVIVAL_RATE_PER_MONTH * span_months)
    months = -np.log(1 - quantile * below) / _SURVIVAL_RATE_PER_MONTH
    return np.asarray(_EARLIEST_DEATH_DAYS + (months * DAYS_PER_MONTH).astype(int))


def _deal_by_fitness(plan: pd.DataFrame, members: np.ndarray, fitness: Floats, days: np.ndarray) -> np.ndarray:
    """Give the longest survival to the fittest; the earliest deaths only to those with nothing but progression."""
    days = np.sort(days)
    of_members = plan.iloc[members]
    frail = (
        (of_members["response"] == "PD")
        & ~of_members["salvage"]
        & ~of_members["concomitant"]
        & ~of_members["event_any"]
    ).to_numpy()
    if (days < _FRAIL_DEATH_DAYS).sum() > frail.sum():
        frail = ((of_members["response"] == "PD") & ~of_members["salvage"] & ~of_members["concomitant"]).to_numpy()
    early = int((days < _FRAIL_DEATH_DAYS).sum())
    by_fitness = np.argsort(fitness, kind="stable")
    first = by_fitness[frail[by_fitness]][:early]
    rest = by_fitness[~np.isin(by_fitness, first)]
    dealt = np.empty(len(days), dtype=int)
    dealt[np.concatenate([first, rest])] = days
    return dealt


def _draw_scans(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw the days of the first scan, of the first response and of progression (or of the last scan)."""
    size = len(plan)
    response = plan["response"].to_numpy()
    salvage = plan["salvage"].to_numpy()
    latest = plan["survival_days"].to_numpy() - np.where(salvage, 40, _LAST_SCAN_BEFORE_DEATH_DAYS)
    latest = np.minimum(latest, (CUT_OFF - plan["index_date"].to_numpy().astype("datetime64[D]")).astype(int))
    first = np.exp(rng.normal(np.log(60), 0.25, size)).clip(24, 110)
    progression = np.exp(rng.normal(np.log(85), 0.27, size)).clip(24, 160)
    last = np.where(response == "PD", progression, 0.0)
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
    plan["last_scan_day"] = np.minimum(last, latest).astype(int)
    first = np.where(np.isfinite(answered), answered, np.minimum(first, plan["last_scan_day"]))
    plan["first_scan_day"] = np.where(response == "PD", plan["last_scan_day"], first).astype(int)
    plan["response_day"] = answered
    has_event = rng.random(size) < np.array([_EVENT_SHARE[kind] for kind in response])
    apart = plan["last_scan_day"] - plan["first_scan_day"].where(response != "SD", MINIMUM_STABLE_DAYS)
    plan["has_progressed"] = (has_event & (apart >= _SCANS_APART_DAYS)) | (response == "PD")
    # Stable disease counts from day 42 on, so a scan that shows it must come then and before progression.
    stable = (response == "SD") & plan["has_progressed"]
    counted = plan["first_scan_day"].clip(MINIMUM_STABLE_DAYS, plan["last_scan_day"] - _SCANS_APART_DAYS)
    plan["first_scan_day"] = plan["first_scan_day"].where(~stable, counted)


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
    plan["salvage_day"] = np.where(plan["salvage"], np.minimum(earliest + after, survival - 1), -1)
