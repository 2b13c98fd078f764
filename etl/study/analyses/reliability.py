"""How far the models can be trusted: calibration, discrimination, selection in bootstrap samples, hospitals, linearity."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from etl.study.analyses.fitted import Fitted, with_outcome
from etl.study.analyses.model_sheet import write_term
from etl.study.analyses.models import Models, candidates_of
from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.statistics.block_tests import likelihood_ratio_test
from etl.study.statistics.calibration import calibrate
from etl.study.statistics.collinearity import condition_number, variance_inflation
from etl.study.statistics.concordance import concordance
from etl.study.statistics.cox import CoxFit, fit_cox
from etl.study.statistics.design import build_design
from etl.study.statistics.discrimination import c_statistic
from etl.study.statistics.heterogeneity import (
    Ties,
    cochran_q,
    cox_estimates_of_columns,
    cox_interaction_test,
    fit_with_intercepts,
    logistic_estimates_of_columns,
    logistic_interaction_test,
)
from etl.study.statistics.influence import logistic_influence
from etl.study.statistics.logistic import LogisticFit, fit_logistic
from etl.study.statistics.spline import restricted_cubic_spline
from etl.study.statistics.test_result import TestResult
from etl.study.statistics.validation import (
    SelectionValidation,
    validate_cox_selection,
    validate_logistic_selection,
)

Numbers = NDArray[np.float64]

BY_CONSTRUCTION = (
    "Among the patients to whom the model was fitted, the slope is 1 and the shift 0 by construction; what to expect among "
    "others is the shrinkage by bootstrap."
)
SCREENED = (
    "The candidates were chosen by their P values among the same patients. That choice is not repeated in the samples, so "
    "that the true optimism is larger."
)


def judge_models(patients: Patients, models: Models) -> Iterator[Sheet]:
    """Measure what the study asks for: `validation.<model>`, `heterogeneity.<model>`, `linearity.<model>`."""
    asked = patients.study.sensitivity
    for name in asked.validated:
        for one in models.fitted[name]:
            yield _validate(patients, models, one)
    for name in asked.heterogeneity:
        for one in models.fitted[name]:
            yield _compare_hospitals(one)
    for name, model in patients.study.models.items():
        numbers = [variable for variable in asked.splines if variable in model.variables]
        if numbers:
            yield _test_linearity(patients, name, numbers)


def _validate(patients: Patients, models: Models, one: Fitted) -> Sheet:
    sheet = Sheet(f"validation.{one.name}", one.model.population)
    if not one.design.columns:
        sheet.write("note", None, method="validation", note="The model has no variable.")
        return sheet
    if isinstance(one.fit, LogisticFit):
        coefficients = np.asarray([one.fit.intercept, *one.fit.coefficients])
        if np.isfinite(coefficients).all():
            _write_calibration(sheet, one, one.design.matrix @ coefficients[1:] + coefficients[0])
        else:
            sheet.write("c_apparent", None, method="delong", note=f"There is no prediction. {one.fit.note}")
    else:
        # Where an estimate is infinite, the coefficients at which the fit stopped order the patients as the limit does.
        found = concordance(one.design.matrix @ one.fit.reached, one.time, one.outcome)
        sheet.write("c_apparent", found.estimate, method="harrell_c", note=found.note or None)
    for inflation in variance_inflation(
        one.design.matrix, {variable: one.design.block(variable) for variable in one.design.variables}
    ):
        sheet.write("variance_inflation", inflation.factor, method="gvif", variable=inflation.variable)
    sheet.write("condition_number", condition_number(one.design.matrix), method="condition_number")
    draws = patients.study.sensitivity.bootstrap
    if draws and one.selection is not None:
        _write_validation(
            sheet,
            _bootstrap(patients, models, one, draws=draws),
            note=SCREENED if one.model.candidates is not None else "",
        )
    return sheet


def _write_calibration(sheet: Sheet, one: Fitted, log_odds: Numbers) -> None:
    assert isinstance(one.fit, LogisticFit), "of a binary outcome"
    found = c_statistic(one.outcome, log_odds)
    for operation, value in (("c_apparent", found.value), ("c_low", found.lower), ("c_high", found.upper)):
        sheet.write(operation, value, method="delong", note=found.note or None)
    calibration = calibrate(one.outcome, 1 / (1 + np.exp(-log_odds)))
    numbers = {
        "calibration_slope": calibration.slope,
        "calibration_in_the_large": calibration.in_the_large,
        "brier": calibration.brier,
        "brier_scaled": calibration.brier_scaled,
    }
    for operation, value in numbers.items():
        is_apparent = operation.startswith("calibration_")
        note = calibration.note or (BY_CONSTRUCTION if is_apparent else None)
        sheet.write(operation, value, method="calibration", note=note)
    sheet.write_test(calibration.hosmer_lemeshow)
    for number, group in enumerate(calibration.groups, start=1):
        decile = {
            "patients": group.n,
            "predicted": group.predicted,
            "observed": group.observed,
            "low": group.lower,
            "high": group.upper,
        }
        for operation, value in decile.items():
            sheet.write(operation, value, method="calibration", sequence=number)
    influence = logistic_influence(one.design.matrix, one.outcome, one.fit)
    if influence is not None:
        sheet.write("largest_cooks_distance", float(influence.cooks_distance.max()), method="influence")
        for number, column in enumerate(one.design.columns):
            largest = float(np.abs(influence.dfbetas[:, number]).max())
            sheet.write("largest_dfbetas", largest, method="influence", variable=column.variable, level=column.level)


def _bootstrap(patients: Patients, models: Models, one: Fitted, *, draws: int) -> SelectionValidation:
    """Repeat the selection on samples of the patients who were complete in all candidates."""
    candidates = candidates_of(one.model, models.fitted)
    design = build_design(one.frame, candidates)
    blocks = {variable: design.block(variable) for variable in design.variables}
    seed, limits = patients.study.sensitivity.seed, {"p_in": one.model.enter_below, "p_out": one.model.remove_above}
    if one.model.kind == "logistic":
        return validate_logistic_selection(design.matrix, one.outcome, blocks, n_bootstrap=draws, seed=seed, **limits)
    ties = "breslow" if one.model.ties == "exact" else one.model.ties
    return validate_cox_selection(
        design.matrix, one.time, one.outcome, blocks, n_bootstrap=draws, seed=seed, ties=ties, **limits
    )


def _write_validation(sheet: Sheet, found: SelectionValidation, *, note: str) -> None:
    numbers = {
        "c_optimism": found.c_optimism,
        "c_corrected": found.c_corrected,
        "shrinkage": found.slope,
        "samples": found.n_bootstrap,
    }
    for operation, value in numbers.items():
        sheet.write(operation, value, method="bootstrap", note=" ".join(filter(None, (found.note, note))))
    for variable, share in found.frequencies.items():
        sheet.write("selected_share", share, method="bootstrap", variable=variable)


def _compare_hospitals(one: Fitted) -> Sheet:
    """Estimate each term in each hospital, and test whether they differ: Cochran's Q, and each factor's interaction."""
    sheet = Sheet(f"heterogeneity.{one.name}", one.model.population)
    sites = one.frame["site_id"].to_numpy(dtype=str)
    ties: Ties = "breslow" if one.model.ties == "exact" else one.model.ties
    matrix = one.design.matrix
    is_logistic = one.model.kind == "logistic"
    if is_logistic:
        by_column = logistic_estimates_of_columns(matrix, one.outcome, sites)
    else:
        by_column = cox_estimates_of_columns(matrix, one.time, one.outcome, sites, ties=ties)
    for column, estimates in zip(one.design.columns, by_column, strict=True):
        write = partial(sheet.write, variable=column.variable, level=column.level)
        for site in estimates:
            estimate = np.nan if site.estimate is None else site.estimate
            error = np.nan if site.standard_error is None else site.standard_error
            write_term(
                sheet,
                estimate,
                error,
                method=one.method,
                variable=column.variable,
                level=column.level,
                group_level=site.site,
            )
            write("patients", site.n, method="count", group_level=site.site)
            write("outcomes", site.events, method="count", group_level=site.site)
        found = cochran_q(estimates)
        numbers = {"q": found.q, "q_df": float(found.df), "q_p": found.p, "i_squared": found.i_squared}
        for operation, value in numbers.items():
            write(operation, value, method="cochran_q", note=found.note or None)
    for variable, test in _interactions(one, sites, ties=ties).items():
        sheet.write_test(test, variable=variable, prefix="interaction_")
    return sheet


def _interactions(one: Fitted, sites: NDArray[np.str_], *, ties: Ties) -> dict[str, TestResult]:
    """Test each factor's interaction with the hospitals; the model without interactions is fitted once."""
    blocks = {variable: one.design.block(variable) for variable in one.design.variables}
    matrix = one.design.matrix
    if one.model.kind == "logistic":
        plain = fit_with_intercepts(matrix, one.outcome, sites)
        return {
            variable: logistic_interaction_test(matrix, one.outcome, sites, columns=block, smaller=plain)
            for variable, block in blocks.items()
        }
    smaller = fit_cox(matrix, one.time, one.outcome, ties=ties, stratum=sites)
    return {
        variable: cox_interaction_test(matrix, one.time, one.outcome, sites, columns=block, ties=ties, smaller=smaller)
        for variable, block in blocks.items()
    }


def _test_linearity(patients: Patients, name: str, variables: Sequence[str]) -> Sheet:
    """Test each number, on its own, against a restricted cubic spline of it (Harrell)."""
    model = patients.study.models[name]
    sheet = Sheet(f"linearity.{name}", model.population)
    frame = with_outcome(patients, model)
    for variable in variables:
        known = frame[frame[variable].notna()]
        spline = restricted_cubic_spline(known[variable].to_numpy())
        bends = spline.basis.shape[1] - 1
        if bends < 1:
            sheet.write("p", None, method="likelihood_ratio", variable=variable, note=spline.note)
            continue
        if model.kind == "logistic":
            outcome = known["outcome"].to_numpy()
            line: CoxFit | LogisticFit = fit_logistic(spline.basis[:, :1], outcome)
            curve: CoxFit | LogisticFit = fit_logistic(spline.basis, outcome)
        else:
            time, event = known["time"].to_numpy(), known["event"].to_numpy()
            line = fit_cox(spline.basis[:, :1], time, event, ties=model.ties)
            curve = fit_cox(spline.basis, time, event, ties=model.ties)
        if line.log_likelihood is None or curve.log_likelihood is None:
            sheet.write("p", None, method="likelihood_ratio", variable=variable, note=curve.note or line.note)
            continue
        sheet.write_test(likelihood_ratio_test(curve.log_likelihood, line.log_likelihood, bends), variable=variable)
    return sheet
