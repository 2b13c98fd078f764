"""Check survival data: one row per patient, or per interval of a patient, with covariates, time and event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.risk_sets import Numbers, RiskSets, make_risk_sets


@dataclass(frozen=True)
class SurvivalData:
    """Checked input of a survival model.

    Attributes:
        matrix: Covariates as given, n x p.
        time: Times as given.
        scaled: Covariates in the order of the risk sets, each column centred and of deviation 1.
        scale: Deviation by which each column was divided; 1 where it is constant.
        risk_sets: The rows' order and who is at risk.
    """

    matrix: Numbers
    time: Numbers
    scaled: Numbers
    scale: Numbers
    risk_sets: RiskSets

    @property
    def events(self) -> int:
        """Number of events."""
        return len(self.risk_sets.event_rows)

    def of_columns(self, columns: Sequence[int]) -> SurvivalData:
        """Take some of the covariates; the rows' order, the most expensive part, is shared."""
        chosen = list(columns)
        return SurvivalData(
            self.matrix[:, chosen], self.time, self.scaled[:, chosen], self.scale[chosen], self.risk_sets
        )


def check_survival_data(
    matrix: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> SurvivalData:
    """Check lengths and values, sort the rows into risk sets and scale the covariates.

    Raises:
        ValueError: A value is missing, lengths differ, or a row's entry is not before its time.
    """
    covariates = np.asarray(matrix, dtype=np.float64)
    times = np.asarray(time, dtype=np.float64)
    flags = np.asarray(event)
    labels = None if stratum is None else np.asarray(stratum)
    entries = None if entry is None else np.asarray(entry, dtype=np.float64)
    if covariates.ndim != 2:  # noqa: PLR2004
        raise ValueError("the matrix of covariates must have two dimensions")
    lengths = {len(values) for values in (covariates, times, flags, labels, entries) if values is not None}
    if len(lengths) > 1:
        raise ValueError(f"covariates, times, events, strata and entries differ in length: {sorted(lengths)}")
    if not np.isin(flags, (0, 1)).all():
        raise ValueError("events must be 0 or 1")
    if not (np.isfinite(covariates).all() and np.isfinite(times).all()):
        raise ValueError("covariates and times must be complete and finite")
    if entries is not None and not (entries < times).all():
        raise ValueError("each row must enter before its time: an interval without length would lose its event")
    risk_sets = make_risk_sets(times, flags.astype(bool), stratum=labels, entry=entries)
    centre = covariates.mean(axis=0) if len(covariates) else np.zeros(covariates.shape[1])
    centred = covariates[risk_sets.order] - centre
    deviation = np.sqrt(np.mean(centred**2, axis=0)) if len(covariates) else np.zeros(covariates.shape[1])
    is_constant = deviation <= 1e-13 * np.abs(centre)  # nothing but rounding of the mean
    centred[:, is_constant] = 0.0
    scale = np.where(is_constant, 1.0, deviation)
    return SurvivalData(covariates, times, centred / scale, scale, risk_sets)
