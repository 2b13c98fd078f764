"""Error cells and formulas without a value, read from the XML parts of a workbook.

The reading library returns both as empty cells; here they are distinguished.
"""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

_BLOCK_BYTES = 1 << 20
ERROR_CELL = "error_cell"
NO_VALUE = "formula_without_value"


def read_elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """List the elements of a small part: local names, with attributes by local name."""
    elements: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: elements.append(
        (local_name(tag), {local_name(name): value for name, value in attributes.items()})
    )
    parser.Parse(part, True)
    return elements


def column_number(letters: str) -> int:
    """Count a column's letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def find_odd_cells(path: Path, part: str) -> dict[tuple[int, int], tuple[str, str]]:
    """Find the error cells of a sheet and its formulas without a value, by row and column from 1.

    Each comes with a rule (as in etl.findings) and what was found: the error, such as `#N/A`, or `a formula`.
    """
    finder = _OddCells()
    with zipfile.ZipFile(path) as package, package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            finder.parser.Parse(block, False)
        finder.parser.Parse(b"", True)
    return finder.found


class _OddCells:
    """Follows the cells of a sheet; one without an address is next to or below the one before."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], tuple[str, str]] = {}
        self.row = self.column = 0
        self.kind, self.has_formula, self.is_in_value, self.value = "n", False, False, ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match local_name(tag):
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            case "c":
                self.row, self.column = place_of(attributes.get("r")) or (self.row, self.column + 1)
                self.kind, self.has_formula, self.value = attributes.get("t", "n"), False, ""
            case "f":
                self.has_formula = True
            case "v":
                self.is_in_value = True

    def _text(self, text: str) -> None:
        if self.is_in_value:
            self.value += text

    def _end(self, tag: str) -> None:
        match local_name(tag):
            case "v":
                self.is_in_value = False
            case "c" if self.kind == "e":
                self.found[self.row, self.column] = ERROR_CELL, self.value if self.value in _ERRORS else "an error"
            case "c" if self.has_formula and self.kind != "str" and not self.value:
                self.found[self.row, self.column] = NO_VALUE, "a formula"


_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
_ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")


def place_of(address: str | None) -> tuple[int, int] | None:
    """Return row and column, from 1, of an address such as B12."""
    found = _ADDRESS.fullmatch(address or "")
    if not found:
        return None
    return int(found[2]), column_number(found[1])


def local_name(tag: str) -> str:
    """Leave out the prefix of a tag or an attribute."""
    return tag.rpartition(":")[2]
