"""Headers: the names of a file's columns, from one row or several."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from etl.identity.invisible import strip_invisible
from etl.identity.scan import find_identifiers
from etl.readers.reader import RESERVED_NAMES
from warehouse.errors import DeliveryError

JOINT = " / "
"""Between the rows of a stacked header: `1차 방문 / 영상일`."""


def stack_header(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the rows of a header top-down; an empty cell adds nothing, and neither does one that repeats the cell above.

    The rows may be of different lengths.
    """
    width = max(map(len, rows))
    names = []
    for place in range(width):
        parts = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        names.append(JOINT.join(part for above, part in zip(["", *parts], parts, strict=False) if part != above))
    return names


def fill_right(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Fill the header of a text as merged cells would: over a filled cell, an empty one takes its left neighbour's name.

    Text has no merged cells; a spreadsheet saved as text has a group's name in its first column only.
    """
    filled = [list(row) for row in rows]
    for row, below in pairwise(filled):
        for place in range(1, min(len(row), len(below))):
            if not row[place].strip() and below[place].strip():
                row[place] = row[place - 1]
    return filled


def name_columns(header: Sequence[str], name: str) -> tuple[str, ...]:
    """Name the columns by the header, in NFC, without outer blanks and invisible characters.

    One without a name becomes `unnamed_<place>`.

    Raises DeliveryError for names that repeat (compared as the engine does, without case), are reserved, or hold an
    identifier.
    """
    columns = tuple(
        unicodedata.normalize("NFC", strip_invisible(cell)) or f"unnamed_{place}"
        for place, cell in enumerate(header, start=1)
    )
    for place, column in enumerate(columns, start=1):
        kinds = find_identifiers(column)
        if kinds:
            raise DeliveryError(
                f"{name}: the header of column {place} holds a {kinds[0]}. Does the file lack its header? "
                f"Export it again with column names."
            )
    counts = Counter(column.lower() for column in columns)
    repeated = [column for column in columns if counts[column.lower()] > 1]
    if repeated:
        raise DeliveryError(
            f"{name}: the header names column '{repeated[0]}' {counts[repeated[0].lower()]} times; names must differ. "
            f"Rename the columns in the export."
        )
    reserved = [column for column in columns if column.lower() in RESERVED_NAMES]
    if reserved:
        raise DeliveryError(f"{name}: the column name '{reserved[0]}' is reserved. Rename it in the export.")
    return columns
