"""Inverse probability of censoring weights: a binary outcome at a horizon although some were censored before it.

Patients whose outcome is known stand for those like them who were censored: their weight is one over the Kaplan-Meier
probability of being uncensored so long. A death and a censoring on one day: the death comes first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import with_intercept
from etl.study.statistics.separation import find_separation

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class CensoringWeights:
    """Outcome at a horizon, one entry per patient.

    Attributes:
        is_beyond: Whether the patient is known to live beyond the horizon.
        is_known: Whether the outcome is known: beyond the horizon, or dead at or before it.
        weights: Zero for those who were censored at or before the horizon.
    """

    is_beyond: NDArray[np.bool_]
    is_known: NDArray[np.bool_]
    weights: Numbers


@dataclass(frozen=True)
class WeightedLogisticFit:
    """A logistic regression with weights, and standard errors by the sandwich (HC0), which takes weights as known.

    Attributes:
        intercept: Log odds where every column is 0.
        coefficients: Log odds ratios, one per column; infinite where the estimate runs away.
        standard_errors: Robust, of the coefficients; nan where the outcome is separated.
        full_covariance: Robust, intercept first.
        n: Patients with a weight.
        events: Patients with the outcome and a weight.
        weight_sum: Sum of the weights.
        is_converged: Whether the maximum was found.
        note: A sentence on what is not as usual; else empty.
    """

    intercept: float
    coefficients: Numbers
    standard_errors: Numbers
    full_covariance: Numbers
    n: int
    events: int
    weight_sum: float
    is_converged: bool
    note: str = ""


def censoring_weights(
    time: Numbers, event: Numbers, horizon: float, *, group: NDArray[np.generic] | None = None
) -> CensoringWeights:
    """Weight the patients whose outcome at `horizon` is known.

    `time` and `horizon` share a unit; `event` is 1 for a death, 0 for a censored time. With `group` the probability of
    censoring is estimated within each group. The weighted share beyond the horizon then equals the Kaplan-Meier
    estimate, of each group or of all.
    """
    is_event = np.asarray(event) == 1
    is_beyond = time > horizon
    is_known = is_beyond | (is_event & (time <= horizon))
    weights = np.zeros(len(time))
    labels = np.zeros(len(time)) if group is None else group
    for label in np.unique(labels):
        rows = labels == label
        uncensored = _uncensored(time[rows], is_event[rows], horizon)
        weights[rows] = np.where(is_known[rows], 1 / uncensored, 0.0)
    return CensoringWeights(is_beyond=is_beyond, is_known=is_known, weights=weights)


def fit_weighted_logistic(matrix: Numbers, outcome: Numbers, weights: Numbers) -> WeightedLogisticFit:
    """Fit the log odds of `outcome` (0 or 1) on the columns of `matrix` and an intercept with `weights` per patient.

    Raises ValueError where a weight is negative or a column is a linear combination of earlier ones among the patients
    with a weight.
    """
    if not (weights >= 0).all():
        raise ValueError("a weight is negative or missing")
    used = weights > 0
    matrix, outcome, weights = matrix[used], outcome[used], weights[used]
    if len(independent_columns(matrix)) < matrix.shape[1]:
        raise ValueError("a column is constant or a linear combination of earlier ones; leave it out first")
    size = matrix.shape[1] + 1
    beta, covariance = np.full(size, np.nan), np.full((size, size), np.nan)
    note = ""
    is_converged = False
    if len(np.unique(outcome)) < 2:  # noqa: PLR2004
        note = "Nothing to fit: one outcome alone occurs."
    else:
        separation = find_separation(with_intercept(matrix), outcome)
        if separation.is_separated:
            beta = np.where(separation.directions == 0, np.nan, np.copysign(np.inf, separation.directions))
            note = "The outcome is separated: infinite estimates are infinite, and the others are not given."
        else:
            beta, covariance, is_converged = _fit(matrix, outcome, weights)
            note = "" if is_converged else "The maximum was not found."
    return WeightedLogisticFit(
        intercept=float(beta[0]),
        coefficients=beta[1:],
        standard_errors=np.sqrt(np.diag(covariance))[1:],
        full_covariance=covariance,
        n=len(outcome),
        events=int(outcome.sum()),
        weight_sum=float(weights.sum()),
        is_converged=is_converged,
        note=note,
    )


def _uncensored(time: Numbers, is_event: NDArray[np.bool_], horizon: float) -> Numbers:
    """Return, per patient, the probability of not being censored before the death, or up to the horizon."""
    censored_at, counts = np.unique(time[~is_event], return_counts=True)
    # at risk of censoring on a day: who is observed longer, and who is censored that day, not who dies that day
    longer = len(time) - np.searchsorted(np.sort(time), censored_at, side="right")
    curve = np.concatenate([[1.0], np.cumprod(longer / (longer + counts))])
    at_death = curve[np.searchsorted(censored_at, time, side="left")]
    at_horizon = curve[np.searchsorted(censored_at, horizon, side="right")]
    chance = np.where(time > horizon, at_horizon, at_death)
    return np.where(chance > 0, chance, np.nan)


def _fit(matrix: Numbers, outcome: Numbers, weights: Numbers) -> tuple[Numbers, Numbers, bool]:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0)
    full = with_intercept((matrix - mean) / deviation)
    fit = GLM(outcome, full, family=Binomial(), var_weights=weights).fit(tol=1e-14, maxiter=100, tol_criterion="params")
    expected = expit(full @ fit.params)
    bread = np.linalg.inv((full * (weights * expected * (1 - expected))[:, None]).T @ full)
    scores = full * (weights * (outcome - expected))[:, None]
    back = np.diag(np.concatenate([[1.0], 1 / deviation]))
    back[0, 1:] = -mean / deviation
    covariance = back @ bread @ (scores.T @ scores) @ bread @ back.T
    is_converged = bool(np.abs(scores.sum(axis=0)).max() < 1e-8 * weights.sum())
    return np.asarray(back @ fit.params), covariance, is_converged
