"""Odds ratio of a 2x2 table with Wald's limits; a zero cell gives 0 or infinity, no halves are added in silence."""

import math

import numpy as np
from scipy import special

from etl.study.statistics.count_table import count_table
from etl.study.statistics.estimate import Estimate, check_coverage, unestimated

METHOD = "wald_odds_ratio"


def odds_ratio(a: int, b: int, c: int, d: int, *, coverage: float = 0.95) -> Estimate:
    """Estimate the odds ratio ad / bc of [[a, b], [c, d]], with limits that are symmetric on the log scale (Woolf).

    Args:
        a: with the event in the first group.
        b: without it in the first group.
        c: with the event in the second group.
        d: without it in the second group.
        coverage: the coverage of the two-sided limits.

    Returns:
        The ratio with its limits; 0 or infinity without limits where a cell is 0, None where a row or column is empty,
        each with a note.

    Raises:
        ValueError: a count is negative or not whole, or `coverage` is not between 0 and 1.
    """
    outside = check_coverage(coverage)
    counts = count_table([[a, b], [c, d]])
    if not counts.sum(axis=0).all() or not counts.sum(axis=1).all():
        return unestimated(METHOD, coverage, note="A row or a column of the table is empty.")
    if not counts.all():
        value = 0.0 if counts[0, 0] * counts[1, 1] == 0 else math.inf
        note = "A cell is 0: the odds ratio is not finite on the log scale and has no Wald limits."
        return Estimate(method=METHOD, value=value, low=None, high=None, coverage=coverage, note=note)
    log_ratio = math.log(counts[0, 0]) + math.log(counts[1, 1]) - math.log(counts[0, 1]) - math.log(counts[1, 0])
    reach = -float(special.ndtri(outside / 2)) * math.sqrt(float(np.sum(1 / counts)))
    return Estimate(
        method=METHOD,
        value=math.exp(log_ratio),
        low=math.exp(log_ratio - reach),
        high=math.exp(log_ratio + reach),
        coverage=coverage,
    )
