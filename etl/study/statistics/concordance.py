"""Harrell's C: how often, of two patients, the one with the higher risk has the event first; as R's survival counts it.

A pair is comparable when one has the event while the other is at risk and does not have it at that time; pairs with
equal risk count one half. Counting takes n log n steps, by a wavelet matrix over the ranks of the risks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.risk_sets import Indices, code_labels
from etl.study.statistics.survival_data import check_survival_data


@dataclass(frozen=True)
class Concordance:
    """Comparable pairs by their order, and Harrell's C; None where no pair is comparable."""

    concordant: int
    discordant: int
    tied_risk: int
    estimate: float | None
    note: str = ""


def concordance(
    risk: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> Concordance:
    """Count concordant pairs.

    Args:
        risk: A number that is higher for patients expected to have the event earlier, as a linear predictor.
        time: End of each row's observation.
        event: 1 or True where it ended with the event.
        stratum: Labels; only pairs within a stratum are compared.
        entry: Time after which each row is at risk.

    Raises:
        ValueError: A value is missing, lengths differ, or a row's entry is not before its time.
    """
    risks = np.asarray(risk, dtype=np.float64)
    data = check_survival_data(risks[:, None], time, event, stratum=stratum, entry=entry)
    sets = data.risk_sets
    ranks = code_labels(risks[sets.order])[0]
    own = ranks[sets.event_rows]
    first = sets.strata[sets.group_stratum][sets.group_of_event]
    last = sets.risk_end[sets.group_of_event]
    tied_first = sets.event_rows[sets.group_start][sets.group_of_event]
    tied_last = tied_first + sets.group_sizes()[sets.group_of_event]
    by_time = _WaveletMatrix(ranks)
    parts = [(by_time, first, last, 1), (by_time, tied_first, tied_last, -1)]
    if len(sets.entry_order):
        parts.append((_WaveletMatrix(ranks[sets.entry_order]), first, sets.entry_end[sets.group_of_event], -1))
    below = tied = everyone = 0
    for matrix, start, end, sign in parts:
        lower, equal = matrix.count(start, end, own)
        below += sign * int(lower.sum())
        tied += sign * int(equal.sum())
        everyone += sign * int((end - start).sum())
    if everyone == 0:
        return Concordance(0, 0, 0, None, "No pair of patients is comparable.")
    return Concordance(below, everyone - below - tied, tied, (below + tied / 2) / everyone)


class _WaveletMatrix:
    """Count, in any stretch of a sequence of whole numbers, those below and those equal to a number (Claude 2012)."""

    def __init__(self, values: Indices) -> None:
        self._zeros: list[Indices] = []
        for bit in reversed(range(int(values.max(initial=0)).bit_length())):
            is_set = ((values >> bit) & 1).astype(bool)
            self._zeros.append(np.concatenate(([0], np.cumsum(~is_set))))
            values = np.concatenate((values[~is_set], values[is_set]))

    def count(self, start: Indices, end: Indices, number: Indices) -> tuple[Indices, Indices]:
        """Count per query in values[start:end] those below `number`, and those equal to it."""
        start, end = start.copy(), end.copy()
        below = np.zeros(len(number), dtype=np.int64)
        for level, zeros in enumerate(self._zeros):
            is_set = ((number >> (len(self._zeros) - 1 - level)) & 1).astype(bool)
            zero_start, zero_end = zeros[start], zeros[end]
            below += np.where(is_set, zero_end - zero_start, 0)
            start = np.where(is_set, zeros[-1] + start - zero_start, zero_start)
            end = np.where(is_set, zeros[-1] + end - zero_end, zero_end)
        return below, end - start
