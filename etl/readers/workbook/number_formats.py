"""Number formats of a workbook's cell styles: which show a number as a date, and which as a duration.

A workbook stores a day as a number (ECMA-376, part 1, 18.17.4); only the format of the cell's style says that it is one.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial

from etl.readers.cell_text import Cell


class ShownAs(Enum):
    """What a number stands for under a format."""

    NUMBER = "number"
    MOMENT = "moment"
    CLOCK = "time of day"
    DURATION = "duration"


_BUILT_IN = (
    dict.fromkeys([*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)], ShownAs.MOMENT)
    | dict.fromkeys([*range(18, 22), 32, 33, 45, 47], ShownAs.CLOCK)
    | {46: ShownAs.DURATION}
)
"""The formats of days and times that a workbook has without stating them (ECMA-376, 18.8.30): 27 to 36 and 50 to 58 are those of
Korean, Japanese and Chinese Excel, and stand for nothing else elsewhere."""
_SILENT = re.compile(r'"[^"]*(?:"|$)|[\\_*].', re.DOTALL)
_SAYS = re.compile(
    r"\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*(?:\]|$)|(?P<half>a)|(?P<either>m)|(?P<part>[dhys])|[p/]", re.IGNORECASE
)
_NO_DAY = re.compile(r"\[[^\]]*(?:\]|$)|am/pm|a/p", re.IGNORECASE)
_FIRST_OF_1900, _DAYS_1900_TO_1904 = datetime(1899, 12, 30), 1462  # noqa: DTZ001 - a sheet has no time zone
_LEAP_DAY_1900 = 60
"""The 29 February 1900 that Excel counts and that never was; days before it are counted one too few."""
_DAY_MILLISECONDS = 86_400_000.0


def number_shows(number: int, own: Mapping[int, ShownAs]) -> ShownAs:
    """Return what the number of a format shows; the workbook's own formats come first."""
    return own.get(number) or _BUILT_IN.get(number, ShownAs.NUMBER)


def what_shows(code: str) -> ShownAs:
    """Judge a format by its first section: quoted and escaped letters say nothing, [h] is a duration, h is a time of day."""
    has_half = False  # of AM/PM or A/P
    section = _SILENT.sub("\0", code).partition(";")[0]
    for found in _SAYS.finditer(section):
        if found["elapsed"]:
            return ShownAs.DURATION
        if found[0].startswith("["):
            continue
        if found["half"]:
            has_half = True
        elif found["either"] or has_half is not bool(found["part"]):
            return ShownAs.MOMENT if _has_day(section) else ShownAs.CLOCK
    return ShownAs.NUMBER


def _has_day(section: str) -> bool:
    """Whether a format of days and times shows a day; m is a month, but minutes next to hours or seconds."""
    signs = _NO_DAY.sub("", section).lower()
    return "d" in signs or "y" in signs or "mmm" in signs or not ("h" in signs or "s" in signs)


def typed_number(shows: ShownAs, *, is_1904: bool) -> Callable[[float], Cell]:
    """Return the function that turns a number under a format into what it stands for.

    A number that no calendar has stays a number. A moment is exact to a millisecond, as Excel shows it.
    """
    if shows is ShownAs.DURATION:
        return _duration
    if shows is ShownAs.NUMBER:
        return _number
    # the days of 1900 begin with 1, so that what is below is a time; those of 1904 begin with 0
    is_time_below_1 = shows is ShownAs.CLOCK or not is_1904
    return partial(_moment, first_day=_DAYS_1900_TO_1904 if is_1904 else 0, is_time_below_1=is_time_below_1)


def _number(number: float) -> Cell:
    return number


def _duration(number: float) -> Cell:
    try:
        return timedelta(milliseconds=_rounded(number * _DAY_MILLISECONDS))
    except (OverflowError, ValueError):
        return number


def _moment(number: float, *, first_day: int, is_time_below_1: bool) -> Cell:
    """Return a day where there is no fraction, else a day and a time, or a time below 1; below 0 no calendar has a day."""
    if number < 0:
        return number
    days = number + first_day
    if days < _LEAP_DAY_1900:
        days += 1
    try:
        moment = _FIRST_OF_1900 + timedelta(milliseconds=_rounded(days * _DAY_MILLISECONDS))
    except (OverflowError, ValueError):
        return number
    if number < 1 and is_time_below_1:
        return moment.time()
    return moment.date() if number == int(number) else moment


def _rounded(milliseconds: float) -> int:
    """Round half away from zero."""
    whole = int(abs(milliseconds) + 0.5)
    return whole if milliseconds >= 0 else -whole


_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?", re.ASCII)


def iso_cell(text: str) -> Cell:
    """Return what an ISO 8601 cell (type `d`) stands for; the text where it is no date and no time without a zone."""
    day, separator, clock = text.partition("T")
    try:
        if not separator and (found := _TIME.fullmatch(text)):
            return _time_of(found)
        if not (days := _DAY.fullmatch(day)):
            return text
        on = date(*map(int, days.groups()))
        if not separator:
            return on
        found = _TIME.fullmatch(clock)
        return datetime.combine(on, _time_of(found)) if found and found[3] else text
    except ValueError:
        return text


def _time_of(found: re.Match[str]) -> time:
    hours, minutes, seconds, fraction = found.groups()
    return time(int(hours), int(minutes), int(seconds or 0), int((fraction or "").ljust(6, "0")[:6]))
