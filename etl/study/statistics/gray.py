"""Gray's test: compare the cumulative incidence of each cause between groups (Gray, Annals of Statistics 1988, rho 0)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.block_tests import chi_square_result
from etl.study.statistics.competing_risk import check_causes, step_variance
from etl.study.statistics.risk_sets import Indices, Numbers, code_labels
from etl.study.statistics.test_result import TestResult, untested

_CENSORED, _OWN, _OTHER = 0, 1, 2
_NOBODY_FREE = 1e-12


def gray(
    time: ArrayLike, cause: ArrayLike, group: ArrayLike, *, stratum: ArrayLike | None = None
) -> dict[int, TestResult]:
    """Test for each cause whether its cumulative incidence differs between groups.

    Args:
        time: End of each patient's observation.
        cause: 0 where it was censored, else the number of the cause that ended it.
        group: Each patient's group.
        stratum: Labels; groups are compared within strata only.

    Returns:
        By cause, the chi-square with one degree of freedom less than there are groups.

    Raises:
        ValueError: A value is missing or lengths differ.
    """
    method = "gray" if stratum is None else "stratified_gray"
    times, causes = check_causes(time, cause)
    codes = code_labels(group)[0]
    strata = np.zeros(len(times), dtype=np.int64) if stratum is None else code_labels(stratum)[0]
    if not len(times) == len(codes) == len(strata):
        raise ValueError("times, groups and strata differ in length")
    results = {}
    for kind in np.unique(causes[causes > 0]):
        state = np.where(causes == kind, _OWN, np.where(causes > 0, _OTHER, _CENSORED))
        results[int(kind)] = _test(method, times, state, codes=codes, strata=strata)
    return results


def _test(method: str, times: Numbers, state: Indices, *, codes: Indices, strata: Indices) -> TestResult:
    n_groups = int(codes.max(initial=-1)) + 1
    if n_groups <= 1:
        return untested(method, "There are fewer than two groups to compare.")
    score, variance = np.zeros(n_groups), np.zeros((n_groups, n_groups))
    for stratum in range(int(strata.max()) + 1):
        rows = strata == stratum
        own = _score(times[rows], state[rows], codes[rows], n_groups)
        if own is None:
            return untested(
                method, "The pooled incidence reaches 1 before the last event: the variance does not exist."
            )
        score += own[0]
        variance += own[1]
    # The scores sum to 0: one group can be left out.
    score, variance = score[:-1], variance[:-1, :-1]
    if np.linalg.matrix_rank(variance, tol=1e-10 * max(1.0, np.abs(variance).max()), hermitian=True) < len(score):
        return untested(method, "A group is never at risk together with another when an event occurs.")
    return chi_square_result(method, float(score @ np.linalg.solve(variance, score)), len(score))


def _score(times: Numbers, state: Indices, codes: Indices, n_groups: int) -> tuple[Numbers, Numbers] | None:
    """Sum one stratum's score (length k) and its variance (k x k); arrays below are times x groups.

    None where the pooled incidence is 1 while the cause still occurs, where cmprsk divides by 0.
    """
    moments = np.unique(times[state > 0])
    if not len(moments):
        return np.zeros(n_groups), np.zeros((n_groups, n_groups))
    at_risk, own, other = _counts(times, state, codes, moments=moments, n_groups=n_groups)
    is_present = at_risk > 0
    safe = np.maximum(at_risk, 1)
    survival = np.asarray(
        np.cumprod(np.where(is_present, (at_risk - own - other) / safe, 1.0), axis=0), dtype=np.float64
    )
    before = _just_before(survival, 1.0)
    incidence_before = _just_before(np.cumsum(before * own / safe, axis=0, dtype=np.float64), 0.0)
    # Patients at risk over survival: those at risk of the cause, were it not for censoring and the other causes.
    weight = np.divide(at_risk, before, out=np.zeros_like(at_risk), where=is_present)
    total = weight.sum(axis=1)
    share = weight / total[:, None]
    pooled_own = own.sum(axis=1)
    pooled: Numbers = np.cumsum(pooled_own / total, dtype=np.float64)
    pooled_before = _just_before(pooled, 0.0)
    if (np.abs(1 - pooled_before[pooled_own > 0]) < _NOBODY_FREE).any():
        return None
    still_free = weight * (1 - incidence_before)
    expected = np.divide(pooled_own, still_free.sum(axis=1), out=np.zeros(len(moments)), where=pooled_own > 0)
    score = (own - still_free * expected[:, None]).sum(axis=0)

    # How much group i's score moves with a step of group k: at once, and later through the incidence that it changes.
    direct = weight[:, :, None] * (np.eye(n_groups) - share[:, None, :])
    hazard = np.divide(pooled_own, total * (1 - pooled_before), out=np.zeros(len(moments)), where=pooled_own > 0)
    so_far = np.cumsum(direct * hazard[:, None, None], axis=0)
    later = so_far[-1] - so_far
    has_survivors = survival > 0
    ratio = np.divide((1 - pooled)[:, None], survival, out=np.zeros_like(survival), where=has_survivors)[:, None, :]
    of_own = _pooled_step_variance(pooled_own[:, None], total[:, None], at_risk, before)
    of_other = np.where(has_survivors, step_variance(safe, other, before), 0.0)
    return score, _sum_squares(direct + (1 - ratio) * later, of_own) + _sum_squares(ratio * later, of_other)


def _counts(
    times: Numbers, state: Indices, codes: Indices, *, moments: Numbers, n_groups: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Count by time and group those at risk, the events of the cause and the events of the others."""
    columns = []
    for group in range(n_groups):
        of_group = np.sort(times[codes == group])
        columns.append(len(of_group) - np.searchsorted(of_group, moments, side="left"))
    at_risk = np.column_stack(columns).astype(np.float64)
    events = []
    for kind in (_OWN, _OTHER):
        rows = state == kind
        cell = np.searchsorted(moments, times[rows]) * n_groups + codes[rows]
        events.append(np.bincount(cell, minlength=at_risk.size).reshape(at_risk.shape).astype(np.float64))
    return at_risk, events[0], events[1]


def _just_before(values: Numbers, first: float) -> Numbers:
    """Shift step values by one time, so that each holds just before its time."""
    return np.concatenate((np.full((1, *values.shape[1:]), first), values[:-1]))


def _pooled_step_variance(events: Numbers, total: Numbers, at_risk: Numbers, before: Numbers) -> Numbers:
    """Variance of a group's step of the cause under the null hypothesis, by the pooled hazard."""
    is_tied = (events > 1) & (at_risk > 0)
    correction = 1 - np.divide(events - 1, total * before - 1, out=np.zeros_like(before), where=is_tied)
    hazard = np.divide(before * events, total * at_risk, out=np.zeros_like(before), where=at_risk > 0)
    return np.asarray(correction * hazard, dtype=np.float64)


def _sum_squares(effects: Numbers, variances: Numbers) -> Numbers:
    """Sum over times and groups k the variance of a step times its effects on the scores of i and j."""
    return np.asarray(np.einsum("tik,tjk,tk->ij", effects, effects, variances, optimize=True), dtype=np.float64)
