"""Heterogeneity between hospitals: an estimate in each, Cochran's Q, I squared, and the test of interaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from etl.study.statistics.block_tests import likelihood_ratio_test
from etl.study.statistics.cox import fit_cox
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import fit_logistic
from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]
Labels = NDArray[np.str_]
Ties = Literal["efron", "breslow", "exact"]


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

    def fit(rows: NDArray[np.bool_], columns: list[int]) -> tuple[Numbers, Numbers, str]:
        model = fit_logistic(matrix[rows][:, columns], outcome[rows])
        return model.coefficients, model.standard_errors, model.note

    return _by_site(matrix, outcome, sites, column, fit)


def cox_estimates_by_site(
    matrix: Numbers, time: Numbers, event: Numbers, sites: Labels, *, column: int = 0, ties: Ties = "efron"
) -> tuple[SiteEstimate, ...]:
    """Fit the Cox model of `matrix` in each hospital on its own, and return the estimates of one column."""

    def fit(rows: NDArray[np.bool_], columns: list[int]) -> tuple[Numbers, Numbers, str]:
        model = fit_cox(matrix[rows][:, columns], time[rows], event[rows], ties=ties)
        return model.coefficients, model.standard_errors, model.note

    return _by_site(matrix, event, sites, column, fit)


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
    matrix: Numbers, outcome: Numbers, sites: Labels, *, columns: Sequence[int]
) -> TestResult:
    """Test by likelihood ratio whether the effect of `columns` differs between hospitals, each with its own intercept."""
    indicators = _indicators(sites)
    base = np.column_stack([matrix, indicators])
    products = _products(matrix, indicators, columns)
    base = base[:, independent_columns(base)]
    both = np.column_stack([base, products])
    both = both[:, independent_columns(both)]
    df = both.shape[1] - base.shape[1]
    if df == 0:
        return untested("likelihood_ratio", "The effect cannot be estimated in more than one hospital.")
    larger, smaller = fit_logistic(both, outcome), fit_logistic(base, outcome)
    return likelihood_ratio_test(larger.log_likelihood, smaller.log_likelihood, df)


def cox_interaction_test(
    matrix: Numbers, time: Numbers, event: Numbers, sites: Labels, *, columns: Sequence[int], ties: Ties = "efron"
) -> TestResult:
    """Test by likelihood ratio whether the effect of `columns` differs between hospitals, each a stratum."""
    both = np.column_stack([matrix, _products(matrix, _indicators(sites), columns)])
    larger = fit_cox(both, time, event, ties=ties, stratum=sites)
    smaller = fit_cox(matrix, time, event, ties=ties, stratum=sites)
    if larger.log_likelihood is None or smaller.log_likelihood is None or larger.df == smaller.df:
        return untested("likelihood_ratio", larger.note or "The effect cannot be estimated in more than one hospital.")
    return likelihood_ratio_test(larger.log_likelihood, smaller.log_likelihood, larger.df - smaller.df)


def _by_site(
    matrix: Numbers,
    outcome: Numbers,
    sites: Labels,
    column: int,
    fit: Callable[[NDArray[np.bool_], list[int]], tuple[Numbers, Numbers, str]],
) -> tuple[SiteEstimate, ...]:
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
        estimate, error = float(coefficients[0]), float(errors[0])
        found.append(
            SiteEstimate(
                site=str(site),
                n=int(rows.sum()),
                events=events,
                estimate=None if np.isnan(estimate) else estimate,
                standard_error=error if np.isfinite(estimate) and np.isfinite(error) else None,
                note=note,
            )
        )
    return tuple(found)


def _indicators(sites: Labels) -> Numbers:
    return np.asarray(sites[:, None] == np.unique(sites)[None, 1:], dtype=np.float64)


def _products(matrix: Numbers, indicators: Numbers, columns: Sequence[int]) -> Numbers:
    return np.column_stack([indicators * matrix[:, [column]] for column in columns])
