"""The models fitted again after multiple imputation, next to those of complete patients."""

from collections.abc import Iterator

import numpy as np

from etl.study.analyses.fitted import Fitted, fit_frame, with_outcome
from etl.study.analyses.model_sheet import write_term
from etl.study.analyses.models import Models, candidates_of
from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.statistics.imputation import impute, nelson_aalen_at
from etl.study.statistics.pooling import pool, pooled_wald_test

HAZARD = "cumulative_hazard"


def fit_imputed(patients: Patients, models: Models) -> Iterator[Sheet]:
    """Fit the selected variables of each model asked for to imputed patients, and pool by Rubin's rules.

    `imputed.<model>`: estimate, low, high, p of each term, and missing_information, the share of its information that
    is lost with the missing values; whole_statistic, whole_df, whole_p of each variable (F, `pooled_wald_test`). All
    candidates and the outcome predict what is missing; the variables are those that were selected among complete
    patients.
    """
    for name in patients.study.sensitivity.imputed:
        for one in models.fitted[name]:
            yield _fit(patients, models, one)


def _fit(patients: Patients, models: Models, one: Fitted) -> Sheet:
    sheet = Sheet(f"imputed.{one.name}", one.model.population)
    variables = list(one.design.variables)
    frame = with_outcome(patients, one.model)
    predictors = frame[list(dict.fromkeys([*candidates_of(one.model, models.fitted), *variables]))]
    unknown = [name for name in predictors.columns if predictors[name].isna().all()]
    if not variables or unknown or frame.empty:
        note = f"Nobody has a value of {', '.join(unknown)}." if unknown else "There is no variable to fit."
        sheet.write("note", None, method="imputed", note=note)
        return sheet
    if one.model.kind == "logistic":
        predictors = predictors.assign(outcome=frame["outcome"])
    else:
        hazard = nelson_aalen_at(frame["time"].to_numpy(), frame["event"].to_numpy())
        predictors = predictors.assign(event=frame["event"], **{HAZARD: hazard})
    asked = patients.study.sensitivity
    fits = [
        fit_frame(frame.assign(**{name: drawn[name] for name in variables}), one.name, variables, model=one.model)
        for drawn in impute(predictors, m=asked.imputations, seed=asked.seed)
    ]
    _write_pooled(sheet, fits)
    sheet.write("patients", len(frame), method="imputed")
    sheet.write("imputations", asked.imputations, method="imputed")
    sheet.write("incomplete", int(frame[variables].isna().any(axis=1).sum()), method="imputed")
    for name in variables:
        sheet.write("missing", int(frame[name].isna().sum()), method="count", variable=name)
    return sheet


def _write_pooled(sheet: Sheet, fits: list[Fitted]) -> None:
    columns = fits[0].design.columns
    if any(one.design.columns != columns for one in fits):
        sheet.write(
            "note", None, method="imputed", note="The imputed data sets differ in the levels that patients have."
        )
        return
    # Without missing values, a Cox model has as many degrees of freedom as events beyond its parameters.
    first = fits[0]
    size = first.fit.n if first.model.kind == "logistic" else first.fit.events
    pooled = pool(
        [np.asarray(one.fit.coefficients) for one in fits],
        [np.asarray(one.fit.covariance) for one in fits],
        complete_df=size - len(columns) - (first.model.kind == "logistic"),
    )
    if pooled.note:
        sheet.write("note", None, method="imputed", note=pooled.note)
    for number, column in enumerate(columns):
        write_term(
            sheet,
            float(pooled.estimates[number]),
            float(pooled.standard_errors[number]),
            method="imputed",
            variable=column.variable,
            level=column.level,
            df=float(pooled.df[number]),
        )
        share = float(pooled.fraction_missing[number])
        sheet.write(
            "missing_information",
            share,
            method="imputed",
            variable=column.variable,
            level=column.level,
            note=None if np.isfinite(share) else "The fits have no finite estimate of it.",
        )
    for variable in first.design.variables:
        sheet.write_test(pooled_wald_test(pooled, first.design.block(variable)), variable=variable, prefix="whole_")
