"""Read SPSS and SAS files by pyreadstat (ReadStat): typed columns, in chunks of rows."""

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from etl.readers.batches import batch_schema
from etl.readers.cell_text import Cell, cell_text, number_texts
from etl.readers.encoding_doubt import TextDoubt
from etl.readers.reader import ValueLabel
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa

Frame = Mapping[str, Sequence[Any]]
Read = Callable[..., tuple[Frame, Any]]
"""Calls pyreadstat for one file; takes row_offset and row_limit, or metadataonly."""

_CHUNK_CELLS = 1_000_000
_FURTHEST = 1.7e308
"""SPSS writes an open end of a range as the largest float."""


@dataclass(frozen=True)
class Calendar:
    """A program's date system: its epoch, and what the formats of its columns mean, without their widths.

    `days_unit` is how long 1 is in a column of dates.
    """

    epoch: datetime
    days_unit: timedelta
    dates: frozenset[str]
    months: frozenset[str]
    moments: frozenset[str]
    durations: frozenset[str]

    def typed(self, column_format: str | None) -> Callable[[float], Cell]:
        """Return the function that turns a number of a column with this format into the value that it stands for."""
        name = re.sub(r"[0-9.]+$", "", (column_format or "").upper())
        if name in self.dates:
            return lambda number: self._moment(number, self.days_unit, lambda moment: moment.date())
        if name in self.months:
            return lambda number: self._moment(number, self.days_unit, lambda moment: f"{moment:%Y-%m}")
        if name in self.moments:
            return lambda number: self._moment(number, timedelta(seconds=1), lambda moment: moment)
        if name in self.durations:
            return _duration
        return lambda number: number

    def _moment(self, number: float, unit: timedelta, view: Callable[[datetime], Cell]) -> Cell:
        try:
            return view(self.epoch + number * unit)
        except OverflowError:  # beyond the calendar: the number is shown as it is
            return number


def _duration(number: float) -> Cell:
    try:
        return timedelta(seconds=round(number, 6))
    except OverflowError:
        return number


def call(read: Read, refuse: Callable[[], DeliveryError], **arguments: Any) -> tuple[Frame, Any]:
    """Call the library; any exception or warning of it becomes the error that `refuse` makes."""
    from pyreadstat import PyreadstatError, ReadstatError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return read(output_format="dict", disable_datetime_conversion=True, **arguments)
    except (ReadstatError, PyreadstatError, UnicodeError, OverflowError, ValueError, UserWarning):
        raise refuse() from None


def explain_refusal(read: Read, *, damaged: DeliveryError, misread: DeliveryError) -> DeliveryError:
    """Distinguish damage from a wrong encoding: under one that decodes every byte, only damage still fails."""
    done, limit = 0, 10_000
    while True:
        try:
            frame, _ = call(read, lambda: damaged, encoding="LATIN1", row_offset=done, row_limit=limit)
        except DeliveryError as error:
            return error
        count = len(next(iter(frame.values()), ()))
        done += count
        if count < limit:
            return misread


def read_chunks(
    read: Read, columns: Sequence[str], typed: Sequence[Callable[[float], Cell]], doubt: TextDoubt
) -> "Iterator[pa.RecordBatch]":
    """Yield batches of `_record`, `_line` and the columns as text; the line of a record is its number."""
    import pyarrow as pa

    schema = batch_schema(columns)
    limit = max(50, _CHUNK_CELLS // max(1, len(columns)))
    done = 0
    while True:
        frame, _ = read(row_offset=done, row_limit=limit)
        count = len(next(iter(frame.values()), ()))
        if count:
            texts = [_texts(values, view, doubt) for values, view in zip(frame.values(), typed, strict=True)]
            numbers = pa.array(range(done + 1, done + count + 1), pa.int64())
            yield pa.record_batch([numbers, numbers, *texts], schema=schema)
        done += count
        if count < limit:
            return


def labels_of(meta: Any, columns: Mapping[str, str], typed: Mapping[str, Callable[[float], Cell]]) -> list[ValueLabel]:
    """List a file's value labels, and the codes that it declares as missing.

    `columns` are the columns' names by the file's own, `typed` as for the cells.
    """
    found = []
    for own, column in columns.items():
        labels = meta.variable_value_labels.get(own, {})
        ranges = [_ends(declared) for declared in meta.missing_ranges.get(own, [])]
        single = [low for low, high in ranges if low == high]
        for code in [*labels, *(code for code in single if code not in labels)]:
            is_missing = any(low <= code <= high for low, high in ranges if isinstance(code, type(low)))
            view = typed[own] if isinstance(code, float | int) and not is_missing else lambda value: value
            label = labels.get(code)
            found.append(ValueLabel(column, cell_text(view(code)), label, is_missing))
        found += [
            ValueLabel(column, f"{_end(low)}..{_end(high)}", None, is_missing=True)
            for low, high in ranges
            if low != high
        ]
    return [
        ValueLabel(
            label.column, label.code, label.label and unicodedata.normalize("NFC", label.label), label.is_missing
        )
        for label in found
    ]


def keeping_missing(view: Callable[[float], Cell], declared: Sequence[Any]) -> Callable[[float], Cell]:
    """Convert numbers by `view`, except that a code declared as missing stays a number."""
    ranges = [_ends(each) for each in declared]
    if not ranges or any(isinstance(low, str) for low, _ in ranges):
        return view
    return lambda number: number if any(low <= number <= high for low, high in ranges) else view(number)


def _texts(values: Sequence[Any], view: Callable[[float], Cell], doubt: TextDoubt) -> "pa.Array":
    import pyarrow as pa

    first = next((value for value in values if value is not None), None)
    if not isinstance(first, str):
        return number_texts(values, view)
    texts = pa.array(["" if value is None else value for value in values], pa.string())
    doubt.look_at(texts.unique().to_pylist())
    return texts


def _ends(declared: Any) -> tuple[Any, Any]:
    return (declared["lo"], declared["hi"]) if isinstance(declared, dict) else (declared, declared)


def _end(code: Any) -> str:
    return "" if isinstance(code, float) and abs(code) > _FURTHEST else cell_text(code)
