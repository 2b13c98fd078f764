"""The cell styles of a workbook: what each shows a number as, and which are percents or struck out."""

import re
import zipfile
from collections.abc import Sized
from dataclasses import dataclass
from xml.parsers import expat

from etl.readers.workbook.number_formats import ShownAs, number_shows, what_shows
from etl.readers.workbook.parts_xml import local_name

_MOST_STYLES = 1_000_000
"""Cell styles, and formats, that are read; Excel itself has 65,490 cell styles."""
_PERCENTS = {9, 10}
"""The formats that every workbook has without stating them: 0% and 0.00%."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True)
class Styles:
    """What each cell style shows, by its number; the numbers, as a cell writes them, of those that are percents or struck out."""

    shows: tuple[ShownAs, ...] = ()
    percents: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()


def read_styles(package: zipfile.ZipFile, part: str | None) -> Styles:
    """Read the cell styles as the part is unpacked; a workbook without styles has none.

    Raises:
        ValueError: a number is none, or there are more styles than any workbook has.
    """
    if part is None or part not in package.namelist():
        return Styles()
    reading = _Reading()
    with package.open(part) as file:
        reading.parser.ParseFile(file)
    return reading.styles()


class _Reading:
    """Follows the styles part: own formats, struck-out fonts, and the format and font of each cell style."""

    def __init__(self) -> None:
        self._formats: list[int] = []
        self._fonts: list[int] = []
        self._own: dict[int, ShownAs] = {}
        self._own_percents: dict[int, bool] = {}
        self._font = -1
        self._struck_fonts: set[int] = set()
        self._section = ""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def styles(self) -> Styles:
        """State what was read; a style may come before the format and the font that it names."""
        return Styles(
            tuple(number_shows(number, self._own) for number in self._formats),
            frozenset(
                str(style)
                for style, number in enumerate(self._formats)
                if self._own_percents.get(number, number in _PERCENTS)
            ),
            frozenset(str(style) for style, font in enumerate(self._fonts) if font in self._struck_fonts),
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match local_name(tag):
            case "numFmt" if self._section != "dxfs":
                self._take_format(int(attributes.get("numFmtId", -1)), attributes.get("formatCode", ""))
            case "fonts" | "cellXfs" | "dxfs" as section:
                self._section = section
            case "font" if self._section == "fonts":
                self._font += 1
            case "strike" if self._section == "fonts" and is_on(attributes.get("val")):
                self._struck_fonts.add(self._font)
                _check_count(self._struck_fonts)
            case "xf" if self._section == "cellXfs":
                self._formats.append(int(attributes.get("numFmtId", 0)))
                self._fonts.append(int(attributes.get("fontId", 0)))
                _check_count(self._formats)

    def _take_format(self, number: int, code: str) -> None:
        self._own.setdefault(number, what_shows(code))
        self._own_percents.setdefault(number, "%" in _QUOTED.sub("", code))
        _check_count(self._own)

    def _end(self, tag: str) -> None:
        if local_name(tag) == self._section:
            self._section = ""


def _check_count(styles: Sized) -> None:
    if len(styles) > _MOST_STYLES:
        raise ValueError(len(styles))


def is_on(value: str | None) -> bool:
    """Whether an element or attribute that says yes or no says yes; without a value it does."""
    return value not in {"0", "false", "off"}
