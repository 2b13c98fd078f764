"""The text of a typed cell, defined once for every format whose cells have types (workbooks, SPSS, SAS).

    whole number      12.0 -> 12, 8001011234567 -> 8001011234567; never an exponent, never a sign before 0
    other number      the shortest text that reads back as the same number: 0.1, 0.0000001
    day               2010-03-05
    day and time      2010-03-05, or 2010-03-05 14:30:01 where it is not midnight; a fraction only where there is one
    time              14:30:01
    duration          hours:minutes:seconds, 26:30:00
    boolean           TRUE or FALSE, as a spreadsheet shows it
    text              as it is
    nothing           '' (so are NaN and infinity, which stand for no number)

Each text is the value that the cell holds, not its display format in the program that wrote it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Cell = str | float | bool | date | datetime | time | timedelta | None
"""The types that a library may return for a cell."""

_SURELY_WHOLE = 1e15
"""Below it a float holds every whole number exactly, and so does its text."""


def cell_text(cell: Cell) -> str:
    """Write one cell as text."""
    return _WRITERS[type(cell)](cell)


def number_texts(numbers: Sequence[float | None], typed: Callable[[float], Cell] = lambda number: number) -> "pa.Array":
    """Write a column of numbers as text; every distinct number is written once.

    `typed` turns a number into what it stands for, such as a date.
    """
    import pyarrow as pa

    encoded = pa.array(numbers, pa.float64()).dictionary_encode(null_encoding="encode")
    texts = ["" if number is None else cell_text(typed(number)) for number in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _number_text(number: float) -> str:
    if number.is_integer() and -_SURELY_WHOLE < number < _SURELY_WHOLE:
        return str(int(number))
    if not isfinite(number):
        return ""
    text = repr(number)
    return format(Decimal(text.removesuffix(".0")), "f") if "e" in text else text.removesuffix(".0")


def _duration_text(duration: timedelta) -> str:
    sign, span = ("-", -duration) if duration < timedelta() else ("", duration)
    minutes, seconds = divmod(span.days * 86_400 + span.seconds, 60)
    fraction = f".{span.microseconds:06d}" if span.microseconds else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{fraction}"


def _moment_text(moment: datetime) -> str:
    return moment.isoformat(sep=" ") if moment.time() != time() else moment.date().isoformat()


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _number_text,
    int: str,
    bool: lambda cell: "TRUE" if cell else "FALSE",
    datetime: _moment_text,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _duration_text,
    type(None): lambda _: "",
}
