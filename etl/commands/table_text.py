"""Lay out the rows of an answer: aligned lines for a pipe, a table that fits the terminal, or one record after another.

On a terminal, numbers, dates and codes without spaces have their full width and never wrap; only texts do. When even that does not
fit, the answer is shown record by record, one line a column.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.safe_console import plain_text

GAP = 2
"""Spaces between two columns."""
LONGEST_WHOLE_WORD = 16
"""A word up to this length is never cut; a longer one, such as a path, may be continued on the next line."""

_UNBREAKABLE = (int, float, Decimal, date, time)


def plain(value: Any) -> Text:
    """Show a cell as it is: no markup is read from it, and control characters are spelt out."""
    return Text(plain_text(value))


def aligned_lines(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Write every row as a line as wide as its cells; a cell of several lines takes as many."""
    header = [plain_text(column) for column in columns]
    cells = [[plain_text(cell) for cell in row] for row in rows]
    widths = _natural_widths(header, cells)
    is_right = [_is_number(rows, position) for position in range(len(columns))]
    for row in (header, *cells):
        parts = [cell.split("\n") for cell in row]
        for number in range(max(map(len, parts), default=1)):
            line = [part[number] if number < len(part) else "" for part in parts]
            yield (" " * GAP).join(map(_padded, line, widths, is_right)).rstrip()


def print_fitting(
    console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None
) -> None:
    """Print rows on a terminal: as a table when no figure has to be cut for it, else record by record."""
    header = [plain_text(column) for column in columns]
    cells = [[plain_text(cell) for cell in row] for row in rows]
    widths = fitting_widths(header, cells, rows, room=console.width)
    if widths is None:
        _print_records(console, header, cells, title=title)
        return
    table = Table(
        title=title and plain_text(title),
        title_justify="left",
        header_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, GAP, 0, 0),
    )
    for position, (name, width) in enumerate(zip(header, widths, strict=True)):
        justify = "right" if _is_number(rows, position) else "left"
        table.add_column(Text(name), justify=justify, overflow="fold", width=width)  # type: ignore[arg-type]
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)


def fitting_widths(
    header: Sequence[str], cells: Sequence[Sequence[str]], rows: Sequence[Sequence[Any]], *, room: int
) -> list[int] | None:
    """Choose the width of each column so that all fit into so many characters; None when a figure or a word would be cut."""
    natural = _natural_widths(header, cells)
    least = (
        [
            width
            if all(isinstance(row[position], _UNBREAKABLE) or row[position] is None for row in rows)
            else min(width, max(cell_len(header[position]), *(_widest_word(row[position]) for row in cells)))
            for position, width in enumerate(natural)
        ]
        if rows
        else natural
    )
    room -= GAP * len(header)  # the last column is padded too
    if sum(natural) <= room:
        return natural
    if sum(least) > room:
        return None
    low, high = 1, max(natural)
    while low < high:  # the widest cap on all columns that still fits
        middle = (low + high + 1) // 2
        if sum(_capped(natural, least, middle)) <= room:
            low = middle
        else:
            high = middle - 1
    return _capped(natural, least, low)


def _capped(natural: Sequence[int], least: Sequence[int], cap: int) -> list[int]:
    return [min(width, max(needed, cap)) for width, needed in zip(natural, least, strict=True)]


def _print_records(
    console: Console, header: Sequence[str], cells: Sequence[Sequence[str]], *, title: str | None
) -> None:
    if title is not None:
        console.print(Text(plain_text(title), style="italic"))
    name_width = min(max(map(cell_len, header), default=0), max(console.width // 2, 1))
    for number, row in enumerate(cells, 1):
        console.print(Text(f"-- {number:,} of {len(cells):,} --", style="dim"))
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(width=name_width, overflow="fold", style="bold")
        grid.add_column(width=max(console.width - name_width - 2 * GAP, 1), overflow="fold")
        for name, cell in zip(header, row, strict=True):
            grid.add_row(Text(name), Text(cell))
        console.print(grid)


def _natural_widths(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    widths = [cell_len(name) for name in header]
    for row in cells:
        for position, cell in enumerate(row):
            width = cell_len(cell) if "\n" not in cell else max(map(cell_len, cell.split("\n")))
            widths[position] = max(widths[position], width)
    return [max(width, 1) for width in widths]


def _widest_word(cell: str) -> int:
    """Measure the widest word that must stay whole; figures inside a text are words too."""
    return max((min(cell_len(word), LONGEST_WHOLE_WORD) for word in re.split(r"\s+", cell)), default=0)


def _is_number(rows: Sequence[Sequence[Any]], position: int) -> bool:
    return bool(rows) and all(isinstance(row[position], int | float | Decimal | None) for row in rows)


def _padded(cell: str, width: int, is_right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if is_right else cell + space
