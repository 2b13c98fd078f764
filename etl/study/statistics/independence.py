"""Linear independence of columns: find those that earlier columns already determine (aliased, in R's word)."""

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-7
"""Share of a column's length that earlier columns may leave unexplained before it counts as independent; R's qr() too."""


CLEARLY = 1e-3
"""Share of a column's length that is unexplained beyond doubt, also when computed from products of columns."""


def independent_columns(matrix: NDArray[np.float64], *, with_intercept: bool = True) -> list[int]:
    """Return the numbers of the columns that are not linear combinations of earlier columns and, by default, a constant.

    `matrix` has one row per patient. A column that varies by less than `TOLERANCE` of its length, once the earlier
    ones are accounted for, is left out, as R's lm, glm and coxph report it as NA.
    """
    n_rows, n_columns = matrix.shape
    if _are_clearly_independent(matrix, with_intercept=with_intercept):
        return list(range(n_columns))
    basis = np.empty((n_rows, n_columns + 1))
    n_basis = 0
    if with_intercept and n_rows:
        basis[:, 0] = 1 / np.sqrt(n_rows)
        n_basis = 1
    found = []
    for number in range(n_columns):
        column = matrix[:, number]
        length = np.linalg.norm(column)
        if length == 0:
            continue
        rest = column / length
        for _ in range(2):  # the second pass removes what rounding left in the first
            rest = rest - basis[:, :n_basis] @ (basis[:, :n_basis].T @ rest)
        rest_length = np.linalg.norm(rest)
        if rest_length > TOLERANCE:
            basis[:, n_basis] = rest / rest_length
            n_basis += 1
            found.append(number)
    return found


def _are_clearly_independent(matrix: NDArray[np.float64], *, with_intercept: bool) -> bool:
    """Look at the columns' products alone, which is much faster; they hold half of the digits, so only clear cases."""
    n_rows, n_columns = matrix.shape
    if n_rows <= n_columns or not n_columns:
        return False
    products = np.empty((n_columns + 1, n_columns + 1))
    products[1:, 1:] = matrix.T @ matrix
    products[0, 0] = n_rows
    products[0, 1:] = products[1:, 0] = matrix.sum(axis=0)
    if not with_intercept:
        products = products[1:, 1:]
    size = np.sqrt(np.diag(products))
    if not (np.isfinite(products).all() and size.all()):
        return False
    try:
        left = np.diag(np.linalg.cholesky(products / np.outer(size, size)))
    except np.linalg.LinAlgError:
        return False
    return bool(left.min() > CLEARLY)
