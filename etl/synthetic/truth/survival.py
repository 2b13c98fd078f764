"""How long the patients live: the printed medians of all and of the compared parts hold together, for every seed.

Times are evenly spread quantiles of one curve, so the median of all is fixed; who gets which time goes by a latent fitness,
whose effects are tuned until the medians of the parts are the printed ones.
"""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import Flags, Floats
from etl.synthetic.truth.people import CUT_OFF
from etl.synthetic.truth.targets import moment

DAYS_PER_MONTH = 30.4375
TWO_YEARS_DAYS = 731
"""The first whole day beyond 24 months (730.5 days)."""

_EARLIEST_DEATH_DAYS = 27
_FRAIL_DEATH_DAYS = 116
"""Whoever dies before this day progressed at the first scan and had no further treatment."""

_RATE_PER_MONTH = 0.0922
"""Of the exponential whose part below two years has the printed median over all patients."""

_EFFECTS = {
    "child_pugh_b": -0.55, "extrahepatic": -0.3, "segmental_vein": -0.25, "main_vein": -0.45, "middle_afp": -0.15,
    "high_afp": -0.5, "progressive": -0.5, "metformin": 0.5, "limited": -0.3, "heavy": -0.28,
}  # fmt: skip
"""Fixed effects on fitness, in standard deviations; those of the compared parts are tuned from where they start."""

_TUNED = {
    "salvage": (0.5, "survival_months_salvage", "survival_months_no_salvage"),
    "concomitant": (0.3, "survival_months_concomitant", "survival_months_not_concomitant"),
    "event_dermatologic_2_4": (
        0.25,
        "survival_months_dermatologic_2_4",
        "survival_months_dermatologic_0_1",
    ),
    "event_grade_2_4": (0.0, "survival_months", "survival_months"),
}
"""Where the effect starts, and the medians with and without; adverse events as a whole make no difference."""

_ROUNDS = 40


def draw_survival(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Add `survival_days` (to death, or to the last contact) and `is_dead`."""
    groups = plan["group"].to_numpy()
    days = np.zeros(len(plan), dtype=int)
    _draw_beyond_two_years(plan, days, rng)
    short = {group: np.flatnonzero(groups == group) for group in ("short_term", "screened")}
    times = {group: _short_survival_days(len(members), rng) for group, members in short.items()}
    base = _fitness(plan, rng)
    frail = _frail(plan)
    is_in_study = np.isin(groups, ["long_term", "short_term"])
    effects = {name: start for name, (start, _, _) in _TUNED.items()}
    least_off, best = np.inf, days
    for round_number in range(_ROUNDS):
        fitness = base + sum(effect * plan[name].to_numpy(dtype=float) for name, effect in effects.items())
        for group, members in short.items():
            days[members] = _deal_by_fitness(frail[members], fitness[members], times[group])
        off = _medians_off(plan[is_in_study], days[is_in_study])
        if (worst := max(abs(part) for parts in off.values() for part in parts)) < least_off:
            least_off, best = worst, days.copy()
        step = 0.8 * (1 - round_number / _ROUNDS)
        for name, (with_it, without) in off.items():
            effects[name] -= step * (with_it - without)
    plan["is_dead"] = _is_dead(plan, best)
    plan["survival_days"] = np.minimum(best, _possible_days(plan))


def _medians_off(plan: pd.DataFrame, days: np.ndarray) -> dict[str, tuple[float, float]]:
    """Compare the medians of the parts, with and without, with the printed ones; logarithms of their ratios."""
    off = {}
    for name, (_, with_it, without) in _TUNED.items():
        flag = plan[name].to_numpy(dtype=bool)
        wanted = [moment(row, "median", "all") * DAYS_PER_MONTH for row in (with_it, without)]
        off[name] = (
            float(np.log(np.median(days[flag]) / wanted[0])),
            float(np.log(np.median(days[~flag]) / wanted[1])),
        )
    return off


def _draw_beyond_two_years(plan: pd.DataFrame, days: np.ndarray, rng: np.random.Generator) -> None:
    """Draw the days of long-term survivors beyond two years, and those of patients who were lost before."""
    groups = plan["group"].to_numpy()
    possible = _possible_days(plan)
    long_term = np.flatnonzero(groups == "long_term")
    death = TWO_YEARS_DAYS + 1 + rng.exponential(650, len(long_term)).astype(int)
    seen = np.maximum(possible[long_term] - rng.integers(0, 60, len(long_term)), TWO_YEARS_DAYS)
    days[long_term] = np.where(death < seen, death, seen)
    plan["is_dead_beyond_two_years"] = False
    plan.loc[plan.index[long_term], "is_dead_beyond_two_years"] = death < seen
    lost = np.flatnonzero(groups == "undetermined")
    days[lost] = np.minimum(rng.integers(120, 690, len(lost)), possible[lost])


def _is_dead(plan: pd.DataFrame, days: np.ndarray) -> Flags:
    is_dead = plan.pop("is_dead_beyond_two_years").to_numpy(dtype=bool)
    is_short = plan["group"].isin(["short_term", "screened"]).to_numpy()
    return np.asarray(is_dead | (is_short & (days <= _possible_days(plan))))


def _possible_days(plan: pd.DataFrame) -> np.ndarray:
    """Count the days from each index date to the data cut-off."""
    return np.asarray((CUT_OFF - plan["index_date"].to_numpy().astype("datetime64[D]")).astype(int))


def _fitness(plan: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Add up what makes patients live longer, with noise of one standard deviation."""
    present = {
        "child_pugh_b": plan["child_pugh_points"] >= 7,
        "extrahepatic": plan["extrahepatic"],
        "segmental_vein": plan["portal_vein"].isin(["vp1", "vp2"]),
        "main_vein": plan["portal_vein"].isin(["vp3", "vp4"]),
        "middle_afp": plan["afp"].between(7, 1000),
        "high_afp": plan["afp"] > 1000,
        "progressive": plan["response"] == "PD",
        "metformin": plan["metformin"],
        "limited": plan["ecog"].isin(["1", "2"]),
        "heavy": plan["bmi"] >= 23,
    }
    total = rng.standard_normal(len(plan))
    for name, effect in _EFFECTS.items():
        total = total + effect * present[name].to_numpy().astype(float)
    return np.asarray(total)


def _short_survival_days(size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw evenly spread quantiles of an exponential between the earliest death and two years, in order."""
    quantile = (np.arange(size) + rng.uniform(0.2, 0.8, size)) / size
    span_months = (TWO_YEARS_DAYS - 1 - _EARLIEST_DEATH_DAYS) / DAYS_PER_MONTH
    below = 1 - np.exp(-_RATE_PER_MONTH * span_months)
    months = -np.log(1 - quantile * below) / _RATE_PER_MONTH
    return np.asarray(np.sort(_EARLIEST_DEATH_DAYS + (months * DAYS_PER_MONTH).astype(int)))


def _frail(plan: pd.DataFrame) -> np.ndarray:
    """Rank who may die early: 2 whoever had nothing but progression, 1 whoever had adverse events besides, else 0."""
    progressed = ((plan["response"] == "PD") & ~plan["salvage"] & ~plan["concomitant"]).to_numpy(dtype=int)
    return np.asarray(progressed + progressed * (~plan["event_any"]).to_numpy(dtype=int))


def _deal_by_fitness(frail: np.ndarray, fitness: Floats, days: np.ndarray) -> np.ndarray:
    """Give the longest survival to the fittest; the earliest deaths only to the frail."""
    early = int((days < _FRAIL_DEATH_DAYS).sum())
    may_die_early = frail == 2 if (frail == 2).sum() >= early else frail >= 1
    by_fitness = np.argsort(fitness, kind="stable")
    is_first = np.zeros(len(days), dtype=bool)
    is_first[by_fitness[may_die_early[by_fitness]][:early]] = True
    order = np.concatenate([by_fitness[is_first[by_fitness]], by_fitness[~is_first[by_fitness]]])
    dealt = np.empty(len(days), dtype=int)
    dealt[order] = days
    return dealt
