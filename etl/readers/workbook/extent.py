"""The extent of a sheet's table: the rows of its header, and the first and the last column that hold anything."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from etl.readers.cell_text import Cell, cell_text
from etl.readers.workbook.package import SheetFacts
from etl.readers.workbook.sheet_rows import CellKinds, SheetRow, read_rows


@dataclass(frozen=True)
class HeaderRows:
    """The header: the texts of its rows, the row it ends with, and how many columns are empty left of the table."""

    texts: list[list[str]]
    last_row: int
    margin: int


def find_header(
    package: zipfile.ZipFile, facts: SheetFacts, kinds: CellKinds, *, skip_rows: int, header_rows: int
) -> HeaderRows | int:
    """Find the first row that is not blank below those to skip, and the rows of the header below it.

    A row is as wide as the sheet, from the first column that holds anything to the last. Where a header is wide enough for
    all cells, as the bytes say, no row below it is read. Without a header, the number of the last row is returned.
    """
    header: list[dict[int, Cell]] = []
    columns: set[int] = set()
    number = 0
    with closing(read_rows(package, facts.part, kinds, is_ordered=facts.is_ordered)) as rows:
        for number, cells in _with_blank_rows(rows):
            columns.update(cells)
            if number > skip_rows and (header or any(map(cell_text, cells.values()))):
                header.append(cells)
            if len(header) == header_rows:
                break
    if len(header) < header_rows:
        return number
    if facts.columns is None or facts.columns != (min(columns), max(columns)):
        columns = _all_columns(package, facts, kinds)
    first, last = min(columns), max(columns)
    texts = [[cell_text(row.get(column, "")) for column in range(first, last + 1)] for row in header]
    return HeaderRows(texts, number, first - 1)


def _with_blank_rows(rows: Iterator[SheetRow]) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield every row from the first to the last that holds anything."""
    number = 0
    for row in rows:
        if row.cells:
            for blank in range(number + 1, row.number):
                yield blank, {}
            number = row.number
            yield number, row.cells


def _all_columns(package: zipfile.ZipFile, facts: SheetFacts, kinds: CellKinds) -> set[int]:
    """Find the columns that hold anything; which text a cell refers to is of no interest."""
    without_texts = CellKinds(lambda _: "", kinds.styles, kinds.is_1904)
    columns: set[int] = set()
    for row in read_rows(package, facts.part, without_texts, is_ordered=facts.is_ordered):
        columns.update(row.cells)
    return columns
