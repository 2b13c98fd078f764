"""Careful reading of delimited text: record by record, with the address of each, in bounded memory."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from etl.errors import DeliveryError
from etl.readers.reading import LINE, RECORD, Reception

_BATCH_RECORDS = 10_000
_LONGEST_CELL = 16 << 20


def read_header(path: Path, name: str, *, encoding: str, delimiter: str) -> list[str]:
    """Read the cells of the first line that is not blank; DeliveryError when there is none."""
    for _, cells in _read_records(path, name, encoding=encoding, delimiter=delimiter):
        if cells is None:
            raise DeliveryError(f"{name}: the header's quotes are broken. Correct them in the export.")
        if cells:
            return cells
    raise DeliveryError(f"{name}: the file holds nothing but blank lines. Ask for it again.")


def read_carefully(
    path: Path, name: str, columns: Sequence[str], reception: Reception, *, encoding: str, delimiter: str
) -> Iterator[pa.RecordBatch]:
    """Yield batches of `_record`, `_line` and the columns as text; what cannot become a row goes to the reception.

    Raises DeliveryError for a quote that is never closed.
    """
    schema = pa.schema([(RECORD, pa.int64()), (LINE, pa.int64()), *((column, pa.string()) for column in columns)])
    record = -1  # the header
    rows: list[list[str]] = []
    addresses: list[tuple[int, int]] = []
    for line, cells in _read_records(path, name, encoding=encoding, delimiter=delimiter):
        if cells is not None and not cells:
            reception.take_blank_line()
            continue
        record += 1
        if record == 0:
            continue
        if cells is None or len(cells) != len(columns):
            reception.take_unreadable(record, line, cells)
            continue
        rows.append(cells)
        addresses.append((record, line))
        if len(rows) == _BATCH_RECORDS:
            yield _batch(schema, addresses, rows)
            rows, addresses = [], []
    if rows:
        yield _batch(schema, addresses, rows)


def _batch(schema: pa.Schema, addresses: list[tuple[int, int]], rows: list[list[str]]) -> pa.RecordBatch:
    arrays = [pa.array(values, pa.int64()) for values in zip(*addresses, strict=True)]
    arrays += [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    return pa.record_batch(arrays, schema=schema)


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
