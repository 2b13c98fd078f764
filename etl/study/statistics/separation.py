"""Separation in logistic regression: which coefficients run away to infinity, in which direction, and who is left.

Linear programmes after Konis (2007), as R's detectseparation poses them. One programme may leave rows undecided, so the
rows that it separates are removed and the rest is searched again until nothing more separates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ZERO = 1e-6
"""Below this a coefficient of a direction, whose largest is 1, or a scaled row's product with it, counts as zero."""


@dataclass(frozen=True)
class Separation:
    """How an outcome is separated.

    Attributes:
        directions: One per column: +1 or -1 where the estimate runs to plus or minus infinity, 0 where it does not.
        is_overlap: One per row: whether no direction separates it. Nobody is left when the separation is complete.
    """

    directions: NDArray[np.int8]
    is_overlap: NDArray[np.bool_]

    @property
    def is_separated(self) -> bool:
        """Whether any coefficient has no finite estimate."""
        return bool(self.directions.any())

    @property
    def is_complete(self) -> bool:
        """Whether a linear predictor tells both outcomes apart without a tie."""
        return not self.is_overlap.any()


def find_separation(matrix: NDArray[np.float64], outcome: NDArray[np.float64]) -> Separation:
    """Find what separates `outcome` (0 or 1) among the linear predictors of `matrix`.

    `matrix` holds every column of the predictor, the constant of the intercept included, of full rank.
    """
    scale = np.abs(matrix).max(axis=0)
    scale[scale == 0] = 1
    signed = np.where(outcome == 1, 1.0, -1.0)[:, None] * (matrix / scale)
    rows, number_of = np.unique(signed, axis=0, return_inverse=True)
    is_overlap = np.ones(len(rows), dtype=np.bool_)
    directions = np.zeros(matrix.shape[1], dtype=np.int8)
    while is_overlap.any():
        direction = _recession(rows[is_overlap])
        product = rows @ direction
        is_new = is_overlap & (product > ZERO)
        if not is_new.any():
            break
        is_overlap &= ~is_new
        is_open = (directions == 0) & (np.abs(direction) > ZERO)
        directions[is_open] = np.sign(direction[is_open]).astype(np.int8)
    return Separation(directions=directions, is_overlap=is_overlap[np.ravel(number_of)])


def _recession(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the direction that improves most rows while it worsens none; zeros when there is none."""
    from scipy.optimize import linprog

    result = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    if not result.success:
        raise ArithmeticError(f"the search for separation failed: {result.message}")
    return np.asarray(result.x, dtype=np.float64)
