"""Write records and cells that a reader cannot turn into rows, identifiers removed, in bounded memory."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl.identity.policy import WITHHELD, IdentityPolicy
from etl.landing.landed_file import UNREADABLE

FOUND = "found.parquet"
"""Cells that a person should know of, on their way into the findings."""

_ADDRESS = [("source_record", pa.int64()), ("source_line", pa.int64())]
_UNREADABLE = pa.schema([*_ADDRESS, ("rule", pa.string()), ("field_count", pa.int64()), ("raw", pa.string())])
_FOUND = pa.schema([*_ADDRESS, ("source_column", pa.string()), ("rule", pa.string()), ("found", pa.string())])


class KeepingReception:
    """A reception that writes unreadable.parquet and found.parquet into a draft folder."""

    def __init__(self, draft: Path, columns: tuple[str, ...], policy: IdentityPolicy) -> None:
        self._columns, self._policy = columns, policy
        self._unreadable = _RowWriter(draft / UNREADABLE, _UNREADABLE)
        self._found = _RowWriter(draft / FOUND, _FOUND)
        self.blank_lines = 0

    @property
    def unreadable_count(self) -> int:
        """Records that could not become rows."""
        return self._unreadable.count

    def __enter__(self) -> "KeepingReception":
        return self

    def __exit__(self, *_: object) -> None:
        self._unreadable.close()
        self._found.close()

    def take_blank_line(self) -> None:
        """Take note of a blank line."""
        self.blank_lines += 1

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:
        """Keep a finding about a cell."""
        self._found.write(source_record=record, source_line=line, source_column=column, rule=rule, found=found)

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:
        """Keep a record that could not become a row, with its cells as far as they may be kept."""
        self._unreadable.write(
            source_record=record,
            source_line=line,
            rule="broken_quotes" if cells is None else "ragged_record",
            field_count=None if cells is None else len(cells),
            raw=json.dumps(self._raw(cells), ensure_ascii=False),
        )

    def take_repeated_header(self, record: int, line: int) -> None:
        """Keep note of a record that is the header once more."""
        raw = json.dumps({"(record)": "the header, once more"})
        self._unreadable.write(
            source_record=record, source_line=line, rule="repeated_header", field_count=None, raw=raw
        )

    def _raw(self, cells: list[str] | None) -> dict[str, str]:
        if cells is None:
            return {"(record)": WITHHELD}  # its cells cannot be separated, so neither can its identity columns
        names = [*self._columns, *(f"(cell {place})" for place in range(len(self._columns) + 1, len(cells) + 1))]
        return dict(zip(names, self._policy.withhold(self._columns, cells), strict=False))


class _RowWriter:
    """Writes rows to Parquet, some at a time."""

    _BATCH = 10_000

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="lz4")
        self._rows: list[dict[str, Any]] = []
        self.count = 0

    def write(self, **row: Any) -> None:
        self.count += 1
        self._rows.append(row)
        if len(self._rows) == self._BATCH:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []
