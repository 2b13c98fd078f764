"""Excel workbooks (.xlsx): one sheet is one source; every cell becomes text as etl.readers.cell_text defines.

Nothing but the cells of that sheet is read: no hidden sheets, comments or document properties.
"""

import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from etl.readers.batches import batch_records
from etl.readers.cell_text import Cell, cell_text
from etl.readers.file_hash import hash_file
from etl.readers.header import name_columns, name_row, read_headings, stack_header
from etl.readers.reader import Examination, Reader, Reception
from etl.readers.repeated_header import RepeatedHeader
from etl.readers.source import SourceFiles
from etl.readers.workbook.cell_limits import RefusedCellError
from etl.readers.workbook.extent import HeaderRows, find_header
from etl.readers.workbook.merged_cells import Merges, fill_merged_header, find_merges, note_merges
from etl.readers.workbook.package import SheetFacts, examine_package, find_parts, stamp_of
from etl.readers.workbook.shared_texts import SharedTexts
from etl.readers.workbook.sheet_choice import choose_sheet, shown_name
from etl.readers.workbook.sheet_rows import CellKinds, SheetRow, read_rows
from etl.readers.workbook.shown import Shown, find_shown
from etl.readers.workbook.styles import read_styles
from etl.readers.workbook.typed_dates import TypedDates
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class _Table:
    """A sheet's table: its columns, their names in the header, and the row (from 1) below it.

    `margin` is how many columns are empty left of the first used one, which begins every row; `merges` count their
    columns from there, too.
    """

    columns: tuple[str, ...]
    headings: tuple[str, ...]
    first_row: int
    margin: int
    merges: Merges
    header: RepeatedHeader


def examine_workbook(path: Path, name: str, source: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine one sheet of a workbook; DeliveryError when it is not what it claims to be."""
    sha256, size_bytes = hash_file(path, name, advance)
    sheets = examine_package(path, name, stamp_of(path))
    chosen = choose_sheet(sheets, source.sheet, name)
    assert chosen.facts is not None
    where = f"{name}, sheet '{chosen.name}'"
    with _open(path, name, where) as package:
        table = _find_table(package, chosen.facts, where, source=source)
    return Examination(
        sheet=chosen.name,
        sha256=sha256,
        size_bytes=size_bytes,
        columns=table.columns,
        record_count=None,
        has_final_newline=True,
        relation=None,
        read_batches=partial(_read_batches, partial(_open, path, name, where), chosen.facts, table),
        headings=table.headings,
        sheets=tuple(shown_name(sheet.name) for sheet in sheets if sheet.is_visible and sheet.facts),
        first_column=table.margin + 1,
    )


@contextmanager
def _open(path: Path, name: str, where: str) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's package; what is wrong in its parts is reported as a damaged workbook, a refused cell of a sheet."""
    try:
        with zipfile.ZipFile(path) as package:
            yield package
    except RefusedCellError as error:
        raise DeliveryError(f"{where}: {error}") from error
    except (ExpatError, zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise DeliveryError(f"{name}: the workbook is damaged. Save it again in Excel and send it again.") from error


def _find_table(package: zipfile.ZipFile, facts: SheetFacts, where: str, *, source: SourceFiles) -> _Table:
    """Find the header: the first row that is not blank below those to skip, and as many as the source states."""
    with _kinds(package) as kinds:
        found = find_header(package, facts, kinds, skip_rows=source.skip_rows, header_rows=source.header_rows)
    if not isinstance(found, HeaderRows):
        raise DeliveryError(
            f"{where}: no header was found below the {source.skip_rows} rows that are skipped; the sheet ends at row "
            f"{found}. Correct 'skip_rows' and 'header_rows' in mapping.yaml, or ask for the sheet again."
        )
    merges = find_merges(package, facts.part, margin=found.margin)
    first_row = found.last_row - source.header_rows + 1
    filled = fill_merged_header(found.texts, merges.begin_until(found.last_row), first_row=first_row, where=where)
    names = stack_header(filled) if source.header_name_row is None else name_row(filled, source.header_name_row)
    columns = name_columns(names, where, rename=source.rename)
    return _Table(columns, read_headings(names), found.last_row + 1, found.margin, merges, RepeatedHeader(found.texts))


@contextmanager
def _kinds(package: zipfile.ZipFile) -> Iterator[CellKinds]:
    parts, is_1904 = find_parts(package)
    with closing(SharedTexts(package, parts.get("sharedStrings"))) as texts:
        yield CellKinds(texts.text, read_styles(package, parts.get("styles")), is_1904)


def _read_batches(
    opened: Callable[[], AbstractContextManager[zipfile.ZipFile]],
    facts: SheetFacts,
    table: _Table,
    reception: Reception,
) -> "Iterator[pa.RecordBatch]":
    with opened() as package, _kinds(package) as kinds:
        rows = read_rows(package, facts.part, kinds, is_ordered=facts.is_ordered)
        shown = _list_shown(find_shown(package, facts.part, kinds.styles, first_row=table.first_row), table)
        yield from batch_records(table.columns, _read_records(rows, table, shown, reception=reception))


def _read_records(
    rows: Iterator[SheetRow],
    table: _Table,
    shown: Mapping[int, list[tuple[str | None, str, str]]],
    *,
    reception: Reception,
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the records below the header: number, row, texts. A blank row is not a record."""
    dates = TypedDates(table.columns)
    unsaid = dict(shown)
    record = 0
    last_row = table.first_row - 1
    for sheet_row in rows:
        row = sheet_row.number
        if row < table.first_row:
            continue
        cells = _placed(sheet_row.cells, table)
        texts = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        for _ in range(last_row + 1, row if any(texts) or sheet_row.odd else row + 1):
            reception.take_blank_line()
        last_row = row
        if not any(texts) and not sheet_row.odd:
            continue
        record += 1
        if table.header.is_met_by(texts):
            reception.take_repeated_header(record, row)
            continue
        for column, rule, found in sorted(sheet_row.odd):
            if 0 <= (place := column - table.margin - 1) < len(table.columns):
                reception.take_cell(record, row, table.columns[place], rule=rule, found=found)
        for merged_column, extent in note_merges(table.merges.begin_in(row), table.columns):
            reception.take_cell(record, row, merged_column, rule="merged_cells", found=extent)
        for place in [place for place in unsaid if place <= row]:
            for about, rule, found_shown in unsaid.pop(place):
                reception.take_cell(record, row, about, rule=rule, found=found_shown)
        dates.look_at(record, row, cells)
        yield record, row, texts
    for first, row, date_column, rule, found_dates in dates.conclude():
        reception.take_cell(first, row, date_column, rule=rule, found=found_dates)


def _placed(filled: Mapping[int, Cell], table: _Table) -> list[Cell]:
    """Put the filled cells of a row at their places among the columns; ValueError for one that has none."""
    cells: list[Cell] = [""] * len(table.columns)
    first = table.margin + 1
    for column, cell in filled.items():
        if column < first:
            raise ValueError(column)
        try:
            cells[column - first] = cell
        except IndexError:
            raise ValueError(column) from None
    return cells


def _list_shown(shown: Shown, table: _Table) -> Mapping[int, list[tuple[str | None, str, str]]]:
    """List column, rule and what was found by the row of the first."""
    named = dict(enumerate(table.columns, start=table.margin + 1))
    listed: defaultdict[int, list[tuple[str | None, str, str]]] = defaultdict(list)
    if shown.hidden_rows:
        listed[shown.hidden_rows.first_row].append((None, "hidden_rows", f"{shown.hidden_rows.count:,} row(s)"))
    for place in sorted(shown.hidden_columns & named.keys()):
        listed[table.first_row].append((named[place], "hidden_column", "hidden"))
    for rule, columns in (("percent_format", shown.percents), ("struck_out", shown.struck)):
        for place, count in sorted(columns.items()):
            if place in named:
                listed[count.first_row].append((named[place], rule, f"{count.count:,} cell(s)"))
    return listed


WORKBOOK = Reader(
    takes=frozenset({"sheet", "skip_rows", "header_rows", "header_name_row", "rename"}), examine=examine_workbook
)
