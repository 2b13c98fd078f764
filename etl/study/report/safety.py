"""Adverse events by category and worst grade, and their rates per time on the drug."""

from typing import TYPE_CHECKING

from etl.study.report.document import Block, Cell, Column, Heading, Part, Prose, Row, Section, Sourced, Table
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline
from etl.study.report.setting import Footnotes, label_cell, limits_cell, number_cell

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from etl.study.figures.drawing import Drawing, Setting
    from etl.study.report.pictures import Pictures

SOURCE = "analysis.study_event_grade"
_FATAL = 5
_GRADES = (1, 2, 3, 4)
_MONTHS = 100


def safety_section(
    con: "duckdb.DuckDBPyConnection", numbers: Numbers, *, outline: Outline, pictures: "Pictures"
) -> Section:
    """Set the events of the first table's population and groups, and the rates that the study file asks for."""
    blocks: list[Block] = []
    asked = next((table for table in outline.tables if table.group), outline.tables[0] if outline.tables else None)
    if asked is not None:
        rows = _event_rows(con, outline.study_id, population=asked.population, group=asked.group)
        if not rows.empty:
            blocks += [
                _event_figure(rows, outline=outline, group=asked.group, pictures=pictures),
                _event_table(rows, outline=outline, group=asked.group),
            ]
    if numbers.keys("rates"):
        blocks += [
            Heading("Events per time on the drug", "rates"),
            Prose(
                (
                    (
                        "Groups that take the drug for longer have more time to have an event: shares of patients hide that, "
                        "rates do not."
                    ),
                ),
                is_soft=True,
            ),
            _rate_table(numbers, outline=outline),
        ]
    return Section("safety", "Adverse events", safety_lead(con), tuple(blocks))


def safety_lead(con: "duckdb.DuckDBPyConnection") -> str:
    """Which events count, by the options of the study."""
    options = dict(
        con.execute("SELECT name, value FROM reference.study_option WHERE name LIKE 'adverse_event_%'").fetchall()
    )
    computed = "Grades computed from laboratory results or blood pressure are not counted."
    if options.get("adverse_event_source") == "all":
        computed = (
            "Grades computed from laboratory results or blood pressure are counted, too, where they rose on treatment."
        )
    fatal = "Fatal events stand apart: their patients also count at the worst of their other grades."
    if options.get("adverse_event_grade_5") == "included":
        fatal = "Fatal events count as grade 5."
    return f"Treatment-emergent events; a patient counts once in a category, at the worst grade. {computed} {fatal}"


def _event_rows(
    con: "duckdb.DuckDBPyConnection", study_id: str, *, population: str, group: str | None
) -> "pd.DataFrame":
    return con.execute(
        f"SELECT category, grade, group_level, patients, denominator, percent FROM {SOURCE} "
        "WHERE study_id = ? AND population = ? AND group_variable IS NOT DISTINCT FROM ? "
        f"ORDER BY category <> 'any', sum(patients) FILTER (WHERE grade IS NULL OR grade BETWEEN 1 AND {_FATAL - 1}) "
        "OVER (PARTITION BY category) DESC NULLS LAST, category, group_position, grade NULLS LAST",
        [study_id, population, group],
    ).df()


def _event_figure(rows: "pd.DataFrame", *, outline: Outline, group: str | None, pictures: "Pictures") -> Block:
    from etl.study.figures.adverse_events import adverse_events

    graded = rows[rows["grade"].isna() | rows["grade"].isin(_GRADES)]

    def draw(setting: "Setting") -> "Drawing":
        def label(level: str) -> str | None:
            if group is None:
                return None
            known = outline.korean.get((group, level)) if setting.language == "ko" else None
            return known or outline.level_label(group, level)

        return adverse_events(graded.assign(group=[label(level) for level in graded["group_level"]]), setting)

    return pictures.draw(
        "adverse_events", "Adverse events by category and worst grade; fatal events are not in it.", draw
    )


def _event_table(rows: "pd.DataFrame", *, outline: Outline, group: str | None) -> Table:
    notes = Footnotes()
    groups = list(dict.fromkeys(rows.sort_values("group_level")["group_level"]))
    order = list(outline.variables[group].levels) if group in outline.variables else []
    groups.sort(key=lambda level: order.index(level) if level in order else len(order))
    columns = [Column("Category and worst grade, n\u00a0(%)", is_number=False)]
    columns += [Column("All" if group is None else outline.level_label(group, level)) for level in groups]
    cells = {(row.category, row.group_level, _grade(row.grade)): row for row in rows.itertuples()}
    set_rows: list[Row] = []
    asked = [*(str(grade) for grade in _GRADES), "none", str(_FATAL)]
    names = {"none": "Grade not known", str(_FATAL): "Fatal (grade 5), apart"}
    for category in dict.fromkeys(rows["category"]):
        label = "Any event" if category == "any" else str(category).capitalize()
        set_rows.append(Row((label_cell(label), *(Cell() for _ in groups)), is_heading=True))
        for grade in asked:
            found = [cells.get((category, level, grade)) for level in groups]
            if all(row is None for row in found):
                continue
            label = names.get(grade, f"Grade {grade}")
            set_rows.append(Row((label_cell(label, indent=1), *(_event_cell(row) for row in found))))
    sizes: list[Part] = []
    for level in groups:
        denominator = int(rows.loc[rows["group_level"] == level, "denominator"].max())
        label = "all" if group is None else outline.level_label(group, level)
        sizes += [f"{', ' if sizes else ''}{label} ", Sourced(f"{denominator:,}", str(denominator), SOURCE)]
    said = "".join(part if isinstance(part, str) else part.shown for part in sizes)
    notes.say(f"Percent of the patients of hospitals that report adverse events: {said}.")
    return Table(
        "events", "", "Adverse events by category and worst grade", tuple(columns), tuple(set_rows), notes.finish()
    )


def _event_cell(row: object) -> Cell:
    if row is None:
        return Cell((Sourced("0", "0", SOURCE),))
    patients, percent = int(row.patients), float(row.percent)  # type: ignore[attr-defined]
    return Cell(
        (Sourced(f"{patients:,}", str(patients), SOURCE), " (", Sourced(f"{percent:.1f}", repr(percent), SOURCE), ")")
    )


def _rate_table(numbers: Numbers, *, outline: Outline) -> Table:
    notes = Footnotes()
    groups = numbers.distinct("rates", "group_level")
    asked = next((table.group for table in outline.tables if table.group), None)
    order = list(outline.variables[asked].levels) if asked in outline.variables else []
    groups.sort(key=lambda level: order.index(level) if level in order else len(order))
    columns = [Column("Event", is_number=False)]
    for level in groups:
        over = outline.level_label(asked, level)
        columns += [
            Column("Events", over=over),
            Column("Months", over=over),
            Column(f"Per {_MONTHS} months (95%\u00a0CI)", over=over),
        ]
    columns += [Column("Ratio of rates (95%\u00a0CI)"), Column("P")]
    rows = []
    for name in (name for name in outline.variables if name in numbers.distinct("rates", "variable")):
        cells: list[Cell] = [label_cell(outline.variable_label(name))]
        for level in groups:
            found = {
                operation: numbers.find("rates", operation, variable=name, group=level)
                for operation in ("events", "months", "rate", "low", "high")
            }
            cells += [
                number_cell(found["events"]),
                number_cell(found["months"]),
                limits_cell(found["rate"], found["low"], found["high"], notes=notes),
            ]
        ratio, low, high, p = (
            numbers.find("rates", operation, variable=name) for operation in ("ratio", "ratio_low", "ratio_high", "p")
        )
        cells += [limits_cell(ratio, low, high, notes=notes), number_cell(p)]
        rows.append(Row(tuple(cells)))
    notes.say(
        "First event of each patient per month on the drug, with exact limits; ratios given the sum of the events."
    )
    return Table("rates_table", "", "Adverse events per time on the drug", tuple(columns), tuple(rows), notes.finish())


def _grade(grade: object) -> str:
    """The key of a grade; events whose grade is not known have one of their own."""
    import pandas as pd

    return "none" if pd.isna(grade) else str(int(float(str(grade))))
