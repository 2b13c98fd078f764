"""The rows that a study file becomes in reference.study..., each column named."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from etl.study.audit.figure import Figure
from etl.study.definition import study_file
from etl.study.definition.read_study import Definition
from etl.study.published.our_number import key_of
from warehouse.model.study_tables import (
    Applicability,
    Condition,
    Curve,
    Endpoint,
    Level,
    LevelValue,
    Model,
    Population,
    PublishedFigure,
    Study,
    StudyRow,
    Table,
    TableRow,
    Variable,
)


def study_rows(definition: Definition, figures: Iterable[Figure]) -> Iterator[StudyRow]:
    """Write what a study file says as rows of the tables of `warehouse.model.study_tables`.

    Args:
        definition: the study.
        figures: the figures that its publication prints.
    """
    study_id, study = definition.name, definition.study
    yield Study(
        study_id=study_id,
        title=study.title.en,
        title_ko=study.title.korean,
        source=study.source,
        definition_sha256=definition.sha256,
    )
    for position, (name, population) in enumerate(study.populations.items(), start=1):
        yield from _population_rows(study_id, name, population, position=position)
    for position, (name, variable) in enumerate(study.variables.items(), start=1):
        yield from _variable_rows(study_id, name, variable, position=position)
    for position, (name, table) in enumerate(study.tables.items(), start=1):
        yield from _table_rows(study_id, name, table, position=position, study=study)
    yield from _endpoint_rows(study_id, study)
    yield from _curve_rows(study_id, study)
    yield from _model_rows(study_id, study)
    yield from (_figure(study_id, figure, study) for figure in figures)


def _population_rows(
    study_id: str, name: str, population: study_file.Population, *, position: int
) -> Iterator[StudyRow]:
    yield Population(
        study_id=study_id,
        population=name,
        position=position,
        label=population.label.en,
        label_ko=population.label.korean,
    )
    for variable, levels in population.where.items():
        for level in levels:
            yield Condition(study_id=study_id, population=name, variable=variable, level=level)


def _variable_rows(study_id: str, name: str, variable: study_file.Variable, *, position: int) -> Iterator[StudyRow]:
    yield Variable(
        study_id=study_id,
        variable=name,
        position=position,
        label=variable.label.en,
        label_ko=variable.label.korean,
        column_name=variable.column,
        is_number=variable.kind == "number",
        unit=variable.unit,
        divide_by=variable.divide_by,
        decimals=variable.decimals,
        onset=variable.onset,
    )
    for other, levels in variable.applies_to.items():
        for level in levels:
            yield Applicability(study_id=study_id, variable=name, by_variable=other, level=level)
    for place, (level, form) in enumerate(variable.all_levels.items(), start=1):
        label = form.label or study_file.Text(en=level, ko=None)
        yield Level(
            study_id=study_id, variable=name, level=level, position=place, label=label.en, label_ko=label.korean
        )
        yield from _level_values(study_id, name, level, form=form)


def _level_values(study_id: str, variable: str, level: str, *, form: study_file.Level) -> Iterator[StudyRow]:
    """List the cells of a level, or its one interval."""
    empty = LevelValue(
        study_id=study_id,
        variable=variable,
        level=level,
        cell=None,
        lower_bound=None,
        is_lower_included=None,
        upper_bound=None,
        is_upper_included=None,
    )
    if form.values:
        yield from (replace(empty, cell=str(value)) for value in form.values)
        return
    yield replace(
        empty,
        lower_bound=form.at_least if form.at_least is not None else form.above,
        is_lower_included=form.at_least is not None,
        upper_bound=form.at_most if form.at_most is not None else form.below,
        is_upper_included=form.at_most is not None,
    )


def _table_rows(
    study_id: str, name: str, table: study_file.Table, *, position: int, study: study_file.StudyFile
) -> Iterator[StudyRow]:
    yield Table(
        study_id=study_id,
        table_id=name,
        position=position,
        title=table.title.en,
        title_ko=table.title.korean,
        population=table.population,
        group_variable=table.groups,
        footnote=_english(table.footnote),
        footnote_ko=_korean(table.footnote),
    )
    for place, row in enumerate(table.rows, start=1):
        label = row.label or study.variables[row.variable].label
        yield TableRow(
            study_id=study_id,
            table_id=name,
            position=place,
            variable=row.variable,
            label=label.en,
            label_ko=label.korean,
            shown_levels=tuple(row.show) or None,
            summary=row.summary,
            published_test=row.test,
            footnote=_english(row.footnote),
            footnote_ko=_korean(row.footnote),
        )


def _endpoint_rows(study_id: str, study: study_file.StudyFile) -> Iterator[StudyRow]:
    for name, endpoint in study.endpoints.items():
        yield Endpoint(
            study_id=study_id,
            endpoint=name,
            label=endpoint.label.en,
            label_ko=endpoint.label.korean,
            time_column=endpoint.time,
            event_column=endpoint.event,
            competing_time_column=endpoint.competing_time,
            competing_event_column=endpoint.competing_event,
        )


def _curve_rows(study_id: str, study: study_file.StudyFile) -> Iterator[StudyRow]:
    for position, (name, curve) in enumerate(study.curves.items(), start=1):
        yield Curve(
            study_id=study_id,
            curve=name,
            position=position,
            title=curve.title.en,
            title_ko=curve.title.korean,
            endpoint=curve.endpoint,
            population=curve.population,
            by_variable=curve.by,
            figure=curve.figure,
        )


def _model_rows(study_id: str, study: study_file.StudyFile) -> Iterator[StudyRow]:
    for position, (name, model) in enumerate(study.models.items(), start=1):
        yield Model(
            study_id=study_id,
            model=name,
            position=position,
            title=model.title.en,
            title_ko=model.title.korean,
            population=model.population,
            outcome_variable=model.outcome.variable if model.outcome else None,
            outcome_level=model.outcome.level if model.outcome else None,
            endpoint=model.endpoint,
            selection=model.selection,
            significant_in=model.candidates.significant_in if model.candidates else None,
        )


def _figure(study_id: str, figure: Figure, study: study_file.StudyFile) -> StudyRow:
    key = key_of(figure, study)
    return PublishedFigure(
        study_id=study_id,
        figure_id=figure.figure_id,
        place=figure.place,
        row_label=", ".join(part for part in (figure.row, figure.level) if part),
        printed_group=figure.group or None,
        statistic=figure.statistic,
        printed=figure.printed,
        value=None if figure.value is None else float(figure.value),
        bound=figure.bound or None,
        decimals=figure.decimals,
        unit=figure.unit or None,
        analysis_id=key.analysis_id,
        variable=key.variable,
        level=key.level,
        group_level=key.group_level,
        operation=key.operation,
        note=figure.note or None,
    )


def _english(text: study_file.Text | None) -> str | None:
    return text.en if text else None


def _korean(text: study_file.Text | None) -> str | None:
    return text.korean if text else None
