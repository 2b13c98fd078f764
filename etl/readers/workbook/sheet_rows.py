"""The rows of a sheet, one after another as its part is unpacked, so that a sheet of any length needs little memory."""

import zipfile
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass
from xml.parsers import expat

from etl.readers.cell_text import Cell
from etl.readers.workbook.cell_limits import CellText, repeated_cell
from etl.readers.workbook.number_formats import ShownAs, iso_cell, typed_number
from etl.readers.workbook.parts_xml import local_name, place_of
from etl.readers.workbook.place import column_letters
from etl.readers.workbook.shared_texts import BLANKS, keeps_blanks, unescape
from etl.readers.workbook.styles import Styles

_BLOCK_BYTES = 1 << 16
_HELD_NUMBERS = 50_000
_WINDOW_ROWS = 50_000
ERROR_CELL = "error_cell"
NO_VALUE = "formula_without_value"


@dataclass(slots=True)
class SheetRow:
    """A row with something in it: its number, its filled cells by column (from 1), and those to report.

    A cell to report is its column, a rule (as in etl.findings), and what was found: the error, such as `#N/A`, or `a formula`.
    """

    number: int
    cells: dict[int, Cell]
    odd: list[tuple[int, str, str]]


@dataclass(frozen=True)
class CellKinds:
    """What the cells of a sheet refer to: the shared texts, what each cell style shows, and the workbook's first day."""

    text: Callable[[str], str]
    styles: Styles
    is_1904: bool


def read_rows(
    package: zipfile.ZipFile, part: str, kinds: CellKinds, *, is_ordered: bool
) -> Generator[SheetRow, None, None]:
    """Yield the rows in their order; where the part has them in another one, it is read once for every so many rows.

    Raises:
        ValueError: a cell is none, or rows that should be in order are not.
        RefusedCellError: a cell is longer than is read, or two with a value have one address.
        ExpatError: the part is not whole.
    """
    if is_ordered:
        return _rows_as_written(package, part, kinds, is_ordered=True)
    return _rows_in_order(package, part, kinds)


def _rows_as_written(
    package: zipfile.ZipFile, part: str, kinds: CellKinds, *, is_ordered: bool
) -> Generator[SheetRow, None, None]:
    following = _Following(kinds, is_ordered=is_ordered)
    with package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            following.parser.Parse(block, False)
            yield from following.rows
            following.rows.clear()
        following.parser.Parse(b"", True)
        following.end_row()
        yield from following.rows


def _rows_in_order(package: zipfile.ZipFile, part: str, kinds: CellKinds) -> Generator[SheetRow, None, None]:
    begin = 0
    while True:
        window: defaultdict[int, SheetRow] = defaultdict(lambda: SheetRow(0, {}, []))
        has_more = False
        for row in _rows_as_written(package, part, kinds, is_ordered=False):
            has_more |= row.number >= begin + _WINDOW_ROWS
            if begin <= row.number < begin + _WINDOW_ROWS:
                cells = window[row.number].cells
                if twice := cells.keys() & row.cells.keys():
                    raise repeated_cell(f"{column_letters(min(twice))}{row.number}")
                cells.update(row.cells)
                window[row.number].odd.extend(row.odd)
        for number in sorted(window):
            yield SheetRow(number, window[number].cells, window[number].odd)
        if not has_more:
            return
        begin += _WINDOW_ROWS


class _Names(dict[str, str]):
    """Local names by tag."""

    def __missing__(self, tag: str) -> str:
        return self.setdefault(tag, local_name(tag))


class _Following:
    """Follows the part; a cell without an address is next to the one before, a row without one below."""

    def __init__(self, kinds: CellKinds, *, is_ordered: bool) -> None:
        self.rows: list[SheetRow] = []
        self._kinds, self._is_ordered = kinds, is_ordered
        self._text_of = kinds.text
        self._number_of: dict[str | None, dict[str, Cell]] = {}
        self._names = _Names()
        self._column_of: dict[str, int] = {}
        self._row, self._row_digits, self._digits = 0, "0", 1
        self._cells_row = self._column = 0
        self._cells: dict[int, Cell] = {}
        self._odd: list[tuple[int, str, str]] = []
        self._attributes: dict[str, str] = {}
        self._value: str | None = None
        self._text, self._runs = CellText(self._where), CellText(self._where)
        self._is_text = self._has_inline = False
        self._has_formula = self._is_phonetic = self._is_kept = self._is_row_stated = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take_text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names[tag]
        if name == "c":
            self._attributes, self._value, self._has_inline, self._has_formula = attributes, None, False, False
        elif name == "v":
            self._begin_text()
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "is":
            self._has_inline = True
            self._runs.begin()
        elif name == "t" and self._has_inline and not self._is_phonetic:
            self._begin_text()
            self._is_kept = keeps_blanks(attributes)
        elif name == "rPh":
            self._is_phonetic = True

    def _begin_text(self) -> None:
        self._is_text = True
        self._text.begin()

    def _take_text(self, text: str) -> None:
        if self._is_text:
            self._text.take(text)

    def _end(self, tag: str) -> None:
        name = self._names[tag]
        if name == "v":
            self._value, self._is_text = self._text.whole() if self._is_text else None, False
        elif name == "c":
            self._end_cell()
        elif name == "t" and self._is_text and self._has_inline:
            run = self._text.whole()
            self._runs.take(run if self._is_kept else run.strip(BLANKS))
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False

    def _begin_row(self, stated: str | None) -> None:
        self._row = self._row + 1 if stated is None else int(stated)
        self._is_row_stated = stated is not None
        if self._row < 1:
            raise ValueError(stated)
        self._row_digits = str(self._row)
        self._digits = -len(self._row_digits)
        self._column = 0
        self._go_to_row(self._row)

    def _go_to_row(self, row: int) -> None:
        if row == self._cells_row:
            return
        if row < self._cells_row and self._is_ordered:
            raise ValueError(row)
        self.end_row()
        self._cells_row = row

    def end_row(self) -> None:
        """Hand over the row, if there is anything in it."""
        if self._cells or self._odd:
            self.rows.append(SheetRow(self._cells_row, self._cells, self._odd))
            self._cells, self._odd = {}, []

    def _end_cell(self) -> None:
        attributes, value = self._attributes, self._value
        address = attributes.get("r")
        column: int | None
        if address is None:
            column = self._column + 1
        elif address[self._digits :] != self._row_digits or not (
            column := self._column_of.get(address[: self._digits])
        ):
            column = self._find_place(address)
        self._column = column
        if column in self._cells and (value or self._has_inline):
            raise repeated_cell(f"{column_letters(column)}{self._cells_row}")
        kind = attributes.get("t")
        if kind == "s":
            if value:
                self._cells[column] = self._text_of(value)
        elif kind is None or kind == "n":
            if value:
                known = self._number_of.get(attributes.get("s"))
                cell = None if known is None else known.get(value)
                self._cells[column] = self._number(value) if cell is None else cell
            elif self._has_inline:
                self._cells[column] = unescape(self._runs.whole())
        else:
            self._take_typed(column, kind, value)
        if self._has_formula and not value and kind not in ("str", "e"):
            self._odd.append((column, NO_VALUE, "a formula"))

    def _where(self) -> str:
        """Name the cell that is being read."""
        address = self._attributes.get("r")
        return f"cell {address}" if place_of(address) else f"a cell of row {self._row}"

    def _find_place(self, address: str) -> int:
        """Find the column of an address, and go to its row."""
        place = place_of(address)
        if place is None or not place[0]:
            raise ValueError(address)
        row, column = place
        if row != self._row and self._is_row_stated:
            raise ValueError(address)  # it would stand among another patient's cells, or in their place
        self._column_of[address.rstrip("0123456789")] = column
        self._go_to_row(row)
        return column

    def _take_typed(self, column: int, kind: str, value: str | None) -> None:
        """Take a cell that is neither a number nor a shared text."""
        if kind in ("inlineStr", "is"):
            if self._has_inline:
                self._cells[column] = unescape(self._runs.whole())
        elif kind == "e":
            if value:
                self._cells[column] = ""
            self._odd.append((column, ERROR_CELL, value if value in _ERRORS else "an error"))
        elif kind not in _TYPES:
            raise ValueError(kind)
        elif value is not None and (value or kind != "b"):
            self._cells[column] = _TYPES[kind](value)

    def _number(self, text: str) -> Cell:
        """Type a number by the cell's style; keep it, since most numbers come many times."""
        style = self._attributes.get("s")
        known = self._number_of.setdefault(style, {})
        if len(known) >= _HELD_NUMBERS:
            known.clear()
        known[text] = cell = self._typed(text, style)
        return cell

    def _typed(self, text: str, style: str | None) -> Cell:
        try:
            if not text.isascii() or "_" in text or text.strip() != text:  # what Python takes, and a sheet does not
                raise ValueError(text)
            number = float(text)
        except ValueError:
            if "t" in self._attributes:
                raise
            return text  # without a stated type, what is no number is a text
        return typed_number(self._shows(style), is_1904=self._kinds.is_1904)(number)

    def _shows(self, style: str | None) -> ShownAs:
        """Return what a number of a cell style shows; ValueError for a style that is not there, whose number may be a date."""
        formats = self._kinds.styles.shows
        if style is None or (style == "0" and not formats):
            return ShownAs.NUMBER
        if not style.isdecimal() or int(style) >= len(formats):
            raise ValueError(style)
        return formats[int(style)]


def _is_true(value: str) -> bool:
    return value != "0"


_TYPES: dict[str, Callable[[str], Cell]] = {"str": unescape, "b": _is_true, "d": iso_cell}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
