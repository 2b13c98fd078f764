"""The steps of a forward selection: every test of every step, and what entered or was removed."""

from etl.study.report.document import Cell, Column, Row, Table
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline
from etl.study.report.setting import Footnotes, label_cell, number_cell, sentence

_KINDS = {"entry": "outside: score test", "removal": "inside: conditional likelihood ratio"}


def selection_table(numbers: Numbers, analysis: str, *, outline: Outline, name: str) -> Table:
    """Set the steps of one model.

    Args:
        numbers: the study's numbers.
        analysis: such as model.long_term_multivariable.steps.
        outline: the study's words.
        name: of the table.
    """
    notes = Footnotes()
    steps = sorted({key[4] for key in numbers.keys(analysis)})
    rows: list[Row] = []
    columns = (
        Column("Step and variable", is_number=False),
        Column("Test", is_number=False),
        Column("Statistic"),
        Column("df"),
        Column("P"),
        Column("Outcome", is_number=False),
    )
    for step in steps:
        rows += _step(numbers, analysis, step=step, outline=outline)
        end = numbers.find(analysis, "end", sequence=step)
        if end is not None:
            notes.say(sentence(end.text or end.note))
    return Table(name, "", "Selection of variables", columns, tuple(rows), notes.finish())


def _step(numbers: Numbers, analysis: str, *, step: int, outline: Outline) -> list[Row]:
    likelihood = numbers.find(analysis, "minus_two_log_likelihood", sequence=step)
    head: tuple[Cell, ...] = (label_cell("Without any variable" if step == 0 else f"Step {step}"),)
    said = Cell(("−2 log likelihood after it ", likelihood)) if likelihood is not None else Cell()
    rows = [Row((*head, said, *(Cell() for _ in range(4))), is_heading=True)]
    known = {str(key[1]) for key in numbers.keys(analysis) if key[4] == step and key[1] is not None}
    ordered = [name for name in outline.variables if name in known]
    for kind, label in _KINDS.items():
        for name in ordered:
            p = numbers.find(analysis, f"{kind}_p", variable=name, sequence=step)
            if p is None:
                continue
            statistic = numbers.find(analysis, f"{kind}_statistic", variable=name, sequence=step)
            df = numbers.find(analysis, f"{kind}_df", variable=name, sequence=step)
            done = _outcome(numbers, analysis, name=name, step=step, kind=kind)
            rows.append(
                Row(
                    (
                        label_cell(outline.variable_label(name), indent=1),
                        Cell((label,)),
                        number_cell(statistic),
                        number_cell(df),
                        number_cell(p),
                        Cell((done,)) if done else Cell(),
                    ),
                    tone="strong" if done else "",
                )
            )
    return rows


def _outcome(numbers: Numbers, analysis: str, *, name: str, step: int, kind: str) -> str:
    operation = "entered" if kind == "entry" else "removed"
    done = numbers.find(analysis, operation, variable=name, sequence=step)
    return operation if done is not None else ""
