"""Detect typed dates among other values: Excel turns a typed 1-2 into the second of January, and stores only the day."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from etl.readers.cell_text import Cell

_LOOKS_LIKE_A_DATE = re.compile(
    r"\b(?:19|20)\d{2}(?:\D|\b|\d{2,4})|\d{1,2}\D{1,3}\d{1,2}\D{1,3}(?:\d{4}|\d{2})\b|\d{6,}"
)

_REMARKS = 10
"""Fewer than one text among so many dates is a remark."""
TYPED_DATE = "typed_date"
ONLY_DATES = "only_dates"
"""Typed dates and no other value: a `typed_date` where the mapping, which no reader knows, reads the column as anything else."""


class TypedDates:
    """Counts, by column, typed dates and the values that no column of dates holds."""

    def __init__(self, columns: Sequence[str]) -> None:
        """`columns` are the names, in the order of the cells."""
        self._columns = columns
        self._dates = [0] * len(columns)
        self._numbers = [0] * len(columns)
        self._texts = [0] * len(columns)
        self._words = [0] * len(columns)
        self._first: list[tuple[int, int]] = [(0, 0)] * len(columns)

    def look_at(self, record: int, row: int, cells: Sequence[Cell]) -> None:
        """Count the cells of a record."""
        for place, cell in enumerate(cells[: len(self._columns)]):
            kind = type(cell)
            if kind is str:
                if not cell:
                    continue
                if not any(map(str.isdigit, cell)):  # type: ignore[arg-type]
                    self._words[place] += 1
                elif not _LOOKS_LIKE_A_DATE.search(cell):  # type: ignore[arg-type]
                    self._texts[place] += 1
            elif kind is float or kind is int:
                self._numbers[place] += 1
            elif isinstance(cell, date):
                if not self._dates[place]:
                    self._first[place] = record, row
                self._dates[place] += 1

    def conclude(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Yield record and row of the first typed date, column, rule and count: dates mixed with other values, or alone.

        A column of dates may have some numbers, dates without their format, and here and there a remark; both are
        reported when the dates are parsed. Words without a digit, such as "unknown", stand in columns of every kind.
        """
        for place, column in enumerate(self._columns):
            dates, numbers, texts = self._dates[place], self._numbers[place], self._texts[place]
            if dates and (texts * _REMARKS >= dates or numbers >= dates):
                yield (
                    *self._first[place],
                    column,
                    TYPED_DATE,
                    f"{dates:,} typed date(s) among {numbers + texts:,} other values",
                )
            elif dates > self._words[place] and not (texts or numbers):
                yield *self._first[place], column, ONLY_DATES, f"{dates:,} typed date(s) and no other number or code"
