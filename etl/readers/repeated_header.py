"""Repeated headers: records that repeat the file's header, where several exports were concatenated."""

import unicodedata
from collections.abc import Sequence

from etl.identity.invisible import strip_invisible


class RepeatedHeader:
    """Recognises a file's header by its rows, as they are in the file."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        """`rows` are one, or several where the header is stacked."""
        self._rows = {_plain(row) for row in rows if any(map(strip_invisible, row))}
        self._firsts = {row[0] for row in self._rows}

    def is_met_by(self, cells: Sequence[str]) -> bool:
        """Whether a record repeats one of the rows: invisible characters and blanks at its end aside."""
        return bool(cells) and _plain_cell(cells[0]) in self._firsts and _plain(cells) in self._rows


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    plain = [_plain_cell(cell) for cell in cells]
    while len(plain) > 1 and not plain[-1]:
        plain.pop()
    return tuple(plain)


def _plain_cell(cell: str) -> str:
    return unicodedata.normalize("NFC", strip_invisible(cell))
