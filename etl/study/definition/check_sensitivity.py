"""Check what a study file asks for next to the publication's own analyses: that it is there, and can be computed."""

from collections.abc import Collection, Iterator

from etl.study.definition.mistake import Mistake, repeated, unknown
from etl.study.definition.study_file import StudyFile


def check_sensitivity(study: StudyFile, *, onsets: Collection[str]) -> Iterator[Mistake]:
    """List what the part `sensitivity` asks for and cannot have.

    Args:
        study: the study.
        onsets: the kinds of analysis.onset.
    """
    yield from _check_known(study, onsets)
    for key, names in study.sensitivity:
        if isinstance(names, list):
            yield from repeated(("sensitivity", key), names)
    yield from _check_models(study)
    yield from _check_others(study)


def _check_known(study: StudyFile, onsets: Collection[str]) -> Iterator[Mistake]:
    asked = study.sensitivity
    cox = [name for name, model in study.models.items() if model.kind == "cox"]
    logistic = [name for name, model in study.models.items() if model.kind == "logistic"]
    later = [name for name, variable in study.variables.items() if variable.onset and variable.is_yes_no]
    known: tuple[tuple[str, Collection[str], str], ...] = (
        ("time_dependent", study.endpoints, "an endpoint of this study"),
        ("later_variables", later, "a yes-or-no variable of this study with an onset"),
        ("ties", cox, "a Cox model of this study"),
        ("stratified_by_site", study.models, "a model of this study"),
        ("heterogeneity", study.models, "a model of this study"),
        ("imputed", study.models, "a model of this study"),
        ("firth", logistic, "a logistic model of this study"),
        ("weighted", logistic, "a logistic model of this study"),
        ("validated", study.models, "a model of this study"),
        ("splines", study.variables, "a variable of this study"),
        ("competing", study.curves, "a curve of this study"),
        ("event_rates", onsets, "a kind of analysis.onset"),
    )
    for key, names, what in known:
        for index, name in enumerate(getattr(asked, key)):
            yield from unknown(("sensitivity", key, index), name, names, what=what)


def _check_models(study: StudyFile) -> Iterator[Mistake]:
    asked = study.sensitivity
    for key in ("imputed", "firth", "weighted", "validated"):
        for index, name in enumerate(getattr(asked, key)):
            if name in study.models and study.models[name].selection == "each":
                yield ("sensitivity", key, index), f"'{name}' fits each variable on its own; name a model of several."
    for index, name in enumerate(asked.time_dependent):
        if name in study.models:
            yield ("sensitivity", "time_dependent", index), f"a model has the name '{name}' too; call one otherwise."
    if asked.weighted and asked.horizon_days is None:
        yield ("sensitivity",), "models with weights for censoring need 'horizon_days'."
    if asked.weighted and asked.horizon_endpoint is None:
        yield ("sensitivity",), "models with weights for censoring need 'horizon_endpoint'."
    if asked.horizon_endpoint is not None:
        yield from unknown(
            ("sensitivity", "horizon_endpoint"),
            asked.horizon_endpoint,
            study.endpoints,
            what="an endpoint of this study",
        )
    if asked.weighted and not study.endpoints:
        yield ("sensitivity", "weighted"), "models with weights for censoring need an endpoint."


def _check_others(study: StudyFile) -> Iterator[Mistake]:
    asked = study.sensitivity
    for index, month in enumerate(asked.landmark_months):
        if month <= 0:
            yield ("sensitivity", "landmark_months", index), "a landmark stands after time zero."
    for index, name in enumerate(asked.splines):
        if name in study.variables and study.variables[name].kind != "number":
            yield ("sensitivity", "splines", index), f"'{name}' is in levels; a spline needs a number."
        elif name in study.variables and not any(name in model.variables for model in study.models.values()):
            yield ("sensitivity", "splines", index), f"no model has '{name}'; splines are tested in models."
    for index, name in enumerate(asked.competing):
        endpoint = study.endpoints.get(study.curves[name].endpoint) if name in study.curves else None
        if endpoint is not None and endpoint.competing_time is None:
            yield ("sensitivity", "competing", index), f"the endpoint of '{name}' has no competing event."
    if asked.event_rates and not any(table.groups for table in study.tables.values()):
        yield (
            ("sensitivity", "event_rates"),
            "event rates are of the groups of the first table that has some; none has.",
        )
