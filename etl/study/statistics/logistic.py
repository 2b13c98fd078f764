"""Logistic regression by maximum likelihood, with separated coefficients reported as infinite instead of as large.

statsmodels' Logit does Newton's steps, on columns of mean 0 and deviation 1 so that units cannot spoil the precision.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from etl.study.statistics.block_tests import likelihood_ratio_test, score_block_test, wald_block_test
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.separation import Separation, find_separation
from etl.study.statistics.test_result import TestResult

MAX_ITERATIONS = 25
UNSEEN = 1e-7  # share of a direction below which a coefficient is no part of it
TOLERANCE = 1e-9  # of a step, in deviations of a column; Newton's next step would be its square


@dataclass(frozen=True)
class LogisticFit:
    """A fitted logistic regression of an outcome on p columns and an intercept.

    Attributes:
        intercept: Log odds where every column is 0; infinite or nan like a coefficient.
        coefficients: Log odds ratios, p of them; inf or -inf where the estimate runs away; nan where other columns
            separate the same patients, so that the data say nothing about this one.
        full_covariance: Inverse information, p + 1 square, intercept first; nan for what is not finite.
        log_likelihood_null: Of the intercept alone.
        log_likelihood: At the maximum, or the limit that it runs to when separated.
        score_test: Of all columns at once.
        n: Patients.
        events: Patients with the outcome.
        iterations: Newton's steps.
        is_converged: Whether the maximum was found; False where the outcome is separated.
        infinite: Numbers of the columns whose estimate runs away.
        note: A sentence on what is not as usual; else empty.
    """

    intercept: float
    coefficients: NDArray[np.float64]
    full_covariance: NDArray[np.float64]
    log_likelihood_null: float
    log_likelihood: float
    score_test: TestResult
    n: int
    events: int
    iterations: int
    is_converged: bool
    infinite: tuple[int, ...] = ()
    note: str = ""

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Covariance of the p coefficients, without the intercept."""
        return self.full_covariance[1:, 1:]

    @property
    def standard_errors(self) -> NDArray[np.float64]:
        """Standard errors of the p coefficients."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def intercept_standard_error(self) -> float:
        """Standard error of the intercept."""
        return float(np.sqrt(self.full_covariance[0, 0]))

    @cached_property
    def likelihood_ratio_test(self) -> TestResult:
        """All columns at once against the intercept alone."""
        return likelihood_ratio_test(self.log_likelihood, self.log_likelihood_null, len(self.coefficients))

    @cached_property
    def wald_test(self) -> TestResult:
        """All columns at once by Wald."""
        return wald_block_test(self.coefficients, self.covariance, range(len(self.coefficients)))


def fit_logistic(matrix: NDArray[np.float64], outcome: NDArray[np.float64]) -> LogisticFit:
    """Fit the log odds of `outcome` (0 or 1, one per row) on the columns of `matrix` and an intercept.

    Where the outcome is separated, the coefficients that have no finite estimate are infinite, in their direction, and
    the others are their limits (Albert and Anderson 1984). Raises ValueError where a column is a linear combination of
    earlier ones, a number is not finite, or an outcome is neither 0 nor 1.
    """
    matrix, outcome = np.asarray(matrix, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    _check(matrix, outcome)
    if not len(outcome) or outcome.min() == outcome.max():
        return _constant_outcome(matrix, outcome)
    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0)
    scaled = with_intercept((matrix - mean) / deviation)
    share = outcome.mean()
    start = np.concatenate([[np.log(share / (1 - share))], np.zeros(matrix.shape[1])])
    estimate, iterations, is_converged = _newton(scaled, outcome, start=start)
    if not is_converged:
        separation = find_separation(with_intercept(matrix), outcome)
        if separation.is_separated:
            return _separated(matrix, outcome, separation, iterations)
    note = "" if is_converged else f"No maximum was found in {iterations} steps, although nothing is separated."
    # beta = back @ estimate undoes the scaling, and the covariance follows
    back = np.diag(np.concatenate([[1.0], 1 / deviation]))
    back[0, 1:] = -mean / deviation
    information = score_at(scaled[:, 1:], outcome, estimate)[1]
    beta = back @ estimate
    return LogisticFit(
        intercept=float(beta[0]),
        coefficients=beta[1:],
        full_covariance=back @ np.linalg.inv(information) @ back.T,
        log_likelihood=log_likelihood_at(scaled[:, 1:], outcome, estimate),
        iterations=iterations,
        is_converged=is_converged,
        note=note,
        **_null_model(matrix, outcome),
    )


def likelihood_ratio_block_test(
    matrix: NDArray[np.float64], outcome: NDArray[np.float64], columns: "list[int]", *, fit: LogisticFit
) -> TestResult:
    """Test that the coefficients of `columns` are all zero: `fit`, of all of `matrix`, against the fit without them."""
    reduced = fit_logistic(np.delete(matrix, columns, axis=1), outcome)
    return likelihood_ratio_test(fit.log_likelihood, reduced.log_likelihood, len(columns))


def log_likelihood_at(
    matrix: NDArray[np.float64], outcome: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> float:
    """Return the log likelihood at `coefficients`, the intercept first."""
    predictor = coefficients[0] + matrix @ coefficients[1:]
    return float(np.sum(outcome * predictor - np.logaddexp(0, predictor)))


def score_at(
    matrix: NDArray[np.float64], outcome: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return score (p + 1) and information (p + 1 square) of the log likelihood at `coefficients`, intercept first."""
    full = with_intercept(matrix)
    expected = expit(full @ coefficients)
    return full.T @ (outcome - expected), (full * (expected * (1 - expected))[:, None]).T @ full


def with_intercept(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put a column of ones before the others."""
    return np.column_stack([np.ones(len(matrix)), matrix])


def _check(matrix: NDArray[np.float64], outcome: NDArray[np.float64]) -> None:
    if len(matrix) != len(outcome):
        raise ValueError(f"{len(matrix)} rows, but {len(outcome)} outcomes")
    if not np.isfinite(matrix).all():
        raise ValueError("a number is missing or infinite; leave its row out first")
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise ValueError("an outcome is neither 0 nor 1")
    dependent = sorted(set(range(matrix.shape[1])) - set(independent_columns(matrix)))
    if dependent:
        raise ValueError(
            f"columns {dependent} are constant or linear combinations of earlier ones; leave them out first"
        )


def _newton(
    full: NDArray[np.float64], outcome: NDArray[np.float64], *, start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int, bool]:
    """Return estimates, steps, and whether they converged; in a separated outcome each step stays about 1 long."""
    from statsmodels.discrete.discrete_model import Logit

    model = Logit(outcome, full, check_rank=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # perfect prediction and overflow: the last value returned reports them
        try:
            fit = model.fit(
                start,
                method="newton",
                maxiter=MAX_ITERATIONS,
                tol=TOLERANCE,
                ridge_factor=0,
                disp=0,
                warn_convergence=False,
            )
        except np.linalg.LinAlgError:
            return start, MAX_ITERATIONS, False
    estimate = np.asarray(fit.params, dtype=np.float64)
    is_converged = bool(fit.mle_retvals["converged"]) and bool(np.isfinite(estimate).all())
    return estimate if is_converged else start, int(fit.mle_retvals["iterations"]), is_converged


def _separated(
    matrix: NDArray[np.float64], outcome: NDArray[np.float64], separation: Separation, iterations: int
) -> LogisticFit:
    """Fit what is left: rows that nothing separates determine the finite coefficients and the limit of the likelihood."""
    full = with_intercept(matrix)
    is_finite = separation.directions == 0
    beta = np.where(is_finite, np.nan, np.copysign(np.inf, separation.directions))
    covariance = np.full((len(beta), len(beta)), np.nan)
    log_likelihood = 0.0
    rows, overlap = full[separation.is_overlap], outcome[separation.is_overlap]
    if len(rows):
        scale = np.sqrt(np.mean(full**2, axis=0))
        _, sizes, axes = np.linalg.svd(np.linalg.qr(rows / scale, mode="r"))
        rank = int(np.sum(sizes > sizes[0] * max(rows.shape) * np.finfo(float).eps))
        seen, unseen = axes[:rank].T, axes[rank:].T  # directions that change these rows' predictors, and that do not
        estimate, steps, _ = _newton(rows / scale @ seen, overlap, start=np.zeros(rank))
        iterations += steps
        predictor = rows / scale @ seen @ estimate
        log_likelihood = float(np.sum(overlap * predictor - np.logaddexp(0, predictor)))
        weighted = rows / scale @ seen * np.sqrt(expit(predictor) * expit(-predictor))[:, None]
        spread = seen @ np.linalg.inv(weighted.T @ weighted) @ seen.T
        is_known = is_finite & (np.abs(unseen).max(axis=1, initial=0) < UNSEEN)
        beta[is_known] = (seen @ estimate / scale)[is_known]
        covariance[np.ix_(is_known, is_known)] = (spread / np.outer(scale, scale))[np.ix_(is_known, is_known)]
    kind = "completely" if separation.is_complete else "partly"
    unknown = " Others are not determined." if np.isnan(beta).any() else ""
    return LogisticFit(
        intercept=float(beta[0]),
        coefficients=beta[1:],
        full_covariance=covariance,
        log_likelihood=log_likelihood,
        iterations=iterations,
        is_converged=False,
        infinite=tuple(int(number) for number in np.flatnonzero(~is_finite[1:])),
        note=f"The outcome is {kind} separated: infinite estimates are infinite, not large.{unknown}",
        **_null_model(matrix, outcome),
    )


def _constant_outcome(matrix: NDArray[np.float64], outcome: NDArray[np.float64]) -> LogisticFit:
    size = matrix.shape[1] + 1
    is_event = len(outcome) > 0 and outcome[0] == 1
    note = f"Nothing to fit: {'all' if is_event else 'none'} of {len(outcome)} patients have the outcome."
    return LogisticFit(
        intercept=np.nan,
        coefficients=np.full(size - 1, np.nan),
        full_covariance=np.full((size, size), np.nan),
        log_likelihood_null=0.0,
        log_likelihood=0.0,
        score_test=TestResult(method="score", statistic=None, df=float(size - 1), p=None, note=note),
        n=len(outcome),
        events=int(outcome.sum()),
        iterations=0,
        is_converged=False,
        note=note,
    )


class _NullModel(TypedDict):
    log_likelihood_null: float
    score_test: TestResult
    n: int
    events: int


def _null_model(matrix: NDArray[np.float64], outcome: NDArray[np.float64]) -> _NullModel:
    """Return what the model with the intercept alone gives."""
    share = float(outcome.mean())
    centred = matrix - matrix.mean(axis=0)
    variance = share * (1 - share) * centred.T @ centred
    events = int(outcome.sum())
    return _NullModel(
        log_likelihood_null=float(events * np.log(share) + (len(outcome) - events) * np.log1p(-share)),
        score_test=score_block_test(centred.T @ outcome, variance),
        n=len(outcome),
        events=events,
    )
