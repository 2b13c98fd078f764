"""Files that cannot grow: their sheets are held until the delivery is whole, then each file is written at once."""

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from etl.synthetic.sheet import Sheet
from etl.synthetic.writers.variables import Dictionary, Variable

MADE_AT = "2016-04-29 09:00:00"
"""The moment that the files' headers name, so that the same sheets make the same bytes."""


class HeldFiles(ABC):
    """The files of one delivery while they are put together.

    Args:
        folder: gets the files.
        dictionary: the variables of each file; a column that it does not name is text.
    """

    def __init__(self, folder: Path, *, dictionary: Dictionary) -> None:
        self.records: dict[str, int] = {}
        self._folder, self._dictionary = folder, dictionary
        self._held: dict[str, list[pd.DataFrame]] = {}

    def __enter__(self) -> Self:
        """Begin with no file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is held, unless the delivery failed."""
        if kind is not None:
            return
        for file, parts in self._held.items():
            records = pd.concat(parts, ignore_index=True)
            variables = self._dictionary.get(file, {})
            self._write_file(
                self._folder / file, records, {name: variables.get(name, Variable("")) for name in records.columns}
            )

    def write(self, sheet: Sheet) -> None:
        """Hold the records for the file of their name."""
        assert not sheet.ragged, "a statistical file has no ragged records"
        self._held.setdefault(sheet.file, []).append(sheet.records)
        self.records[sheet.file] = self.records.get(sheet.file, 0) + len(sheet.records)

    @abstractmethod
    def _write_file(self, path: Path, records: pd.DataFrame, variables: dict[str, Variable]) -> None:
        """Write one whole file."""
