"""Log-rank test of k survival curves, stratified or not (Mantel 1966; Peto and Peto 1972), as R's survdiff."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.block_tests import chi_square_result
from etl.study.statistics.risk_sets import Numbers, code_labels
from etl.study.statistics.survival_data import check_survival_data
from etl.study.statistics.test_result import TestResult, untested

_NO_VARIANCE = 1e-10


def log_rank(time: ArrayLike, event: ArrayLike, group: ArrayLike, *, stratum: ArrayLike | None = None) -> TestResult:
    """Compare the survival of k groups.

    Args:
        time: End of each patient's observation.
        event: 1 or True where it ended with the event.
        group: Each patient's group; complete.
        stratum: Labels; groups are compared within strata only.

    Returns:
        The chi-square with one degree of freedom less than there are groups; fewer where groups never meet in a risk
        set, with a note; None where none do.

    Raises:
        ValueError: A value is missing or lengths differ.
    """
    method = "log_rank" if stratum is None else "stratified_log_rank"
    codes, levels = code_labels(group)
    membership = (codes[:, None] == np.arange(len(levels))).astype(np.float64)
    data = check_survival_data(membership, time, event, stratum=stratum)
    if len(levels) <= 1:
        return untested(method, "There are fewer than two groups to compare.")
    if not data.events:
        return untested(method, "There is no event in any group.")
    risk_sets = data.risk_sets
    sorted_membership = membership[risk_sets.order]
    events = np.add.reduceat(sorted_membership[risk_sets.event_rows], risk_sets.group_start)
    at_risk = risk_sets.sums_at_risk(sorted_membership)
    total = at_risk.sum(axis=1)
    deaths = risk_sets.group_sizes().astype(np.float64)
    share = at_risk / total[:, None]
    excess = (events - share * deaths[:, None]).sum(axis=0)
    weight = deaths * (total - deaths) / np.maximum(total - 1, 1)
    variance = np.diag(share.T @ weight) - share.T @ (share * weight[:, None])
    return _quadratic_form(method, excess, variance)


def _quadratic_form(method: str, excess: Numbers, variance: Numbers) -> TestResult:
    """Excess of events over its variance, whose rank is below the number of groups."""
    values, vectors = np.linalg.eigh(variance)
    is_used = values > _NO_VARIANCE * max(values.max(), 1.0)
    df = int(is_used.sum())
    if df == 0:
        return untested(method, "No two groups are at risk together when an event occurs.")
    projected = vectors[:, is_used].T @ excess
    result = chi_square_result(method, float(projected @ (projected / values[is_used])), df)
    if df == len(excess) - 1:
        return result
    note = f"Of {len(excess)} groups, only {df + 1} can be compared: the others are at risk with no other group."
    return TestResult(result.method, result.statistic, result.df, result.p, note)
