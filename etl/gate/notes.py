"""Findings without a record: columns and files that the mapping does not use, canonical columns that nothing fills."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

import duckdb

from etl.gate.write_findings import Found, write_found
from etl.landing.landed_file import LandedFile
from etl.mapping.compiler.source_columns import ColumnNote


class NotedFile(Protocol):
    """What a note about a column needs to know of a file."""

    @property
    def source(self) -> str:
        """The source in the mapping."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def header(self) -> tuple[str, ...]:
        """The file's columns."""


def keep_notes(
    con: duckdb.DuckDBPyConnection,
    notes: Iterable[ColumnNote],
    *,
    load_id: int,
    files: Mapping[int, NotedFile],
    replaces: Collection[str] = (),
) -> None:
    """Write notes about columns and files to `quality.finding`, once for each file that they are about.

    Args:
        con: the load's connection; runs in its transaction.
        notes: what was found.
        load_id: the load.
        files: the load's files by source_id.
        replaces: rules whose earlier findings of the load are deleted first.
    """
    found = [
        Found(
            note.rule,
            note.table or "",
            column_name=note.column,
            source_id=source_id,
            source_column=note.source_column,
            found=note.found,
            expected=note.expected,
        )
        for note in notes
        for source_id in _source_ids(note, files)
    ]
    write_found(con, found, load_id=load_id, replaces=replaces)


def note_unused_files(names: Iterable[str]) -> list[ColumnNote]:
    """Say which files of the delivery no source names."""
    return [ColumnNote("unused_file", None, None, None, None, name, "a source that names it") for name in names]


def note_unread_entries(entries: Iterable[str]) -> list[ColumnNote]:
    """Say what the delivery's folder holds that is not read."""
    return [ColumnNote("unread_entry", None, None, None, None, entry, "a file of its own folder") for entry in entries]


def note_unused_sheets(landed: Iterable[LandedFile]) -> list[ColumnNote]:
    """Say which sheets of the delivered workbooks no source names."""
    files = list(landed)
    sheets = dict.fromkeys((file.file, sheet) for file in files for sheet in file.sheets)
    read = {(file.file, file.sheet) for file in files}
    return [
        ColumnNote("unused_sheet", None, None, None, None, f"{sheet} ({name})", "a source that names it")
        for name, sheet in sheets
        if (name, sheet) not in read
    ]


def _source_ids(note: ColumnNote, files: Mapping[int, NotedFile]) -> list[int | None]:
    """Find the files that a note is about; one note without a file when it is about none."""
    if note.source is None:
        return [None]
    of_source = {source_id: file for source_id, file in files.items() if file.source == note.source}
    if note.file is not None:
        return [source_id for source_id, file in of_source.items() if file.file == note.file]
    return [
        source_id
        for source_id, file in of_source.items()
        if note.source_column is None or note.source_column in file.header
    ]
