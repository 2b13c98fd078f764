"""Stray quotes: find quoted cells with line breaks that hold whole records of the file rather than a note.

A quote that opens a cell by mistake swallows every line up to the next quote. The CSV rules cannot distinguish such a cell
from a note of several lines; its lines can, once they are split at the delimiter: they have as many fields as the header, and
their fields look like those of the file's columns.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from warehouse.errors import DeliveryError

_BREAK = re.compile(r"\r\n|\r|\n")
_SHAPE = dict.fromkeys(range(ord("0"), ord("9") + 1), "9")
_SHAPE |= {code: "a" for first, last in ("az", "AZ") for code in range(ord(first), ord(last) + 1)}
_DATE_LIKE = re.compile(r"9{1,4}([-./: ]+9{1,4}){2,}")
_WHOLE_NUMBER_OR_MARKED = re.compile(r"(?=.*9)[\w#./-]*")
_SURE_KEY = 4
"""A key of so many characters, or one with letters and digits, is not just a number that a note's line may begin with."""
_MANY = 4
"""From so many columns on, the number of a line's fields is evidence by itself."""
_MOST_SHAPES, _LEARNING_RECORDS, _MOST_HELD = 100, 2_000, 10_000


@dataclass(frozen=True)
class _Held:
    """A cell whose lines may be records: where it begins, and its lines split at the delimiter."""

    line: int
    place: int
    lines: tuple[tuple[str, ...], ...]
    needed: tuple[int, ...]


class SwallowedLines:
    """Watches the records of one file; judges cells with line breaks once it knows what the columns look like."""

    def __init__(
        self,
        columns: Sequence[str],
        delimiter: str,
        *,
        line_breaks_in: Collection[str] = (),
        way_out: str | None = None,
    ) -> None:
        """`columns` are the names in the header; in those of `line_breaks_in` (in any case), lines like records are text.

        `way_out` is how the user names such a column, `{column}` standing for its name; None where there is none.
        """
        self._way_out = way_out
        self._columns, self._delimiter = columns, delimiter
        free = {name.lower() for name in line_breaks_in}
        self._free = {place for place, column in enumerate(columns) if column.lower() in free}
        self._shapes: list[set[str]] = [set() for _ in columns]
        self._records = 0
        self._held: list[_Held] = []

    def look_at(self, line: int, cells: Sequence[str]) -> None:
        """Learn from a record that begins on a line; store cells that may hold records until `conclude`."""
        self._records += 1
        watched = len(self._shapes) if self._records <= _LEARNING_RECORDS else 1
        for shapes, cell in zip(self._shapes[:watched], cells, strict=False):
            if len(cell) <= 40 and len(shapes) <= _MOST_SHAPES and "\n" not in cell and "\r" not in cell:  # noqa: PLR2004
                shapes.add(_shape(cell))
        for place, cell in enumerate(cells):
            if ("\n" in cell or "\r" in cell) and place < len(self._columns) and place not in self._free:
                self._hold(line, place, cells)

    def _hold(self, line: int, place: int, cells: Sequence[str]) -> None:
        if self._delimiter not in cells[place]:
            return
        if len(self._held) >= _MOST_HELD:
            self._held = [held for held in self._held if self._first_record(held) is not None][:1]
        lines = tuple(tuple(text.split(self._delimiter)) for text in _BREAK.split(cells[place]))
        width = len(self._columns)
        needed = (width - place, *[width] * (len(lines) - 2), width - (len(cells) - place - 1))
        before = sum(len(_BREAK.findall(cell)) for cell in cells[:place])
        self._held.append(_Held(line + before, place, lines, needed))

    def conclude(self, name: str) -> None:
        """Raise DeliveryError when a quoted cell holds lines that are records."""
        for held in self._held:
            true_note = (
                self._way_out and f"; if it is a true note, {self._way_out.format(column=self._columns[held.place])}"
            )
            number = self._first_record(held)
            if number is not None:
                raise DeliveryError(
                    f"{name} line {held.line}: a quote opens here and closes on line {held.line + len(held.lines) - 1}, "
                    f"but line {held.line + number} within the quotes looks like a record of its own "
                    f"({len(held.lines[number])} fields; the header has {len(self._columns)}). A stray quote would "
                    f"swallow records. Correct the quotes in the export, or ask for it again{true_note or ''}."
                )

    def _first_record(self, held: _Held) -> int | None:
        return next((number for number in range(len(held.lines)) if self._is_record(held, number)), None)

    def _is_record(self, held: _Held, number: int) -> bool:
        fields, needed = held.lines[number], held.needed[number]
        start = held.place if number == 0 else 0
        if (number == 0 and start > 0) or len(fields) < 2 or needed < 2:  # noqa: PLR2004
            return False  # the rest of the record that the quote opened in
        is_exact = len(fields) == needed and len(held.lines[0]) == held.needed[0]
        alike = self._count_alike(fields)
        if self._begins_like_key(fields[0]):
            is_sure = len(fields[0].strip()) >= _SURE_KEY or not fields[0].strip().isdigit()
            is_about = needed >= _MANY and abs(len(fields) - needed) <= 1
            return is_exact or (is_sure and is_about) or (is_about and alike > 1)
        if needed < _MANY or len(fields) != needed:
            return False
        has_numbers = any("9" in shape for shapes in self._shapes for shape in shapes)
        return alike > 1 or (is_exact and (alike > 0 or not has_numbers))

    def _count_alike(self, fields: Sequence[str]) -> int:
        pairs = zip(self._shapes, map(_shape, fields), strict=False)
        return sum("9" in shape and len(shapes) <= _MOST_SHAPES and shape in shapes for shapes, shape in pairs)

    def _begins_like_key(self, field: str) -> bool:
        """Whether a field could be one of the first column, where that holds numbers or marks, no dates or words."""
        shapes = self._shapes[0]
        filled = shapes - {""}
        if not filled or len(shapes) > _MOST_SHAPES:
            return False
        are_keys = all(_WHOLE_NUMBER_OR_MARKED.fullmatch(each) and not _DATE_LIKE.fullmatch(each) for each in filled)
        return are_keys and _shape(field) in filled


def _shape(cell: str) -> str:
    """Write a cell with every digit as 9 and every Latin letter as a."""
    return cell.strip().translate(_SHAPE)
