"""Cumulative incidence of competing events (Aalen and Johansen 1978): what happened first, and with what probability.

The variance is that of R's cmprsk (a delta-method estimate after Aalen 1978); survfit's differs in the third digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.risk_sets import Indices, Numbers, code_labels


@dataclass(frozen=True)
class CumulativeIncidence:
    """Steps of one group's cumulative incidence of one cause.

    Attributes:
        group: The group's label.
        cause: The cause's number.
        time: Times at which the cause occurred, rising.
        estimate: Cumulative incidence from each of them on.
        variance: Its variance.
        at_risk: Patients at risk just before each time.
        events: Patients with the cause at each time.
    """

    group: Any
    cause: int
    time: Numbers
    estimate: Numbers
    variance: Numbers
    at_risk: Indices
    events: Indices

    def at(self, time: float) -> tuple[float, float]:
        """Read estimate and variance at a time; both are 0 before the first step."""
        position = int(np.searchsorted(self.time, time, side="right")) - 1
        if position < 0:
            return 0.0, 0.0
        return float(self.estimate[position]), float(self.variance[position])


def aalen_johansen(
    time: ArrayLike, cause: ArrayLike, group: ArrayLike | None = None
) -> tuple[CumulativeIncidence, ...]:
    """Estimate the cumulative incidence of each cause in each group.

    Args:
        time: End of each patient's observation.
        cause: 0 where it was censored, else the number of the cause that ended it; censoring follows events of its day.
        group: Each patient's group; without it all are one group, labelled "all".

    Returns:
        One element per group and cause that occurs in any group, groups in sorted order; without steps where a cause
        does not occur in the group.

    Raises:
        ValueError: A value is missing or lengths differ.
    """
    times, causes = check_causes(time, cause)
    codes, levels = code_labels(np.full(len(times), "all") if group is None else group)
    if len(codes) != len(times):
        raise ValueError("times and groups differ in length")
    kinds = [int(kind) for kind in np.unique(causes[causes > 0])]
    curves = []
    for code, level in enumerate(levels.tolist()):
        is_member = codes == code
        table = _count_events(times[is_member], causes[is_member])
        curves += [_incidence(table, kind, level) for kind in kinds]
    return tuple(curves)


def check_causes(time: ArrayLike, cause: ArrayLike) -> tuple[Numbers, Indices]:
    """Check times and causes.

    Raises:
        ValueError: A value is missing, lengths differ, or a cause is not a whole number from 0 on.
    """
    times = np.asarray(time, dtype=np.float64)
    causes = np.asarray(cause, dtype=np.float64)
    if len(times) != len(causes):
        raise ValueError("times and causes differ in length")
    if not (np.isfinite(times).all() and np.isfinite(causes).all()):
        raise ValueError("times and causes must be complete and finite")
    if (causes < 0).any() or (causes != np.round(causes)).any():
        raise ValueError("causes must be whole numbers, 0 where the observation was censored")
    return times, causes.astype(np.int64)


@dataclass(frozen=True)
class _EventTable:
    """Distinct times with an event of any cause, rising: patients at risk and causes that occurred."""

    time: Numbers
    at_risk: Numbers
    by_cause: dict[int, Numbers]


def _count_events(times: Numbers, causes: Indices) -> _EventTable:
    """Count those at risk and the events of each cause at each time with an event."""
    distinct, position = np.unique(times[causes > 0], return_inverse=True)
    ordered = np.sort(times)
    at_risk = (len(ordered) - np.searchsorted(ordered, distinct, side="left")).astype(np.float64)
    happened = causes[causes > 0]
    by_cause = {
        int(kind): np.bincount(position[happened == kind], minlength=len(distinct)).astype(np.float64)
        for kind in np.unique(happened)
    }
    return _EventTable(distinct, at_risk, by_cause)


def _incidence(table: _EventTable, cause: int, group: Any) -> CumulativeIncidence:
    nothing = np.zeros(len(table.time))
    own = table.by_cause.get(cause, nothing)
    other = sum((counts for kind, counts in table.by_cause.items() if kind != cause), nothing)
    n = table.at_risk
    after: Numbers = np.cumprod((n - own - other) / n).astype(np.float64)
    before = np.concatenate(([1.0], after))[: len(n)]
    estimate = np.cumsum(before * own / n)
    is_step = own > 0
    variance = _variance(n, own, other, before=before, after=after, estimate=estimate)
    return CumulativeIncidence(
        group=group,
        cause=cause,
        time=table.time[is_step],
        estimate=estimate[is_step],
        variance=variance[is_step],
        at_risk=n[is_step].astype(np.int64),
        events=own[is_step].astype(np.int64),
    )


def _variance(
    n: Numbers, own: Numbers, other: Numbers, *, before: Numbers, after: Numbers, estimate: Numbers
) -> Numbers:
    """Sum over earlier times the variance of each step, by what it still moves of the later incidence.

    A later value F moves with an own event at s by 1 + (F(s) - F) / S(s), with another event by (F(s) - F) / S(s); the
    square is spread out into three running sums. Steps after which nobody is left move nothing more.
    """
    has_survivors = after > 0
    inverse = np.divide(1.0, after, out=np.zeros(len(n)), where=has_survivors)
    slope = estimate * inverse
    of_own = step_variance(n, own, before)
    of_other = np.where(has_survivors, step_variance(n, other, before), 0.0)
    squared = np.cumsum((1 + slope) ** 2 * of_own + slope**2 * of_other)
    mixed = np.cumsum(inverse * ((1 + slope) * of_own + slope * of_other))
    curved = np.cumsum(inverse**2 * (of_own + of_other))
    return np.asarray(squared + estimate**2 * curved - 2 * estimate * mixed, dtype=np.float64)


def step_variance(n: Numbers, events: Numbers, before: Numbers) -> Numbers:
    """Variance of one step's hazard, without replacement where several events share the time."""
    correction = 1 - np.divide(events - 1, n - 1, out=np.zeros_like(n), where=events > 1)
    return np.asarray(before**2 * correction * events / n**2, dtype=np.float64)
