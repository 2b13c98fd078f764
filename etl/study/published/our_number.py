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

    A group's size is the number of its patients. What a curve prints is of its strata, `all` when it has none; its p is
    of the variable that it compares. A model's p without a level is of the whole factor, by Wald as SPSS prints it.
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
    variable = study.variables.get(figure.variable)
    is_factor = variable is not None and variable.kind != "number"
    operation = figure.operation
    if kind == "model" and operation == "p" and not figure.level_code and is_factor:
        operation = "whole_wald_p"
    return Key(
        figure.analysis_id, figure.variable or None, figure.level_code or None, figure.group_level or None, operation
    )
