"""Restricted cubic splines: a curve for a number in a model, linear in both tails, to test whether a line would do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.risk_sets import Numbers

KNOT_QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975),
}
"""Where knots stand, as quantiles of the number (Harrell, Regression Modeling Strategies, 2nd ed., table 2.3)."""


@dataclass(frozen=True)
class Spline:
    """A restricted cubic spline of k knots.

    Attributes:
        knots: The knots, rising; empty where the number has too few values.
        basis: k - 1 columns: the number itself, then the parts that bend. A test of the latter is a test of linearity.
        note: Why there is no spline, or fewer knots than asked for; else empty.
    """

    knots: Numbers
    basis: Numbers
    note: str = ""


def restricted_cubic_spline(values: ArrayLike, *, knots: int = 4) -> Spline:
    """Make the basis of a restricted cubic spline with knots at the usual quantiles (type 7).

    Args:
        values: The number, complete.
        knots: How many, from 3 to 7.

    Raises:
        ValueError: A value is missing, or `knots` lies outside 3 to 7.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if knots not in KNOT_QUANTILES:
        raise ValueError("a spline has 3 to 7 knots")
    if not np.isfinite(numbers).all():
        raise ValueError("values must be complete and finite")
    line = numbers[:, None]
    if not len(numbers):
        return Spline(np.zeros(0), line, "There are no values.")
    places = np.unique(np.quantile(numbers, KNOT_QUANTILES[knots]))
    if len(places) < min(KNOT_QUANTILES):
        return Spline(np.zeros(0), line, "Too many values are equal for three different knots: no spline is made.")
    note = "" if len(places) == knots else f"Knots coincide: {len(places)} of {knots} are used."
    return Spline(places, spline_basis(numbers, places), note)


def spline_basis(values: ArrayLike, knots: ArrayLike) -> Numbers:
    """Evaluate the basis for given knots, as to draw the curve; bends are divided by the squared span of the knots."""
    numbers, places = np.asarray(values, dtype=np.float64), np.asarray(knots, dtype=np.float64)
    before_last, last = places[-2:]
    span = (last - places[0]) ** 2

    def cube(knot: float) -> Numbers:
        return np.asarray(np.maximum(numbers - knot, 0.0) ** 3, dtype=np.float64)

    columns = [numbers]
    for knot in places[:-2]:
        share = (last - knot) / (last - before_last)
        columns.append((cube(knot) - cube(before_last) * share + cube(last) * (share - 1)) / span)
    return np.column_stack(columns)
