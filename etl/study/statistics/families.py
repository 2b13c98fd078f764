"""A common interface to logistic and Cox regression, as stepwise selection needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from etl.study.statistics import cox, logistic
from etl.study.statistics.cox_likelihood import averaged_logarithm, partial_likelihood
from etl.study.statistics.survival_data import SurvivalData, check_survival_data

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class ModelFit:
    """A fitted model: parameters that are always in (an intercept) first, then one per column.

    Attributes:
        parameters: Estimates; infinite or nan where there is none.
        covariance: Of `parameters`.
        log_likelihood: At the maximum.
        problem: Why the estimates cannot be used, a sentence; else empty.
    """

    parameters: Numbers
    covariance: Numbers
    log_likelihood: float
    problem: str = ""


class Family(Protocol):
    """A kind of regression over one matrix of candidate columns; each row is a patient."""

    @property
    def n_always(self) -> int:
        """Parameters that are in every model, before those of the columns: 1 for an intercept."""

    @property
    def n_columns(self) -> int:
        """Candidate columns."""

    def fit(self, columns: Sequence[int]) -> ModelFit:
        """Fit the model of these columns."""

    def log_likelihood(self, columns: Sequence[int], parameters: Numbers) -> float:
        """Return the log likelihood of the model of these columns at `parameters`, without fitting."""

    def score(self, parameters: Numbers) -> tuple[Numbers, Numbers]:
        """Return score and information of the model of all columns at `parameters`, zero for columns that are out."""


@dataclass(frozen=True)
class LogisticFamily:
    """Logistic regression of `outcome` (0 or 1) on columns of `matrix` and an intercept."""

    matrix: Numbers
    outcome: Numbers

    @property
    def n_always(self) -> int:
        """The intercept."""
        return 1

    @property
    def n_columns(self) -> int:
        """Candidate columns."""
        return int(self.matrix.shape[1])

    def fit(self, columns: Sequence[int]) -> ModelFit:
        """Fit the model of these columns."""
        fit = logistic.fit_logistic(self.matrix[:, list(columns)], self.outcome)
        return ModelFit(
            parameters=np.concatenate([[fit.intercept], fit.coefficients]),
            covariance=fit.full_covariance,
            log_likelihood=fit.log_likelihood,
            problem="" if fit.is_converged else fit.note,
        )

    def log_likelihood(self, columns: Sequence[int], parameters: Numbers) -> float:
        """Return the log likelihood of the model of these columns at `parameters`, without fitting."""
        return logistic.log_likelihood_at(self.matrix[:, list(columns)], self.outcome, parameters)

    def score(self, parameters: Numbers) -> tuple[Numbers, Numbers]:
        """Return score and information of the model of all columns at `parameters`, zero for columns that are out."""
        return logistic.score_at(self.matrix, self.outcome, parameters)


@dataclass(frozen=True)
class CoxFamily:
    """Cox regression of `time` and `event` (0 or 1) on columns of `matrix`, Breslow ties as SPSS unless asked."""

    matrix: Numbers
    time: Numbers
    event: Numbers
    ties: Literal["efron", "breslow", "exact"] = "breslow"
    stratum: NDArray[np.generic] | None = None

    @property
    def n_always(self) -> int:
        """A Cox model has no intercept."""
        return 0

    @property
    def n_columns(self) -> int:
        """Candidate columns."""
        return int(self.matrix.shape[1])

    def fit(self, columns: Sequence[int]) -> ModelFit:
        """Fit the model of these columns."""
        if not columns:  # without a column there is nothing to climb
            return ModelFit(np.empty(0), np.empty((0, 0)), self.log_likelihood((), np.empty(0)))
        fit = cox.fit_checked(self._data.of_columns(columns), self.ties)
        is_usable = fit.is_converged and bool(np.isfinite(fit.coefficients).all())
        return ModelFit(
            parameters=fit.coefficients,
            covariance=fit.covariance,
            log_likelihood=np.nan if fit.log_likelihood is None else fit.log_likelihood,
            problem="" if is_usable else fit.note,
        )

    def log_likelihood(self, columns: Sequence[int], parameters: Numbers) -> float:
        """Return the log likelihood of the model of these columns at `parameters`, without fitting."""
        if self.ties == "exact":
            if not len(columns):
                columns, parameters = [0], np.zeros(1)
            return cox.score_at(
                self.matrix[:, list(columns)], self.time, self.event, parameters, ties="exact", stratum=self.stratum
            ).logarithm
        data = self._data
        everything = np.zeros(self.n_columns)
        everything[list(columns)] = parameters
        predictor = data.scaled @ (everything * data.scale)
        predictor -= predictor.max(initial=-np.inf) if len(predictor) else 0.0
        return averaged_logarithm(data.risk_sets, predictor, is_efron=self.ties == "efron")

    def score(self, parameters: Numbers) -> tuple[Numbers, Numbers]:
        """Return score and information of the model of all columns at `parameters`, zero for columns that are out."""
        data = self._data
        result = partial_likelihood(data.scaled, data.risk_sets, parameters * data.scale, self.ties)
        return result.score * data.scale, result.information * np.outer(data.scale, data.scale)

    @cached_property
    def _data(self) -> SurvivalData:
        """The rows, checked and sorted once for all models of the family."""
        return check_survival_data(self.matrix, self.time, self.event, stratum=self.stratum)
