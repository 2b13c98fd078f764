"""Risk sets of survival data: sort the rows once, so that sums over who is still at risk are cumulative sums.

A row is at risk at time t when its entry lies before t and its time is t or later. Times are compared exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

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

    @property
    def n_groups(self) -> int:
        """Number of distinct times with an event, counted in each stratum."""
        return len(self.group_start)

    def group_sizes(self) -> Indices:
        """Count the events of each group."""
        return np.diff(np.append(self.group_start, len(self.event_rows)))

    def sums_at_risk(self, values: Numbers) -> Numbers:
        """Sum the values of sorted rows (n or n x p) over the risk set of each group."""
        sums = self._sums_up_to(values, self.risk_end)
        if len(self.entry_order):
            sums -= self._sums_up_to(values[self.entry_order], self.entry_end)
        return sums

    def sums_of_groups(self, values: Numbers) -> Numbers:
        """Sum per row the values of the groups (length n_groups) at which the row is at risk."""
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

    def _sums_up_to(self, values: Numbers, ends: Indices) -> Numbers:
        cumulated = np.zeros((len(values) + 1, *values.shape[1:]))
        for start, end in itertools.pairwise(self.strata):
            np.cumsum(values[start:end], axis=0, out=cumulated[start + 1 : end + 1])
        sums: Numbers = cumulated[ends]
        sums[ends == self.strata[self.group_stratum]] = 0.0  # the last sum of the stratum before stands there
        return sums


def make_risk_sets(
    time: Numbers, event: Flags, *, stratum: ArrayLike | None = None, entry: Numbers | None = None
) -> RiskSets:
    """Sort survival data into risk sets.

    Args:
        time: End of observation of each row.
        event: Whether it ended with the event.
        stratum: Labels; risk sets never reach across them.
        entry: Time after which each row is at risk; without it all are at risk from the beginning.
    """
    n = len(time)
    codes = np.zeros(n, dtype=np.int64) if stratum is None else _codes(stratum)
    distinct, rank = np.unique(time if entry is None else np.concatenate((time, entry)), return_inverse=True)
    span = len(distinct) + 1
    key = codes * span + (len(distinct) - rank[:n])
    order = np.lexsort((~event, key)).astype(np.int64)
    key, codes, event = key[order], codes[order], event[order]
    strata = np.asarray(np.searchsorted(codes, np.arange(codes.max(initial=-1) + 2)), dtype=np.int64)
    event_rows = np.flatnonzero(event)
    group_key, group_start, group_of_event = np.unique(key[event_rows], return_index=True, return_inverse=True)
    group_stratum = group_key // span
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
        first_group=np.asarray(np.searchsorted(group_key, key, side="left"), dtype=np.int64),
        last_group=last_group,
        entry_order=entry_order,
        entry_end=entry_end,
    )


def _codes(labels: ArrayLike) -> Indices:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
