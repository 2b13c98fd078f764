"""Write a fitted model on its sheet: each term, each factor as a whole, the model's own numbers, the steps to it."""

from collections.abc import Collection

import numpy as np
from scipy.stats import chi2

from etl.study.analyses.fitted import Fitted, drop_variable
from etl.study.analyses.result import Sheet
from etl.study.statistics.block_tests import wald_block_test
from etl.study.statistics.collinearity import events_per_parameter
from etl.study.statistics.estimate import NORMAL_QUANTILE
from etl.study.statistics.stepwise import Stepwise, StepwiseStep

RUNS_AWAY = "The estimate runs away: the data separate the outcome."
SAYS_NOTHING = "The data say nothing about it."
NO_PARAMETER = "The model has no parameter."


def write_fit(
    sheet: Sheet,
    fitted: Fitted,
    *,
    is_alone: bool = False,
    group_level: str | None = None,
    nuisance: Collection[str] = (),
) -> None:
    """Write a fit.

    Of each term: estimate (ratio), low, high, log_estimate, std_error, p (Wald). Of each level: n, events. Of each
    variable: whole_statistic, whole_df, whole_p by likelihood ratio, whole_wald_p by Wald, missing. Of the model: patients,
    outcomes, incomplete, parameters, events_per_parameter, log_likelihood, note.

    Args:
        sheet: where to write.
        fitted: what was fitted.
        is_alone: one variable's model among others of the sheet: the model's own numbers stand under the variable.
        group_level: the group, stratum or hospital that the fit is of.
        nuisance: variables that are in the model and not written, such as the hospitals' own intercepts.
    """
    fit, design = fitted.fit, fitted.design
    errors = fit.standard_errors
    for number, column in enumerate(design.columns):
        if column.variable in nuisance:
            continue
        write_term(
            sheet,
            float(fit.coefficients[number]),
            float(errors[number]),
            method=fitted.method,
            variable=column.variable,
            level=column.level,
            group_level=group_level,
        )
    for variable in design.variables:
        if variable in nuisance:
            continue
        _write_variable(sheet, fitted, variable, group_level=group_level)
    _write_model(sheet, fitted, of_variable=_variable_of(fitted) if is_alone else None, group_level=group_level)


def write_term(
    sheet: Sheet,
    estimate: float,
    error: float,
    *,
    method: str,
    variable: str,
    level: str | None,
    group_level: str | None = None,
    df: float | None = None,
) -> None:
    """Write one coefficient as a ratio with limits of 95 %.

    Args:
        sheet: where to write.
        estimate: the logarithm of the ratio; infinite where it runs away.
        error: its standard error.
        method: how it was fitted.
        variable: its variable.
        level: its level; None for a number.
        group_level: the group that it is of.
        df: degrees of freedom of Student's distribution, where that is used in place of the normal one.
    """
    from scipy.stats import t as student

    def write(operation: str, value: float | None, note: str | None = None) -> None:
        sheet.write(operation, value, method=method, variable=variable, level=level, group_level=group_level, note=note)

    if not np.isfinite(estimate) or not np.isfinite(error):
        note = RUNS_AWAY if np.isinf(estimate) else SAYS_NOTHING
        write("estimate", _ratio(estimate), note)
        for operation in ("low", "high", "p"):
            write(operation, None, note)
        return
    width = NORMAL_QUANTILE if df is None else float(student.ppf(0.975, df))
    z = estimate / error
    write("estimate", _ratio(estimate))
    write("low", _ratio(estimate - width * error))
    write("high", _ratio(estimate + width * error))
    write("log_estimate", estimate)
    write("std_error", error)
    write("p", float(chi2.sf(z**2, 1)) if df is None else float(2 * student.sf(abs(z), df)))


def _ratio(logarithm: float) -> float:
    """Take the ratio out of its logarithm; infinite beyond the largest number."""
    with np.errstate(over="ignore"):
        return float(np.exp(logarithm))


def write_steps(sheet: Sheet, selection: Stepwise) -> None:
    """Write the steps of a selection; `sequence` is the step, from 1."""
    sheet.write("minus_two_log_likelihood", selection.minus_two_log_likelihood_null, method="null_model")
    for step in selection.steps:
        _write_step(sheet, step)
    sheet.write(
        "end", None, method="forward_conditional", sequence=len(selection.steps), text=selection.stopped_because
    )


def _write_step(sheet: Sheet, step: StepwiseStep) -> None:
    for kind, tests in (("entry_", step.entry_tests), ("removal_", step.removal_tests)):
        for each in tests:
            sheet.write_test(each.test, variable=each.variable, sequence=step.number, prefix=kind)
    for operation, variable in (("entered", step.entered), ("removed", step.removed)):
        if variable:
            sheet.write(
                operation,
                None,
                method="forward_conditional",
                variable=variable,
                sequence=step.number,
                text=operation,
                note=step.note,
            )
    sheet.write(
        "minus_two_log_likelihood",
        step.minus_two_log_likelihood,
        method="forward_conditional",
        sequence=step.number,
        text=", ".join(step.variables),
        note=step.note,
    )


def _write_variable(sheet: Sheet, fitted: Fitted, variable: str, *, group_level: str | None) -> None:
    design, fit = fitted.design, fitted.fit
    reference = design.references.get(variable)
    if reference is not None:
        sheet.write(
            "estimate",
            1,
            method=fitted.method,
            variable=variable,
            level=reference,
            group_level=group_level,
            text="reference",
        )
    _write_levels(sheet, fitted, variable, group_level=group_level)
    wald = wald_block_test(np.asarray(fit.coefficients), np.asarray(fit.covariance), design.block(variable))
    sheet.write_test(wald, variable=variable, group_level=group_level, prefix="whole_wald_")
    sheet.write_test(drop_variable(fitted, variable), variable=variable, group_level=group_level, prefix="whole_")


def _write_levels(sheet: Sheet, fitted: Fitted, variable: str, *, group_level: str | None) -> None:
    """Write how many patients and outcomes each level has among those who are in the model."""
    values, events = fitted.frame[variable], fitted.outcome
    if not hasattr(values, "cat"):
        return
    codes = values.cat.codes.to_numpy()
    for code, level in enumerate(values.cat.categories):
        is_level = codes == code
        for operation, count in (("n", is_level.sum()), ("events", events[is_level].sum())):
            sheet.write(
                operation, float(count), method="count", variable=variable, level=level, group_level=group_level
            )


def _write_model(sheet: Sheet, fitted: Fitted, *, of_variable: str | None, group_level: str | None) -> None:
    fit, parameters = fitted.fit, len(fitted.design.columns)
    numbers: dict[str, float | None] = {
        "patients": fit.n,
        "outcomes": fit.events,
        "incomplete": fitted.incomplete,
        "parameters": parameters,
        "events_per_parameter": events_per_parameter(
            fit.events, fit.n, parameters, is_survival=fitted.model.kind == "cox"
        ),
        "log_likelihood": fit.log_likelihood,
        "log_likelihood_null": fit.log_likelihood_null,
    }
    for operation, value in numbers.items():
        why = None if value is not None else fit.note if parameters else NO_PARAMETER
        sheet.write(operation, value, method=fitted.method, variable=of_variable, group_level=group_level, note=why)
    for variable, count in fitted.missing.items():
        sheet.write("missing", count, method="count", variable=variable, group_level=group_level)
    notes = [*fitted.design.notes, *([fit.note] if fit.note else [])]
    for place, note in enumerate(notes, start=1):
        sheet.write(
            "note",
            None,
            method=fitted.method,
            variable=of_variable,
            group_level=group_level,
            sequence=place,
            note=note,
        )


def _variable_of(fitted: Fitted) -> str:
    """Name the variable that a model of one variable was asked for, also when nothing of it could enter."""
    return next(iter(fitted.missing))
