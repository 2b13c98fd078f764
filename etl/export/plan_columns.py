"""Decide how the columns of a table are written in a format; CSV, Parquet and Excel take nearly every type as it is."""

from datetime import date

from etl.export.column_plan import ColumnPlan
from etl.export.file_names import column_names
from etl.export.formats import LIMITS, Format
from etl.export.program_columns import plan_for_program
from etl.export.table_facts import ExportedColumn, ExportedTable, as_text, is_formula
from warehouse.quoting import quote_name


def plan_columns(table: ExportedTable, form: Format) -> tuple[ColumnPlan, ...]:
    """Decide how each column of a table is written.

    Raises:
        EnvironmentRefusal: a cell is of a kind that the format cannot hold.
    """
    limits = LIMITS.get(form)
    own = [each.column.name for each in table.columns]
    names = own if limits is None else column_names(own, longest=limits.name_length, reserved=limits.reserved)
    return tuple(
        plan_for_program(table, column, name, limits=limits, form=form)
        if limits is not None
        else _plan_as_it_is(column, form)
        for column, name in zip(table.columns, names, strict=True)
    )


def _plan_as_it_is(column: ExportedColumn, form: Format) -> ColumnPlan:
    """Plan a column of a CSV, Parquet or Excel file, whose types are nearly those of the warehouse."""
    cell, type_ = quote_name(column.column.name), column.column.type
    sql, stored = cell, "as it is"
    notes = []
    match column.kind:
        case "text" if form is Format.csv and column.facts["formula"]:
            sql = f"CASE WHEN {is_formula(cell)} THEN '''' || {cell} ELSE {cell} END"
            notes.append(
                f"{column.facts['formula']:,} texts that a spreadsheet could take for formulas begin with an added apostrophe."
            )
        case "whole" if type_ in ("HUGEINT", "UBIGINT"):
            sql, stored = _whole(cell, column)
        case "day" | "moment" if column.facts["not_finite"] or (
            column.is_beyond(date.min) and form is not Format.parquet
        ):
            sql, stored = as_text(cell, type_), "text"
            notes.append("Written as text: some days lie outside of the years 1 to 9999.")
        case "moment":
            sql = f"CAST({cell} AS TIMESTAMP)"
        case "other" if not (form is Format.parquet and type_.endswith("]")):
            sql, stored = as_text(cell, type_), "text"
            notes.append(
                "A list is written as JSON." if type_.endswith("]") else f"Written as text; it is of type {type_}."
            )
    if form is Format.xlsx and column.kind == "text" and column.facts["empty"] and column.facts["null"]:
        notes.append(f"{column.facts['empty']:,} texts are empty, {column.facts['null']:,} cells have no value.")
    return ColumnPlan(column, column.column.name, stored, sql, tuple(notes))


def _whole(cell: str, column: ExportedColumn) -> tuple[str, str]:
    """Take the smallest type that holds a very large whole number."""
    largest = column.magnitude
    if largest < 1 << 63:
        return f"CAST({cell} AS BIGINT)", "whole"
    if largest < 10**38:
        return f"CAST({cell} AS DECIMAL(38, 0))", "whole"
    return f"CAST({cell} AS VARCHAR)", "text"
