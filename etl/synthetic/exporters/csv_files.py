"""CSV files that grow piece by piece, so that a hundred studies need no more memory than one."""

from pathlib import Path
from types import TracebackType
from typing import IO

import pandas as pd

LINE_END = "\r\n"


class CsvFiles:
    """The open files of one delivery: UTF-8 with a byte order mark, CR LF, the header once."""

    def __init__(self, folder: Path) -> None:
        self.records: dict[str, int] = {}
        self._folder = folder
        self._open: dict[str, IO[str]] = {}

    def __enter__(self) -> "CsvFiles":
        """Begin with no file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""
        for file in self._open.values():
            file.close()

    def write(self, name: str, records: pd.DataFrame) -> None:
        """Append records to a file; the first call writes its header."""
        is_new = name not in self._open
        if is_new:
            self._open[name] = (self._folder / name).open("w", encoding="utf-8-sig", newline="")
            self.records[name] = 0
        records.to_csv(self._open[name], index=False, header=is_new, lineterminator=LINE_END)
        self.records[name] += len(records)
