"""Calibration of predicted probabilities: slope, intercept, Brier score, Hosmer and Lemeshow, groups for a plot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from etl.study.statistics.block_tests import chi_square_result
from etl.study.statistics.logistic import fit_logistic
from etl.study.statistics.proportion import proportion
from etl.study.statistics.test_result import TestResult, untested

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class CalibrationGroup:
    """Patients of similar prediction.

    Attributes:
        n: Patients.
        predicted: Mean predicted probability.
        events: Patients with the outcome.
        observed: Share with the outcome.
        lower: Wilson's limit of the share.
        upper: Wilson's limit of the share.
    """

    n: int
    predicted: float
    events: int
    observed: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Calibration:
    """How far predicted probabilities agree with what happened.

    Attributes:
        slope: Of the outcome's log odds on the predicted log odds (Cox 1958); below 1 when predictions are too extreme.
        slope_standard_error: Of `slope`.
        in_the_large: Log odds by which predictions are too low on the whole, the slope being 1.
        brier: Mean squared difference between outcome and prediction.
        brier_scaled: Share by which `brier` is smaller than that of predicting everybody's mean.
        groups: From the lowest predictions to the highest.
        hosmer_lemeshow: Of `groups`, with two degrees of freedom fewer than groups.
        note: A sentence on what is None; else empty.
    """

    slope: float | None
    slope_standard_error: float | None
    in_the_large: float | None
    brier: float
    brier_scaled: float | None
    groups: tuple[CalibrationGroup, ...]
    hosmer_lemeshow: TestResult
    note: str = ""


def calibrate(outcome: Numbers, predicted: Numbers, *, n_groups: int = 10, level: float = 0.95) -> Calibration:
    """Compare `predicted` probabilities, each between 0 and 1 exclusively, with `outcome` (0 or 1).

    Groups are cut at the quantiles of the predictions (R's type 7), equal predictions together, so that there can be
    fewer than `n_groups`.
    """
    if not ((predicted > 0) & (predicted < 1)).all():
        raise ValueError("a predicted probability is not between 0 and 1")
    share = float(outcome.mean())
    brier = float(np.mean((outcome - predicted) ** 2))
    groups = _groups(outcome, predicted, n_groups, level)
    slope = error = in_the_large = None
    note = ""
    if not 0 < share < 1:
        note = "One outcome alone occurs: no slope."
    else:
        predictor = logit(predicted)
        in_the_large = _shift(predictor, share)
        if np.ptp(predictor) < 1e-9:  # noqa: PLR2004
            note = "Everybody has the same prediction: no slope."
        else:
            fit = fit_logistic(predictor[:, None], outcome)
            if fit.is_converged:
                slope, error = float(fit.coefficients[0]), float(fit.standard_errors[0])
            else:
                note = f"No slope: {fit.note}"
    return Calibration(
        slope=slope,
        slope_standard_error=error,
        in_the_large=in_the_large,
        brier=brier,
        brier_scaled=1 - brier / (share * (1 - share)) if 0 < share < 1 else None,
        groups=groups,
        hosmer_lemeshow=_hosmer_lemeshow(groups),
        note=note,
    )


def _shift(predictor: Numbers, share: float) -> float:
    """Return what must be added to the log odds for the predictions to have the outcome's mean."""

    def excess(shift: float) -> float:
        return float(expit(predictor + shift).mean()) - share

    reach = float(np.abs(predictor).max()) + abs(float(logit(share))) + 1
    return float(brentq(excess, -reach, reach, xtol=1e-13))


def _groups(outcome: Numbers, predicted: Numbers, n_groups: int, level: float) -> tuple[CalibrationGroup, ...]:
    edges = np.quantile(predicted, np.linspace(0, 1, n_groups + 1)[1:-1])
    number = np.searchsorted(edges, predicted, side="left")
    groups = []
    for group in np.unique(number):
        rows = number == group
        n, events = int(rows.sum()), int(outcome[rows].sum())
        share = proportion(events, n, method="wilson", coverage=level)
        assert share.low is not None and share.high is not None, "a group has patients"
        groups.append(
            CalibrationGroup(n, float(predicted[rows].mean()), events, events / n, lower=share.low, upper=share.high)
        )
    return tuple(groups)


def _hosmer_lemeshow(groups: tuple[CalibrationGroup, ...]) -> TestResult:
    if len(groups) < 3:  # noqa: PLR2004
        return untested("hosmer_lemeshow", "Fewer than three groups of predictions.")
    statistic = sum(
        (group.events - group.n * group.predicted) ** 2 / (group.n * group.predicted * (1 - group.predicted))
        for group in groups
    )
    return chi_square_result("hosmer_lemeshow", float(statistic), len(groups) - 2)
