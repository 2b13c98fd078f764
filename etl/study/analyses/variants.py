"""The study's models fitted again in the ways that a reviewer asks for, next to the publication's own."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from etl.study.analyses.fitted import Fitted, fit_frame
from etl.study.analyses.model_sheet import write_fit, write_term
from etl.study.analyses.models import Models
from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.statistics.censoring_weights import censoring_weights, fit_weighted_logistic
from etl.study.statistics.design import build_design
from etl.study.statistics.firth import firth_block_test, fit_firth

SITE = "site_id"


def fit_variants(patients: Patients, models: Models) -> Iterator[Sheet]:
    """Fit again: with Efron's ties, with hospitals as strata, by Firth's penalty, with weights for censoring.

    `efron.<model>`, `stratified.<model>`, `firth.<model>`, `weighted.<model>`: as `model.<model>` (model_sheet).
    """
    asked = patients.study.sensitivity
    for name in asked.ties:
        yield _with_efron(models.fitted[name], name)
    for name in asked.stratified_by_site:
        yield _by_site(models.fitted[name], name)
    for name in asked.firth:
        yield _with_firth(models.fitted[name], name)
    for name in asked.weighted:
        yield _with_weights(patients, models.fitted[name], name)


def _with_efron(fitted: list[Fitted], name: str) -> Sheet:
    sheet = Sheet(f"efron.{name}", fitted[0].model.population)
    for one in fitted:
        model = one.model.model_copy(update={"ties": "efron"})
        again = fit_frame(one.frame, name, list(one.design.variables) or list(one.missing), model=model)
        again = replace(again, missing=one.missing, incomplete=one.incomplete)
        write_fit(sheet, again, is_alone=one.model.selection == "each")
    return sheet


def _by_site(fitted: list[Fitted], name: str) -> Sheet:
    """Give each hospital its own baseline hazard (Cox), or its own intercept (logistic)."""
    sheet = Sheet(f"stratified.{name}", fitted[0].model.population)
    for one in fitted:
        variables = list(one.design.variables)
        if one.model.kind == "cox":
            again = fit_frame(one.frame, name, variables, model=one.model, stratum=SITE)
        else:
            frame = one.frame.assign(**{SITE: one.frame[SITE].astype("category").cat.as_ordered()})
            again = fit_frame(frame, name, [*variables, SITE], model=one.model)
        again = replace(again, missing=one.missing, incomplete=one.incomplete)
        write_fit(sheet, again, is_alone=one.model.selection == "each", nuisance=[SITE])
    return sheet


def _with_firth(fitted: list[Fitted], name: str) -> Sheet:
    """Fit by Firth's penalised likelihood, with profile limits; finite also where the data separate the outcome."""
    sheet = Sheet(f"firth.{name}", fitted[0].model.population)
    for one in fitted:
        if not one.design.columns or len(np.unique(one.outcome)) == 1:
            sheet.write("note", None, method="firth", note="There is nothing to fit.")
            continue
        fit = fit_firth(one.design.matrix, one.outcome)
        for number, column in enumerate(one.design.columns):
            numbers = {
                "estimate": fit.coefficients[number],
                "low": fit.lower[number],
                "high": fit.upper[number],
            }
            for operation, value in numbers.items():
                sheet.write(
                    operation, float(np.exp(value)), method="firth", variable=column.variable, level=column.level
                )
            test = fit.tests[number]
            sheet.write(
                "p", test.p, method="firth", variable=column.variable, level=column.level, note=test.note or None
            )
        for variable in one.design.variables:
            whole = firth_block_test(one.design.matrix, one.outcome, one.design.block(variable), fit=fit)
            sheet.write_test(whole, variable=variable, prefix="whole_")
        sheet.write("patients", fit.n, method="firth")
        sheet.write("incomplete", one.incomplete, method="firth")
        sheet.write("outcomes", fit.events, method="firth", note=fit.note or None)
    return sheet


def _with_weights(patients: Patients, fitted: list[Fitted], name: str) -> Sheet:
    """Fit living beyond the horizon among all who are eligible, weighted for those who were censored before it.

    The population is that of the endpoint's own models, so that nobody is left out for an outcome that is not known.
    """
    one = fitted[0]
    study = patients.study
    horizon, endpoint = study.sensitivity.horizon_days, study.sensitivity.horizon_endpoint
    assert horizon is not None, "the study file is checked"
    assert endpoint is not None, "the study file is checked"
    population = next(
        (model.population for model in study.models.values() if model.endpoint == endpoint), one.model.population
    )
    sheet = Sheet(f"weighted.{name}", population)
    frame = patients.frame(population)
    frame = frame[frame[f"{endpoint}:time"].notna() & frame[f"{endpoint}:event"].notna()]
    time, event = frame[f"{endpoint}:time"].to_numpy(), frame[f"{endpoint}:event"].to_numpy()
    weights = censoring_weights(time, event, horizon)
    weighted = frame.assign(weight=weights.weights, outcome=weights.is_beyond.astype("float64"))
    weighted = weighted[weights.is_known]
    design = build_design(weighted, list(one.design.variables))
    complete = weighted.loc[design.is_complete]
    fit = fit_weighted_logistic(design.matrix, complete["outcome"].to_numpy(), complete["weight"].to_numpy())
    for number, column in enumerate(design.columns):
        write_term(
            sheet,
            float(fit.coefficients[number]),
            float(fit.standard_errors[number]),
            method="logistic_weighted",
            variable=column.variable,
            level=column.level,
        )
    counts = {
        "patients": fit.n,
        "outcomes": fit.events,
        "incomplete": int((~design.is_complete).sum()),
        "censored_before": int((~weights.is_known).sum()),
    }
    for operation, value in counts.items():
        sheet.write(operation, value, method="logistic_weighted", note=fit.note or None)
    return sheet
