"""Which table feeds which: read from the SQL of the views, listed and drawn by clinical area."""

from collections.abc import Iterable, Sized

from tools.documents.areas import AREAS, area_of
from tools.documents.drawing import Box, draw
from warehouse.model.schemas import STEPS
from warehouse.views.refresh import View, order_views, read_views

DRAWINGS = "tables"
"""The folder of the drawings, next to the page."""
NOT_DRAWN = ("reference",)
"""Schemas that nearly every view reads; the list has them, the drawings do not."""


def render_tables() -> str:
    """Render the page: a drawing for each area, then each of its tables with what it reads and what reads it."""
    views = order_views(read_views())
    about = (
        "Rendered from the SQL files under `warehouse/views` by `make docs`; not to be edited here. Each file is one SELECT and "
        "becomes one table. A drawing has an area's tables as boxes with a full border, from top to bottom in the order in which "
        "they are built; a dashed border marks what comes from elsewhere. What is shaded is a step towards other tables, in a "
        f"schema of its own ({_names(sorted(STEPS))}): nobody need open it. `reference.*` is left out of the drawings. "
        f"{len(views)} tables, {sum(len(view.reads) for view in views)} arrows between them."
    )
    parts = ["# Which table feeds which", about]
    parts.append(
        "\n".join(f"- [{AREAS[area]}](#{_slug(area)}): {_count(_members(views, area))}" for area in _present(views))
    )
    for area in _present(views):
        parts += [f"## {AREAS[area]}", f"![Which table feeds which: {AREAS[area].lower()}]({DRAWINGS}/{area}.svg)"]
        parts.append(_list(_members(views, area), views))
    return "\n\n".join(parts) + "\n"


def draw_areas() -> dict[str, str]:
    """Draw every area as SVG, by the area's name."""
    views = order_views(read_views())
    return {area: _draw_area(_members(views, area), area) for area in _present(views)}


def _draw_area(members: Iterable[View], area: str) -> str:
    own = {view.name: view for view in members}
    arrows = [
        (read, view.name)
        for view in own.values()
        for read in sorted(_reads(view))
        if read.partition(".")[0] not in NOT_DRAWN
    ]
    outside = sorted({read for read, _ in arrows} - own.keys())
    boxes = [_box(name, is_own=False) for name in outside] + [_box(name, is_own=True) for name in own]
    return draw(boxes, arrows, title=f"Which table feeds which: {AREAS[area].lower()}")


def _box(name: str, *, is_own: bool) -> Box:
    return Box(name, is_own=is_own, is_step=name.partition(".")[0] in STEPS)


def _list(members: Iterable[View], views: Iterable[View]) -> str:
    lines = ["| table | reads | is read by |", "|---|---|---|"]
    for view in sorted(members, key=lambda view: view.name):
        readers = sorted(other.name for other in views if view.name in other.reads)
        lines.append(f"| `{view.name}` | {_names(sorted(_reads(view)))} | {_names(readers)} |")
    return "\n".join(lines)


def _reads(view: View) -> set[str]:
    """Name what a view reads; the parser quotes names that are words of SQL."""
    return {name.replace('"', "") for name in (*view.reads, *view.reads_of_others)}


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _members(views: Iterable[View], area: str) -> list[View]:
    return [view for view in views if area_of(view) == area]


def _count(members: Sized) -> str:
    return "1 table" if len(members) == 1 else f"{len(members)} tables"


def _present(views: Iterable[View]) -> list[str]:
    found = {area_of(view) for view in views}
    return [area for area in AREAS if area in found]


def _slug(area: str) -> str:
    return AREAS[area].lower().replace(" ", "-")
