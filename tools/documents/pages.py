"""The pages that are generated from the program: commands, exit codes, settings, options, decisions, tables and drawings."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.documents.commands import render_commands, render_exit_codes, render_settings
from tools.documents.decisions import render_decisions
from tools.documents.options import render_options
from tools.documents.table_map import DRAWINGS, draw_areas, render_tables
from tools.documents.way import draw_way

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": render_commands,
    "reference/exit_codes.md": render_exit_codes,
    "reference/settings.md": render_settings,
    "reference/options.md": render_options,
    "explanation/tables.md": render_tables,
    "explanation/decisions/index.md": render_decisions,
    "explanation/way_of_the_data.svg": draw_way,
}
"""Each generated page, and the drawing of the way of the data, by its path under docs/."""


def write_pages() -> None:
    """Write every generated page and drawing; remove the drawings of areas that are gone."""
    for path, text in rendered().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, encoding="utf-8")
    for drawing in stray_drawings():
        drawing.unlink()


def rendered() -> dict[str, str]:
    """Render every generated page and drawing, by its path under docs/."""
    pages = {path: render() for path, render in PAGES.items()}
    return pages | {f"explanation/{DRAWINGS}/{name}.svg": text for name, text in draw_areas().items()}


def stray_drawings() -> list[Path]:
    """List the drawings whose area is gone."""
    areas = draw_areas()
    return sorted(path for path in (DOCS / "explanation" / DRAWINGS).glob("*.svg") if path.stem not in areas)
