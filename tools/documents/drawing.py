"""Draw boxes and arrows as SVG: a row for each step, from top to bottom, with few crossings; the same for the same input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tools.documents.rows import GAP, rows_of

LETTER = 6.7
"""Width of a letter of the monospaced font, in pixels."""
BOX_HEIGHT, STEP, MARGIN = 22, 62, 12
SWEEPS = 8
"""How often the items of every row are put in the order of their neighbours."""

STYLE = """
text { font: 11px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1f2933; }
rect { fill: #ffffff; stroke: #486581; }
rect.elsewhere { stroke: #9fb3c8; stroke-dasharray: 4 3; }
rect.step { fill: #f7ecd0; }
path { fill: none; stroke: #829ab1; }
"""
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<polygon points="0,0 8,4 0,8" fill="#829ab1"/></marker></defs>'
)


@dataclass(frozen=True)
class Box:
    """A table; `is_own` when it is one of the drawing's area, `is_step` when it is a step towards others."""

    name: str
    is_own: bool
    is_step: bool = False


@dataclass(frozen=True)
class Item:
    """What has a place in a row: a box, or the line that a box's arrows share on their way past the row."""

    name: str
    row: int
    is_box: bool
    width: float


@dataclass(frozen=True)
class Place:
    """The middle of an item's upper edge."""

    x: float
    y: int


def draw(boxes: Sequence[Box], arrows: Sequence[tuple[str, str]], *, title: str) -> str:
    """Draw tables and which feeds which.

    Args:
        boxes: every table that an arrow names.
        arrows: pairs of the table that is read and the table that reads it, without circles.
        title: what the drawing shows, for those who cannot see it.
    """
    steps = rows_of([box.name for box in boxes], arrows, widths={box.name: _width(box) for box in boxes})
    items = _items(boxes, arrows, steps)
    joined = _join(arrows, steps, items)
    rows = [[item for item in items.values() if item.row == row] for row in range(max(steps.values()) + 1)]
    _order(rows, joined)
    widths = [sum(item.width for item in row) + GAP * (len(row) - 1) for row in rows]
    width, height = max(widths) + 2 * MARGIN, (len(rows) - 1) * STEP + BOX_HEIGHT + 2 * MARGIN
    places = _places(rows, widths, width)
    size = f'width="{width:.0f}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" {size}>',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        TIP,
        f'<rect x="0" y="0" {size} style="fill:#fff;stroke:none"/>',
        *(_line(places[start], places[end], has_tip=end.is_box) for start, end in joined),
        *(_pass(places[item]) for row in rows for item in row if not item.is_box),
        *(_box(box, items[box.name, steps[box.name]], places) for box in boxes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _items(
    boxes: Sequence[Box], arrows: Sequence[tuple[str, str]], steps: Mapping[str, int]
) -> dict[tuple[str, int], Item]:
    """Make the boxes' items, and one for each row that arrows of a box pass, by name and row."""
    items = {}
    for box in boxes:
        row = steps[box.name]
        items[box.name, row] = Item(box.name, row, is_box=True, width=_width(box))
        last = max((steps[end] for start, end in arrows if start == box.name), default=row)
        for passed in range(row + 1, last):
            items[box.name, passed] = Item(box.name, passed, is_box=False, width=4)
    return items


def _width(box: Box) -> float:
    return round(len(box.name) * LETTER + 16, 1)


def _join(
    arrows: Sequence[tuple[str, str]], steps: Mapping[str, int], items: Mapping[tuple[str, int], Item]
) -> list[tuple[Item, Item]]:
    """Break every arrow into pieces from row to row; arrows of one box share theirs."""
    pieces = {}
    for start, end in arrows:
        for row in range(steps[start], steps[end] - 1):
            pieces[items[start, row], items[start, row + 1]] = True
        pieces[items[start, steps[end] - 1], items[end, steps[end]]] = True
    return list(pieces)


def _order(rows: Sequence[list[Item]], joined: Sequence[tuple[Item, Item]]) -> None:
    """Put each row's items where the items are that they are joined with."""
    neighbours: dict[Item, list[Item]] = {item: [] for row in rows for item in row}
    for start, end in joined:
        neighbours[start].append(end)
        neighbours[end].append(start)
    place = {item: (number + 0.5) / len(row) for row in rows for number, item in enumerate(row)}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = {}
            for item in row:
                near = [place[other] for other in neighbours[item]] or [place[item]]
                wanted[item] = (round(sum(near) / len(near), 9), item.name)
            row.sort(key=wanted.__getitem__)
            place |= {item: (number + 0.5) / len(row) for number, item in enumerate(row)}


def _places(rows: Sequence[Sequence[Item]], widths: Sequence[float], width: float) -> dict[Item, Place]:
    places = {}
    for number, row in enumerate(rows):
        left = (width - widths[number]) / 2
        for item in row:
            places[item] = Place(left + item.width / 2, MARGIN + number * STEP)
            left += item.width + GAP
    return places


def _line(start: Place, end: Place, *, has_tip: bool) -> str:
    y = start.y + BOX_HEIGHT
    bend = (y + end.y) / 2
    tip = ' marker-end="url(#tip)"' if has_tip else ""
    return f'<path d="M{start.x:.1f},{y} C{start.x:.1f},{bend:.1f} {end.x:.1f},{bend:.1f} {end.x:.1f},{end.y}"{tip}/>'


def _pass(place: Place) -> str:
    return f'<path d="M{place.x:.1f},{place.y} V{place.y + BOX_HEIGHT}"/>'


def _box(box: Box, item: Item, places: Mapping[Item, Place]) -> str:
    place = places[item]
    kinds = [*(["step"] if box.is_step else []), *([] if box.is_own else ["elsewhere"])]
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    left = place.x - item.width / 2
    return (
        f'<rect{kind} x="{left:.1f}" y="{place.y}" width="{item.width:.1f}" height="{BOX_HEIGHT}" rx="3"/>'
        f'<text x="{left + 8:.1f}" y="{place.y + 15}">{escape(box.name)}</text>'
    )
