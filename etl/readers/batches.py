"""Records of text with their addresses, in Arrow batches of bounded size."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from etl.readers.reader import LINE, RECORD

_BATCH_RECORDS, _BATCH_CELLS = 10_000, 1_000_000


def batch_schema(columns: Sequence[str]) -> pa.Schema:
    """Return the schema of a batch read record by record: the address, then the file's own columns as text."""
    return pa.schema([(RECORD, pa.int64()), (LINE, pa.int64()), *((column, pa.string()) for column in columns)])


def batch_records(
    columns: Sequence[str], records: Iterable[tuple[int, int, Sequence[str]]]
) -> Iterator[pa.RecordBatch]:
    """Gather records (number, line, a cell for each column) into batches."""
    schema = batch_schema(columns)
    most = max(1, min(_BATCH_RECORDS, _BATCH_CELLS // max(1, len(columns))))
    rows: list[Sequence[str]] = []
    addresses: list[tuple[int, int]] = []
    for record, line, cells in records:
        rows.append(cells)
        addresses.append((record, line))
        if len(rows) == most:
            yield _batch(schema, addresses, rows)
            rows, addresses = [], []
    if rows:
        yield _batch(schema, addresses, rows)


def _batch(schema: pa.Schema, addresses: list[tuple[int, int]], rows: list[Sequence[str]]) -> pa.RecordBatch:
    arrays = [pa.array(values, pa.int64()) for values in zip(*addresses, strict=True)]
    arrays += [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    return pa.record_batch(arrays, schema=schema)
