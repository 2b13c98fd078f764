"""Number formats of a workbook's cell styles: which show a number as a date, and which as a duration.

A workbook stores a day as a number (ECMA-376, part 1, 18.17.4); only the format of the cell's style says that it is one.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial
from xml.parsers import expat

from etl.readers.cell_text import Cell
from etl.readers.workbook.parts_xml import local_name


class ShownAs(Enum):
    """What a number stands for under a format."""

    NUMBER = "number"
    MOMENT = "moment"
    DURATION = "duration"


_BUILT_IN = dict.fromkeys([*range(14, 23), 45, 47], ShownAs.MOMENT) | {46: ShownAs.DURATION}
"""The date formats that every workbook has without stating them (18.8.30)."""
_SILENT = re.compile(r'"[^"]*(?:"|$)|[\\_*].', re.DOTALL)
_SAYS = re.compile(
    r"\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*(?:\]|$)|(?P<half>a)|(?P<either>m)|(?P<part>[dhys])|[p/]", re.IGNORECASE
)
_FIRST_OF_1900, _DAYS_1900_TO_1904 = datetime(1899, 12, 30), 1462  # noqa: DTZ001 - a sheet has no time zone
_LEAP_DAY_1900 = 60
"""The 29 February 1900 that Excel counts and that never was; days before it are counted one too few."""
_DAY_MILLISECONDS = 86_400_000.0


def read_formats(package: zipfile.ZipFile, part: str | None) -> tuple[ShownAs, ...]:
    """Read what each cell style shows, by its number; a workbook without styles has none."""
    if part is None or part not in package.namelist():
        return ()
    reading = _Reading()
    with package.open(part) as file:
        reading.parser.ParseFile(file)
    return tuple(reading.shows(number) for number in reading.styles)


class _Reading:
    """Follows the styles part: own formats, and the format of each cell style."""

    def __init__(self) -> None:
        self.styles: list[int] = []
        self._own: dict[int, ShownAs] = {}
        self._is_in_styles = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def shows(self, number: int) -> ShownAs:
        return self._own.get(number) or _BUILT_IN.get(number, ShownAs.NUMBER)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match local_name(tag):
            case "numFmt":
                self._own.setdefault(int(attributes.get("numFmtId", -1)), what_shows(attributes.get("formatCode", "")))
            case "cellXfs":
                self._is_in_styles = True
            case "xf" if self._is_in_styles:
                self.styles.append(int(attributes.get("numFmtId", 0)))

    def _end(self, tag: str) -> None:
        if local_name(tag) == "cellXfs":
            self._is_in_styles = False


def what_shows(code: str) -> ShownAs:
    """Judge a format by its first section: quoted and escaped letters say nothing, [h] is a duration, h is a time of day."""
    has_half = False  # of AM/PM or A/P
    for found in _SAYS.finditer(_SILENT.sub("\0", code).partition(";")[0]):
        if found["elapsed"]:
            return ShownAs.DURATION
        if found[0].startswith("["):
            continue
        if found["half"]:
            has_half = True
        elif found["either"] or has_half is not bool(found["part"]):
            return ShownAs.MOMENT
    return ShownAs.NUMBER


def typed_number(shows: ShownAs, *, is_1904: bool) -> Callable[[float], Cell]:
    """Return the function that turns a number under a format into what it stands for.

    A number that no calendar has stays a number. A moment is exact to a millisecond, as Excel shows it.
    """
    if shows is ShownAs.DURATION:
        return _duration
    return partial(_moment, first_day=_DAYS_1900_TO_1904 if is_1904 else 0) if shows is ShownAs.MOMENT else _number


def _number(number: float) -> Cell:
    return number


def _duration(number: float) -> Cell:
    try:
        return timedelta(milliseconds=_rounded(number * _DAY_MILLISECONDS))
    except (OverflowError, ValueError):
        return number


def _moment(number: float, *, first_day: int) -> Cell:
    """Return a time below one day, a day where there is no fraction, else a day and a time."""
    days = number + first_day
    if days < _LEAP_DAY_1900:
        days += 1
    try:
        moment = _FIRST_OF_1900 + timedelta(milliseconds=_rounded(days * _DAY_MILLISECONDS))
    except (OverflowError, ValueError):
        return number
    if number < 1:
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


FormatOf = Mapping[str | None, Callable[[float], Cell]]
"""By the number of a cell's style, as the sheet writes it, the function that types its numbers."""
