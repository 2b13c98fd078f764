"""The interface of a reader: examination, record batches, and callbacks, so that landing is independent of formats.

A reader first *examines* a file: proves that it is whole text, finds its columns, and counts its records itself.
The records can then be read in one or two ways: always as Arrow batches, record by record; and, where the examination
allows it, as a relation that the engine reads by itself, fast. Both give the same cells, all text, '' for an empty one.

One file may be examined several times, once for each source that it holds (the sheets of a workbook).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from etl.readers.source import SourceFiles

RECORD, LINE = "_record", "_line"
"""The address columns that record batches carry before the file's own: record and physical line, both from 1.

The line of a record is where it begins in a text, its row in a sheet, and its own number where the format has no lines.
"""

RESERVED_NAMES = frozenset({RECORD, LINE, "_source_id", "file_row_number"})


class Reception(Protocol):
    """Callbacks for records and cells that a reader cannot turn into rows."""

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:
        """Take a record with too many or too few cells; None when not even its cells can be separated."""

    def take_repeated_header(self, record: int, line: int) -> None:
        """Take a record that repeats the header, and is nobody's."""

    def take_blank_line(self) -> None:
        """Take note of a blank line, which is no record."""

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:
        """Take note of a cell, or of a record where `column` is None; `rule` as in etl.findings."""


@dataclass(frozen=True)
class ValueLabel:
    """A value label: what a file itself states about one code of a column.

    `code` is written as its cells are; a range of codes as `900..999`, without an end where it is open. `is_missing`
    is true where the file declares it as missing.
    """

    column: str
    code: str
    label: str | None
    is_missing: bool


@dataclass(frozen=True)
class Examination:
    """What is known of a file before its rows are read.

    `missing_codes` are columns that stand for a missing-data code of the file's project, with the code as the column's
    name writes it; the caller, who knows the mapping, checks that it lists them.

    `columns` are the headers in NFC and in the file's order. `record_count` is the independent count, header and blank
    lines left out, ragged records included; None when only reading record by record can count them. `relation` is the fast way: a
    table expression whose columns bear the names of `columns`, row n being record n on line n + 1. `sheets` names the
    visible sheets of a workbook that are not empty, `first_column` the place of the first of `columns` in its sheet, 1
    being column A; None in other files. `labels` are the file's own codes; `notes` are a column, a rule and
    what was found, of what concerns the whole file. `companions` names the companion files that were read with this one, with
    their SHA-256; `companion_columns` are the columns of these. `headings` are the names as the header writes them,
    where the mapping gives some columns other ones.
    `number_column` is the last of `columns` where it holds the records' numbers, which no record has itself.
    """

    sheet: str | None
    sha256: str
    size_bytes: int
    columns: tuple[str, ...]
    record_count: int | None
    has_final_newline: bool
    relation: str | None
    read_batches: Callable[[Reception], "Iterator[pa.RecordBatch]"]
    sheets: tuple[str, ...] = ()
    first_column: int | None = None
    labels: tuple[ValueLabel, ...] = ()
    notes: tuple[tuple[str | None, str, str | None], ...] = ()
    companions: Mapping[str, str] = field(default_factory=dict)
    companion_columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    number_column: str | None = None
    missing_codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns that the file itself has."""
        return self.columns if self.number_column is None else self.columns[:-1]


@dataclass(frozen=True)
class Reader:
    """A file format and the function that examines it.

    `takes` names the options of a mapping's source that the format honours, of those in etl.readers.source.
    `examine(path, name, source, advance)` raises DeliveryError, in which `name` names the file; `advance` is called with
    the bytes done.
    """

    takes: frozenset[str]
    examine: Callable[[Path, str, "SourceFiles", Callable[[int], None]], Examination]
