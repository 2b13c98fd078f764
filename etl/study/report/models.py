"""Models as a journal prints them: univariable and multivariable next to each other, a forest plot, the selection."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.study.report.document import Block, Cell, Column, Fold, Heading, Number, Row, Section, Table
from etl.study.report.method_names import is_hazard, method_name
from etl.study.report.numbers import Numbers
from etl.study.report.outline import ModelAsked, Outline
from etl.study.report.selection import selection_table
from etl.study.report.setting import Footnotes, label_cell, limits_cell, number_cell, sentence

if TYPE_CHECKING:
    import pandas as pd

    from etl.study.figures.drawing import Drawing, Setting
    from etl.study.report.pictures import Pictures

PREFIX = "model."
_SIDES = {
    "each": "Univariable",
    "forward_conditional": "Multivariable, selected",
    "all": "Multivariable, all candidates",
}


@dataclass(frozen=True)
class Model:
    """The models of one outcome: of each variable on its own, and of several.

    Attributes:
        name: of its table and figure, after the first of the models.
        title: as printed.
        title_ko: the same in Korean.
        sides: pairs of a heading and an analysis, in the order of the study file.
        selected: the analyses that chose their variables step by step.
    """

    name: str
    title: str
    title_ko: str
    sides: tuple[tuple[str, str], ...]
    selected: tuple[str, ...]

    @property
    def counted(self) -> str:
        """The analysis whose counts stand in the table."""
        return self.sides[0][1]

    @property
    def drawn(self) -> tuple[tuple[str, str], ...]:
        """Up to two sides for the forest plot, named as it names them."""
        alone = [("univariable", analysis) for heading, analysis in self.sides if heading == _SIDES["each"]]
        together = [("multivariable", analysis) for heading, analysis in self.sides if heading != _SIDES["each"]]
        return (*alone[:1], *together[:1])


def read_models(numbers: Numbers, outline: Outline) -> list[Model]:
    """Put the models of one outcome and population together."""
    groups: dict[tuple[str | None, ...], list[ModelAsked]] = {}
    for asked in outline.models:
        if numbers.keys(f"{PREFIX}{asked.name}"):
            key = (asked.population, asked.outcome, asked.outcome_level, asked.endpoint)
            groups.setdefault(key, []).append(asked)
    models = []
    for group in groups.values():
        first = group[0]
        models.append(
            Model(
                first.name,
                first.title.split(",")[0],
                first.title_ko.split(" (")[0],
                tuple((_SIDES[asked.selection], f"{PREFIX}{asked.name}") for asked in group),
                tuple(f"{PREFIX}{asked.name}" for asked in group if asked.selection == "forward_conditional"),
            )
        )
    return models


def models_section(numbers: Numbers, *, outline: Outline, pictures: "Pictures") -> Section:
    """Set every model of the study."""
    blocks: list[Block] = []
    for place, model in enumerate(read_models(numbers, outline), start=1):
        blocks += [
            Heading(model.title, f"model_{model.name}"),
            model_table(numbers, model, outline=outline),
            _forest(numbers, model, outline=outline, pictures=pictures, number=f"Figure M{place}"),
        ]
        for analysis in model.selected:
            name = f"steps_{analysis.removeprefix(PREFIX)}"
            table = selection_table(numbers, f"{analysis}.steps", outline=outline, name=name)
            about = "forward, entry by the score test, removal by the conditional likelihood ratio without refit"
            blocks.append(Fold("Selection, step by step", (table,), about))
    lead = "Ratios with limits of 95 %; the methods stand below each table."
    if any(asked.selection == "forward_conditional" for asked in outline.models):
        lead = (
            "Models that select their variables do so by forward conditional selection. It is defined in the documentation "
            "after SPSS's description; whether it is identical to SPSS was not tried."
        )
    return Section("models", "Models", lead, tuple(blocks))


def model_table(numbers: Numbers, model: Model, *, outline: Outline) -> Table:
    """Set the models of one outcome: a row for each variable, indented rows for its levels."""
    notes = Footnotes()
    method = _method(numbers, model.counted)
    ratio = "Hazard ratio (95%\u00a0CI)" if is_hazard(method) else "Odds ratio (95%\u00a0CI)"
    sides = list(model.sides)
    columns = [Column("Factor", is_number=False), Column("Patients"), Column("Events")]
    for kind, _ in sides:
        over = kind if len(sides) > 1 else ""
        columns += [Column(ratio, over=over), Column("P", over=over)]
    columns.append(Column("Missing", is_quiet=True))
    counted = model.counted
    rows: list[Row] = []
    for name in _variables(numbers, sides, outline):
        rows += _set_factor(numbers, name, outline=outline, sides=sides, counted=counted, notes=notes)
    for _, side in sides:
        notes.say(_about(numbers, side))
    rows += _fit_rows(numbers, sides, width=len(columns))
    notes.say(f"By {method_name(method)}; P values of levels by Wald, of whole factors by likelihood ratio.")
    title = f"{model.title}"
    return Table(f"model_{model.name}", "", title, tuple(columns), tuple(rows), notes.finish())


def terms_frame(numbers: Numbers, model: Model, *, outline: Outline, is_korean: bool = False) -> "pd.DataFrame":
    """The terms of a pair of models as the forest plot takes them."""
    import pandas as pd

    rows = []
    sides = list(model.drawn)
    counted = model.counted
    for name in _variables(numbers, sides, outline):
        levels = _levels(numbers, name, sides, outline)
        for level in list[str | None](levels) or [None]:
            for kind, side in sides:
                estimate = numbers.find(side, "estimate", variable=name, level=level)
                if estimate is None:
                    continue
                rows.append(
                    {
                        "variable": _label(outline, name, is_korean=is_korean),
                        "level": None if level is None else _level(outline, name, level, is_korean=is_korean),
                        "model": kind,
                        "n": _raw(numbers.find(counted, "n", variable=name, level=level)),
                        "events": _raw(numbers.find(counted, "events", variable=name, level=level)),
                        "estimate": estimate.raw_value,
                        "low": _raw(numbers.find(side, "low", variable=name, level=level)),
                        "high": _raw(numbers.find(side, "high", variable=name, level=level)),
                        "p": _raw(numbers.find(side, "p", variable=name, level=level)),
                        "is_reference": estimate.text == "reference",
                    }
                )
    columns = ["variable", "level", "model", "n", "events", "estimate", "low", "high", "p", "is_reference"]
    frame = pd.DataFrame(rows, columns=columns)
    numeric = ["n", "events", "estimate", "low", "high", "p"]
    return frame.astype(dict.fromkeys(numeric, "float64"))


def _forest(numbers: Numbers, model: Model, *, outline: Outline, pictures: "Pictures", number: str) -> Block:
    from etl.study.figures.forest import forest

    is_cox = is_hazard(_method(numbers, model.counted))

    def draw(setting: "Setting") -> "Drawing":
        frame = terms_frame(numbers, model, outline=outline, is_korean=setting.language == "ko")
        return forest(
            frame,
            setting,
            measure="hazard_ratio" if is_cox else "odds_ratio",
            name=f"forest_{model.name}",
            title=model.title_ko if setting.language == "ko" else model.title,
        )

    return pictures.draw(f"forest_{model.name}", f"{number}. {model.title}: forest plot.", draw)


def _set_factor(
    numbers: Numbers,
    name: str,
    *,
    outline: Outline,
    sides: list[tuple[str, str]],
    counted: str,
    notes: Footnotes,
) -> list[Row]:
    levels = _levels(numbers, name, sides, outline)
    missing = number_cell(numbers.find(counted, "missing", variable=name))
    label = label_cell(outline.variable_label(name))
    if not levels:
        return [Row((label, Cell(), Cell(), *_term_cells(numbers, name, None, sides=sides, notes=notes), missing))]
    whole: list[Cell] = []
    for _, side in sides:
        p = numbers.find(side, "whole_p", variable=name)
        is_in = numbers.find(side, "estimate", variable=name, level=levels[-1]) is not None
        whole += [Cell() if is_in else Cell(("not selected",)), number_cell(p)]
    rows = [Row((label, Cell(), Cell(), *whole, missing))]
    rows += [
        Row(
            (
                label_cell(outline.level_label(name, level), indent=1),
                number_cell(numbers.find(counted, "n", variable=name, level=level)),
                number_cell(numbers.find(counted, "events", variable=name, level=level)),
                *_term_cells(numbers, name, level, sides=sides, notes=notes),
                Cell(),
            )
        )
        for level in levels
    ]
    return rows


def _term_cells(
    numbers: Numbers, name: str, level: str | None, *, sides: list[tuple[str, str]], notes: Footnotes
) -> list[Cell]:
    cells = []
    for _, side in sides:
        estimate, low, high, p = (
            numbers.find(side, operation, variable=name, level=level) for operation in ("estimate", "low", "high", "p")
        )
        if estimate is None and level is None:
            cells += [Cell(("not selected",)), Cell()]
            continue
        cells += [limits_cell(estimate, low, high, notes=notes), number_cell(p)]
    return cells


def _fit_rows(numbers: Numbers, sides: list[tuple[str, str]], *, width: int) -> list[Row]:
    """Patients, events, those left out and events per parameter of the models of several variables."""
    asked = {
        "patients": "Patients in the model",
        "outcomes": "Outcomes or events in it",
        "incomplete": "Patients left out: a value is missing",
        "parameters": "Parameters",
        "events_per_parameter": "Events per parameter",
    }
    rows = []
    for operation, label in asked.items():
        cells: list[Cell] = [label_cell(label), Cell(), Cell()]
        for _, side in sides:
            number = numbers.find(side, operation)
            cells += [number_cell(number) if number is not None else Cell(), Cell()]
        if any(cell.parts for cell in cells[1:]):
            rows.append(Row((*cells, *(Cell() for _ in range(width - len(cells)))), tone="foot"))
    return rows


def _about(numbers: Numbers, analysis: str) -> str:
    noted = numbers.find(analysis, "note")
    return sentence(noted.note or noted.text) if noted is not None else ""


def _variables(numbers: Numbers, sides: list[tuple[str, str]], outline: Outline) -> list[str]:
    known = {name for _, side in sides for name in numbers.distinct(side, "variable")}
    ordered = [name for name in outline.variables if name in known]
    return [*ordered, *sorted(known - set(ordered))]


def _levels(numbers: Numbers, name: str, sides: list[tuple[str, str]], outline: Outline) -> list[str]:
    known = {
        str(key[2])
        for _, side in sides
        for key in numbers.keys(side)
        if key[1] == name and key[2] is not None and key[5] in {"estimate", "n"}
    }
    variable = outline.variables.get(name)
    ordered = [level for level in (variable.levels if variable else {}) if level in known]
    return [*ordered, *sorted(known - set(ordered))]


def _method(numbers: Numbers, analysis: str) -> str:
    for key in numbers.keys(analysis):
        if key[5] == "low":
            return numbers.by_key[key].method
    return ""


def _label(outline: Outline, name: str, *, is_korean: bool) -> str:
    return outline.korean.get((name, ""), outline.variable_label(name)) if is_korean else outline.variable_label(name)


def _level(outline: Outline, name: str, level: str, *, is_korean: bool) -> str:
    label = outline.level_label(name, level)
    return outline.korean.get((name, level), label) if is_korean else label


def _raw(number: Number | None) -> float | None:
    return None if number is None else number.raw_value
