"""Which number of ours a printed figure is compared with: the key of a row of analysis.result."""

from dataclasses import dataclass

from etl.study.audit.figure import TOTAL, Figure
from etl.study.definition.study_file import StudyFile


@dataclass(frozen=True)
class Key:
    """The columns of analysis.result that name one number of a study."""

    analysis_id: str | None = None
    variable: str | None = None
    level: str | None = None
    group_level: str | None = None
    operation: str | None = None


def key_of(figure: Figure, study: StudyFile) -> Key:
    """Find the key; empty where the figure has none.

    A group's size is the number of its patients. A p of a table is of the whole row. A variable that the table does not
    have is looked for in the other tables of the same population and groups. What a curve prints is of its strata,
    `all` when it has none; its p is of the variable that it compares. A model's p without a level is of the whole
    factor, by Wald as SPSS prints it.
    """
    if not figure.analysis_id or not figure.operation:
        return Key()
    kind, _, name = figure.analysis_id.partition(".")
    if kind == "curve":
        curve = study.curves.get(name)
        compared = curve.by if curve and figure.operation == "p" else None
        group = None if figure.operation == "p" else {TOTAL: "all"}.get(figure.group_level, figure.group_level)
        return Key(figure.analysis_id, compared, None, group, figure.operation)
    if figure.statistic == "size":
        return Key(figure.analysis_id, None, None, figure.level_code or figure.group_level, "patients")
    name_of_variable = figure.our_variable or figure.variable
    level = figure.our_level or figure.level_code or None
    analysis_id, operation = figure.analysis_id, figure.operation
    if analysis_id in study.tables:
        analysis_id = _table_with(name_of_variable, analysis_id, study)
        level = None if operation == "p" else level
    variable = study.variables.get(name_of_variable)
    is_factor = variable is not None and variable.kind != "number"
    if kind == "model" and operation == "p" and level is None and is_factor:
        operation = "whole_wald_p"
    return Key(analysis_id, name_of_variable or None, level, figure.group_level or None, operation)


def _table_with(variable: str, table_id: str, study: StudyFile) -> str:
    """Name the table that has the variable: the one that prints it, or another of the same patients in columns."""
    printed = study.tables[table_id]
    alike = [
        other
        for other, table in study.tables.items()
        if (table.population, table.groups) == (printed.population, printed.groups)
        and variable in [row.variable for row in table.rows]
    ]
    return table_id if table_id in alike or not alike else alike[0]
