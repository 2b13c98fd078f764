"""Write an answer into a file of its own: CSV, Parquet or an Excel workbook, by the file's suffix, whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.own_files.csv_file import write_plain_file
from etl.own_files.parquet_file import write_parquet
from warehouse.errors import EnvironmentRefusal, NotFoundError
from warehouse.file.whole_file import whole_file

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SUFFIXES = (".csv", ".parquet", ".xlsx")
MOST_ROWS_OF_A_SHEET = 1_048_575
"""Excel's rows of a sheet without the header."""
MOST_COLUMNS_OF_A_SHEET = 16_384
LONGEST_CELL = 32_767
MOST_DIGITS = 15
"""Significant digits of a number in a workbook; one with more is written as text."""
FIRST_YEAR_OF_EXCEL = 1901
"""Excel counts a 29 February 1900 that never existed; earlier dates are written as text."""


def check_answer_file(path: Path) -> None:
    """Refuse a file whose suffix is of no known format, before any work is done for it.

    Raises:
        NotFoundError: there is no such format.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise NotFoundError(
            f"{path}: there is no format for the suffix '{path.suffix}'. Name a file that ends in {', '.join(SUFFIXES)}."
        )


def write_answer(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows of an answer with their header; return how many. They may be more than memory holds.

    Args:
        path: the file; .csv, .parquet or .xlsx. An existing one is replaced.
        columns: names, each once.
        rows: values as DuckDB returns them, taken once. In CSV an empty cell stands for NULL and an empty text alike, true
            is `yes`.

    Raises:
        NotFoundError: there is no such format.
        EnvironmentRefusal: the folder cannot be written, or the format cannot hold the answer.
    """
    check_answer_file(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return write_plain_file(path, columns, rows)
    from xlsxwriter.exceptions import FileCreateError

    try:
        with whole_file(path) as draft:
            draft.touch()  # a folder that cannot be written is reported before the work
            write = write_parquet if suffix == ".parquet" else _write_workbook
            return write(draft, columns, rows, name=path)
    except (OSError, FileCreateError) as error:
        reason = getattr(error, "strerror", None) or "the disk did not take it"
        raise EnvironmentRefusal(
            f"{path}: it cannot be written ({reason}). Name a file in a folder that can be written."
        ) from error


def _write_workbook(draft: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, name: Path) -> int:
    import xlsxwriter

    if len(columns) > MOST_COLUMNS_OF_A_SHEET:
        raise _too_large(name, sum(1 for _ in rows), len(columns))
    options = {"constant_memory": True, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(draft), options) as book:
        sheet = book.add_worksheet("answer")
        heading = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for position, column in enumerate(columns):
            sheet.write_string(0, position, column[:LONGEST_CELL], heading)
        sheet.freeze_panes(1, 0)
        number, left = 0, iter(rows)
        for number, row in enumerate(islice(left, MOST_ROWS_OF_A_SHEET), 1):
            for position, value in enumerate(row):
                _write_cell(sheet, number, position, value=value, day=day, moment=moment, name=name)
        more = sum(1 for _ in left)
        if more:
            raise _too_large(name, number + more, len(columns))
    return number


def _too_large(name: Path, row_count: int, column_count: int) -> EnvironmentRefusal:
    return EnvironmentRefusal(
        f"{name}: the answer has {row_count:,} rows and {column_count:,} columns, and a sheet holds "
        f"{MOST_ROWS_OF_A_SHEET:,} and {MOST_COLUMNS_OF_A_SHEET:,}. Write a .csv or a .parquet file."
    )


def _write_cell(
    sheet: "Worksheet", row: int, column: int, *, value: Any, day: "Format", moment: "Format", name: Path
) -> None:
    """Write a value in its own type where a workbook holds it exactly, else as text; never as a formula."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float() | Decimal() if _is_exact(value):
            sheet.write_number(row, column, float(value))
        case datetime() if value.year >= FIRST_YEAR_OF_EXCEL and value.tzinfo is None and not value.microsecond:
            sheet.write_datetime(row, column, value, moment)
        case datetime() | time():
            sheet.write_string(row, column, value.isoformat())
        case date() if value.year >= FIRST_YEAR_OF_EXCEL:
            sheet.write_datetime(row, column, value, day)
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
