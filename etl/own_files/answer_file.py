"""Write an answer into a file of its own: CSV, Parquet or an Excel workbook, by the file's suffix, whole or not at all."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from etl.own_files.csv_file import write_plain_file
from etl.own_files.workbook_cells import (
    MOST_COLUMNS_OF_A_SHEET,
    MOST_ROWS_OF_A_SHEET,
    add_formats,
    write_header,
    write_row,
)
from warehouse.errors import EnvironmentRefusal, NotFoundError
from warehouse.file.whole_file import whole_file

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".csv", ".parquet", ".xlsx")


def check_answer_file(path: Path) -> None:
    """Refuse a file whose suffix is of no known format, before any work is done for it.

    Raises:
        NotFoundError: there is no such format.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise NotFoundError(
            f"{path}: there is no format for the suffix '{path.suffix}'. Name a file that ends in {', '.join(SUFFIXES)}."
        )


def write_answer(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Write the rows of an answer with their header; return how many.

    Args:
        path: the file; .csv, .parquet or .xlsx. An existing one is replaced.
        columns: names, each once.
        rows: values as DuckDB returns them. In CSV an empty cell stands for NULL and an empty text alike, true is `yes`.

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
            if suffix == ".parquet":
                _write_parquet(draft, columns, rows, name=path)
            else:
                _write_workbook(draft, columns, rows, name=path)
    except (OSError, FileCreateError) as error:
        reason = getattr(error, "strerror", None) or "the disk did not take it"
        raise EnvironmentRefusal(
            f"{path}: it cannot be written ({reason}). Name a file in a folder that can be written."
        ) from error
    return len(rows)


def _write_parquet(draft: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, name: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [
        _array([row[position] for row in rows], column=column, name=name) for position, column in enumerate(columns)
    ]
    pq.write_table(pa.table(arrays, names=list(columns)), draft)


def _array(values: list[Any], *, column: str, name: Path) -> "pa.Array[Any]":
    """Find the type that holds every value exactly."""
    import pyarrow as pa

    filled = [value for value in values if value is not None]
    if not filled:
        return pa.nulls(len(values), pa.string())
    if all(isinstance(value, UUID) for value in filled):
        values = [value and str(value) for value in values]
    try:
        if all(type(value) is int for value in filled) and max(map(abs, filled)) >= 1 << 63:
            return pa.array([None if value is None else Decimal(value) for value in values], pa.decimal128(38, 0))
        return pa.array(values)
    except (pa.ArrowException, TypeError) as error:
        raise EnvironmentRefusal(
            f"{name}: the column '{column}' holds values that no one type of Parquet holds. "
            "Cast it in the question, for example to VARCHAR, or write a .csv file."
        ) from error


def _write_workbook(draft: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, name: Path) -> None:
    import xlsxwriter

    if len(rows) > MOST_ROWS_OF_A_SHEET or len(columns) > MOST_COLUMNS_OF_A_SHEET:
        raise EnvironmentRefusal(
            f"{name}: the answer has {len(rows):,} rows and {len(columns):,} columns, and a sheet holds "
            f"{MOST_ROWS_OF_A_SHEET:,} and {MOST_COLUMNS_OF_A_SHEET:,}. Write a .csv or a .parquet file."
        )
    options = {"constant_memory": True, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(draft), options) as book:
        sheet = book.add_worksheet("answer")
        formats = add_formats(book)
        write_header(sheet, columns, formats)
        for number, row in enumerate(rows, 1):
            write_row(sheet, number, row, formats=formats, name=str(name))
