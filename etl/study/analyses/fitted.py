"""Fit one model of a study to the patients who are complete in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from etl.study.analyses.patients import Patients
from etl.study.definition.study_file import Model
from etl.study.statistics.block_tests import likelihood_ratio_test
from etl.study.statistics.cox import CoxFit, fit_cox
from etl.study.statistics.design import Design, build_design
from etl.study.statistics.logistic import LogisticFit, fit_logistic
from etl.study.statistics.stepwise import Stepwise
from etl.study.statistics.test_result import TestResult, untested

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A model as it was fitted: its patients, its columns, its estimates.

    Attributes:
        name: the model's name in the study file.
        model: what the file says of it.
        method: logistic, cox_breslow, cox_efron or cox_exact.
        frame: the complete patients, in the order of the design's rows, with `outcome`, or `time` and `event`.
        design: its columns.
        fit: its estimates.
        missing: patients without a value, by variable that was asked for.
        incomplete: patients who lack at least one.
        selection: how its variables were selected, when they were.
        stratum: the column whose values are strata, when there are any.
    """

    name: str
    model: Model
    method: str
    frame: "pd.DataFrame"
    design: Design
    fit: CoxFit | LogisticFit
    missing: Mapping[str, int]
    incomplete: int
    selection: Stepwise | None = None
    stratum: str | None = None

    @property
    def outcome(self) -> Numbers:
        """1 for patients with the outcome or the event, else 0."""
        return np.asarray(self.frame["outcome" if self.model.kind == "logistic" else "event"], dtype=np.float64)

    @property
    def time(self) -> Numbers:
        """Days to the event or to censoring, of a Cox model."""
        return np.asarray(self.frame["time"], dtype=np.float64)


def fit_model(
    patients: Patients, name: str, variables: Sequence[str], *, model: Model, stratum: str | None = None
) -> Fitted:
    """Fit a model of these variables to the patients who are complete in them and in the outcome.

    Args:
        patients: the study's patients.
        name: the model's name.
        variables: its variables.
        model: its outcome, population and handling of ties.
        stratum: a column of the frame whose values are strata; of Cox models alone.
    """
    return fit_frame(with_outcome(patients, model), name, variables, model=model, stratum=stratum)


def fit_frame(
    frame: "pd.DataFrame", name: str, variables: Sequence[str], *, model: Model, stratum: str | None = None
) -> Fitted:
    """Fit a model to a frame as of `with_outcome`; see `fit_model`."""
    design = build_design(frame, variables)
    complete = frame.loc[design.is_complete]
    return Fitted(
        name=name,
        model=model,
        method=method_of(model),
        frame=complete,
        design=design,
        fit=_fit(complete, design.matrix, model=model, stratum=stratum),
        missing=design.missing,
        incomplete=int((~design.is_complete).sum()),
        stratum=stratum,
    )


def with_outcome(patients: Patients, model: Model) -> "pd.DataFrame":
    """Give the population's frame the columns `outcome`, or `time` and `event`; patients who lack them are left out."""
    frame = patients.frame(model.population)
    if model.outcome is not None:
        levels = frame[model.outcome.variable]
        return frame.assign(outcome=(levels == model.outcome.level).astype("float64"))[levels.notna()]
    frame = frame.assign(time=frame[f"{model.endpoint}:time"], event=frame[f"{model.endpoint}:event"])
    return frame[frame["time"].notna() & frame["event"].notna()]


def method_of(model: Model) -> str:
    """Name the method by which a model is fitted."""
    return "logistic" if model.kind == "logistic" else f"cox_{model.ties}"


def drop_variable(fitted: Fitted, variable: str) -> TestResult:
    """Compare the model with the one without the variable, both fitted, by the likelihood ratio."""
    block = fitted.design.block(variable)
    if not block:
        return untested("likelihood_ratio", "Nothing of the variable could enter the model.")
    kept = [column for column in range(len(fitted.design.columns)) if column not in block]
    full = fitted.fit.log_likelihood
    reduced = fitted.fit.log_likelihood_null
    if kept:
        matrix = fitted.design.matrix[:, kept]
        reduced = _fit(fitted.frame, matrix, model=fitted.model, stratum=fitted.stratum).log_likelihood
    if full is None or reduced is None:
        return untested("likelihood_ratio", "One of the two models has no likelihood.")
    return likelihood_ratio_test(full, reduced, len(block))


def _fit(frame: "pd.DataFrame", matrix: Numbers, *, model: Model, stratum: str | None) -> CoxFit | LogisticFit:
    if model.kind == "logistic":
        return fit_logistic(matrix, frame["outcome"].to_numpy())
    strata = None if stratum is None else frame[stratum].to_numpy()
    return fit_cox(matrix, frame["time"].to_numpy(), frame["event"].to_numpy(), ties=model.ties, stratum=strata)
