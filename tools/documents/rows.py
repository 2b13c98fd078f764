"""Put every box of a drawing into a row, below all that feed it, so that no row is wider than a page where that can be."""

from collections.abc import Mapping, Sequence

PAGE = 1300.0
"""Width in pixels that a row may have."""
GAP = 14.0
"""Between two boxes of a row, in pixels."""


def rows_of(names: Sequence[str], arrows: Sequence[tuple[str, str]], *, widths: Mapping[str, float]) -> dict[str, int]:
    """Number each box's row from the top, 0 being the first.

    What nothing feeds stands just above its first reader, or further up where that row is full.

    Args:
        names: the boxes.
        arrows: pairs of the box that is read and the box that reads it, without circles.
        widths: the width of each box, in pixels.
    """
    feeding: dict[str, set[str]] = {name: set() for name in names}
    for start, end in arrows:
        feeding[end].add(start)
    rows: dict[str, int] = {}
    for name in names:
        _below_all(name, feeding, rows)
    sources = [name for name in names if not feeding[name]]
    for name in sources:
        readers = [rows[end] for start, end in arrows if start == name]
        if readers:
            rows[name] = min(readers) - 1
    _move_up(sources, rows, widths)
    first = min(rows.values())
    return {name: row - first for name, row in rows.items()}


def _below_all(name: str, feeding: Mapping[str, set[str]], rows: dict[str, int]) -> int:
    if name not in rows:
        rows[name] = max((_below_all(other, feeding, rows) + 1 for other in sorted(feeding[name])), default=0)
    return rows[name]


def _move_up(sources: Sequence[str], rows: dict[str, int], widths: Mapping[str, float]) -> None:
    """Move sources out of rows that are too wide into the row above, from the last row to the first."""
    row = max(rows.values())
    while row >= min(rows.values()):
        members = [name for name in rows if rows[name] == row]
        movable = sorted(name for name in sources if rows[name] == row)
        while movable and len(members) > 1 and sum(widths[name] + GAP for name in members) > PAGE:
            moved = movable.pop()
            members.remove(moved)
            rows[moved] = row - 1
        row -= 1
