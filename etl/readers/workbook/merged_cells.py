"""Merged cells: in a header they group columns; among the records they hide values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from warehouse.errors import DeliveryError


@dataclass(frozen=True)
class Merge:
    """A merged range, rows and columns from 1, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, corners: tuple[tuple[int, int], tuple[int, int]], *, margin: int = 0) -> "Merge":
        """Take a range as the library returns it, two corners counted from 0; leave out a margin of empty columns."""
        (top, left), (bottom, right) = corners
        return cls(top + 1, left + 1 - margin, bottom + 1, right + 1 - margin)


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


def note_merged_rows(
    merges: Iterable[Merge], columns: Sequence[str], *, first_row: int
) -> Mapping[int, list[tuple[str, str]]]:
    """List, by the row that holds the value, the column and the extent of merged cells among the records."""
    noted: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for merge in merges:
        if merge.top >= first_row and merge.left <= len(columns):
            extent = f"rows {merge.top} to {merge.bottom}, {merge.right - merge.left + 1} column(s)"
            noted[merge.top].append((columns[merge.left - 1], extent))
    return noted
