"""Cox regression: fit by Newton's method, with strata, delayed entry and time-dependent covariates.

Rows with `entry` and `time` are the intervals (entry, time] of a counting process; a patient may have several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from etl.study.statistics.cox_likelihood import Likelihood, Ties, partial_likelihood
from etl.study.statistics.newton import MOST_ITERATIONS, Ascent, climb, solve
from etl.study.statistics.risk_sets import Numbers
from etl.study.statistics.survival_data import SurvivalData, check_survival_data

MOST_EXACT_ROWS = 2_000
_ALIASED = 1e-10  # share of a column's information that the columns before it leave


@dataclass(frozen=True)
class CoxFit:
    """A fitted Cox model of p columns.

    Attributes:
        coefficients: Log hazard ratios; `inf` or `-inf` where the estimate runs away, NaN where a column says nothing
            that the columns before it do not say.
        covariance: Inverse of the observed information, p x p; NaN where the coefficient is not finite.
        log_likelihood_null: Log partial likelihood with all coefficients 0; None when nothing could be computed.
        log_likelihood: Log partial likelihood at the estimate (its limit where estimates are infinite).
        score_test: Score statistic of all coefficients being 0, chi-square with `df` degrees of freedom.
        df: Columns with an estimate, infinite ones included.
        n: Rows.
        events: Events.
        iterations: Newton steps.
        is_converged: Whether the maximum was reached, or its limit where estimates are infinite.
        reached: The coefficients where the fit stopped, finite also at infinite estimates, 0 where there is none: there
            the likelihood is at its limit.
        infinite: Columns whose estimate runs away.
        aliased: Columns without an estimate.
        note: What was not computed or must be read with care, as sentences; empty when there is nothing to say.
    """

    coefficients: Numbers
    covariance: Numbers
    log_likelihood_null: float | None
    log_likelihood: float | None
    score_test: float | None
    df: int
    n: int
    events: int
    iterations: int
    is_converged: bool
    reached: Numbers
    infinite: tuple[int, ...] = ()
    aliased: tuple[int, ...] = ()
    note: str = ""

    @property
    def likelihood_ratio(self) -> float | None:
        """Twice the gain of log-likelihood over the model without covariates; chi-square with `df` degrees."""
        if self.log_likelihood is None or self.log_likelihood_null is None:
            return None
        return 2 * (self.log_likelihood - self.log_likelihood_null)

    @property
    def standard_errors(self) -> Numbers:
        """Square roots of the covariance's diagonal."""
        return np.sqrt(np.diag(self.covariance))


def fit_cox(
    matrix: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    ties: Ties = "efron",
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    start: ArrayLike | None = None,
) -> CoxFit:
    """Fit a Cox model.

    Args:
        matrix: Covariates without an intercept, n x p, complete.
        time: End of each row's observation.
        event: 1 or True where it ended with the event.
        ties: Efron's or Breslow's approximation, or the exact discrete likelihood (up to 2,000 rows).
        stratum: Labels of strata, each with its own baseline hazard.
        entry: Time after which a row is at risk (delayed entry, time-dependent covariates).
        start: Coefficients to start from; 0 without it, and where they are not finite.

    Raises:
        ValueError: A value is missing, lengths differ, or a row's entry is not before its time (R would leave such a
            row out, and its event with it).
    """
    return fit_checked(check_survival_data(matrix, time, event, stratum=stratum, entry=entry), ties, start=start)


def fit_checked(data: SurvivalData, ties: Ties, *, start: ArrayLike | None = None) -> CoxFit:
    """Fit a Cox model to data that are checked and sorted already; see `fit_cox`."""
    width = data.matrix.shape[1]
    if problem := _why_not(data, ties):
        empty = np.full(width, np.nan)
        return CoxFit(
            coefficients=empty,
            covariance=np.full((width, width), np.nan),
            log_likelihood_null=None,
            log_likelihood=None,
            score_test=None,
            df=0,
            n=len(data.matrix),
            events=data.events,
            iterations=0,
            is_converged=False,
            reached=np.zeros(width),
            note=problem,
        )
    null = partial_likelihood(data.scaled, data.risk_sets, np.zeros(width), ties)
    used = _independent_columns(null.information, data.events)
    initial = np.zeros(width) if start is None else np.asarray(start, float) * data.scale
    initial[~np.isfinite(initial)] = 0.0
    matrix = data.scaled if len(used) == width else data.scaled[:, used]
    ascent = climb(
        lambda coefficients: partial_likelihood(matrix, data.risk_sets, coefficients, ties),
        initial[used],
        np.ptp(matrix, axis=0),
    )
    return _describe(data, null, used, ascent)


def score_at(
    matrix: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    coefficients: ArrayLike,
    *,
    ties: Ties = "efron",
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> Likelihood:
    """Evaluate the log partial likelihood, its score and its information at given coefficients, without fitting.

    A score test for entry takes the fitted coefficients with 0 for the candidate; the gain or loss of likelihood by
    conditional estimates takes those estimates. Arguments and errors are those of `fit_cox`.

    Raises:
        ValueError: As `fit_cox`; also when the exact likelihood is asked for more than 2,000 rows.
    """
    data = check_survival_data(matrix, time, event, stratum=stratum, entry=entry)
    if ties == "exact" and len(data.matrix) > MOST_EXACT_ROWS:
        raise ValueError(_too_many_rows(len(data.matrix)))
    result = partial_likelihood(data.scaled, data.risk_sets, np.asarray(coefficients, float) * data.scale, ties)
    return Likelihood(
        result.logarithm, result.score * data.scale, result.information * np.outer(data.scale, data.scale)
    )


def _why_not(data: SurvivalData, ties: Ties) -> str:
    if not len(data.matrix):
        return "There are no rows to fit."
    if not data.events:
        return "There is no event, so no hazard ratio can be estimated."
    if ties == "exact" and len(data.matrix) > MOST_EXACT_ROWS:
        return _too_many_rows(len(data.matrix))
    return ""


def _too_many_rows(n: int) -> str:
    return f"Exact ties are computed for up to {MOST_EXACT_ROWS:,} rows; there are {n:,}."


def _independent_columns(information: Numbers, events: int) -> NDArray[np.int64]:
    """Find columns that add information to those before them; whether they do does not depend on the coefficients."""
    used: list[int] = []
    for column in range(len(information)):
        own = information[column, column]
        cross = information[used, column]
        block = information[np.ix_(used, used)]
        left = own - cross @ np.linalg.solve(block, cross) if used else own
        if own > _ALIASED * events and left > _ALIASED * own:
            used.append(column)
    return np.array(used, dtype=np.int64)


def _describe(data: SurvivalData, null: Likelihood, used: NDArray[np.int64], ascent: Ascent) -> CoxFit:
    width = data.matrix.shape[1]
    coefficients = np.full(width, np.nan)
    reached = np.zeros(width)
    reached[used] = ascent.coefficients / data.scale[used]
    coefficients[used] = np.where(ascent.is_infinite, np.copysign(np.inf, ascent.direction), reached[used])
    inverse = solve(ascent.likelihood.information, np.eye(len(used)))
    inverse = (inverse + inverse.T) / 2 / np.outer(data.scale[used], data.scale[used])
    inverse[ascent.is_infinite, :] = np.nan
    inverse[:, ascent.is_infinite] = np.nan
    covariance = np.full((width, width), np.nan)
    covariance[np.ix_(used, used)] = inverse
    score, information = null.score[used], null.information[np.ix_(used, used)]
    aliased = tuple(sorted(set(range(width)) - set(used.tolist())))
    infinite = tuple(int(column) for column in used[ascent.is_infinite])
    return CoxFit(
        coefficients=coefficients,
        covariance=covariance,
        log_likelihood_null=null.logarithm,
        log_likelihood=ascent.likelihood.logarithm,
        score_test=float(score @ solve(information, score)),
        df=len(used),
        n=len(data.matrix),
        events=data.events,
        iterations=ascent.iterations,
        is_converged=ascent.is_converged,
        reached=reached,
        infinite=infinite,
        aliased=aliased,
        note=_notes(aliased, infinite, ascent.is_converged),
    )


def _notes(aliased: tuple[int, ...], infinite: tuple[int, ...], is_converged: bool) -> str:
    sentences = []
    if aliased:
        sentences.append(
            f"{len(aliased)} column(s) have no estimate: constant in every risk set, or a sum of columns before them."
        )
    if infinite:
        sentences.append(f"{len(infinite)} coefficient(s) run away: the data separate events from the others at risk.")
    if not is_converged:
        sentences.append(f"The fit did not converge in up to {MOST_ITERATIONS} steps.")
    return " ".join(sentences)
