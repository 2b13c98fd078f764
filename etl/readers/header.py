"""Headers: the names of a file's columns, from one row or several; new names for columns that bear the same."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

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


def name_row(rows: Sequence[Sequence[str]], row: int) -> list[str]:
    """Take the names from one row of the header (from 1); what the others hold are captions, units, questions.

    The rows may be of different lengths; a column that only the others reach has no name.
    """
    names = [cell.strip() for cell in rows[row - 1]]
    return names + [""] * (max(map(len, rows)) - len(names))


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


def name_columns(
    header: Sequence[str], name: str, *, rename: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> tuple[str, ...]:
    """Name the columns by the header as `read_headings` does, and give those that bear one name the names under `rename`.

    Raises DeliveryError for names that repeat (compared as the engine does, without case), are reserved, or hold an
    identifier; and for names under `rename` that are more or fewer than the columns which bear the name.
    """
    columns = _renamed(read_headings(header), rename, name)
    for place, column in enumerate(columns, start=1):
        kinds = find_identifiers(column)
        if kinds:
            raise DeliveryError(
                f"{name}: the header of column {place} holds a {kinds[0]}. "
                f"Does the file lack its header, or do 'skip_rows' and 'header_rows' reach beyond it? "
                f"Export it again with column names."
            )
    places = _places(columns)
    repeated = [column for column in columns if len(places[column.lower()]) > 1]
    if repeated:
        found = places[repeated[0].lower()]
        given = (
            " with 'rename' of mapping.yaml"
            if any(repeated[0].lower() == new.lower() for names in rename.values() for new in names)
            else ""
        )
        raise DeliveryError(
            f"{name}: the header{given} names column '{repeated[0]}' {_times(len(found))}, as {_as_columns(found)}; names must "
            f"differ. Give each a name of its own by 'rename' in mapping.yaml, or rename the columns in the export."
        )
    reserved = [column for column in columns if column.lower() in RESERVED_NAMES]
    if reserved:
        raise DeliveryError(
            f"{name}: the column name '{reserved[0]}' is reserved. Give it another by 'rename' in mapping.yaml, or in the export."
        )
    return columns


def read_headings(header: Sequence[str]) -> tuple[str, ...]:
    """Take the names from the header, in NFC, without outer blanks and invisible characters.

    A column without a name becomes `unnamed_<place>`.
    """
    return tuple(
        unicodedata.normalize("NFC", strip_invisible(cell)) or f"unnamed_{place}"
        for place, cell in enumerate(header, start=1)
    )


def _renamed(columns: Sequence[str], rename: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Rename columns by their places; a name that no column of this file bears is checked over all files of the source."""
    places = _places(columns)
    renamed = list(columns)
    for heading, names in rename.items():
        found = places.get(heading.lower(), [])
        if found and len(found) != len(names):
            raise DeliveryError(
                f"{name}: the header names column '{heading}' {_times(len(found))}, as {_as_columns(found)}, but 'rename' in "
                f"mapping.yaml gives {len(names)} name{'s' if len(names) > 1 else ''} ({', '.join(names)}). Give one for each, "
                f"in their order, or ask whether the export has changed."
            )
        for place, new in zip(found, names, strict=False):
            renamed[place - 1] = new
    return tuple(renamed)


def _places(columns: Sequence[str]) -> dict[str, list[int]]:
    """List the places of the columns, from 1, by their names without case."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, column in enumerate(columns, start=1):
        places[column.lower()].append(place)
    return places


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _as_columns(places: Sequence[int]) -> str:
    return f"column{'s' if len(places) > 1 else ''} {_listed(places)}"


def _listed(places: Sequence[int]) -> str:
    *others, last = map(str, places)
    return f"{', '.join(others)} and {last}" if others else last
