"""Firth's penalised logistic regression: finite odds ratios where an outcome is separated or a cell is empty.

The likelihood times the square root of the information's determinant (Firth 1993; Heinze and Schemper 2002).
firthmodels fits it and finds the profile limits; what it does not offer, tests of whole factors, is done here. Tests
compare maxima of the same penalised likelihood, with the penalty of the full model throughout, as R's logistf does.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import chi2

from etl.study.statistics.block_tests import chi_square_result
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import with_intercept
from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]

GRADIENT = 1e-10
"""Largest gradient, in deviations of a column, at which a maximum counts as found."""

MAX_ITERATIONS = 500
LONGEST_STEP = 5.0
WELL_CONDITIONED = 1e-4
"""Smallest eigenvalue of the information, its diagonal brought to 1, down to which sums of squares lose no digits."""
MANY_PATIENTS = 1_000
"""Patients per parameter from which on Newton's steps take the information in place of the second derivative."""
FARTHEST = 1e4
"""Deviations of a column within which a profile limit is searched for."""


@dataclass(frozen=True)
class FirthFit:
    """A fitted penalised logistic regression on p columns and an intercept.

    Attributes:
        intercept: Log odds where every column is 0.
        coefficients: Penalised log odds ratios, p of them, always finite.
        standard_errors: By Wald, from the information; next to separation prefer the profile limits.
        lower: Lower profile limits of the coefficients; nan where none was found.
        upper: Upper profile limits; nan where none was found.
        tests: Per column, penalised likelihood ratio with 1 df.
        log_likelihood: Penalised.
        level: Of the limits.
        n: Patients.
        events: Patients with the outcome.
        is_converged: Whether the maximum was found.
        note: A sentence on what is not as usual; else empty.
    """

    intercept: float
    coefficients: Numbers
    standard_errors: Numbers
    lower: Numbers
    upper: Numbers
    tests: tuple[TestResult, ...]
    log_likelihood: float
    level: float
    n: int
    events: int
    is_converged: bool
    note: str = ""


def fit_firth(matrix: Numbers, outcome: Numbers, *, level: float = 0.95) -> FirthFit:
    """Fit the log odds of `outcome` (0 or 1, one per row) on the columns of `matrix` and an intercept.

    Raises ValueError where a column is a linear combination of earlier ones, or both outcomes do not occur.
    """
    from firthmodels import FirthLogisticRegression

    full, mean, deviation = _scale(matrix, outcome)
    notes = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # converged_ and nan report what the warnings say
        model = FirthLogisticRegression(
            backend="numpy", max_iter=MAX_ITERATIONS, gtol=GRADIENT, xtol=GRADIENT, max_step=LONGEST_STEP
        ).fit(full[:, 1:], outcome)
        numbers = list(range(matrix.shape[1]))
        limits = model.conf_int(1 - level, method="pl", features=numbers, max_iter=100, tol=GRADIENT)[:-1]
    estimate = np.concatenate([[model.intercept_], model.coef_])
    # the library's steps end about 1e-9 from the maximum where rounding hides the gain; these are quadratic
    estimate, is_converged = _maximise(full, outcome, estimate, held=np.zeros(len(estimate), dtype=np.bool_))
    best = _penalised(full, outcome, estimate)[0]
    if not is_converged:
        notes.append(f"The penalised maximum was not found in {MAX_ITERATIONS} steps.")
    for number in numbers:
        for side, sign in enumerate((-1, 1)):
            if not sign * limits[number, side] > sign * estimate[1 + number]:  # nan, or the root of the other side
                limits[number, side] = _search_limit(full, outcome, estimate, number, sign=sign, level=level, best=best)
    if np.isnan(limits).any():
        notes.append(f"A profile limit lies farther than {FARTHEST:g} standard deviations, or was not found.")
    return FirthFit(
        intercept=float(estimate[0] - estimate[1:] @ (mean / deviation)),
        coefficients=estimate[1:] / deviation,
        standard_errors=np.asarray(model.bse_[:-1]) / deviation,
        lower=limits[:, 0] / deviation,
        upper=limits[:, 1] / deviation,
        tests=tuple(_ratio_test(full, outcome, estimate, [number], best) for number in numbers),
        log_likelihood=best + float(np.log(deviation).sum()),
        level=level,
        n=len(outcome),
        events=int(outcome.sum()),
        is_converged=is_converged,
        note=" ".join(notes),
    )


def firth_block_test(matrix: Numbers, outcome: Numbers, columns: Sequence[int], *, fit: FirthFit) -> TestResult:
    """Test by penalised likelihood ratio that the coefficients of `columns` are all zero; `fit` is of all columns."""
    full, mean, deviation = _scale(matrix, outcome)
    slopes = fit.coefficients * deviation
    estimate = np.concatenate([[fit.intercept + fit.coefficients @ mean], slopes])
    return _ratio_test(full, outcome, estimate, list(columns), fit.log_likelihood - float(np.log(deviation).sum()))


def _scale(matrix: Numbers, outcome: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the columns, each of mean 0 and deviation 1, after an intercept; their means; their deviations."""
    if not np.isfinite(matrix).all() or not np.isin(outcome, (0, 1)).all():
        raise ValueError("a number is missing or infinite, or an outcome is neither 0 nor 1")
    if len(np.unique(outcome)) != 2:  # noqa: PLR2004
        raise ValueError("both outcomes must occur")
    if len(independent_columns(matrix)) < matrix.shape[1]:
        raise ValueError("a column is constant or a linear combination of earlier ones; leave it out first")
    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0)
    return with_intercept((matrix - mean) / deviation), mean, deviation


def _ratio_test(full: Numbers, outcome: Numbers, estimate: Numbers, columns: Sequence[int], best: float) -> TestResult:
    held = np.zeros(full.shape[1], dtype=np.bool_)
    held[[1 + number for number in columns]] = True
    reduced, is_converged = _maximise(full, outcome, np.where(held, 0.0, estimate), held=held)
    if not is_converged:
        return untested("penalised_likelihood_ratio", "The penalised maximum without the columns was not found.")
    loss = 2 * (best - _penalised(full, outcome, reduced)[0])
    return chi_square_result("penalised_likelihood_ratio", loss, len(columns))


def _search_limit(
    full: Numbers, outcome: Numbers, estimate: Numbers, number: int, *, sign: int, level: float, best: float
) -> float:
    """Find one profile limit by bisection where Venzon and Moolgavkar's steps do not; nan when there is none."""
    held = np.arange(full.shape[1]) == 1 + number
    drop = chi2.ppf(level, 1) / 2
    current = estimate

    def excess(value: float) -> float:
        nonlocal current
        current, is_converged = _maximise(full, outcome, np.where(held, value, current), held=held)
        return best - drop - _penalised(full, outcome, current)[0] if is_converged else np.nan

    inner, width = float(estimate[1 + number]), 1.0
    while width < FARTHEST:
        outer = inner + sign * width
        over = excess(outer)
        if np.isnan(over):
            return np.nan
        if over > 0:
            low, high = sorted((inner, outer))
            limit = float(brentq(excess, low, high, xtol=1e-12, rtol=1e-14))
            return limit if abs(excess(limit)) < np.sqrt(GRADIENT) else np.nan
        inner, width = outer, width * 2
    return np.nan


def _maximise(full: Numbers, outcome: Numbers, start: Numbers, *, held: NDArray[np.bool_]) -> tuple[Numbers, bool]:
    """Maximise the penalised likelihood over the parameters that are not held; the estimates, and whether found."""
    beta, free = start, ~held
    if not free.any():
        return beta, True
    value, gradient = _penalised(full, outcome, beta)
    for _ in range(MAX_ITERATIONS):
        if np.abs(gradient[free]).max() < GRADIENT:
            return beta, True
        step = np.zeros(len(beta))
        step[free] = np.linalg.solve(_curvature(full, beta, free), gradient[free])
        step *= min(1.0, LONGEST_STEP / np.abs(step).max())
        for _ in range(30):
            next_value, next_gradient = _penalised(full, outcome, beta + step)
            # near the maximum rounding hides the gain: there a smaller gradient is progress
            if next_value > value or np.abs(next_gradient[free]).max() < np.abs(gradient[free]).max():
                break
            step /= 2
        else:
            return beta, False
        beta, value, gradient = beta + step, next_value, next_gradient
    return beta, False


def _penalised(full: Numbers, outcome: Numbers, beta: Numbers) -> tuple[float, Numbers]:
    """Return the penalised log likelihood and its gradient at `beta`."""
    predictor = full @ beta
    expected = expit(predictor)
    weight = expected * expit(-predictor)
    leverage, root = _leverage(full, weight)
    value = float(np.sum(outcome * predictor - np.logaddexp(0, predictor))) + root
    return value, full.T @ (outcome - expected + leverage * (0.5 - expected))


def _leverage(full: Numbers, weight: Numbers) -> tuple[Numbers, float]:
    """Return each patient's leverage and half the logarithm of the information's determinant.

    By the information where it is far from singular, which is several times as fast as by an orthogonal basis.
    """
    information = (full * weight[:, None]).T @ full
    size = np.sqrt(np.diag(information))
    if size.all() and np.isfinite(size).all():
        values, axes = np.linalg.eigh(information / np.outer(size, size))
        if values[0] > WELL_CONDITIONED:
            rotated = full @ (axes / np.sqrt(values) / size[:, None])
            leverage = weight * np.einsum("ij,ij->i", rotated, rotated)
            return leverage, float(np.log(size).sum() + np.log(values).sum() / 2)
    q, r = np.linalg.qr(full * np.sqrt(weight)[:, None])
    return np.einsum("ij,ij->i", q, q), float(np.log(np.abs(np.diag(r))).sum())


def _curvature(full: Numbers, beta: Numbers, free: NDArray[np.bool_]) -> Numbers:
    """Return minus the second derivative in the free parameters; the information where that is not positive definite.

    With information alone the steps converge slowly, or not at all, when few patients carry many parameters; when many
    do, the penalty hardly bends the likelihood, and its second derivative costs more than the steps that it saves.
    """
    predictor = full @ beta
    expected = expit(predictor)
    weight = expected * expit(-predictor)
    information = (full * weight[:, None]).T @ full
    if len(full) > MANY_PATIENTS * full.shape[1]:
        return np.asarray(information[np.ix_(free, free)])
    solved = np.linalg.solve(information, full.T).T
    variance = np.einsum("ij,ij->i", solved, full)
    skew = weight * (1 - 2 * expected)
    # the leverage is weight x variance; its slope in parameter s has one part from each
    slope = np.empty_like(full)
    for s in range(full.shape[1]):
        change = (full * (skew * full[:, s])[:, None]).T @ full
        slope[:, s] = skew * full[:, s] * variance - weight * np.einsum("ij,ij->i", solved @ change, solved)
    exact = (full * (weight * (1 + weight * variance))[:, None]).T @ full - (full * (0.5 - expected)[:, None]).T @ slope
    grid = np.ix_(free, free)
    try:
        np.linalg.cholesky(exact[grid])
    except np.linalg.LinAlgError:
        return np.asarray(information[grid])
    return np.asarray(exact[grid])
