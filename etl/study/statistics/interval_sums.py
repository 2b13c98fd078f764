"""Sums over rows that are at risk from one group of events to another, without subtracting what has not yet entered.

With delayed entry a difference of cumulative sums loses all digits when a row with a large hazard enters late. Here each
row's stretch of groups is the union of a few stretches of length 1, 2, 4, ... (a segment tree), so that sums only add.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


class IntervalSums:
    """Rows that are at risk at groups first to last - 1."""

    def __init__(self, first: Indices, last: Indices, n_groups: int) -> None:
        self._n_groups = n_groups
        self._leaves = 1 << max(n_groups - 1, 0).bit_length()
        self._cover = _cover(first, last, self._leaves)

    def over_rows(self, values: Numbers) -> Numbers:
        """Sum the values of rows (n or n x p) that are at risk at each group."""
        nodes: Numbers = self._cover.T @ values
        width = 1
        while width < self._leaves:
            nodes[2 * width : 4 * width] += np.repeat(nodes[width : 2 * width], 2, axis=0)
            width *= 2
        return nodes[self._leaves : self._leaves + self._n_groups]

    def over_groups(self, values: Numbers) -> Numbers:
        """Sum the values of groups at which each row is at risk."""
        nodes = np.zeros(2 * self._leaves)
        nodes[self._leaves : self._leaves + self._n_groups] = values
        width = self._leaves
        while width > 1:
            nodes[width // 2 : width] = nodes[width : 2 * width : 2] + nodes[width + 1 : 2 * width : 2]
            width //= 2
        return np.asarray(self._cover @ nodes, dtype=np.float64)


def _cover(first: Indices, last: Indices, leaves: int) -> Any:
    """Mark per row the nodes of the tree whose stretches together are the row's; node i has children 2 i and 2 i + 1."""
    from scipy.sparse import csr_array

    rows, nodes = [], []
    low, high = first + leaves, last + leaves
    while (is_open := low < high).any():
        takes_low = is_open & (low % 2 == 1)
        rows.append(np.flatnonzero(takes_low))
        nodes.append(low[takes_low])
        takes_high = is_open & (high % 2 == 1)
        rows.append(np.flatnonzero(takes_high))
        nodes.append(high[takes_high] - 1)
        low, high = (low + 1) // 2, high // 2
    row, node = (np.concatenate([np.zeros(0, dtype=np.int64), *parts]) for parts in (rows, nodes))
    return csr_array((np.ones(len(row)), (row, node)), shape=(len(first), 2 * leaves))
