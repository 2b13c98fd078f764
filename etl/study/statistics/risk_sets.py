"""Risk sets of survival data: sort the rows once, so that sums over who is still at risk are cumulative sums.

A row is at risk at time t when its entry lies before t and its time is t or later. Times are compared exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from etl.study.statistics.interval_sums import IntervalSums

Numbers: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class RiskSets:
    """Rows sorted by stratum and falling time, with the groups of events that share a stratum and a time.

    Attributes:
        order: Row numbers of the caller, in sorted order; all other arrays speak of sorted rows.
        strata: Start of each stratum among the sorted rows, and their number at the end.
        event_rows: Sorted rows that are events; those of one group lie next to each other.
        group_start: Start of each group among `event_rows`.
        group_of_event: Group of each event.
        group_stratum: Stratum of each group.
        risk_end: Per group, how many sorted rows there are up to the last one that has not left before it.
        first_group: Per row, the first group (groups run back in time) at which it is at risk.
        last_group: Per row, one past the last group at which it is at risk.
        entry_order: Sorted rows by stratum and falling entry; empty where all enter at the beginning.
        entry_end: Per group, how many of `entry_order`, from their first on, have not entered before it.
        intervals: Sums over risk sets where rows enter later; None where all enter at the beginning.
    """

    order: Indices
    strata: Indices
    event_rows: Indices
    group_start: Indices
    group_of_event: Indices
    group_stratum: Indices
    risk_end: Indices
    first_group: Indices
    last_group: Indices
    entry_order: Indices
    entry_end: Indices
    intervals: IntervalSums | None

    @property
    def n_groups(self) -> int:
        """Number of distinct times with an event, counted in each stratum."""
        return len(self.group_start)

    def group_sizes(self) -> Indices:
        """Count the events of each group."""
        return np.diff(np.append(self.group_start, len(self.event_rows)))

    def sums_at_risk(self, values: Numbers) -> Numbers:
        """Sum the values of sorted rows (n or n x p) over the risk set of each group."""
        if self.intervals is not None:
            return self.intervals.over_rows(values)
        cumulated = np.empty_like(values)
        for start, end in itertools.pairwise(self.strata):
            np.cumsum(values[start:end], axis=0, out=cumulated[start:end])
        sums: Numbers = cumulated[self.risk_end - 1]
        return sums

    def weighted_sums_at_risk(self, matrix: Numbers, weight: Numbers) -> Numbers:
        """Sum the weighted sorted rows of a matrix (n x p) over the risk set of each group.

        The rows that join between two groups are summed first, so that no sum of all rows so far is stored per row.
        """
        if self.intervals is not None:
            return self.intervals.over_rows(matrix * weight[:, None])
        from scipy.sparse import csr_array

        bounds, last = self._joining
        by_bound = csr_array((weight, np.arange(len(weight)), bounds), shape=(len(bounds) - 1, len(weight)))
        sums: Numbers = by_bound @ matrix
        groups = np.searchsorted(self.group_stratum, np.arange(len(self.strata)))
        cumulated = np.empty((self.n_groups, matrix.shape[1]))
        for start, end in itertools.pairwise(groups):
            np.cumsum(sums[last[start:end]], axis=0, out=cumulated[start:end])
        return cumulated

    @cached_property
    def _joining(self) -> tuple[Indices, Indices]:
        """Bounds between which rows join, and per group the stretch that ends with it; none lies before a stratum."""
        bounds = np.unique(np.concatenate(([0], self.strata, self.risk_end))).astype(np.int64)
        return bounds, np.asarray(np.searchsorted(bounds, self.risk_end) - 1, dtype=np.int64)

    def sums_of_groups(self, values: Numbers) -> Numbers:
        """Sum per row the values of the groups (length n_groups) at which the row is at risk."""
        if self.intervals is not None:
            return self.intervals.over_groups(values)
        n_strata = len(self.strata) - 1
        bounds = np.searchsorted(self.group_stratum, np.arange(n_strata + 1))
        cumulated = np.zeros(len(values) + n_strata)  # a zero stands behind the groups of each stratum
        for stratum, (start, end) in enumerate(itertools.pairwise(bounds)):
            # Sum from the first time on: in late and small risk sets the values can be larger by many digits.
            cumulated[start + stratum : end + stratum] = np.cumsum(values[start:end][::-1])[::-1]
        row_stratum = np.repeat(np.arange(n_strata), np.diff(self.strata))
        sums: Numbers = cumulated[self.first_group + row_stratum] - cumulated[self.last_group + row_stratum]
        return sums

    def members(self) -> Iterator[Indices]:
        """Give the sorted rows at risk, group by group."""
        for group in range(self.n_groups):
            rows = np.arange(self.strata[self.group_stratum[group]], self.risk_end[group])
            yield rows[(self.first_group[rows] <= group) & (group < self.last_group[rows])]


def make_risk_sets(
    time: Numbers, event: Flags, *, stratum: ArrayLike | None = None, entry: Numbers | None = None
) -> RiskSets:
    """Sort survival data into risk sets.

    Args:
        time: End of observation of each row.
        event: Whether it ended with the event.
        stratum: Labels; risk sets never reach across them.
        entry: Time after which each row is at risk; without it all are at risk from the beginning.

    Raises:
        ValueError: A stratum is missing.
    """
    n = len(time)
    codes = np.zeros(n, dtype=np.int64) if stratum is None else code_labels(stratum)[0]
    distinct, rank = np.unique(time if entry is None else np.concatenate((time, entry)), return_inverse=True)
    span = len(distinct) + 1
    key = codes * span + (len(distinct) - rank[:n])
    order = np.lexsort((~event, key)).astype(np.int64)
    key, codes, event = key[order], codes[order], event[order]
    strata = np.asarray(np.searchsorted(codes, np.arange(codes.max(initial=-1) + 2)), dtype=np.int64)
    event_rows = np.flatnonzero(event)
    group_key, group_start, group_of_event = np.unique(key[event_rows], return_index=True, return_inverse=True)
    group_stratum = group_key // span
    first_group: Indices = np.asarray(np.searchsorted(group_key, key, side="left"), dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    entry_order, entry_end = none, none
    last_group: Indices = np.asarray(np.searchsorted(group_stratum, codes, side="right"), dtype=np.int64)
    if entry is not None:
        entry_key = codes * span + (len(distinct) - rank[n:][order])
        entry_order = np.argsort(entry_key, kind="stable")
        entry_end = np.asarray(np.searchsorted(entry_key[entry_order], group_key, side="right"), dtype=np.int64)
        last_group = np.asarray(np.searchsorted(group_key, entry_key, side="left"), dtype=np.int64)
    return RiskSets(
        order=order,
        strata=strata,
        event_rows=event_rows,
        group_start=group_start,
        group_of_event=group_of_event,
        group_stratum=group_stratum,
        risk_end=np.asarray(np.searchsorted(key, group_key, side="right"), dtype=np.int64),
        first_group=first_group,
        last_group=last_group,
        entry_order=entry_order,
        entry_end=entry_end,
        intervals=None if entry is None else IntervalSums(first_group, last_group, len(group_key)),
    )


def code_labels(labels: ArrayLike) -> tuple[Indices, NDArray[Any]]:
    """Number labels from 0 in sorted order, and give the distinct ones.

    Raises:
        ValueError: A label is missing.
    """
    values = np.asarray(labels)
    if any(value is None or value != value for value in values.tolist()):  # noqa: PLR0124 -- NaN alone differs from itself
        raise ValueError("groups and strata must be complete")
    levels, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), levels
