"""The models of a study: each variable on its own, all together, or those that stepwise selection keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from etl.study.analyses.fitted import Fitted, drop_variable, fit_frame, fit_model, with_outcome
from etl.study.analyses.model_sheet import write_fit, write_steps
from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.definition.study_file import Model
from etl.study.statistics.cox import CoxFit
from etl.study.statistics.design import build_design
from etl.study.statistics.families import CoxFamily, LogisticFamily
from etl.study.statistics.proportional_hazards import METHOD, proportional_hazards
from etl.study.statistics.stepwise import select_forward

NOT_OF_EXACT_TIES = "The test is defined for ties by Breslow or Efron, not for exact ones."


@dataclass
class Models:
    """Every model of a study as it was fitted: one, or of `selection: each` one per variable; and their sheets."""

    fitted: dict[str, list[Fitted]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)


def fit_models(patients: Patients) -> Models:
    """Fit every model of the study, in the order of the file.

    `model.<name>` holds the estimates, `model.<name>.steps` the steps of a selection,
    `model.<name>.proportional_hazards` the check of a Cox model.
    """
    models = Models()
    for name, model in patients.study.models.items():
        candidates = candidates_of(model, models.fitted)
        fitted = models.fitted[name] = _fit(patients, name, candidates, model=model)
        sheet = Sheet(f"model.{name}", model.population)
        for one in fitted:
            write_fit(sheet, one, is_alone=model.selection == "each")
        models.sheets.append(sheet)
        if (selection := fitted[0].selection if fitted else None) is not None:
            steps = Sheet(f"model.{name}.steps", model.population)
            write_steps(steps, selection)
            models.sheets.append(steps)
        if model.kind == "cox":
            models.sheets.append(check_proportionality(name, fitted, population=model.population))
    return models


def candidates_of(model: Model, fitted: Mapping[str, Sequence[Fitted]]) -> list[str]:
    """Name a model's candidates: those that it lists, or of them those whose whole factor is significant elsewhere."""
    if model.candidates is None:
        return list(model.variables)
    p_values = {
        next(iter(one.missing)): drop_variable(one, next(iter(one.missing))).p
        for one in fitted[model.candidates.significant_in]
    }
    return [
        variable
        for variable in model.variables
        if (p := p_values.get(variable)) is not None and p < model.candidates.below
    ]


def _fit(patients: Patients, name: str, candidates: Sequence[str], *, model: Model) -> list[Fitted]:
    if model.selection == "each":
        return [fit_model(patients, name, [variable], model=model) for variable in candidates]
    if model.selection == "all":
        return [fit_model(patients, name, candidates, model=model)]
    return [select_model(patients, name, candidates, model=model)]


def select_model(patients: Patients, name: str, candidates: Sequence[str], *, model: Model) -> Fitted:
    """Select forward over the patients who are complete in all candidates, and fit what was kept to the same."""
    frame = with_outcome(patients, model)
    design = build_design(frame, candidates)
    complete = frame.loc[design.is_complete]
    family: LogisticFamily | CoxFamily
    if model.kind == "logistic":
        family = LogisticFamily(design.matrix, complete["outcome"].to_numpy())
    else:
        family = CoxFamily(design.matrix, complete["time"].to_numpy(), complete["event"].to_numpy(), ties=model.ties)
    blocks = {variable: design.block(variable) for variable in design.variables}
    selection = select_forward(family, blocks, p_in=model.enter_below, p_out=model.remove_above)
    kept = [variable for variable in candidates if variable in selection.variables]
    fitted = fit_frame(complete, name, kept, model=model)
    incomplete = int((~design.is_complete).sum())
    return replace(fitted, selection=selection, missing=design.missing, incomplete=incomplete)


def check_proportionality(name: str, fitted: Sequence[Fitted], *, population: str) -> Sheet:
    """Test each variable's hazard ratio for a change over time, by the score test of R's survival from version 3."""
    sheet = Sheet(f"model.{name}.proportional_hazards", population)
    for one in fitted:
        if not isinstance(one.fit, CoxFit) or not one.design.columns:
            continue
        if one.model.ties == "exact":
            for variable in one.design.variables:
                sheet.write("p", None, method=METHOD, variable=variable, note=NOT_OF_EXACT_TIES)
            continue
        blocks = {variable: one.design.block(variable) for variable in one.design.variables}
        found = proportional_hazards(
            one.design.matrix, one.time, one.outcome, fit=one.fit, blocks=blocks, ties=one.model.ties
        )
        for variable, test in found.by_block.items():
            sheet.write_test(test, variable=variable)
        if len(fitted) == 1:
            sheet.write_test(found.overall)
    return sheet
