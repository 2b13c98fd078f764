"""Formatting with a meaning, which cell values do not hold: hidden rows and columns, percent formats, strikethrough text.

The values stay as they are; each of these is reported once for a column, or for the sheet, with its first place.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from etl.readers.workbook.cell_limits import CellText
from etl.readers.workbook.package import find_parts, unpack
from etl.readers.workbook.parts_xml import local_name, place_of
from etl.readers.workbook.place import column_letters
from etl.readers.workbook.styles import Styles, is_on

_MOST_COLUMNS = 16_384
_MARKS = (b"hidden=", b"strike")
_MOST_MARKS = 100
"""More than these are slower to search for than the cells are to follow."""
_NO_SIZE = re.compile(rb"(?:(?<=\s)ht|(?<=\s)width)=[\"']0")
"""A height or a width that begins with 0; the margins of the page do not count, though `right` ends like `ht`."""


@dataclass
class Count:
    """How many cells or rows, and the row of the first."""

    first_row: int
    count: int = 1


@dataclass
class Shown:
    """The hidden, percent and struck-out cells of a sheet; columns count from 1 at column A."""

    hidden_rows: Count | None = None
    hidden_columns: set[int] = field(default_factory=set)
    percents: dict[int, Count] = field(default_factory=dict)
    struck: dict[int, Count] = field(default_factory=dict)


def find_shown(package: zipfile.ZipFile, part: str, styles: Styles, *, first_row: int) -> Shown:
    """Find the hidden, percent and struck-out cells of a sheet from a row on (from 1).

    The part is first searched for the few marks that matter, which most sheets have none of.

    Raises:
        RefusedCellError: a cell is longer than is read.
    """
    struck_texts = _find_struck_texts(package)
    numbers = [number.encode() for number in styles.percents | styles.struck]
    marks = [*_MARKS, *(b's="%b"' % number for number in numbers), *(b"s='%b'" % number for number in numbers)]
    is_special = len(marks) > _MOST_MARKS or any(
        _NO_SIZE.search(piece) or any(mark in piece for mark in marks) for piece in unpack(package, part)
    )
    if not struck_texts and not is_special:
        return Shown()
    looking = _Looking(styles, struck_texts, first_row=first_row)
    with package.open(part) as file:
        looking.parser.ParseFile(file)
    return looking.shown


def _find_struck_texts(package: zipfile.ZipFile) -> frozenset[int]:
    """Find the numbers of the shared texts that are struck out, or in part."""
    part = find_parts(package)[0].get("sharedStrings")
    if part not in package.namelist() or not any(b"strike" in piece for piece in unpack(package, str(part))):
        return frozenset()
    return _struck_texts(package, str(part))


def _struck_texts(package: zipfile.ZipFile, part: str) -> frozenset[int]:
    """Count the shared texts; return the numbers of those with struck-out runs."""
    number, found = -1, set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal number
        number += local_name(tag) == "si"
        if local_name(tag) == "strike" and is_on(attributes.get("val")):
            found.add(number)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with package.open(part) as file:
        parser.ParseFile(file)
    return frozenset(found)


class _Looking:
    """Follows the cells of a sheet; one without an address is next to or below the one before."""

    def __init__(self, styles: Styles, struck_texts: frozenset[int], *, first_row: int) -> None:
        self.shown = Shown()
        self._styles, self._struck_texts, self._first_row = styles, struck_texts, first_row
        self._row = self._column = 0
        self._cell: Mapping[str, str] = {}
        self._is_hidden = self._is_struck = False
        self._value = CellText(lambda: f"cell {column_letters(self._column)}{self._row}")
        self._is_in_value = self._has_value = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match local_name(tag):
            case "col" if _is_hidden(attributes, "width"):
                first, last = int(attributes.get("min", 1)), min(int(attributes.get("max", 1)), _MOST_COLUMNS)
                self.shown.hidden_columns |= set(range(first, last + 1))
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
                self._is_hidden, self._has_value = _is_hidden(attributes, "ht"), False
            case "c":
                self._row, self._column = place_of(attributes.get("r")) or (self._row, self._column + 1)
                self._cell = attributes
                self._value.begin()
                self._is_struck = attributes.get("s") in self._styles.struck
            case "v" | "t":
                self._is_in_value = True
            case "strike" if is_on(attributes.get("val")):
                self._is_struck = True

    def _text(self, text: str) -> None:
        if self._is_in_value:
            self._value.take(text)

    def _end(self, tag: str) -> None:
        match local_name(tag):
            case "v" | "t":
                self._is_in_value = False
            case "c" if self._row >= self._first_row and (value := self._value.whole()):
                self._judge(value)
            case "row" if self._is_hidden and self._has_value:
                self.shown.hidden_rows = _one_more(self.shown.hidden_rows, self._row)

    def _judge(self, value: str) -> None:
        self._has_value = True
        kind, column = self._cell.get("t", "n"), self._column
        if kind == "s" and value.isdecimal() and int(value) in self._struck_texts:
            self._is_struck = True
        if self._is_struck:
            self.shown.struck[column] = _one_more(self.shown.struck.get(column), self._row)
        if kind == "n" and self._cell.get("s") in self._styles.percents:
            self.shown.percents[column] = _one_more(self.shown.percents.get(column), self._row)


def _one_more(count: Count | None, row: int) -> Count:
    return Count(row) if count is None else Count(count.first_row, count.count + 1)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or column is hidden, by hand, by a filter or by having no size."""
    is_without_size = re.fullmatch(r"0+(\.0*)?", attributes.get(size, "1")) is not None
    return is_without_size or ("hidden" in attributes and is_on(attributes["hidden"]))
