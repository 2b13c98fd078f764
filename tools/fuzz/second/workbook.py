"""A second reader of workbooks: openpyxl."""

import io
import warnings
from contextlib import redirect_stdout
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tools.fuzz.case import Table
from tools.fuzz.second.delimited import UnreadableError
from tools.fuzz.second.names import number_text, plain_name

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


_KINDS = {"s", "str", "inlineStr", "d", "n", "b"}
"""What a cell may be, besides an error."""


def read_workbook(data: bytes, *, sheet: str | None = None) -> Table:
    """Read a sheet, or the only visible one, with a header of one row.

    Raises:
        UnreadableError: openpyxl cannot read it.
    """
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(record=True) as warned, redirect_stdout(io.StringIO()):
            warnings.simplefilter("always")
            book = load_workbook(io.BytesIO(data), data_only=True)
            sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
            chosen = book[sheet] if sheet else sheets[0]
            if any("outside the limits" in str(warning.message) for warning in warned):
                raise UnreadableError("a date beyond the calendar")  # which openpyxl turns into an error
            return _table(chosen, book.epoch)
    except UnreadableError:
        raise
    except Exception as error:  # whatever a library meets in a damaged file
        raise UnreadableError(type(error).__name__) from error


def _table(sheet: "Worksheet", first_day: datetime) -> Table:
    texts = {
        (cell.row, cell.column): text
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and (text := value_text(_without_day_below(cell.value, first_day), cell.data_type))
    }
    if not texts:
        raise UnreadableError("the sheet is empty")
    first, last = min(column for _, column in texts), max(column for _, column in texts)
    rows: dict[int, tuple[str, ...]] = {}
    for number in sorted({row for row, _ in texts}):
        rows[number] = tuple(texts.get((number, column), "") for column in range(first, last + 1))
    header = rows.pop(min(rows))
    return Table(tuple(plain_name(cell, place) for place, cell in enumerate(header, start=1)), rows)


def _without_day_below(value: Any, first_day: datetime) -> Any:
    """Turn a day before the first one back into its number, as which the cell stays; openpyxl counts backwards."""
    from openpyxl.utils.datetime import to_excel

    is_below = isinstance(value, datetime) and value < first_day
    return to_excel(value, first_day) if is_below else value


def value_text(value: Any, kind: str) -> str:
    """Write a value as the manual defines it; an error is empty."""
    if kind == "e":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        seconds = abs(value) // timedelta(seconds=1)
        sign = "-" if value < timedelta() else ""
        return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if kind not in _KINDS or not isinstance(value, str | date | time):
        raise UnreadableError(f"a cell of the kind {kind}")
    return value if isinstance(value, str) else value.isoformat()
