"""Standardised differences: how far two groups lie apart in units of their spread, whatever their sizes."""

import math

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.count_table import count_table
from etl.study.statistics.estimate import Estimate, unestimated

OF_MEANS, OF_LEVELS = "standardised_mean_difference", "standardised_level_difference"
PAIR = 2


def standardised_difference(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Compute the difference of two means over the root of the mean of the two variances (Austin, Stat Med 2009;28:3083).

    Args:
        x: the numbers of one group, without missing values.
        y: those of the other.

    Returns:
        The difference without limits, positive where the mean of `x` is larger; None with a note where a group has fewer
        than two values or neither varies.

    Raises:
        ValueError: a value is missing or infinite.
    """
    first, second = (np.asarray(values, dtype=np.float64).ravel() for values in (x, y))
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a group's numbers must be finite; leave missing values out before")
    if min(len(first), len(second)) < PAIR:
        return unestimated(
            OF_MEANS, None, note=f"The groups have {len(first)} and {len(second)} values; two are needed."
        )
    means = float(first.mean()), float(second.mean())
    spread = math.sqrt((float(first.var(ddof=1)) + float(second.var(ddof=1))) / 2)
    if spread <= 10 * np.finfo(np.float64).eps * max(abs(means[0]), abs(means[1])):
        return unestimated(OF_MEANS, None, note="The values do not vary within the groups.")
    return Estimate(method=OF_MEANS, value=(means[0] - means[1]) / spread, low=None, high=None, coverage=None)


def standardised_level_difference(table: ArrayLike) -> Estimate:
    """Compute Mahalanobis' distance between the shares of two groups over any number of levels.

    Yang and Dalton's multivariate form (SAS Global Forum 2012, paper 335): with the shares of all levels but one, the
    root of the squared difference in units of the mean of both groups' multinomial covariances. Which level is left out
    makes no difference; with two levels it is |p - q| over the root of the mean of p(1 - p) and q(1 - q).

    Args:
        table: whole counts, one row a level, the two groups as columns; levels that nobody has are left out.

    Returns:
        The distance, never negative, without limits; 0 where everybody has one level; None with a note where a group is
        empty or no level is in both groups (the distance has no bound).

    Raises:
        ValueError: the table does not hold whole counts in two columns.
    """
    counts = count_table(table)
    if counts.shape[1] != PAIR:
        raise ValueError(f"a standardised difference compares two groups, not {counts.shape[1]}")
    totals = counts.sum(axis=0)
    if not totals.all():
        return unestimated(OF_LEVELS, None, note="One of the groups is empty.")
    counts = counts[counts.sum(axis=1) > 0]
    if not counts.all(axis=1).any():
        return unestimated(OF_LEVELS, None, note="The groups share no level, so their shares do not vary together.")
    # Left out is a level that both groups have: its share follows from the others, and the rest is far from singular.
    others = np.delete(counts, int(np.argmax(counts.min(axis=1))), axis=0)
    if not len(others):
        return Estimate(method=OF_LEVELS, value=0.0, low=None, high=None, coverage=None)
    shares = others / totals
    covariance = sum(np.diag(share) - np.outer(share, share) for share in shares.T) / PAIR
    difference = shares[:, 0] - shares[:, 1]
    squared = float(difference @ np.linalg.solve(covariance, difference))
    return Estimate(method=OF_LEVELS, value=math.sqrt(max(0.0, squared)), low=None, high=None, coverage=None)
