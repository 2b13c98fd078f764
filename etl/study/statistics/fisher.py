"""Fisher's exact test of tables of any size: exact, without random numbers, and refused where it would take too long.

The p value sums the probabilities of all tables with the observed margins that are no more probable than the observed
one. Freeman and Halton extended it to more than two rows or columns (Biometrika 1951;38:141); the sum runs over columns
as stages of a network, as in Mehta and Patel (J Am Stat Assoc 1983;78:427): nodes are the row totals still to be given
out, paths with the same node and probability are merged, and a path is finished early when its longest or shortest
way to the end settles all tables that continue it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from etl.study.statistics.count_table import count_table, expected_counts, without_empty_lines
from etl.study.statistics.test_result import TestResult, untested

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

METHOD = "fisher_exact"
TIE = 1e-11
"""Logs of probabilities this close count as equal: far above rounding, far below what differs among real tables."""
SAME = 1e-13
"""Paths to one node are merged when their logs follow each other this closely: only rounding is as small."""
MOST_PATHS = 4_000_000
MOST_LINKS = 40_000_000
"""The work after which the test is refused: paths kept at one stage; pairs of a node or path and a column's split."""
LARGEST_CODE = 2.0**62
"""What the rows still have to give out must fit into one integer."""
CHUNK = 500_000


@dataclass(frozen=True)
class _Stage:
    """One column: its splits over the rows, and for the nodes before it what the tables from there on weigh."""

    splits: Integers
    weights: Floats
    nodes: Integers
    total: Floats
    longest: Floats
    shortest: Floats


class _TooLargeError(Exception):
    """The table would take more work than is allowed."""


def fisher_exact(table: ArrayLike) -> TestResult:
    """Test independence of a table's rows and columns by Fisher's exact test (two-sided, Freeman and Halton's beyond 2x2).

    Rows and columns in which nobody was counted are left out, which does not change the test. Tables whose
    probabilities differ by less than 1e-11 of themselves count as equal (R allows 1e-7 in 2x2 and 3e-7 beyond, so in
    tables with millions of arrangements R's own p is rounded to about 1e-7).

    Args:
        table: whole counts, any number of rows and columns.

    Returns:
        The p value without a statistic; None with a note where fewer than two rows or columns have anybody, or where
        the table has too many arrangements.

    Raises:
        ValueError: the table does not hold whole counts in two dimensions.
    """
    counts = without_empty_lines(count_table(table))
    if min(counts.shape) < 2:  # noqa: PLR2004 - a comparison needs two
        return untested(METHOD, "Fewer than two rows or columns have anybody in them.")
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    # Small rows and columns first: the last row follows from the others, the two last columns are summed in one step.
    counts = counts[np.argsort(counts.sum(axis=1), kind="stable")][:, np.argsort(counts.sum(axis=0), kind="stable")]
    p = _exact_p(tuple(tuple(int(cell) for cell in row) for row in counts))
    if p is None:
        return untested(METHOD, "The table has too many arrangements for Fisher's exact test.")
    return TestResult(method=METHOD, statistic=None, df=None, p=p)


@lru_cache(maxsize=256)
def _exact_p(rows: tuple[tuple[int, ...], ...]) -> float | None:
    counts = np.array(rows, dtype=np.int64)
    try:
        cells = _cell_weights(counts)
        observed = sum(float(cells[i][j][counts[i, j]]) for i in range(counts.shape[0]) for j in range(counts.shape[1]))
        network = _Network(counts, cells)
        return min(1.0, network.mass_up_to(observed + TIE) / network.total)
    except _TooLargeError:
        return None


def _cell_weights(counts: Integers) -> list[list[Floats]]:
    """Compute the log weight of each count in each cell, so that a table's probability is in proportion to exp(sum).

    The weight of x is the log of Poisson's probability at the expected count against its value at the whole number
    below that. With fixed margins it differs from -log(x!) by a constant, and near what is expected it is near 0, so
    that no digits are lost in large tables.
    """
    expected = expected_counts(counts)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    cells: list[list[Floats]] = []
    for i, row in enumerate(rows):
        line: list[Floats] = []
        for j, column in enumerate(columns):
            most, centre = int(min(row, column)), int(expected[i, j])
            steps = np.log(expected[i, j] / np.arange(1, most + 1))
            up, down = np.cumsum(steps[centre:]), -np.cumsum(steps[:centre][::-1])[::-1]
            line.append(np.concatenate([down, [0.0], up]))
        cells.append(line)
    return cells


class _Network:
    """The tables with given margins as ways through stages; weights are exp(sum of the cells' log weights)."""

    def __init__(self, counts: Integers, cells: list[list[Floats]]) -> None:
        self._rows = counts.sum(axis=1)
        self._columns = counts.sum(axis=0)
        self._cells = cells
        if np.prod((self._rows + 1).astype(np.float64)) > LARGEST_CODE:
            raise _TooLargeError
        self._radix = np.concatenate([[1], np.cumprod(self._rows[:-1] + 1)])
        self._links_left = MOST_LINKS
        self._stages = self._backward(*self._forward())

    @property
    def total(self) -> float:
        """The weight of all tables."""
        return float(self._stages[0].total[0])

    def mass_up_to(self, limit: float) -> float:
        """Sum the weights of the tables whose log weight is at most `limit`."""
        mass = 0.0
        nodes, pasts, counted = self._stages[0].nodes, np.zeros(1), np.ones(1)
        for number, stage in enumerate(self._stages[:-1]):
            where = np.searchsorted(stage.nodes, nodes)
            below = pasts + stage.longest[where] <= limit
            mass += float(np.sum(counted[below] * np.exp(pasts[below]) * stage.total[where[below]]))
            is_open = ~below & (pasts + stage.shortest[where] <= limit)
            nodes, pasts, counted = nodes[is_open], pasts[is_open], counted[is_open]
            if not len(nodes):
                break
            if number == len(self._stages) - 2:
                mass += self._finish(nodes, pasts, counted, limit=limit)
            else:
                nodes, pasts, counted = self._extend(stage, nodes, pasts, counted=counted)
        return mass

    def _forward(self) -> tuple[list[tuple[Integers, Floats]], list[Integers]]:
        """List the splits over the rows of each column but the last with their weights, and the nodes before each."""
        nodes = [np.array([int(np.sum(self._rows * self._radix))], dtype=np.int64)]
        columns: list[tuple[Integers, Floats]] = []
        for j, column in enumerate(self._columns[:-1]):
            splits, weights = self._splits(j, int(column))
            columns.append((splits, weights))
            self._spend(len(splits) * len(nodes[-1]))
            reached = [np.unique(targets[fits]) for _, fits, targets in self._links(nodes[-1], splits)]
            nodes.append(np.unique(np.concatenate(reached)))
        return columns, nodes

    def _splits(self, j: int, column: int) -> tuple[Integers, Floats]:
        """List the ways to give a column's patients to the rows, and their log weights."""
        counts, weights, left = np.zeros((1, 0), np.int64), np.zeros(1), np.array([column])
        rest = np.cumsum(self._rows[::-1])[::-1]
        for i, row in enumerate(self._rows):
            after = int(rest[i + 1]) if i + 1 < len(rest) else 0
            low, high = np.maximum(left - after, 0), np.minimum(left, row)
            sizes = high - low + 1
            if sizes.sum() > MOST_PATHS:
                raise _TooLargeError
            origin = np.repeat(np.arange(len(left)), sizes)
            given = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + low[origin]
            counts = np.column_stack([counts[origin], given])
            weights = weights[origin] + self._cells[i][j][given]
            left = left[origin] - given
        return counts, weights

    def _spend(self, links: int) -> None:
        self._links_left -= links
        if self._links_left < 0:
            raise _TooLargeError

    def _left(self, nodes: Integers) -> Integers:
        """Read from nodes what each row still has to give out: one line a node."""
        left: Integers = nodes[:, None] // self._radix % (self._rows + 1)
        return left

    def _links(self, nodes: Integers, splits: Integers) -> Iterator[tuple[slice, NDArray[np.bool_], Integers]]:
        """Pair nodes (lines) with splits: whether a row has enough left for the split, and the node that it leads to."""
        left, steps = self._left(nodes), splits @ self._radix
        lines = max(1, CHUNK // len(splits))
        for start in range(0, len(nodes), lines):
            part = slice(start, start + lines)
            fits = np.ones((len(nodes[part]), len(splits)), dtype=np.bool_)
            for row in range(len(self._rows)):
                fits &= left[part, row, None] >= splits[None, :, row]
            yield part, fits, nodes[part, None] - steps

    def _backward(self, columns: list[tuple[Integers, Floats]], nodes: list[Integers]) -> list[_Stage]:
        """Add up from the last column to the first what the tables from each node on weigh together, at most, at least."""
        left = self._left(nodes[-1])
        forced = np.sum([self._cells[i][-1][left[:, i]] for i in range(len(self._rows))], axis=0)
        after = _Stage(left, forced, nodes[-1], np.exp(forced), forced, forced)
        stages = [after]
        for (splits, weights), before in zip(reversed(columns), reversed(nodes[:-1]), strict=True):
            total, longest, shortest = np.zeros(len(before)), np.zeros(len(before)), np.zeros(len(before))
            for part, fits, targets in self._links(before, splits):
                where = np.searchsorted(after.nodes, np.where(fits, targets, after.nodes[0]))
                total[part] = np.sum(np.where(fits, np.exp(weights) * after.total[where], 0.0), axis=1)
                longest[part] = np.max(np.where(fits, weights + after.longest[where], -np.inf), axis=1)
                shortest[part] = np.min(np.where(fits, weights + after.shortest[where], np.inf), axis=1)
            after = _Stage(splits, weights, before, total, longest, shortest)
            stages.append(after)
        return stages[::-1]

    def _extend(
        self, stage: _Stage, nodes: Integers, pasts: Floats, *, counted: Floats
    ) -> tuple[Integers, Floats, Floats]:
        """Lengthen all paths by one column and merge those that end at one node with one weight."""
        self._spend(len(nodes) * len(stage.splits))
        pieces, size = [], 0
        for part, fits, targets in self._links(nodes, stage.splits):
            weights = (pasts[part, None] + stage.weights)[fits]
            pieces.append(_merge(targets[fits], weights, np.broadcast_to(counted[part, None], fits.shape)[fits]))
            size += len(pieces[-1][0])
            if size > MOST_PATHS:
                raise _TooLargeError
        return _merge(*(np.concatenate(arrays) for arrays in zip(*pieces, strict=True)))

    def _finish(self, nodes: Integers, pasts: Floats, counted: Floats, *, limit: float) -> float:
        """Sum the tables that continue the paths through the last two columns: the last one follows from the other."""
        stage, last = self._stages[-2], self._stages[-1]
        order = np.argsort(nodes, kind="stable")
        pasts, counted = pasts[order], counted[order]
        ends, starts = np.unique(nodes[order], return_index=True)
        bounds = np.append(starts, len(nodes))
        mass, number = 0.0, 0
        for _, fits, targets in self._links(ends, stage.splits):
            for line in range(len(fits)):
                part = slice(bounds[number], bounds[number + 1])
                where = np.searchsorted(last.nodes, targets[line][fits[line]])
                ways = np.sort(stage.weights[fits[line]] + last.longest[where])
                sums = np.concatenate([[0.0], np.cumsum(np.exp(ways))])
                below = np.searchsorted(ways, limit - pasts[part], side="right")
                mass += float(np.sum(counted[part] * np.exp(pasts[part]) * sums[below]))
                number += 1
        return mass


def _merge(nodes: Integers, pasts: Floats, counted: Floats) -> tuple[Integers, Floats, Floats]:
    order = np.lexsort((pasts, nodes))
    nodes, pasts, counted = nodes[order], pasts[order], counted[order]
    is_new = np.ones(len(nodes), dtype=np.bool_)
    is_new[1:] = (nodes[1:] != nodes[:-1]) | (pasts[1:] - pasts[:-1] > SAME)
    starts = np.flatnonzero(is_new)
    return nodes[starts], pasts[starts], np.add.reduceat(counted, starts)
