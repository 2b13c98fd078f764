"""Write cells of a workbook, each in its own type where Excel holds the value exactly, else as text; never as a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from warehouse.errors import EnvironmentRefusal

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS_OF_A_SHEET = 1_048_575
"""Excel's rows of a sheet without the header."""
MOST_COLUMNS_OF_A_SHEET = 16_384
LONGEST_CELL = 32_767
MOST_DIGITS = 15
"""Significant digits of a number in a workbook; one with more is written as text."""
FIRST_YEAR_OF_EXCEL = 1901
"""Excel counts a 29 February 1900 that never existed; earlier dates are written as text."""


@dataclass(frozen=True)
class CellFormats:
    """The formats of a workbook's cells."""

    heading: "Format"
    day: "Format"
    moment: "Format"


def add_formats(book: "Workbook") -> CellFormats:
    """Add the formats to a workbook."""
    return CellFormats(
        heading=book.add_format({"bold": True}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    )


def write_header(sheet: "Worksheet", columns: Sequence[str], formats: CellFormats) -> None:
    """Write the names of the columns into the first row, which stays in sight."""
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column[:LONGEST_CELL], formats.heading)
    sheet.freeze_panes(1, 0)


def write_row(sheet: "Worksheet", number: int, row: Sequence[Any], *, formats: CellFormats, name: str) -> None:
    """Write the cells of a row; None leaves its cell empty.

    Args:
        sheet: the sheet.
        number: the row's number; 0 is the header.
        row: values as DuckDB returns them.
        formats: the formats of the sheet's workbook.
        name: what the message calls the table or file.

    Raises:
        EnvironmentRefusal: a text is longer than a workbook's cell may be.
    """
    for position, value in enumerate(row):
        _write_cell(sheet, number, position, value=value, formats=formats, name=name)


def _write_cell(sheet: "Worksheet", row: int, column: int, *, value: Any, formats: CellFormats, name: str) -> None:
    """Write a value in its own type where a workbook holds it exactly, else as text; never as a formula."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float() | Decimal() if _is_exact(value):
            sheet.write_number(row, column, float(value))
        case datetime() if value.year >= FIRST_YEAR_OF_EXCEL and value.tzinfo is None and not value.microsecond:
            sheet.write_datetime(row, column, value, formats.moment)
        case datetime() | time():
            sheet.write_string(row, column, value.isoformat())
        case date() if value.year >= FIRST_YEAR_OF_EXCEL:
            sheet.write_datetime(row, column, value, formats.day)
        case _:
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            if len(text) > LONGEST_CELL:
                raise EnvironmentRefusal(
                    f"{name}: a cell of row {row:,} has {len(text):,} characters, and a workbook's cell holds "
                    f"{LONGEST_CELL:,}. Write a .csv or a .parquet file."
                )
            sheet.write_string(row, column, text)


def _is_exact(value: float | Decimal) -> bool:
    """Return whether the number is the same when it is read again from a workbook."""
    if isinstance(value, float):
        return value - value == 0
    number = Decimal(value)
    return number.is_finite() and len(number.as_tuple().digits) <= MOST_DIGITS
