"""Shared texts of a workbook: read as far as a sheet asks for them, and kept packed.

A workbook stores each distinct text once, in a part of its own, and cells refer to it by its number. As Python objects
they would take several times their size.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from etl.readers.workbook.cell_limits import CellText
from etl.readers.workbook.parts_xml import local_name

_BLOCK_BYTES = 1 << 16
_TOGETHER = 64
"""Texts that are packed together."""
_PLAIN_BYTES = 128 << 20
"""A part up to this size is kept as it is; a larger one is compressed, which costs time."""
_HELD_CHARACTERS = 8 << 20
"""How much of the texts is held unpacked."""
_SEPARATOR = "\0"
"""XML has no such character: a text that stands for one writes it as `_x0000_` (ECMA-376, part 1, 22.9.2.19)."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ESCAPED = 0xFF
"""Excel escapes control characters alone; `_xAC00_` is what somebody wrote."""


class SharedTexts:
    """The shared texts by their number as a cell writes it."""

    def __init__(self, package: zipfile.ZipFile, part: str | None) -> None:
        """`part` is None where the workbook has none."""
        is_there = part is not None and part in package.namelist()
        self._file = package.open(str(part)) if is_there else None
        self._is_large = is_there and package.getinfo(str(part)).file_size > _PLAIN_BYTES
        self._packed: list[bytes] = []
        self._following = _Following()
        self._held: dict[str, str] = {}
        self._held_characters = 0
        self._unpacked: tuple[int, list[str]] = (-1, [])

    def text(self, number: str) -> str:
        """Return the text with a number.

        Raises:
            ValueError: this is no number, or there is no such text.
            RefusedCellError: a text is longer than is read.
        """
        found = self._held.get(number)
        return self._find(number) if found is None else found

    def close(self) -> None:
        """Close the part, which may not have been read to its end."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _find(self, number: str) -> str:
        place, rest = divmod(int(number), _TOGETHER)
        if place < 0:
            raise ValueError(number)
        while place >= len(self._packed) and self._read_on():
            pass
        if place >= len(self._packed):
            raise ValueError(number)
        if self._unpacked[0] != place:
            packed = self._packed[place]
            plain = zlib.decompress(packed) if self._is_large else packed
            self._unpacked = place, plain.decode().split(_SEPARATOR)
        texts = self._unpacked[1]
        if rest >= len(texts):
            raise ValueError(number)
        text = unescape(texts[rest])
        self._held_characters += len(text)
        if self._held_characters > _HELD_CHARACTERS:
            self._held.clear()
            self._held_characters = len(text)
        self._held[number] = text
        return text

    def _read_on(self) -> bool:
        """Read another piece of the part; False at its end."""
        if self._file is None:
            return False
        block = self._file.read(_BLOCK_BYTES)
        self._following.parser.Parse(block, not block)
        texts = self._following.texts
        whole = len(texts) - len(texts) % _TOGETHER if block else len(texts)
        for begin in range(0, whole, _TOGETHER):
            self._pack(texts[begin : begin + _TOGETHER])
        del texts[:whole]
        if not block:
            self.close()
        return True

    def _pack(self, texts: list[str]) -> None:
        plain = _SEPARATOR.join(texts).encode()
        self._packed.append(zlib.compress(plain, 1) if self._is_large else plain)


class _Following:
    """Follows the part: the runs of a text are joined, its phonetic reading is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._runs, self._run = CellText(_where), CellText(_where)
        self._is_text = self._is_phonetic = self._is_kept = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match local_name(tag):
            case "t":
                self._is_text, self._is_kept = not self._is_phonetic, keeps_blanks(attributes)
                self._run.begin()
            case "rPh":
                self._is_phonetic = True
            case "si":
                self._runs.begin()

    def _text(self, text: str) -> None:
        if self._is_text:
            self._run.take(text)

    def _end(self, tag: str) -> None:
        match local_name(tag):
            case "t" if self._is_text:
                run = self._run.whole()
                self._runs.take(run if self._is_kept else run.strip(BLANKS))
                self._is_text = False
            case "si":
                self.texts.append(self._runs.whole())
            case "rPh":
                self._is_phonetic = False


def _where() -> str:
    return "one of its texts, which cells share,"


BLANKS = " \t\r\n"


def keeps_blanks(attributes: Mapping[str, str]) -> bool:
    """Whether the blanks around a text belong to it, as its element says; Excel leaves out others."""
    return attributes.get("xml:space") == "preserve"


def unescape(text: str) -> str:
    """Turn `_x000D_` into the character that it stands for."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= _LAST_ESCAPED else found[0]
