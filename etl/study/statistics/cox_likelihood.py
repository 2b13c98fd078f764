"""Partial likelihood of the Cox model: its logarithm, score and information at given coefficients.

Ties after Efron (1977), after Breslow (1974), or exact in the sense of R's survival: the discrete partial likelihood of
Cox (1972), in which the events of one time are a draw without replacement from those at risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from etl.study.statistics.risk_sets import Numbers, RiskSets

Ties: TypeAlias = Literal["efron", "breslow", "exact"]


@dataclass(frozen=True)
class Likelihood:
    """The logarithm of a partial likelihood, its first derivative and its negative second derivative."""

    logarithm: float
    score: Numbers
    information: Numbers


def partial_likelihood(matrix: Numbers, risk_sets: RiskSets, coefficients: Numbers, ties: Ties) -> Likelihood:
    """Evaluate the partial likelihood.

    Args:
        matrix: Covariates of the sorted rows of `risk_sets`, n x p; centred ones keep more digits.
        risk_sets: The rows' order and who is at risk.
        coefficients: Where to evaluate, length p.
        ties: How events of one time are treated.
    """
    predictor = matrix @ coefficients
    predictor -= predictor.max(initial=-np.inf) if len(predictor) else 0.0
    if ties == "exact":
        return _discrete(matrix, risk_sets, predictor)
    return averaged_likelihood(matrix, risk_sets, predictor, is_efron=ties == "efron")


def averaged_likelihood(
    matrix: Numbers, risk_sets: RiskSets, predictor: Numbers, *, is_efron: bool, emphasis: Numbers | None = None
) -> Likelihood:
    """Breslow and Efron: the d events of a time leave the risk set not at all, or by d equal steps.

    Args:
        matrix: Covariates of the sorted rows.
        risk_sets: The rows' order and who is at risk.
        predictor: Linear predictor of each row, up to a constant.
        is_efron: Efron's ties, or Breslow's.
        emphasis: A factor per group of events on its share of score and information; 1 without it.
    """
    weight = np.exp(predictor)
    events, group, groups = risk_sets.event_rows, risk_sets.group_of_event, risk_sets.n_groups
    factor = np.ones(len(events)) if emphasis is None else emphasis[group]
    sums = risk_sets.weighted_sums_at_risk(matrix, weight)
    total = risk_sets.sums_at_risk(weight)[group]
    is_tied = is_efron and groups < len(events)
    if is_tied:
        gone = (np.arange(len(events)) - risk_sets.group_start[group]) / risk_sets.group_sizes()[group]
        total = total - gone * np.add.reduceat(weight[events], risk_sets.group_start)[group]
    # All events of a group share the sums of its risk set, so that everything is summed by group, not by event.
    per_total = np.bincount(group, factor / total, groups).astype(np.float64)
    per_square = np.bincount(group, factor / total**2, groups)
    expected = per_total @ sums
    outer = sums.T @ (sums * per_square[:, None])
    # The second moments need no cumulative sums of p x p matrices: a row's share in all risk sets is one number.
    share = risk_sets.sums_of_groups(per_total) * weight
    if is_tied:
        dying = np.add.reduceat(matrix[events] * weight[events][:, None], risk_sets.group_start)
        gone_total = np.bincount(group, factor * gone / total, groups)
        cross = sums.T @ (dying * np.bincount(group, factor * gone / total**2, groups)[:, None])
        twice = dying.T @ (dying * np.bincount(group, factor * gone**2 / total**2, groups)[:, None])
        expected = expected - gone_total @ dying
        outer = outer - cross - cross.T + twice
        share[events] -= gone_total[group] * weight[events]
    observed = np.zeros(len(matrix))
    observed[events] = factor
    return Likelihood(
        logarithm=float(predictor[events].sum() - np.log(total).sum()),
        score=observed @ matrix - expected,
        information=matrix.T @ (matrix * share[:, None]) - outer,
    )


def averaged_logarithm(risk_sets: RiskSets, predictor: Numbers, *, is_efron: bool) -> float:
    """Compute the logarithm alone of `averaged_likelihood`."""
    weight = np.exp(predictor)
    events, group = risk_sets.event_rows, risk_sets.group_of_event
    total = risk_sets.sums_at_risk(weight)[group]
    if is_efron and risk_sets.n_groups < len(events):
        gone = (np.arange(len(events)) - risk_sets.group_start[group]) / risk_sets.group_sizes()[group]
        total = total - gone * np.add.reduceat(weight[events], risk_sets.group_start)[group]
    return float(predictor[events].sum() - np.log(total).sum())


def _discrete(matrix: Numbers, risk_sets: RiskSets, predictor: Numbers) -> Likelihood:
    """Exact: each group of d events against all ways to draw d of those at risk."""
    events, width = risk_sets.event_rows, matrix.shape[1]
    logarithm = float(predictor[events].sum())
    score = matrix[events].sum(axis=0)
    information = np.zeros((width, width))
    sizes = risk_sets.group_sizes()
    is_nested = not len(risk_sets.entry_order)
    draws, stratum, added = Draws(0, width), -1, 0
    for group, members in enumerate(risk_sets.members()):
        if not is_nested or risk_sets.group_stratum[group] != stratum:
            stratum = risk_sets.group_stratum[group]
            of_stratum = sizes[risk_sets.group_stratum == stratum] if is_nested else sizes[group : group + 1]
            draws, added = Draws(int(of_stratum.max()), width), 0
        for row in members[added:]:
            draws.add(predictor[row], matrix[row])
        added = len(members) if is_nested else 0
        size = sizes[group]
        logarithm -= float(draws.logarithm[size])
        score -= draws.mean[size]
        information += draws.covariance[size]
    return Likelihood(logarithm, score, information)


class Draws:
    """All ways to draw 0 to `most` rows without replacement, weighted by the product of exp(predictor).

    Attributes:
        logarithm: Per size of the draw, the logarithm of the sum of weights (an elementary symmetric polynomial).
        mean: Per size, the mean over all draws of the drawn rows' summed covariates.
        covariance: Per size, the covariance of that sum.
    """

    def __init__(self, most: int, width: int) -> None:
        self.logarithm: Numbers = np.full(most + 1, -np.inf)
        self.logarithm[0] = 0.0
        self.mean: Numbers = np.zeros((most + 1, width))
        self.covariance: Numbers = np.zeros((most + 1, width, width))

    def add(self, predictor: float, covariates: Numbers) -> None:
        """Let one more row be drawn: a draw of m rows is one without it, or it and m - 1 others."""
        with_it = self.logarithm[:-1] + predictor
        log_sum = np.logaddexp(self.logarithm[1:], with_it)
        is_possible = np.isfinite(log_sum)
        share = np.zeros(len(log_sum))
        share[is_possible] = np.exp(with_it[is_possible] - log_sum[is_possible])
        shift = self.mean[:-1] + covariates - self.mean[1:]
        self.covariance[1:] += share[:, None, None] * (
            self.covariance[:-1]
            - self.covariance[1:]
            + (1 - share)[:, None, None] * shift[:, :, None] * shift[:, None, :]
        )
        self.mean[1:] += share[:, None] * shift
        self.logarithm[1:] = log_sum
