"""Heterogeneity between hospitals: an estimate in each, Cochran's Q, I squared, and the test of interaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from etl.study.statistics.block_tests import likelihood_ratio_test
from etl.study.statistics.cox import CoxFit, fit_cox
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import LogisticFit, fit_logistic
from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]
Labels = NDArray[np.str_]
Ties = Literal["efron", "breslow", "exact"]
Fitter = Callable[[NDArray[np.bool_], list[int]], tuple[Numbers, Numbers, str]]
"""Fits some columns to some rows; returns coefficients, standard errors and a note."""


@dataclass(frozen=True)
class SiteEstimate:
    """One hospital's estimate of a log ratio.

    Attributes:
        site: The hospital.
        n: Its patients.
        events: Its patients with the outcome.
        estimate: Log odds or hazard ratio; infinite where it runs away, None where nothing can be computed.
        standard_error: Of `estimate`; None where that is not finite.
        note: Why something is missing; else empty.
    """

    site: str
    n: int
    events: int
    estimate: float | None
    standard_error: float | None
    note: str = ""


@dataclass(frozen=True)
class Heterogeneity:
    """How much estimates differ beyond chance, by fixed effects of inverse variance (Higgins and Thompson 2002).

    Attributes:
        q: Cochran's Q.
        df: Estimates less one.
        p: Of Q against chi-square.
        i_squared: Share of the variation between estimates that is not chance, 0 to 1.
        tau_squared: Variance between hospitals by DerSimonian and Laird.
        pooled: Mean of the log ratios, weighted by inverse variance.
        pooled_standard_error: Of `pooled`.
        note: Which hospitals could not be used; else empty.
    """

    q: float | None
    df: int
    p: float | None
    i_squared: float | None
    tau_squared: float | None
    pooled: float | None
    pooled_standard_error: float | None
    note: str = ""


def logistic_estimates_by_site(
    matrix: Numbers, outcome: Numbers, sites: Labels, *, column: int = 0
) -> tuple[SiteEstimate, ...]:
    """Fit the logistic model of `matrix` in each hospital on its own, and return the estimates of one column.

    Columns that do not vary within a hospital, or that others determine there, are left out of its model.
    """
    return _by_site(matrix, outcome, sites, column, _logistic_fitter(matrix, outcome))


def cox_estimates_by_site(
    matrix: Numbers, time: Numbers, event: Numbers, sites: Labels, *, column: int = 0, ties: Ties = "efron"
) -> tuple[SiteEstimate, ...]:
    """Fit the Cox model of `matrix` in each hospital on its own, and return the estimates of one column."""
    return _by_site(matrix, event, sites, column, _cox_fitter(matrix, time, event, ties))


def logistic_estimates_of_columns(
    matrix: Numbers, outcome: Numbers, sites: Labels
) -> tuple[tuple[SiteEstimate, ...], ...]:
    """As `logistic_estimates_by_site` of every column, with one fit for all of them where a hospital determines all."""
    return _of_columns(matrix, outcome, sites, _logistic_fitter(matrix, outcome))


def cox_estimates_of_columns(
    matrix: Numbers, time: Numbers, event: Numbers, sites: Labels, *, ties: Ties = "efron"
) -> tuple[tuple[SiteEstimate, ...], ...]:
    """As `cox_estimates_by_site` of every column, with one fit for all of them where a hospital determines all."""
    return _of_columns(matrix, event, sites, _cox_fitter(matrix, time, event, ties))


def cochran_q(estimates: Sequence[SiteEstimate]) -> Heterogeneity:
    """Test whether the hospitals' log ratios differ; hospitals without a finite estimate are left out, with a note."""
    used = [
        (site.estimate, site.standard_error)
        for site in estimates
        if site.estimate is not None and site.standard_error is not None
    ]
    left_out = [site.site for site in estimates if site.estimate is None or site.standard_error is None]
    note = f"Left out, without a finite estimate: {', '.join(left_out)}." if left_out else ""
    if len(used) < 2:  # noqa: PLR2004
        note = f"{note} Fewer than two hospitals have an estimate.".strip()
        return Heterogeneity(None, max(0, len(used) - 1), None, None, None, None, None, note)
    values, errors = np.array(used).T
    weights = 1 / errors**2
    pooled = float(weights @ values / weights.sum())
    q = float(weights @ (values - pooled) ** 2)
    df = len(used) - 1
    spread = float(weights.sum() - (weights**2).sum() / weights.sum())
    return Heterogeneity(
        q=q,
        df=df,
        p=float(chi2.sf(q, df)),
        i_squared=max(0.0, (q - df) / q) if q > 0 else 0.0,
        tau_squared=max(0.0, (q - df) / spread),
        pooled=pooled,
        pooled_standard_error=float(1 / np.sqrt(weights.sum())),
        note=note,
    )


def logistic_interaction_test(
    matrix: Numbers,
    outcome: Numbers,
    sites: Labels,
    *,
    columns: Sequence[int],
    smaller: LogisticFit | None = None,
) -> TestResult:
    """Test by likelihood ratio whether the effect of `columns` differs between hospitals, each with its own intercept.

    `smaller` is the model of `matrix` and the intercepts (`fit_with_intercepts`), where it is fitted already.
    """
    base = _with_intercepts(matrix, sites)
    products = _products(matrix, _indicators(sites), columns)
    both = np.column_stack([base, products])
    both = both[:, independent_columns(both)]
    df = both.shape[1] - base.shape[1]
    if df == 0:
        return untested("likelihood_ratio", "The effect cannot be estimated in more than one hospital.")
    larger = fit_logistic(both, outcome)
    if smaller is None:
        smaller = fit_logistic(base, outcome)
    return likelihood_ratio_test(larger.log_likelihood, smaller.log_likelihood, df)


def fit_with_intercepts(matrix: Numbers, outcome: Numbers, sites: Labels) -> LogisticFit:
    """Fit the logistic model of `matrix` with an intercept for each hospital."""
    return fit_logistic(_with_intercepts(matrix, sites), outcome)


def cox_interaction_test(
    matrix: Numbers,
    time: Numbers,
    event: Numbers,
    sites: Labels,
    *,
    columns: Sequence[int],
    ties: Ties = "efron",
    smaller: CoxFit | None = None,
) -> TestResult:
    """Test by likelihood ratio whether the effect of `columns` differs between hospitals, each a stratum.

    `smaller` is the model of `matrix` with the hospitals as strata, where it is fitted already.
    """
    both = np.column_stack([matrix, _products(matrix, _indicators(sites), columns)])
    larger = fit_cox(both, time, event, ties=ties, stratum=sites)
    if smaller is None:
        smaller = fit_cox(matrix, time, event, ties=ties, stratum=sites)
    if larger.log_likelihood is None or smaller.log_likelihood is None or larger.df == smaller.df:
        return untested("likelihood_ratio", larger.note or "The effect cannot be estimated in more than one hospital.")
    return likelihood_ratio_test(larger.log_likelihood, smaller.log_likelihood, larger.df - smaller.df)


def _logistic_fitter(matrix: Numbers, outcome: Numbers) -> Fitter:
    def fit(rows: NDArray[np.bool_], columns: list[int]) -> tuple[Numbers, Numbers, str]:
        model = fit_logistic(matrix[rows][:, columns], outcome[rows])
        return model.coefficients, model.standard_errors, model.note

    return fit


def _cox_fitter(matrix: Numbers, time: Numbers, event: Numbers, ties: Ties) -> Fitter:
    def fit(rows: NDArray[np.bool_], columns: list[int]) -> tuple[Numbers, Numbers, str]:
        model = fit_cox(matrix[rows][:, columns], time[rows], event[rows], ties=ties)
        return model.coefficients, model.standard_errors, model.note

    return fit


def _of_columns(matrix: Numbers, outcome: Numbers, sites: Labels, fit: Fitter) -> tuple[tuple[SiteEstimate, ...], ...]:
    """Fit hospital by hospital; where no column gives way to another, their order does not matter."""
    width = matrix.shape[1]
    found: list[list[SiteEstimate]] = [[] for _ in range(width)]
    for site in np.unique(sites):
        rows = sites == site
        if len(independent_columns(matrix[rows])) < width:
            for column in range(width):
                found[column] += _by_site(matrix[rows], outcome[rows], sites[rows], column, _within(fit, rows))
            continue
        coefficients, errors, note = fit(rows, list(range(width)))
        if not (np.isfinite(coefficients).all() and np.isfinite(errors).all()):
            for column in range(width):
                found[column] += _by_site(matrix[rows], outcome[rows], sites[rows], column, _within(fit, rows))
            continue
        for column in range(width):
            found[column].append(
                _estimate(site, rows, outcome, estimate=coefficients[column], error=errors[column], note=note)
            )
    return tuple(tuple(estimates) for estimates in found)


def _within(fit: Fitter, rows: NDArray[np.bool_]) -> Fitter:
    """Let a fitter of all rows be asked for rows of a part of them."""
    numbers = np.flatnonzero(rows)

    def fit_part(part: NDArray[np.bool_], columns: list[int]) -> tuple[Numbers, Numbers, str]:
        chosen = np.zeros(len(rows), dtype=np.bool_)
        chosen[numbers[part]] = True
        return fit(chosen, columns)

    return fit_part


def _by_site(matrix: Numbers, outcome: Numbers, sites: Labels, column: int, fit: Fitter) -> tuple[SiteEstimate, ...]:
    found = []
    for site in np.unique(sites):
        rows = sites == site
        events = int(outcome[rows].sum())
        # the column itself comes first, so that an adjusting column gives way where both say the same
        order = [column, *(number for number in range(matrix.shape[1]) if number != column)]
        columns = [order[number] for number in independent_columns(matrix[rows][:, order])]
        if column not in columns:
            note = "Every patient has the same value."
            found.append(SiteEstimate(str(site), int(rows.sum()), events, None, None, note))
            continue
        coefficients, errors, note = fit(rows, columns)
        found.append(_estimate(site, rows, outcome, estimate=coefficients[0], error=errors[0], note=note))
    return tuple(found)


def _estimate(
    site: np.str_, rows: NDArray[np.bool_], outcome: Numbers, *, estimate: float, error: float, note: str
) -> SiteEstimate:
    return SiteEstimate(
        site=str(site),
        n=int(rows.sum()),
        events=int(outcome[rows].sum()),
        estimate=None if np.isnan(estimate) else float(estimate),
        standard_error=float(error) if np.isfinite(estimate) and np.isfinite(error) else None,
        note=note,
    )


def _with_intercepts(matrix: Numbers, sites: Labels) -> Numbers:
    base = np.column_stack([matrix, _indicators(sites)])
    return np.asarray(base[:, independent_columns(base)])


def _indicators(sites: Labels) -> Numbers:
    return np.asarray(sites[:, None] == np.unique(sites)[None, 1:], dtype=np.float64)


def _products(matrix: Numbers, indicators: Numbers, columns: Sequence[int]) -> Numbers:
    return np.column_stack([indicators * matrix[:, [column]] for column in columns])
