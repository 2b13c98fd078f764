"""Test of proportional hazards in a Cox model: the score test of R's survival 3 (cox.zph).

For each block of columns the covariates times g(time) are added to the model and tested by their score, given the fitted
coefficients (Grambsch and Therneau 1994; in survival 3 the exact score test in place of their approximation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.block_tests import chi_square_result
from etl.study.statistics.cox import CoxFit
from etl.study.statistics.cox_likelihood import averaged_likelihood
from etl.study.statistics.newton import solve
from etl.study.statistics.risk_sets import Numbers, make_risk_sets
from etl.study.statistics.survival_data import SurvivalData, check_survival_data
from etl.study.statistics.test_result import TestResult, untested

Transform: TypeAlias = Literal["km", "identity"]
METHOD = "proportional_hazards_score"


@dataclass(frozen=True)
class ProportionalHazards:
    """Score tests of proportional hazards: one per block of columns, and of all together."""

    by_block: Mapping[str, TestResult]
    overall: TestResult


def proportional_hazards(
    matrix: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    fit: CoxFit,
    blocks: Mapping[str, Sequence[int]],
    ties: Literal["efron", "breslow"] = "efron",
    transform: Transform = "km",
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> ProportionalHazards:
    """Test whether hazard ratios change with time.

    Args:
        matrix: Covariates of the fitted model, n x p.
        time: End of each row's observation.
        event: 1 or True where it ended with the event.
        fit: The model, fitted to the same data with the same ties.
        blocks: Columns by the variable that they belong to.
        ties: As fitted; R has no such test for exact ties.
        transform: g(time): 1 minus the Kaplan-Meier estimate just before the time (R's default), or the time itself.
        stratum: As fitted.
        entry: As fitted.

    Returns:
        Chi-square tests. Columns without an estimate are left out; those with an infinite one have no test.

    Raises:
        ValueError: As `fit_cox`.
    """
    data = check_survival_data(matrix, time, event, stratum=stratum, entry=entry)
    used = [c for c in range(data.scaled.shape[1]) if c not in fit.aliased and c not in fit.infinite]
    if not data.events or not used or fit.log_likelihood is None:
        why = untested(METHOD, fit.note or "There is no coefficient to test.")
        return ProportionalHazards(dict.fromkeys(blocks, why), why)
    g = _transformed_times(data, transform, entry)
    g -= np.average(g, weights=data.risk_sets.group_sizes())
    predictor = data.scaled @ (fit.reached * data.scale)
    predictor -= predictor.max()
    plain, first, second = (
        averaged_likelihood(
            data.scaled[:, used], data.risk_sets, predictor, is_efron=ties == "efron", emphasis=emphasis
        )
        for emphasis in (np.ones(len(g)), g, g**2)
    )
    information = np.block([[plain.information, first.information], [first.information, second.information]])
    by_block = {}
    for name, columns in blocks.items():
        positions = [used.index(column) for column in columns if column in used]
        by_block[name] = _score_test(
            first.score, information, positions, is_whole=set(columns).isdisjoint(fit.infinite)
        )
    overall = _score_test(first.score, information, list(range(len(used))), is_whole=not fit.infinite)
    return ProportionalHazards(by_block, overall)


def _transformed_times(data: SurvivalData, transform: Transform, entry: ArrayLike | None) -> Numbers:
    """Give g of the time of each group of events; the Kaplan-Meier estimate pools the strata, as R's does."""
    is_event = np.zeros(len(data.time), dtype=bool)
    is_event[data.risk_sets.order[data.risk_sets.event_rows]] = True
    times = data.time[data.risk_sets.order][data.risk_sets.event_rows][data.risk_sets.group_start]
    if transform == "identity":
        return times.copy()
    entries = None if entry is None else np.asarray(entry, dtype=np.float64)
    pooled = make_risk_sets(data.time, is_event, entry=entries)
    falling = data.time[pooled.order][pooled.event_rows][pooled.group_start]
    at_risk = pooled.sums_at_risk(np.ones(len(data.time)))
    left = (1 - pooled.group_sizes() / at_risk)[::-1]
    survival_before = np.concatenate(([1.0], np.cumprod(left)))
    return np.asarray(1 - survival_before[np.searchsorted(falling[::-1], times, side="left")], dtype=np.float64)


def _score_test(score: Numbers, information: Numbers, positions: list[int], *, is_whole: bool) -> TestResult:
    if not positions:
        return untested(METHOD, "No coefficient of this block has a finite estimate.")
    width = len(score)
    kept = [*range(width), *(width + position for position in positions)]
    right = np.concatenate((np.zeros(width), score[positions]))
    result = chi_square_result(METHOD, float(right @ solve(information[np.ix_(kept, kept)], right)), len(positions))
    if is_whole:
        return result
    note = "Columns with an infinite estimate are left out of this test."
    return TestResult(result.method, result.statistic, result.df, result.p, note)
