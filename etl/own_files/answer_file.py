"""Write an answer into a file of its own: CSV, Parquet or an Excel workbook, by the file's suffix, whole or not at all."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from etl.own_files.csv_file import write_plain_file
from etl.own_files.parquet_file import write_parquet
from etl.own_files.scratch import scratch_folder
from etl.own_files.workbook_cells import (
    MOST_COLUMNS_OF_A_SHEET,
    MOST_ROWS_OF_A_SHEET,
    add_formats,
    write_header,
    write_row,
)
from warehouse.errors import EnvironmentRefusal, NotFoundError
from warehouse.file.whole_file import whole_file

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


def write_answer(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, is_as_given: bool = False
) -> int:
    """Write the rows of an answer with their header; return how many. They may be more than memory holds.

    Args:
        path: the file; .csv, .parquet or .xlsx. An existing one is replaced.
        columns: names, each once.
        rows: values as DuckDB returns them, taken once.
        is_as_given: in CSV, leave the cells of a user's own file as they came, and write yes and no. Else CSV is as
            `hcc export` writes it: true and false, an empty text as `""`, formulas behind an apostrophe.

    Raises:
        NotFoundError: there is no such format.
        EnvironmentRefusal: the folder cannot be written, or the format cannot hold the answer.
    """
    check_answer_file(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return write_plain_file(path, columns, rows, is_as_given=is_as_given)
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
    options: dict[str, Any] = {"constant_memory": True, "nan_inf_to_errors": False}
    with (
        scratch_folder(draft.parent) as folder,  # rows are kept in files of the workbook's until it is closed
        xlsxwriter.Workbook(str(draft), options | {"tmpdir": str(folder)}) as book,
    ):
        sheet = book.add_worksheet("answer")
        formats = add_formats(book)
        write_header(sheet, columns, formats)
        number, left = 0, iter(rows)
        for number, row in enumerate(islice(left, MOST_ROWS_OF_A_SHEET), 1):
            write_row(sheet, number, row, formats=formats, name=str(name))
        more = sum(1 for _ in left)
        if more:
            raise _too_large(name, number + more, len(columns))
    return number


def _too_large(name: Path, row_count: int, column_count: int) -> EnvironmentRefusal:
    return EnvironmentRefusal(
        f"{name}: the answer has {row_count:,} rows and {column_count:,} columns, and a sheet holds "
        f"{MOST_ROWS_OF_A_SHEET:,} and {MOST_COLUMNS_OF_A_SHEET:,}. Write a .csv or a .parquet file."
    )
