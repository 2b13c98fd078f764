"""Merged cells: in a header they group columns; among the records they hide values."""

import re
import zipfile
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.readers.workbook.parts_xml import place_of
from warehouse.errors import DeliveryError


@dataclass(frozen=True)
class Merge:
    """A merged range, rows and columns from 1, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Merges:
    """The merged ranges of a sheet, by their first row; a sheet may have one for every record."""

    def __init__(self, corners: "array[int]") -> None:
        """`corners` are top, left, bottom and right of each range, one after another."""
        import numpy as np

        by_range = np.frombuffer(corners, dtype=corners.typecode).reshape(-1, 4)
        self._ranges = by_range[np.argsort(by_range[:, 0], kind="stable")]
        self._tops = self._ranges[:, 0]

    def begin_in(self, row: int) -> list[Merge]:
        """List the ranges whose first row is this one."""
        return self._some(row, row)

    def begin_until(self, row: int) -> list[Merge]:
        """List the ranges whose first row is this one or one above."""
        return self._some(0, row)

    def _some(self, first: int, last: int) -> list[Merge]:
        begin, end = self._tops.searchsorted([first, last + 1])
        return [Merge(*map(int, each)) for each in self._ranges[begin:end]]


def find_merges(package: zipfile.ZipFile, part: str, *, margin: int) -> Merges:
    """Find the merged ranges of a sheet; columns count from the first used one, `margin` are empty left of it.

    A range that begins in the margin is left out: its value would be there, and it has none.

    Raises:
        ValueError: a range is none.
    """
    corners = array("q")
    tail = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            piece = tail + block
            end = piece.rfind(b">") + 1
            for found in _MERGE.findall(piece[:end]) if b"mergeCell" in piece else ():
                first, _, last = found.decode().partition(":")
                ends = place_of(first), place_of(last or first)
                if None in ends:
                    raise ValueError(found)
                (top, left), (bottom, right) = ends  # type: ignore[misc]
                if left > margin:
                    corners.extend((top, left - margin, bottom, right - margin))
            tail = piece[end:]
    return Merges(corners)


_BLOCK_BYTES = 1 << 20
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([^\"']*)[\"']")


def fill_merged_header(
    rows: Sequence[Sequence[str]], merges: Iterable[Merge], *, first_row: int, where: str
) -> list[list[str]]:
    """Give each merged cell's name to all the columns and rows of the header that it spans.

    Raises DeliveryError for a merge that reaches out of the header, above or below.
    """
    filled = [list(row) for row in rows]
    last_row = first_row + len(rows) - 1
    for merge in merges:
        if merge.bottom < first_row or merge.top > last_row or merge.left > len(filled[0]):
            continue
        if merge.top < first_row or merge.bottom > last_row:
            raise DeliveryError(
                f"{where}: cells are merged from row {merge.top} to row {merge.bottom}, but the header is "
                f"{f'row {first_row}' if first_row == last_row else f'rows {first_row} to {last_row}'}. "
                f"Correct 'skip_rows' and 'header_rows' in mapping.yaml, or unmerge the cells."
            )
        name = filled[merge.top - first_row][merge.left - 1]
        for row in filled[merge.top - first_row : merge.bottom - first_row + 1]:
            row[merge.left - 1 : merge.right] = [name] * (min(merge.right, len(row)) - merge.left + 1)
    return filled


def note_merges(merges: Iterable[Merge], columns: Sequence[str]) -> list[tuple[str, str]]:
    """List the column and the extent of merged cells that begin in a record."""
    return [
        (
            columns[merge.left - 1],
            f"rows {merge.top} to {merge.bottom}, {merge.right - merge.left + 1} column(s)",
        )
        for merge in merges
        if merge.left <= len(columns)
    ]
