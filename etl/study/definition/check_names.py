"""Check that every name in a study file leads somewhere: a variable, a level, a population, a column of the cohort."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from etl.study.definition.check_sensitivity import check_sensitivity
from etl.study.definition.mistake import At, Mistake, repeated, unknown
from etl.study.definition.study_file import Level, Model, StudyFile, Table

OWN_COLUMNS = ("site_id", "patient_id", "outcome", "time", "event", "cause", "weight", "cumulative_hazard")
"""Columns that the analyses give their frames; a variable of that name would be overwritten."""
OWN_TABLES = ("flow", "published", "rates")
"""Analyses of every study; a table of that name would share their numbers' names."""
OWN_GROUP = "total"
"""The column of all patients in every table."""


def check_names(study: StudyFile, *, columns: Collection[str], onsets: Collection[str]) -> list[Mistake]:
    """List every name that leads nowhere.

    Args:
        study: the study.
        columns: the columns of analysis.cohort.
        onsets: the kinds of analysis.onset.
    """
    return [
        *_check_variables(study, columns, onsets),
        *_check_populations(study),
        *(found for name, table in study.tables.items() for found in _check_table(study, name, table)),
        *_check_endpoints(study, columns),
        *_check_curves(study),
        *(found for name, model in study.models.items() for found in _check_model(study, name, model)),
        *check_sensitivity(study, onsets=onsets),
    ]


def _check_variables(study: StudyFile, columns: Collection[str], onsets: Collection[str]) -> Iterator[Mistake]:
    for name, variable in study.variables.items():
        at: At = ("variables", name)
        if name in OWN_COLUMNS:
            yield at, f"'{name}' is a name that the analyses use themselves; call the variable something else."
        yield from unknown((*at, "column"), variable.column, columns, what="a column of analysis.cohort")
        if variable.onset is not None:
            yield from unknown((*at, "onset"), variable.onset, onsets, what="a kind of analysis.onset")
        for other, levels in variable.applies_to.items():
            yield from _check_levels(study, (*at, "applies_to", other), other, levels)
            yield from repeated((*at, "applies_to", other), levels)
            if other == name:
                yield (*at, "applies_to", other), f"'{name}' cannot say to whom it applies itself."
        owners: dict[str, str] = {}
        for level, form in variable.all_levels.items():
            if not level.strip() or "|" in level:
                yield (*at, "levels", level), "a level needs a name, without '|'."
            elif level != level.strip():
                yield (*at, "levels", level), f"the name of the level '{level}' has blanks around it."
            for value in map(str, form.values):
                if value in owners:
                    yield (*at, "levels", level), f"the value '{value}' belongs to the level '{owners[value]}' already."
                owners[value] = level
        yield from ((at, sentence) for sentence in _overlaps(variable.all_levels))


def _overlaps(levels: Mapping[str, Level]) -> Iterator[str]:
    """Report levels that share a number, by their ends; a whole number among the values is an interval of its own."""
    if all(level.values for level in levels.values()):
        return
    spans = []
    for name, level in levels.items():
        if level.values:
            spans += [(float(value), False, float(value), False, name) for value in level.values if _is_whole(value)]
            continue
        low = level.at_least if level.at_least is not None else level.above
        high = level.at_most if level.at_most is not None else level.below
        spans.append(
            (
                float("-inf") if low is None else low,
                level.above is not None,
                float("inf") if high is None else high,
                level.below is not None,
                name,
            )
        )
    for low, is_above, high, is_below, name in spans:
        if low > high or (low == high and (is_above or is_below)):
            yield f"no number belongs to the level '{name}'."
    spans.sort(key=lambda span: span[:2])
    for lower, upper in pairwise(spans):
        is_apart = lower[2] < upper[0] or (lower[2] == upper[0] and (lower[3] or upper[1]))
        if not is_apart:
            yield f"the levels '{lower[4]}' and '{upper[4]}' share numbers."


def _is_whole(value: str | int) -> bool:
    return str(value).removeprefix("-").isdecimal()


def _check_levels(study: StudyFile, at: At, variable: str, levels: Iterable[str]) -> Iterator[Mistake]:
    if variable not in study.variables:
        yield from unknown(at, variable, study.variables, what="a variable of this study")
        return
    known = study.variables[variable].all_levels
    for level in levels:
        yield from unknown(at, level, known, what=f"a level of '{variable}'")


def _check_populations(study: StudyFile) -> Iterator[Mistake]:
    for name, population in study.populations.items():
        for variable, levels in population.where.items():
            yield from _check_levels(study, ("populations", name, "where", variable), variable, levels)
            yield from repeated(("populations", name, "where", variable), levels)
            if not levels:
                yield ("populations", name, "where", variable), f"name a level of '{variable}' at least."
            if variable in study.variables and study.variables[variable].kind == "number":
                yield ("populations", name, "where", variable), f"'{variable}' is a number; a population needs levels."


def _check_categorical(study: StudyFile, at: At, variable: str) -> Iterator[Mistake]:
    yield from unknown(at, variable, study.variables, what="a variable of this study")
    if variable in study.variables and study.variables[variable].kind == "number":
        yield at, f"'{variable}' is a number; groups need levels."


def _check_table(study: StudyFile, name: str, table: Table) -> Iterator[Mistake]:
    at: At = ("tables", name)
    yield from unknown((*at, "population"), table.population, study.populations, what="a population of this study")
    if name in OWN_TABLES:
        yield at, f"'{name}' is a name that the analyses use themselves; call the table something else."
    if table.groups is not None:
        yield from _check_categorical(study, (*at, "groups"), table.groups)
        if table.groups in study.variables and OWN_GROUP in study.variables[table.groups].all_levels:
            yield (*at, "groups"), f"the level '{OWN_GROUP}' of '{table.groups}' has the name of the column of all."
    for index, row in enumerate(table.rows):
        place = (*at, "rows", index)
        yield from _check_levels(study, place, row.variable, row.show)
        yield from repeated((*place, "show"), row.show)
        if row.variable not in study.variables or row.test is None:
            continue
        is_number = study.variables[row.variable].kind == "number"
        if is_number != (row.test in ("student_t", "welch_t", "kruskal_wallis")):
            of = "a number" if is_number else "in levels"
            yield place, f"the test '{row.test}' does not fit '{row.variable}', which is {of}."
    variables = [row.variable for row in table.rows]
    for index, variable in enumerate(variables):
        if variable in variables[:index]:
            yield (*at, "rows", index), f"the variable '{variable}' has a row in '{name}' already."


def _check_endpoints(study: StudyFile, columns: Collection[str]) -> Iterator[Mistake]:
    for name, endpoint in study.endpoints.items():
        for key in ("time", "event", "competing_time", "competing_event"):
            column = getattr(endpoint, key)
            if column is not None:
                yield from unknown(("endpoints", name, key), column, columns, what="a column of analysis.cohort")
        if (endpoint.competing_time is None) != (endpoint.competing_event is None):
            yield ("endpoints", name), "give both 'competing_time' and 'competing_event', or neither."


def _check_curves(study: StudyFile) -> Iterator[Mistake]:
    for name, curve in study.curves.items():
        at: At = ("curves", name)
        yield from unknown((*at, "endpoint"), curve.endpoint, study.endpoints, what="an endpoint of this study")
        yield from unknown((*at, "population"), curve.population, study.populations, what="a population of this study")
        if curve.by is not None:
            yield from _check_categorical(study, (*at, "by"), curve.by)


def _check_model(study: StudyFile, name: str, model: Model) -> Iterator[Mistake]:
    at: At = ("models", name)
    yield from unknown((*at, "population"), model.population, study.populations, what="a population of this study")
    if model.endpoint is not None:
        yield from unknown((*at, "endpoint"), model.endpoint, study.endpoints, what="an endpoint of this study")
    if model.outcome is not None:
        yield from _check_levels(study, (*at, "outcome"), model.outcome.variable, [model.outcome.level])
    for index, variable in enumerate(model.variables):
        yield from unknown((*at, "variables", index), variable, study.variables, what="a variable of this study")
        if variable in model.variables[:index]:
            yield (*at, "variables", index), f"the variable '{variable}' is named twice."
    if model.outcome is not None and model.outcome.variable in model.variables:
        index = model.variables.index(model.outcome.variable)
        yield (*at, "variables", index), f"'{model.outcome.variable}' is the outcome, and cannot explain itself."
    if model.candidates is not None:
        yield from _check_candidates(study, name, model, screened=model.candidates.significant_in)


def _check_candidates(study: StudyFile, name: str, model: Model, *, screened: str) -> Iterator[Mistake]:
    at: At = ("models", name, "candidates", "significant_in")
    each = [other for other, form in study.models.items() if form.selection == "each"]
    yield from unknown(at, screened, each, what="a model of this study with 'selection: each'")
    if screened not in each:
        return
    order = list(study.models)
    if order.index(screened) >= order.index(name):
        yield at, f"the model '{screened}' must stand before '{name}', which takes its candidates from it."
    for index, variable in enumerate(model.variables):
        if variable not in study.models[screened].variables:
            yield ("models", name, "variables", index), f"'{variable}' does not stand in the model '{screened}'."
