"""Delimited text files that grow piece by piece, so that a hundred studies need no more memory than one."""

import csv
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from etl.synthetic.sheet import Sheet

LINE_END = "\r\n"


class DelimitedFiles:
    """The open text files of one delivery, the header once.

    Args:
        folder: gets the files.
        encoding: of all of them; a character that it lacks is an error.
        delimiter: one character between cells.
    """

    def __init__(self, folder: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
        self.records: dict[str, int] = {}
        self._folder, self._encoding, self._delimiter = folder, encoding, delimiter
        self._open: dict[str, IO[str]] = {}

    def __enter__(self) -> "DelimitedFiles":
        """Begin with no file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""
        for file in self._open.values():
            file.close()

    def write(self, sheet: Sheet) -> None:
        """Append records to a file; the first call writes its header."""
        if sheet.file not in self._open:
            self._open[sheet.file] = (self._folder / sheet.file).open("w", encoding=self._encoding, newline="")
            self.records[sheet.file] = 0
            self._write_rows(sheet.file, [tuple(sheet.records.columns)])
        if sheet.ragged:
            rows = (
                sheet.ragged.get(number, cells)
                for number, cells in enumerate(sheet.records.itertuples(index=False, name=None), start=1)
            )
            self._write_rows(sheet.file, rows)
        else:
            sheet.records.to_csv(
                self._open[sheet.file], index=False, header=False, lineterminator=LINE_END, sep=self._delimiter
            )
        self.records[sheet.file] += len(sheet.records)

    def _write_rows(self, file: str, rows: Iterable[tuple[str, ...]]) -> None:
        csv.writer(self._open[file], lineterminator=LINE_END, delimiter=self._delimiter).writerows(rows)
