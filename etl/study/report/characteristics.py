"""The tables of groups: a row for each variable, indented rows for its levels, a column for each group."""

from typing import TYPE_CHECKING, Any

from etl.study.report.document import Cell, Column, Number, Row, Table
from etl.study.report.method_names import method_name
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline, StudyTable
from etl.study.report.setting import Footnotes, count_cell, label_cell, number_cell, sentence

if TYPE_CHECKING:
    import duckdb

TOTAL = "total"
_SUMMARIES = {
    "mean_sd": "mean ± SD",
    "mean": "mean",
    "median": "median",
    "median_quartiles": "median (quartiles)",
}


def group_table(
    con: "duckdb.DuckDBPyConnection", numbers: Numbers, *, outline: Outline, table: StudyTable, number: str
) -> Table:
    """Set one table of a study.

    Next to each group stand missing values by group, the standardised difference, the P value of the publication's test
    and, in a quieter column, that of the test which the stated rule chooses.

    Args:
        con: the warehouse.
        numbers: the study's numbers.
        outline: the study's words.
        table: which table.
        number: such as Table 1.
    """
    groups = _groups(con, outline.study_id, table)
    notes = Footnotes()
    notes.say(table.footnote)
    columns = _columns(numbers, groups, outline=outline, table=table)
    rows: list[Row] = []
    for variable in _rows(con, outline.study_id, table):
        rows += _set_variable(numbers, variable, outline=outline, table=table, groups=groups, notes=notes)
    if table.group:
        notes.say("Percentages are of the patients for whom the row is known; missing values are given by group.")
        notes.say(
            "Standardised difference: difference of the first two groups in standard deviations; of levels, the distance "
            "of their shares (Yang and Dalton)."
        )
    return Table(table.name, number, f"{table.title}", columns, tuple(rows), notes.finish())


def _groups(con: "duckdb.DuckDBPyConnection", study_id: str, table: StudyTable) -> list[str]:
    found = con.execute(
        "SELECT group_level FROM analysis.study_group_size WHERE study_id = ? AND table_id = ? ORDER BY group_position",
        [study_id, table.name],
    ).fetchall()
    levels = [level for (level,) in found if level != TOTAL]
    return [*levels, TOTAL]


def _columns(numbers: Numbers, groups: list[str], *, outline: Outline, table: StudyTable) -> tuple[Column, ...]:
    columns = [Column("Characteristic", is_number=False)]
    for group in groups:
        label = "All" if group == TOTAL else outline.level_label(table.group, group)
        columns.append(Column(label, size=numbers.find(table.name, "patients", group=group)))
    columns.append(Column("Missing"))
    if len(groups) > 1:
        columns += [
            Column("Standardised difference", is_quiet=True),
            Column("P"),
            Column("P by the stated rule", is_quiet=True),
        ]
    return tuple(columns)


def _rows(con: "duckdb.DuckDBPyConnection", study_id: str, table: StudyTable) -> list[dict[str, Any]]:
    """A variable of the table each, with the levels that the publication prints."""
    found = con.execute(
        "SELECT row_position, variable, row_label, any_value(unit) AS unit, any_value(summary) AS summary, "
        "any_value(footnote) FILTER (WHERE group_level = 'total') AS footnote, "
        "list({'level': level, 'label': level_label} ORDER BY level_position) "
        "FILTER (WHERE level IS NOT NULL AND is_shown AND group_level = 'total') AS levels, "
        "any_value(level ORDER BY level_position) AS first_level "
        "FROM analysis.study_table WHERE study_id = ? AND table_id = ? "
        "GROUP BY row_position, variable, row_label ORDER BY row_position",
        [study_id, table.name],
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _set_variable(
    numbers: Numbers,
    row: dict[str, Any],
    *,
    outline: Outline,
    table: StudyTable,
    groups: list[str],
    notes: Footnotes,
) -> list[Row]:
    name = row["variable"]
    unit = f", {row['unit']}" if row["unit"] else ""
    marks = notes.mark(_own_footnote(row["footnote"], numbers, table=table, variable=name))
    tests = _tests(numbers, name, table=table, notes=notes) if len(groups) > 1 else []
    first_level = row["first_level"]
    missing = _missing_cell(numbers, name, table=table, groups=groups, level=first_level)
    if row["summary"]:
        label = label_cell(f"{row['row_label']}{unit}, {_SUMMARIES[row['summary']]}", marks=marks)
        cells = [_summary_cell(numbers, name, row["summary"], table=table, group=group) for group in groups]
        return [Row((label, *cells, missing, *tests))]
    levels = row["levels"] or []
    variable = outline.variables.get(name)
    is_whole = variable is not None and len(levels) == 1 and len(variable.levels) > 1
    if is_whole:
        level = levels[0]
        said = row["row_label"] if level["level"] == "yes" else f"{row['row_label']}: {level['label']}"
        counts = [_level_cell(numbers, name, level["level"], table=table, group=group) for group in groups]
        return [Row((label_cell(f"{said}{unit}, n\u00a0(%)", marks=marks), *counts, missing, *tests))]
    head = Row(
        (label_cell(f"{row['row_label']}{unit}, n\u00a0(%)", marks=marks), *(Cell() for _ in groups), missing, *tests)
    )
    blank = [Cell() for _ in range(1 + len(tests))]
    return [
        head,
        *(
            Row(
                (
                    label_cell(level["label"], indent=1),
                    *(_level_cell(numbers, name, level["level"], table=table, group=group) for group in groups),
                    *blank,
                )
            )
            for level in levels
        ),
    ]


def _own_footnote(footnote: str | None, numbers: Numbers, *, table: StudyTable, variable: str) -> str:
    """The study's footnote of a row, without the note of the test, which stands at the P value."""
    p = numbers.find(table.name, "p", variable=variable)
    if footnote and p is not None and p.note:
        footnote = footnote.removesuffix(p.note)
    return sentence(footnote)


def _tests(numbers: Numbers, variable: str, *, table: StudyTable, notes: Footnotes) -> list[Cell]:
    """Standardised difference, the publication's P and the rule's P, each with the letter of its method."""
    difference = numbers.find(table.name, "standardised_difference", variable=variable)
    p = numbers.find(table.name, "p", variable=variable)
    rule = numbers.find(f"{table.name}.rule", "p", variable=variable)
    return [number_cell(difference, notes=notes), _p_cell(p, notes), _p_cell(rule, notes)]


def _p_cell(p: Number | None, notes: Footnotes) -> Cell:
    if p is None:
        return Cell()
    marks = notes.mark(sentence(p.note)) if p.is_missing else notes.mark(sentence(method_name(p.method)))
    return Cell((p,), marks=marks, why=p.note or method_name(p.method))


def _missing_cell(numbers: Numbers, variable: str, *, table: StudyTable, groups: list[str], level: str | None) -> Cell:
    asked = [group for group in groups if group != TOTAL] or groups
    found = [numbers.find(table.name, "missing", variable=variable, level=level, group=group) for group in asked]
    known = [number for number in found if number is not None]
    parts = [part for number in known for part in (" / ", number)][1:]
    return Cell(tuple(parts))


def _summary_cell(numbers: Numbers, variable: str, summary: str, *, table: StudyTable, group: str) -> Cell:
    def find(operation: str) -> Number | None:
        return numbers.find(table.name, operation, variable=variable, group=group)

    middle = find("median" if summary.startswith("median") else "mean")
    if middle is None or middle.is_missing:
        return number_cell(None, why="Nobody in this group has a value.")
    if summary == "mean_sd":
        spread = find("sd")
        return Cell((middle, " ± ", spread)) if spread is not None and not spread.is_missing else Cell((middle,))
    if summary == "median_quartiles":
        low, high = find("lower_quartile"), find("upper_quartile")
        return Cell((middle, " (", low, "–", high, ")")) if low is not None and high is not None else Cell((middle,))
    return Cell((middle,))


def _level_cell(numbers: Numbers, variable: str, level: str, *, table: StudyTable, group: str) -> Cell:
    count = numbers.find(table.name, "n", variable=variable, level=level, group=group)
    percent = numbers.find(table.name, "percent", variable=variable, level=level, group=group)
    return count_cell(count, percent)
