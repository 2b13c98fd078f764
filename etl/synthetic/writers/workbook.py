"""Excel workbooks whose cells have types: a text becomes a number or a date where its column says so and it is one.

A cell is typed only if a reader gets the same text back, so what was planted as text in a number stays text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.synthetic.sheet import Sheet
from warehouse.errors import RefusedError

CellKind = Literal["text", "number", "date"]

JOINT = " / "
"""Between the two rows of a header in a column's name."""

_CREATED = datetime(2016, 4, 15, 9, 0)  # noqa: DTZ001
"""A workbook names the moment it was made; one moment for all keeps the same seed to the same bytes."""

_MOST_ROWS = 1_048_576
_FIRST_SAFE_DAY = date(1900, 3, 1)
"""Excel's calendar holds a 29 February 1900 that never was; days before it are written as text."""


@dataclass(frozen=True)
class Layout:
    """How a sheet looks.

    Attributes:
        kind_of: says of a column by its name what kind of cells it holds.
        title: rows above the header, each merged over the whole width.
        has_groups: the header has two rows; a name `group / item` stands in both, another one spans them.
    """

    kind_of: Callable[[str], CellKind]
    title: Sequence[str] = ()
    has_groups: bool = False

    @property
    def rows_above(self) -> int:
        """How many rows stand above the first record."""
        return len(self.title) + 1 + self.has_groups


@dataclass
class _Page:
    """A sheet while it grows: where its next record goes, and the kinds of its columns."""

    worksheet: Worksheet
    kinds: list[CellKind]
    next_row: int


class Workbooks:
    """The workbooks of one delivery; the sheets of one file stand in the order of their first records.

    Args:
        folder: gets the files.
        layout_of: says how a sheet looks, by its name.
    """

    def __init__(self, folder: Path, *, layout_of: Callable[[str], Layout]) -> None:
        self.records: dict[str, dict[str, int]] = {}
        self._folder, self._layout_of = folder, layout_of
        self._books: dict[str, tuple[Workbook, Mapping[str, Format]]] = {}
        self._pages: dict[tuple[str, str], _Page] = {}

    def __enter__(self) -> "Workbooks":
        """Begin with no file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what was gathered; after an error too, for the folder it lies in is thrown away."""
        for book, _ in self._books.values():
            book.close()

    def write(self, sheet: Sheet) -> None:
        """Append records to a sheet; the first call makes it.

        Raises:
            RefusedError: more records than a sheet of Excel holds.
        """
        assert sheet.sheet is not None, "a workbook's records stand in a sheet"
        page = self._page(sheet, sheet.sheet)
        if page.next_row + len(sheet.records) > _MOST_ROWS:
            raise RefusedError(
                f"{sheet.file}, sheet '{sheet.sheet}': a sheet of Excel holds {_MOST_ROWS:,} rows, and these records "
                f"are more. Choose a smaller scale."
            )
        _, formats = self._books[sheet.file]
        for cells in sheet.records.itertuples(index=False, name=None):
            for place, (text, cell_kind) in enumerate(zip(cells, page.kinds, strict=True)):
                if text:
                    _write_cell(page.worksheet, (page.next_row, place), text, kind=cell_kind, formats=formats)
            page.next_row += 1
        of_file = self.records[sheet.file]
        of_file[sheet.sheet] = of_file.get(sheet.sheet, 0) + len(sheet.records)

    def _page(self, sheet: Sheet, name: str) -> _Page:
        if (sheet.file, name) not in self._pages:
            book, formats = self._book(sheet.file)
            layout = self._layout_of(name)
            columns = [*sheet.records.columns]
            worksheet = book.add_worksheet(name)
            _write_header(worksheet, columns, layout, formats["header"])
            self._pages[sheet.file, name] = _Page(worksheet, [*map(layout.kind_of, columns)], layout.rows_above)
        return self._pages[sheet.file, name]

    def _book(self, file: str) -> tuple[Workbook, Mapping[str, Format]]:
        if file not in self._books:
            book = Workbook(str(self._folder / file), {"strings_to_urls": False})
            book.set_properties({"title": "SYNTHETIC DATA", "created": _CREATED})
            header = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"})
            self._books[file] = book, {"header": header, "date": book.add_format({"num_format": "yyyy-mm-dd"})}
            self.records[file] = {}
        return self._books[file]


def _write_header(worksheet: Worksheet, columns: Sequence[str], layout: Layout, style: Format) -> None:
    for row, title in enumerate(layout.title):
        _write_span(worksheet, (row, 0, row, len(columns) - 1), title, style)
    top = len(layout.title)
    if layout.has_groups:
        _write_groups(worksheet, columns, top, style)
    else:
        for place, column in enumerate(columns):
            worksheet.write_string(top, place, column, style)
    worksheet.freeze_panes(layout.rows_above, 1)


def _write_groups(worksheet: Worksheet, columns: Sequence[str], top: int, style: Format) -> None:
    """Write two rows: a group's name over all its columns, and a name without a group over both rows."""
    for group, of_group in groupby(enumerate(columns), key=lambda each: each[1].partition(JOINT)[0]):
        members = [*of_group]
        first, last = members[0][0], members[-1][0]
        if JOINT not in members[0][1]:
            for place, column in members:
                _write_span(worksheet, (top, place, top + 1, place), column, style)
            continue
        _write_span(worksheet, (top, first, top, last), group, style)
        for place, column in members:
            worksheet.write_string(top + 1, place, column.partition(JOINT)[2], style)


def _write_span(worksheet: Worksheet, corners: tuple[int, int, int, int], text: str, style: Format) -> None:
    top, left, bottom, right = corners
    if (top, left) == (bottom, right):
        worksheet.write_string(top, left, text, style)
    else:
        worksheet.merge_range(top, left, bottom, right, text, style)


def _write_cell(
    worksheet: Worksheet, place: tuple[int, int], text: str, *, kind: CellKind, formats: Mapping[str, Format]
) -> None:
    if kind == "number" and _is_number(text):
        worksheet.write_number(*place, float(text))
    elif kind == "date" and (day := _day(text)):
        worksheet.write_datetime(*place, day, formats["date"])
    else:
        worksheet.write_string(*place, text)


def _is_number(text: str) -> bool:
    """Ask whether a number's cell gives this very text back: no blank, no leading or trailing zero, no exponent."""
    try:
        return repr(float(text)).removesuffix(".0") == text
    except ValueError:
        return False


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and day >= _FIRST_SAFE_DAY else None
