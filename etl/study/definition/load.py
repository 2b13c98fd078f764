"""Load study files into the warehouse: reference.study... holds their rows, for the views to read."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.study.audit.figure import Figure
from etl.study.audit.read_figures import read_figures
from etl.study.definition.check_columns import check_columns
from etl.study.definition.read_study import Definition, known_studies, read_study
from etl.study.definition.study_file import Level, StudyFile, Text
from etl.study.published.our_number import key_of
from warehouse.fingerprint import read_derived, write_derived
from warehouse.insert import insert_rows
from warehouse.model.study_tables import DEFINITIONS
from warehouse.parsed import fingerprint_parsed

if TYPE_CHECKING:
    import duckdb

Rows = dict[str, list[tuple[Any, ...]]]


def load_studies(con: "duckdb.DuckDBPyConnection", studies_dir: Path) -> bool:
    """Load every study file in the caller's transaction; return whether anything had changed.

    Raises:
        StudyError: a file is not valid; nothing is loaded.
    """
    fingerprint = studies_fingerprint(studies_dir)
    if (read_derived(con, "studies") or ("",))[0] == fingerprint:
        return False
    definitions = [read_study(studies_dir, name) for name in known_studies(studies_dir)]
    for definition in definitions:
        check_columns(con, definition)
    write_definitions(con, definitions)
    write_derived(con, "studies", fingerprint=fingerprint)
    return True


def write_definitions(con: "duckdb.DuckDBPyConnection", definitions: list[Definition]) -> None:
    """Replace the rows of reference.study... by those of these studies."""
    rows: Rows = {table: [] for table in DEFINITIONS}
    for definition in definitions:
        for table, found in _rows(definition).items():
            rows[table] += [(definition.name, *row) for row in found]
    for table, (_, columns) in DEFINITIONS.items():
        con.execute(f"DELETE FROM reference.{table}")
        insert_rows(con, f"reference.{table}", tuple(columns), rows[table])


def studies_fingerprint(studies_dir: Path) -> str:
    """Hash the study files, the printed figures, and the programs that read them, as parsed."""
    files = [*studies_dir.glob("*.yaml"), *studies_dir.glob("published/*.csv"), *Path(__file__).parent.glob("*.py")]
    files += [*Path(__file__).parents[1].glob("audit/*figure*.py"), *Path(__file__).parents[1].glob("published/*.py")]
    return fingerprint_parsed(files)


def _rows(definition: Definition) -> Rows:
    study = definition.study
    return {
        "study": [(*_both(study.title), study.source, definition.sha256)],
        "study_population": [
            (name, position, *_both(population.label))
            for position, (name, population) in enumerate(study.populations.items(), start=1)
        ],
        "study_condition": [
            (name, variable, level)
            for name, population in study.populations.items()
            for variable, levels in population.where.items()
            for level in levels
        ],
        "study_variable": [
            (
                name,
                position,
                *_both(variable.label),
                variable.column,
                variable.kind == "number",
                variable.unit,
                variable.divide_by,
                variable.decimals,
                variable.onset,
            )
            for position, (name, variable) in enumerate(study.variables.items(), start=1)
        ],
        "study_applicability": [
            (name, other, level)
            for name, variable in study.variables.items()
            for other, levels in variable.applies_to.items()
            for level in levels
        ],
        "study_level": [
            (name, level, position, *_both(form.label or Text(en=level, ko=None)))
            for name, variable in study.variables.items()
            for position, (level, form) in enumerate(variable.all_levels.items(), start=1)
        ],
        "study_level_value": [
            (name, level, *value)
            for name, variable in study.variables.items()
            for level, form in variable.all_levels.items()
            for value in _values(form)
        ],
        "study_table": [
            (name, position, *_both(table.title), table.population, table.groups, *_both(table.footnote))
            for position, (name, table) in enumerate(study.tables.items(), start=1)
        ],
        "study_row": [
            (
                name,
                position,
                row.variable,
                *_both(row.label or study.variables[row.variable].label),
                row.show or None,
                row.summary,
                row.test,
                *_both(row.footnote),
            )
            for name, table in study.tables.items()
            for position, row in enumerate(table.rows, start=1)
        ],
        "study_endpoint": [
            (
                name,
                *_both(endpoint.label),
                endpoint.time,
                endpoint.event,
                endpoint.competing_time,
                endpoint.competing_event,
            )
            for name, endpoint in study.endpoints.items()
        ],
        "study_curve": [
            (name, position, *_both(curve.title), curve.endpoint, curve.population, curve.by, curve.figure)
            for position, (name, curve) in enumerate(study.curves.items(), start=1)
        ],
        "study_model": [
            (
                name,
                position,
                *_both(model.title),
                model.population,
                model.outcome.variable if model.outcome else None,
                model.outcome.level if model.outcome else None,
                model.endpoint,
                model.selection,
                model.candidates.significant_in if model.candidates else None,
            )
            for position, (name, model) in enumerate(study.models.items(), start=1)
        ],
        "published_figure": [_figure(figure, study) for figure in published_figures(definition)],
    }


def published_figures(definition: Definition) -> tuple[Figure, ...]:
    """Read the printed figures of a study; none when its file names none.

    Raises:
        DeliveryError: the file of printed figures cannot be read; the message names the line.
    """
    path = definition.published_path
    return read_figures(path) if path is not None else ()


def _figure(figure: Figure, study: StudyFile) -> tuple[Any, ...]:
    key = key_of(figure, study)
    return (
        figure.figure_id,
        figure.place,
        ", ".join(part for part in (figure.row, figure.level) if part),
        figure.group or None,
        figure.statistic,
        figure.printed,
        None if figure.value is None else float(figure.value),
        figure.bound or None,
        figure.decimals,
        figure.unit or None,
        *astuple(key),
        figure.note or None,
    )


def _both(text: Text | None) -> tuple[str | None, str | None]:
    return (text.en, text.korean) if text else (None, None)


def _values(level: Level) -> Iterator[tuple[Any, ...]]:
    """List the cells of a level, or its one interval."""
    if level.values:
        yield from ((str(value), None, None, None, None) for value in level.values)
        return
    lower = level.at_least if level.at_least is not None else level.above
    upper = level.at_most if level.at_most is not None else level.below
    yield None, lower, level.at_least is not None, upper, level.at_most is not None
