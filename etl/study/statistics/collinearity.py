"""Collinearity of a design: variance inflation of columns and whole factors, and the condition number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class VarianceInflation:
    """How much the other variables inflate a variable's variance (Fox and Monette 1992).

    Attributes:
        variable: Its name.
        df: Its columns.
        factor: The generalised variance inflation factor; with one column the common one.
        comparable: `factor` ** (1 / (2 df)): comparable between variables; the square root of a number's factor.
    """

    variable: str
    df: int
    factor: float
    comparable: float


def variance_inflation(matrix: Numbers, blocks: Mapping[str, Sequence[int]]) -> tuple[VarianceInflation, ...]:
    """Compute the variance inflation of each variable; `blocks` gives its columns in `matrix`, of full rank."""
    if matrix.shape[1] == 0:
        return ()
    correlation = np.atleast_2d(np.corrcoef(matrix, rowvar=False))
    whole = np.linalg.slogdet(correlation)[1]
    found = []
    for variable, block in blocks.items():
        own = list(block)
        if not own:
            continue
        others = [column for column in range(matrix.shape[1]) if column not in own]
        parts = (
            np.linalg.slogdet(correlation[np.ix_(own, own)])[1]
            + np.linalg.slogdet(correlation[np.ix_(others, others)])[1]
        )
        factor = float(np.exp(parts - whole))
        found.append(VarianceInflation(variable, len(own), factor, factor ** (1 / (2 * len(own)))))
    return tuple(found)


def condition_number(matrix: Numbers) -> float:
    """Return the condition number of the columns and an intercept, each scaled to length 1 (Belsley, Kuh, Welsch 1980).

    Above 30 a near dependence inflates the estimates' variances.
    """
    full = np.column_stack([np.ones(len(matrix)), matrix])
    return float(np.linalg.cond(full / np.linalg.norm(full, axis=0)))


def events_per_parameter(events: int, n: int, parameters: int, *, is_survival: bool = False) -> float | None:
    """Return events per estimated parameter, without the intercept; for a binary outcome the rarer outcome counts."""
    if not parameters:
        return None
    return (events if is_survival else min(events, n - events)) / parameters
