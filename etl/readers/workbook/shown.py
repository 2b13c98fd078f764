"""Formatting with a meaning, which cell values do not hold: hidden rows and columns, percent formats, strikethrough text.

The values stay as they are; each of these is reported once for a column, or for the sheet, with its first place.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from xml.parsers import expat

from etl.readers.workbook.parts_xml import local_name, place_of, read_elements

_BLOCK_BYTES, _OVERLAP = 1 << 20, 64
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MOST_COLUMNS = 16_384
_PERCENTS = {9, 10}
"""The formats that every workbook has without stating them: 0% and 0.00%."""
_MARKS = (b"hidden=", b"strike")
_NO_SIZE = re.compile(rb"(?:(?<=\s)ht|(?<=\s)width)=[\"']0")
"""A height or a width that begins with 0; the margins of the page do not count, though `right` ends like `ht`."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


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


@dataclass(frozen=True)
class _Styles:
    """The numbers of the cell styles that are percents or struck out, and of the shared texts that are."""

    percents: frozenset[str]
    struck: frozenset[str]
    struck_texts: frozenset[int]


def find_shown(path: Path, part: str, *, first_row: int) -> Shown:
    """Find the hidden, percent and struck-out cells of a sheet from a row on (from 1).

    The part is first searched for the few marks that matter, which most sheets have none of.
    """
    with zipfile.ZipFile(path) as package:
        styles = _read_styles(package)
        numbers = [number.encode() for number in styles.percents | styles.struck]
        marks = [*_MARKS, *(b's="%b"' % number for number in numbers), *(b"s='%b'" % number for number in numbers)]
        is_special = any(
            _NO_SIZE.search(piece) or any(mark in piece for mark in marks) for piece in _pieces(package, part)
        )
        if not styles.struck_texts and not is_special:
            return Shown()
        looking = _Looking(styles, first_row)
        with package.open(part) as file:
            while block := file.read(_BLOCK_BYTES):
                looking.parser.Parse(block, False)
            looking.parser.Parse(b"", True)
    return looking.shown


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    tail = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            yield tail + block
            tail = block[-_OVERLAP:]


def _read_styles(package: zipfile.ZipFile) -> _Styles:
    targets = {
        attributes.get("Type", "").rpartition("/")[2]: attributes.get("Target", "")
        for tag, attributes in read_elements(package.read(_RELATIONS))
        if tag == "Relationship"
    }
    parts = {
        kind: target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        for kind, target in targets.items()
    }
    names = set(package.namelist())
    percents: set[str] = set()
    struck: set[str] = set()
    if parts.get("styles") in names:
        percents, struck = _special_styles(read_elements(package.read(parts["styles"])))
    texts = parts.get("sharedStrings")
    is_struck = texts in names and any(b"strike" in piece for piece in _pieces(package, str(texts)))
    return _Styles(
        frozenset(percents), frozenset(struck), _struck_texts(package, str(texts)) if is_struck else frozenset()
    )


def _special_styles(elements: list[tuple[str, dict[str, str]]]) -> tuple[set[str], set[str]]:
    """Return the numbers of the cell styles whose format is a percent, and of those whose font is struck out."""
    percents, fonts, struck_fonts, number = set(_PERCENTS), -1, set(), -1
    found: tuple[set[str], set[str]] = set(), set()
    section = ""
    for tag, attributes in elements:
        if tag in {"fonts", "cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            section = tag
        elif tag == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            percents.add(int(attributes.get("numFmtId", -1)))
        elif tag == "font" and section == "fonts":
            fonts += 1
        elif tag == "strike" and section == "fonts" and _is_on(attributes.get("val")):
            struck_fonts.add(fonts)
        elif tag == "xf" and section == "cellXfs":
            number += 1
            if int(attributes.get("numFmtId", 0)) in percents:
                found[0].add(str(number))
            if int(attributes.get("fontId", 0)) in struck_fonts:
                found[1].add(str(number))
    return found


def _struck_texts(package: zipfile.ZipFile, part: str) -> frozenset[int]:
    """Count the shared texts; return the numbers of those with struck-out runs."""
    number, found = -1, set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal number
        number += local_name(tag) == "si"
        if local_name(tag) == "strike" and _is_on(attributes.get("val")):
            found.add(number)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with package.open(part) as file:
        parser.ParseFile(file)
    return frozenset(found)


class _Looking:
    """Follows the cells of a sheet; one without an address is next to or below the one before."""

    def __init__(self, styles: _Styles, first_row: int) -> None:
        self.shown = Shown()
        self._styles, self._first_row = styles, first_row
        self._row = self._column = 0
        self._cell: Mapping[str, str] = {}
        self._is_hidden = self._is_struck = False
        self._value, self._is_in_value, self._has_value = "", False, False
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
                self._cell, self._value = attributes, ""
                self._is_struck = attributes.get("s") in self._styles.struck
            case "v" | "t":
                self._is_in_value = True
            case "strike" if _is_on(attributes.get("val")):
                self._is_struck = True

    def _text(self, text: str) -> None:
        if self._is_in_value:
            self._value += text

    def _end(self, tag: str) -> None:
        match local_name(tag):
            case "v" | "t":
                self._is_in_value = False
            case "c" if self._value and self._row >= self._first_row:
                self._judge()
            case "row" if self._is_hidden and self._has_value:
                self.shown.hidden_rows = _one_more(self.shown.hidden_rows, self._row)

    def _judge(self) -> None:
        self._has_value = True
        kind, column = self._cell.get("t", "n"), self._column
        if kind == "s" and self._value.isdigit() and int(self._value) in self._styles.struck_texts:
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
    return is_without_size or ("hidden" in attributes and _is_on(attributes["hidden"]))


def _is_on(value: str | None) -> bool:
    return value not in {"0", "false", "off"}
