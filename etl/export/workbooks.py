"""Write the tables of a schema as sheets of one Excel workbook, row by row, with their codebook as the first sheets."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.export.column_plan import ColumnPlan, select_sql
from etl.export.file_names import LONGEST_SHEET_NAME, sheet_names
from etl.export.table_facts import ExportedTable
from etl.own_files.workbook_cells import (
    MOST_COLUMNS_OF_A_SHEET,
    MOST_ROWS_OF_A_SHEET,
    CellFormats,
    add_formats,
    write_header,
    write_row,
)
from warehouse.errors import EnvironmentRefusal
from warehouse.progress import Progress

if TYPE_CHECKING:
    import duckdb
    from xlsxwriter import Workbook

CODEBOOK, CODE_LISTS = "codebook", "code_lists"
_ROWS_AT_ONCE = 5_000


def name_sheets(tables: Sequence[ExportedTable]) -> list[str]:
    """Name the sheets of a workbook's tables; those of the codebook have their own."""
    return sheet_names((table.name.partition(".")[2] for table in tables), reserved=(CODEBOOK, CODE_LISTS))


def numbered_sheet(name: str, number: int) -> str:
    """Name the second, third ... sheet of a table that needs several."""
    end = f" ({number})"
    return name[: LONGEST_SHEET_NAME - len(end)] + end


def fits_a_sheet(table: ExportedTable) -> bool:
    """Return whether a sheet holds the rows of a table.

    Raises:
        EnvironmentRefusal: no sheet holds its columns.
    """
    if len(table.columns) > MOST_COLUMNS_OF_A_SHEET:
        raise EnvironmentRefusal(
            f"{table.name}: it has {len(table.columns):,} columns, and a sheet holds {MOST_COLUMNS_OF_A_SHEET:,}. "
            "Export it as csv or parquet."
        )
    return table.row_count <= MOST_ROWS_OF_A_SHEET


@contextmanager
def workbook(path: Path) -> Iterator[tuple["Workbook", CellFormats]]:
    """Lend a new workbook that keeps no row in memory; its temporary files lie next to it."""
    import xlsxwriter

    options = {"constant_memory": True, "nan_inf_to_errors": False, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        yield book, add_formats(book)


def write_sheet(
    book: "Workbook", name: str, header: Sequence[str], rows: Sequence[Sequence[Any]], *, formats: CellFormats
) -> None:
    """Add a sheet with a few rows."""
    sheet = book.add_worksheet(name)
    write_header(sheet, header, formats)
    for number, row in enumerate(rows, 1):
        write_row(sheet, number, row, formats=formats, name=name)


def write_table_sheets(
    con: "duckdb.DuckDBPyConnection",
    table: ExportedTable,
    plans: Sequence[ColumnPlan],
    *,
    book: "Workbook",
    sheet: str,
    formats: CellFormats,
    progress: Progress,
) -> None:
    """Add a table's rows, to as many sheets as they take.

    Args:
        con: the warehouse.
        table: the table.
        plans: its columns.
        book: the workbook.
        sheet: the name of the first sheet; further ones have a number in addition.
        formats: the formats of the workbook.
        progress: where rows are reported.
    """
    cursor = con.execute(select_sql(table, plans))
    header = [plan.name for plan in plans]
    page, number, count = book.add_worksheet(sheet), 0, 1
    write_header(page, header, formats)
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for row in rows:
            if number == MOST_ROWS_OF_A_SHEET:
                number, count = 0, count + 1
                page = book.add_worksheet(numbered_sheet(sheet, count))
                write_header(page, header, formats)
            number += 1
            write_row(page, number, row, formats=formats, name=table.name)
        progress.advance(len(rows))
