"""Separation in logistic regression: which coefficients run away to infinity, in which direction, and who is left.

Linear programmes after Konis (2007), as R's detectseparation poses them. One programme may leave rows undecided, so the
rows that it separates are removed and the rest is searched again until nothing more separates. A coefficient is infinite
when every direction that separates all of these rows has it with one sign; else the data do not determine it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ZERO = 1e-6
"""Below this a coefficient of a direction, whose largest is 1, or a scaled row's product with it, counts as zero."""

RANK = 1e-12
"""Share of the largest squared singular value below which a dimension does not count."""

MOST_ADDED = 200
"""Rows that one linear programme starts with, and that each further one adds."""


@dataclass(frozen=True)
class Separation:
    """How an outcome is separated.

    Attributes:
        directions: One per column: +1 or -1 where the estimate runs to plus or minus infinity, 0 where it does not, or
            where the data say nothing about it.
        is_overlap: One per row: whether no direction separates it. Nobody is left when the separation is complete.
    """

    directions: NDArray[np.int8]
    is_overlap: NDArray[np.bool_]

    @property
    def is_separated(self) -> bool:
        """Whether any coefficient has no finite estimate."""
        return not self.is_overlap.all()

    @property
    def is_complete(self) -> bool:
        """Whether a linear predictor separates both outcomes without a tie."""
        return not self.is_overlap.any()


def find_separation(matrix: Numbers, outcome: Numbers) -> Separation:
    """Find what separates `outcome` (0 or 1) among the linear predictors of `matrix`.

    `matrix` holds every column of the predictor, the constant of the intercept included, of full rank.
    """
    scale = np.abs(matrix).max(axis=0)
    scale[scale == 0] = 1
    signed = np.where(outcome == 1, 1.0, -1.0)[:, None] * (matrix / scale)
    rows, number_of = np.unique(signed, axis=0, return_inverse=True)
    is_overlap = np.ones(len(rows), dtype=np.bool_)
    while is_overlap.any():
        is_new = is_overlap & (rows @ _recession(rows[is_overlap]) > ZERO)
        if not is_new.any():
            break
        is_overlap &= ~is_new
    directions = np.zeros(matrix.shape[1], dtype=np.int8)
    if not is_overlap.all():
        directions = _signs(rows[~is_overlap], rows[is_overlap])
    return Separation(directions=directions, is_overlap=is_overlap[np.ravel(number_of)])


def _recession(rows: Numbers) -> Numbers:
    """Return the direction that improves most rows while it worsens none; zeros when there is none.

    Only rows that a direction worsened so far are constraints: a few dozen out of many thousands decide.
    """
    from scipy.optimize import linprog

    goal = rows.mean(axis=0)
    is_constraint = np.zeros(len(rows), dtype=np.bool_)
    is_constraint[:: max(1, len(rows) // MOST_ADDED)] = True
    while True:
        active = rows[is_constraint]
        result = linprog(-goal, A_ub=-active, b_ub=np.zeros(len(active)), bounds=(-1, 1), method="highs")
        if not result.success:
            raise ArithmeticError(f"the search for separation failed: {result.message}")
        direction = np.asarray(result.x, dtype=np.float64)
        loss = np.where(is_constraint, 0.0, np.minimum(rows @ direction, 0.0))
        worst = np.argsort(loss, kind="stable")[:MOST_ADDED]
        worst = worst[loss[worst] < 0]
        if not len(worst):
            return direction
        is_constraint[worst] = True


def _signs(separated: Numbers, overlap: Numbers) -> NDArray[np.int8]:
    """Return the sign that each coefficient has in every direction that separates all of `separated`, or 0.

    Such a direction leaves the predictors of `overlap` as they are: few dimensions remain.
    """
    n_columns = separated.shape[1]
    free = np.eye(n_columns)
    if len(overlap):
        _, sizes, axes = np.linalg.svd(overlap.T @ overlap)
        free = axes[int(np.sum(sizes > sizes[0] * RANK)) :].T
    reach = separated @ free
    return np.array([_sign(reach, free[column]) for column in range(n_columns)], dtype=np.int8)


def _sign(reach: Numbers, share: Numbers) -> int:
    """Return the sign of `share` @ c in every c for which `reach` @ c is at least 1 throughout, or 0."""
    from scipy.optimize import linprog

    if np.abs(share).max(initial=0) < ZERO:
        return 0
    for sign in (1, -1):
        result = linprog(
            sign * share,
            A_ub=-reach,
            b_ub=-np.ones(len(reach)),
            bounds=(None, None),
            method="highs",
            options={"presolve": False},  # it gives up on some unbounded programmes, and writes so on the terminal
        )
        if result.success and result.fun > ZERO:
            return sign
    return 0
