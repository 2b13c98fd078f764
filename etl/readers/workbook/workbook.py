"""Excel workbooks (.xlsx): one sheet is one source; every cell becomes text as etl.readers.cell_text defines.

Nothing but the cells of that sheet is read: no hidden sheets, comments or document properties.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from etl.readers.batches import batch_records
from etl.readers.cell_text import Cell, cell_text
from etl.readers.file_hash import hash_file
from etl.readers.header import name_columns, name_row, read_headings, stack_header
from etl.readers.reader import Examination, Reader, Reception
from etl.readers.repeated_header import RepeatedHeader
from etl.readers.source import SourceFiles
from etl.readers.workbook.merged_cells import Merge, fill_merged_header, note_merged_rows
from etl.readers.workbook.package import SheetFacts, examine_package, stamp_of
from etl.readers.workbook.parts_xml import find_odd_cells
from etl.readers.workbook.sheet_choice import Sheet, choose_sheet, shown_name
from etl.readers.workbook.shown import Shown, find_shown
from etl.readers.workbook.typed_dates import TypedDates
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa
    from python_calamine import CalamineSheet, CalamineWorkbook


@dataclass(frozen=True)
class _Table:
    """A sheet's table: its columns, their names in the header, and the row (from 1) below it.

    `margin` is how many columns are empty left of the first used one: the library leaves them out of every row. `merges`
    count their columns from the first used one.
    """

    columns: tuple[str, ...]
    headings: tuple[str, ...]
    first_row: int
    margin: int
    merges: Sequence[Merge]
    header: RepeatedHeader


def examine_workbook(path: Path, name: str, source: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine one sheet of a workbook; DeliveryError when it is not what it claims to be."""
    sha256, size_bytes = hash_file(path, name, advance)
    parts = examine_package(path, name, stamp_of(path))
    with _open(path, name) as workbook:
        sheets = [_sheet_of(place, sheet, parts) for place, sheet in enumerate(workbook.sheets_metadata)]
        chosen = choose_sheet(sheets, source.sheet, name)
        table = _find_table(workbook.get_sheet_by_index(chosen.place), f"{name}, sheet '{chosen.name}'", source)
    return Examination(
        sheet=chosen.name,
        sha256=sha256,
        size_bytes=size_bytes,
        columns=table.columns,
        record_count=None,
        has_final_newline=True,
        relation=None,
        read_batches=partial(_read_batches, path, name, chosen, table),
        headings=table.headings,
        sheets=tuple(shown_name(sheet.name) for sheet in sheets if sheet.is_visible and sheet.facts),
    )


@contextmanager
def _open(path: Path, name: str) -> "Iterator[CalamineWorkbook]":
    """Open a workbook; any error of the library is reported as a damaged workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            yield workbook
    except (CalamineError, ExpatError, OSError, ValueError, OverflowError) as error:
        raise DeliveryError(f"{name}: the workbook is damaged. Save it again in Excel and send it again.") from error


def _sheet_of(place: int, metadata: Any, parts: Mapping[str, SheetFacts]) -> Sheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    is_table = metadata.typ == SheetTypeEnum.WorkSheet
    return Sheet(
        name=metadata.name,
        is_visible=metadata.visible == SheetVisibleEnum.Visible,
        facts=parts.get(metadata.name) if is_table else None,
        place=place,
    )


def _find_table(sheet: "CalamineSheet", where: str, source: SourceFiles) -> _Table:
    """Find the header: the first row that is not blank below those to skip, and as many as the source states."""
    rows = iter(sheet.iter_rows())
    header: list[list[str]] = []
    place = 0
    for place, cells in enumerate(rows, start=1):
        texts = [cell_text(cell) for cell in cells]
        if place > source.skip_rows and (header or any(texts)):
            header.append(texts)
        if len(header) == source.header_rows:
            break
    if len(header) < source.header_rows:
        raise DeliveryError(
            f"{where}: no header was found below the {source.skip_rows} rows that are skipped; the sheet ends at row "
            f"{place}. Correct 'skip_rows' and 'header_rows' in mapping.yaml, or ask for the sheet again."
        )
    margin = sheet.start[1] if sheet.start else 0
    merges = tuple(
        merge
        for corners in sheet.merged_cell_ranges or ()
        if (merge := Merge.of(corners, margin=margin)).left > 0  # else its value would be in the margin: it has none
    )
    filled = fill_merged_header(header, merges, first_row=place - source.header_rows + 1, where=where)
    names = stack_header(filled) if source.header_name_row is None else name_row(filled, source.header_name_row)
    columns = name_columns(names, where, rename=source.rename)
    return _Table(columns, read_headings(names), place + 1, margin, merges, RepeatedHeader(header))


def _read_batches(
    path: Path, name: str, sheet: Sheet, table: _Table, reception: Reception
) -> "Iterator[pa.RecordBatch]":
    with _open(path, name) as workbook:
        rows = workbook.get_sheet_by_index(sheet.place).iter_rows()
        assert sheet.facts is not None
        odd = find_odd_cells(path, sheet.facts.part) if sheet.facts.is_odd else {}
        shown = _list_shown(find_shown(path, sheet.facts.part, first_row=table.first_row), table)
        yield from batch_records(table.columns, _read_records(rows, table, odd, shown, reception))


def _read_records(
    rows: Iterator[Sequence[Cell]],
    table: _Table,
    odd: Mapping[tuple[int, int], tuple[str, str]],
    shown: Mapping[int, list[tuple[str | None, str, str]]],
    reception: Reception,
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the records below the header: number, row, texts. A blank row is not a record."""
    odd_rows = {row for row, _ in odd}
    merged = note_merged_rows(table.merges, table.columns, first_row=table.first_row)
    dates = TypedDates(table.columns)
    unsaid = dict(shown)
    record = 0
    for row, cells in enumerate(_reaching(rows, max(odd_rows, default=0), len(table.columns)), start=1):
        if row < table.first_row:
            continue
        texts = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        if row not in odd_rows and not any(texts):
            reception.take_blank_line()
            continue
        record += 1
        if table.header.is_met_by(texts):
            reception.take_repeated_header(record, row)
            continue
        if row in odd_rows:
            for place, column in enumerate(table.columns, start=table.margin + 1):
                if found := odd.get((row, place)):
                    reception.take_cell(record, row, column, rule=found[0], found=found[1])
        for column, found_merge in merged.get(row, ()):
            reception.take_cell(record, row, column, rule="merged_cells", found=found_merge)
        for place in [place for place in unsaid if place <= row]:
            for about, rule, found_shown in unsaid.pop(place):
                reception.take_cell(record, row, about, rule=rule, found=found_shown)
        dates.look_at(record, row, cells)
        yield record, row, texts
    for first, row, column, found_dates in dates.conclude():
        reception.take_cell(first, row, column, rule="typed_date", found=found_dates)


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


def _reaching(rows: Iterator[Sequence[Cell]], last: int, width: int) -> Iterator[Sequence[Cell]]:
    """Add blank rows up to the last odd cell: to the library a formula without a value is empty, so it stops above it."""
    count = 0
    for cells in rows:
        count += 1
        yield cells
    yield from repeat([""] * width, max(0, last - count))


WORKBOOK = Reader(
    takes=frozenset({"sheet", "skip_rows", "header_rows", "header_name_row", "rename"}), examine=examine_workbook
)
