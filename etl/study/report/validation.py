"""How reliable the models are: discrimination, calibration, optimism, stability of the selection, collinearity."""

from typing import TYPE_CHECKING

from etl.study.report.document import Block, Cell, Column, Heading, Number, Part, Row, Section, Table
from etl.study.report.method_names import method_name
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline
from etl.study.report.setting import Footnotes, label_cell, limits_cell, number_cell, sentence

if TYPE_CHECKING:
    from etl.study.figures.drawing import Drawing, Setting
    from etl.study.report.pictures import Pictures

_WHOLE = (
    ("c_apparent", "Concordance (c)"),
    ("c_optimism", "Optimism of c by bootstrap"),
    ("c_corrected", "Concordance, corrected for optimism"),
    ("shrinkage", "Shrinkage of the slope by bootstrap"),
    ("samples", "Bootstrap samples"),
    ("calibration_slope", "Calibration slope"),
    ("calibration_in_the_large", "Calibration in the large"),
    ("brier", "Brier score"),
    ("brier_scaled", "Brier score, scaled"),
    ("condition_number", "Condition number"),
)
_BY_VARIABLE = (
    ("selected_share", "Share of bootstrap samples that select it"),
    ("variance_inflation", "Variance inflation"),
    ("largest_dfbetas", "Largest change by one patient, in standard errors"),
)


def validation_section(numbers: Numbers, *, outline: Outline, pictures: "Pictures") -> Section:
    """Set what was found on each model that the study file asks to validate."""
    blocks: list[Block] = []
    for analysis in numbers.analyses("validation."):
        name = analysis.removeprefix("validation.")
        title = next((asked.title for asked in outline.models if asked.name == name), name)
        blocks += [Heading(title, f"validation_{name}"), _whole_table(numbers, analysis, name=name)]
        blocks += _factor_table(numbers, analysis, outline=outline, name=name)
        if any(key[5] == "predicted" for key in numbers.keys(analysis)):
            blocks.append(_calibration(numbers, analysis, name=name, title=title, pictures=pictures))
    lead = "What the models would be worth for other patients of the same kind, and how stable the selection is."
    return Section("validation", "Reliability of the models", lead, tuple(blocks))


def _whole_table(numbers: Numbers, analysis: str, *, name: str) -> Table:
    notes = Footnotes()
    rows = []
    for operation, label in _WHOLE:
        number = numbers.find(analysis, operation)
        if number is None:
            continue
        low, high = (numbers.find(analysis, f"c_{side}") for side in ("low", "high"))
        has_limits = operation == "c_apparent" and low is not None
        value = limits_cell(number, low, high, notes=notes) if has_limits else number_cell(number, notes=notes)
        rows.append(Row((label_cell(label), value)))
    p = numbers.find(analysis, "p")
    if p is not None:
        parts: list[Part] = ["p ", p]
        for operation, sign in (("statistic", "; χ² "), ("df", ", df ")):
            number = numbers.find(analysis, operation)
            parts += [sign, number] if number is not None else []
        rows.append(
            Row((label_cell(sentence(method_name(p.method)).rstrip(".")), Cell(tuple(parts), why=p.note or "")))
        )
    columns = (Column("Measure", is_number=False), Column("Value"))
    return Table(f"validation_{name}", "", "Discrimination and calibration", columns, tuple(rows), notes.finish())


def _factor_table(numbers: Numbers, analysis: str, *, outline: Outline, name: str) -> list[Table]:
    known = {key[1] for key in numbers.keys(analysis) if key[1] is not None}
    asked = [(op, label) for op, label in _BY_VARIABLE if any(key[5] == op for key in numbers.keys(analysis))]
    rows = []
    for variable in (variable for variable in outline.variables if variable in known):
        cells = [_largest(numbers, analysis, variable, operation) for operation, _ in asked]
        rows.append(Row((label_cell(outline.variable_label(variable)), *cells)))
    if not rows:
        return []
    columns = (Column("Factor", is_number=False), *(Column(label) for _, label in asked))
    return [Table(f"factors_{name}", "", "Factor by factor", columns, tuple(rows))]


def _largest(numbers: Numbers, analysis: str, variable: str, operation: str) -> Cell:
    """The number of a variable, or the largest of those of its levels."""
    found = [numbers.by_key[key] for key in numbers.keys(analysis) if key[1] == variable and key[5] == operation]
    known = [number for number in found if number.raw_value is not None]
    return number_cell(max(known, key=lambda number: abs(number.raw_value or 0.0)) if known else None)


def _calibration(numbers: Numbers, analysis: str, *, name: str, title: str, pictures: "Pictures") -> Block:
    import pandas as pd

    from etl.study.figures.calibration import calibration

    sequences = sorted({key[4] for key in numbers.keys(analysis) if key[5] == "predicted"})
    parts = ("predicted", "observed", "low", "high")
    frame = pd.DataFrame(
        [{part: _raw(numbers.find(analysis, part, sequence=place)) for part in parts} for place in sequences],
        columns=list(parts),
    )

    def draw(setting: "Setting") -> "Drawing":
        return calibration(frame, setting, name=f"calibration_{name}")

    return pictures.draw(f"calibration_{name}", f"Calibration of the model: {title}.", draw)


def _raw(number: Number | None) -> float | None:
    return None if number is None else number.raw_value
