"""Influence of single patients on a logistic regression: change of the coefficients, Cook's distance, leverage.

One step of Newton's method from the full fit without the patient (Pregibon 1981). Cook's distance and leverage are those
of R's glm; R's dfbeta takes deviance residuals instead, and differs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from etl.study.statistics.logistic import LogisticFit, with_intercept

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Influence:
    """Per patient.

    Attributes:
        dfbeta: What the patient adds to each coefficient, n x (p + 1), intercept first.
        dfbetas: `dfbeta` in standard errors of the full fit.
        cooks_distance: Joint change of all coefficients in the metric of their covariance, by parameter.
        leverage: Diagonal of the hat matrix.
    """

    dfbeta: Numbers
    dfbetas: Numbers
    cooks_distance: Numbers
    leverage: Numbers


def logistic_influence(matrix: Numbers, outcome: Numbers, fit: LogisticFit) -> Influence | None:
    """Compute each patient's influence on `fit`, of `outcome` on `matrix`; None where the fit is not converged."""
    if not fit.is_converged:
        return None
    full = with_intercept(matrix)
    expected = expit(full @ np.concatenate([[fit.intercept], fit.coefficients]))
    weight = expected * (1 - expected)
    covariance = fit.full_covariance
    leverage = weight * np.einsum("ij,jk,ik->i", full, covariance, full, optimize=True)
    dfbeta = (full @ covariance) * ((outcome - expected) / (1 - leverage))[:, None]
    pearson_squared = (outcome - expected) ** 2 / weight
    return Influence(
        dfbeta=dfbeta,
        dfbetas=dfbeta / np.sqrt(np.diag(covariance)),
        cooks_distance=pearson_squared * leverage / (1 - leverage) ** 2 / full.shape[1],
        leverage=leverage,
    )
