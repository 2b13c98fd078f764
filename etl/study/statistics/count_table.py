"""Check a contingency table: whole counts in rows and columns, and whether a test can be computed from them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
FEWEST_LINES = 2


def count_table(table: ArrayLike) -> Counts:
    """Read a table of counts as integers.

    Raises:
        ValueError: the table does not have two dimensions, or a cell is not a whole number of at least 0.
    """
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != FEWEST_LINES:
        raise ValueError(f"a table of counts has rows and columns, not {cells.ndim} dimension(s)")
    counts = cells.astype(np.int64) if np.isfinite(cells).all() else None
    if counts is None or (counts < 0).any() or (counts != cells).any():
        raise ValueError("a table of counts holds whole numbers of at least 0")
    return counts


def without_empty_lines(counts: Counts) -> Counts:
    """Leave out the rows and the columns in which nobody was counted."""
    kept: Counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return kept


def expected_counts(counts: Counts) -> NDArray[np.float64]:
    """Compute the counts that independence of rows and columns leads to expect; the table is not empty."""
    rows, columns = counts.sum(axis=1, dtype=np.float64), counts.sum(axis=0, dtype=np.float64)
    expected: NDArray[np.float64] = np.outer(rows, columns) / counts.sum()
    return expected


def why_not_testable(counts: Counts) -> str:
    """Say why rows and columns cannot be compared; an empty text where they can."""
    for name, lines in (("row", counts.sum(axis=1)), ("column", counts.sum(axis=0))):
        if len(lines) < FEWEST_LINES:
            return f"The table has {len(lines)} {name}{'' if len(lines) == 1 else 's'}; a comparison needs two."
        empty = np.flatnonzero(lines == 0)
        if len(empty):
            numbers = ", ".join(str(number + 1) for number in empty)
            return f"Nobody is in {name}{'' if len(empty) == 1 else 's'} {numbers} of the table."
    return ""
