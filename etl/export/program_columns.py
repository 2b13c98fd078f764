"""How a column is written for SPSS and Stata: numbers are doubles or whole, days are counted, texts have a width."""

from collections.abc import Sequence

from etl.export.column_plan import ColumnPlan
from etl.export.formats import LIMITS, MOST_EXACT, MOST_OF_LONG, Format, Limits
from etl.export.table_facts import ExportedColumn, ExportedTable, as_text
from warehouse.errors import EnvironmentRefusal
from warehouse.quoting import quote_name, quote_text


def plan_for_program(
    table: ExportedTable, column: ExportedColumn, name: str, *, limits: Limits, form: Format
) -> ColumnPlan:
    """Plan a column of a .sav or .dta file.

    Args:
        table: the table.
        column: the column.
        name: its name in the file.
        limits: what the program can hold.
        form: sav or dta.

    Raises:
        EnvironmentRefusal: a text is longer than the program holds, or holds the character 0.
    """
    cell = quote_name(column.column.name)
    notes = [] if name == column.column.name else [f"Called {name} in the file."]
    stored, sql = "text", as_text(cell, column.column.type)
    match column.kind:
        case "text" if form is Format.dta and column.is_coded:
            stored, sql = "code", f"CAST(list_position({_sql_list(column.codes)}, {cell}) AS INTEGER)"
        case "text":
            sql = cell
        case "boolean":
            stored, sql = "boolean", f"CAST({cell} AS INTEGER)"
        case "whole" | "decimal" | "float":
            stored, sql, note = _plan_number(column, limits)
            notes += note
        case "day" | "moment" if column.facts["not_finite"] or column.is_beyond(limits.first_day):
            notes.append(f"Written as text: some days lie outside of {limits.program}'s calendar.")
        case "day":
            stored, sql = "day", _counted_day(cell, limits, form)
        case "moment":
            stored, sql = "moment", _counted_moment(cell, form)
        case _:
            notes.append("A list, written as JSON." if column.column.type.endswith("]") else "Written as text.")
    if stored == "text":
        notes += _check_text(table, column, limits=limits)
        sql = f"coalesce({sql}, '')"
    return ColumnPlan(column, name, stored, sql, tuple(notes))


def _plan_number(column: ExportedColumn, limits: Limits) -> tuple[str, str, list[str]]:
    """Decide between a whole number, a double, and a text where neither holds every digit: (stored, SQL, notes)."""
    cell, facts = quote_name(column.column.name), column.facts
    as_double = f"CAST({cell} AS DOUBLE)"
    if column.kind == "whole":
        if column.magnitude <= MOST_OF_LONG:
            return "whole", f"CAST({cell} AS INTEGER)", []
        if column.magnitude <= MOST_EXACT:
            return "double", as_double, []
    elif column.kind == "decimal":
        if not facts["inexact"]:
            return "double", as_double, []
    elif (facts["magnitude"] or 0) <= limits.largest_number:
        gone = facts["not_finite"]
        notes = [f"Cells that are infinite or no number (NaN) are missing: {gone:,}."] if gone else []
        return "double", f"CASE WHEN isfinite({cell}) THEN {as_double} END", notes
    return "text", f"CAST({cell} AS VARCHAR)", [f"Written as text: {limits.program} would not keep every number."]


def _check_text(table: ExportedTable, column: ExportedColumn, *, limits: Limits) -> list[str]:
    facts = column.facts
    place = f"{table.name}.{column.column.name}"
    if facts.get("longest_bytes", 0) > limits.longest_text_bytes:
        raise EnvironmentRefusal(
            f"{place}: a text has {facts['longest_bytes']:,} bytes, and {limits.program} holds {limits.longest_text_bytes:,}. "
            "Export this table as csv or parquet."
        )
    if facts.get("nul"):
        raise EnvironmentRefusal(
            f"{place}: {facts['nul']:,} texts hold the character 0, at which {limits.program} ends a text. "
            "Export this table as csv or parquet."
        )
    notes = []
    if facts.get("empty") and facts.get("null"):
        notes.append(
            f"{facts['empty']:,} empty texts and {facts['null']:,} missing ones are written alike, as no text."
        )
    if facts.get("blank_end") and limits is LIMITS[Format.sav]:
        notes.append(f"{facts['blank_end']:,} texts end in blanks, which SPSS does not keep.")
    if facts.get("outside"):
        notes.append(f"{facts['outside']:,} cells are no code of the list, so that the texts are written.")
    return notes


def _counted_day(cell: str, limits: Limits, form: Format) -> str:
    days = f"date_diff('day', DATE '{limits.day_zero}', {cell})"
    return f"CAST({days} AS DOUBLE) * 86400" if form is Format.sav else f"CAST({days} AS INTEGER)"


def _counted_moment(cell: str, form: Format) -> str:
    """Count seconds since 14 October 1582 for SPSS, and milliseconds since 1960 for Stata."""
    microseconds = f"epoch_us(CAST({cell} AS TIMESTAMP))"
    if form is Format.sav:
        return f"{microseconds} / 1e6 + 12219379200"
    return f"{microseconds} / 1e3 + 315619200000"


def _sql_list(codes: Sequence[str]) -> str:
    return "[" + ", ".join(map(quote_text, codes)) + "]"
