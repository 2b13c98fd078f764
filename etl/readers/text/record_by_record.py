"""Read delimited text record by record, with the address of each, in bounded memory; slower than the engine."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from etl.readers.batches import batch_records
from etl.readers.header import fill_right, name_row, stack_header
from etl.readers.reader import Reception
from etl.readers.repeated_header import RepeatedHeader
from etl.readers.source import SourceFiles
from etl.readers.text.swallowed_lines import SwallowedLines
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST_CELL = 16 << 20
_ACCEPTED_BY = "say 'line_breaks_in: [\"{column}\"]' of its source in mapping.yaml"


def read_header(path: Path, name: str, form: SourceFiles) -> list[list[str]]:
    """Read the rows of the header: the first below those to skip that are not blank.

    Raises DeliveryError when there is none.
    """
    rows: list[list[str]] = []
    for _, cells in _below_title(path, name, form):
        if cells is None:
            raise DeliveryError(f"{name}: the header's quotes are broken. Correct them in the export.")
        if cells:
            rows.append(cells)
        if len(rows) == form.header_rows:
            return rows
    raise DeliveryError(
        f"{name}: the file holds nothing but blank lines{_where(form)}. Ask for it again."
        if not rows
        else f"{name}: the file ends within the {form.header_rows} rows of its header{_where(form)}. "
        f"Correct 'header_rows' in mapping.yaml, or ask for the file again."
    )


def join_header(rows: list[list[str]], form: SourceFiles) -> list[str]:
    """Name the columns by the rows of the header: by the one that holds the names, or joined where there are several."""
    if form.header_name_row is not None:
        return name_row(rows, form.header_name_row)
    return rows[0] if len(rows) == 1 else stack_header(fill_right(rows))


def read_carefully(
    path: Path, name: str, columns: Sequence[str], reception: Reception, *, form: SourceFiles
) -> "Iterator[pa.RecordBatch]":
    """Yield batches of `_record`, `_line` and the columns as text; what cannot become a row goes to the reception.

    Raises DeliveryError for a quote that is never closed, or that swallows records up to the next one.
    """
    return batch_records(columns, _whole_records(path, name, columns, reception, form=form))


def _whole_records(
    path: Path, name: str, columns: Sequence[str], reception: Reception, *, form: SourceFiles
) -> Iterator[tuple[int, int, list[str]]]:
    record = -form.header_rows
    header = RepeatedHeader(read_header(path, name, form))
    swallowed = SwallowedLines(columns, form.delimiter, line_breaks_in=form.line_breaks_in or (), way_out=_ACCEPTED_BY)
    for line, cells in _below_title(path, name, form):
        if cells is not None and not cells:
            reception.take_blank_line()
            continue
        record += 1
        if record <= 0:
            continue
        if cells is not None:
            swallowed.look_at(line, cells)
        if cells is None or len(cells) != len(columns):
            reception.take_unreadable(record, line, cells)
            continue
        if header.is_met_by(cells):
            reception.take_repeated_header(record, line)
            continue
        yield record, line, cells
    swallowed.conclude(name)


def _where(form: SourceFiles) -> str:
    return f" below the {form.skip_rows} that are skipped" if form.skip_rows else ""


def _below_title(path: Path, name: str, form: SourceFiles) -> Iterator[tuple[int, list[str] | None]]:
    """Pass over the rows above the header, blank ones counted."""
    return islice(_read_records(path, name, encoding=form.encoding, delimiter=form.delimiter), form.skip_rows, None)


def _read_records(path: Path, name: str, *, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the line where each record begins, and its cells: [] for a blank line, None for broken quotes."""
    csv.field_size_limit(_LONGEST_CELL)
    is_at_end = False

    def read_lines() -> Iterator[str]:
        nonlocal is_at_end
        with path.open(encoding="utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding, newline="") as file:
            yield from file
        is_at_end = True

    reader = csv.reader(read_lines(), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # Text after a closing quote, within one line, spoils that line. Anything longer means that a quote opened
            # here and swallowed lines up to the next quote, or to the end: where records begin is then unknown.
            if is_at_end or reader.line_num != line:
                raise DeliveryError(
                    f"{name} line {line}: a quote opens here and is never closed properly. "
                    f"Was the file cut short? Correct the quotes in the export, or ask for it again."
                ) from None
            yield line, None
        else:
            yield line, cells
