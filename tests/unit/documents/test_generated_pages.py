"""The pages that the program renders are current, and hold every command, option, setting, exit code and table once."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from support.csv_rows import read_csv_rows

from etl.cli import COMMANDS
from etl.commands.failures import exit_code_lines
from etl.settings import Settings
from tools.documents.areas import AREAS, area_of
from tools.documents.drawing import Box, draw
from tools.documents.pages import DOCS, PAGES, rendered, stray_drawings
from tools.documents.table_map import draw_areas, render_tables
from warehouse.model.schemas import SCHEMAS
from warehouse.reference.load import REFERENCE
from warehouse.views.refresh import read_views

RENDERED = rendered()
VIEWS = read_views()


@pytest.mark.parametrize("path", RENDERED)
def test_the_page_is_current(path: str) -> None:
    assert (DOCS / path).read_text(encoding="utf-8") == RENDERED[path], "run `make docs`"


def test_no_drawing_of_an_area_that_is_gone_is_left() -> None:
    assert stray_drawings() == []


def test_every_command_has_its_section_once() -> None:
    headings = re.findall(r"^## (.*)$", RENDERED["reference/commands.md"], flags=re.MULTILINE)
    assert headings == list(COMMANDS)


def test_every_code_setting_and_option_is_a_row() -> None:
    codes = re.findall(r"^\| (\d+) \|", RENDERED["reference/exit_codes.md"], flags=re.MULTILINE)
    assert codes == [line.partition(":")[0] for line in exit_code_lines()]
    settings = re.findall(r"^\| `(\w+)` \|", RENDERED["reference/settings.md"], flags=re.MULTILINE)
    assert settings == list(Settings.model_fields)
    options = re.findall(r"^\| `(\w+)` \|", RENDERED["reference/options.md"], flags=re.MULTILINE)
    assert options == [row["name"] for row in read_csv_rows(REFERENCE / "study_option.csv")]


def test_every_option_links_its_page_of_rules() -> None:
    rows = re.findall(r"^\| `\w+` \|.*$", RENDERED["reference/options.md"], flags=re.MULTILINE)
    assert [row for row in rows if "](rules/" not in row] == []


def test_every_table_is_listed_and_drawn_in_one_area() -> None:
    listed = re.findall(r"^\| `([\w.]+)` \|", render_tables(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(view.name for view in VIEWS)
    for area, drawing in draw_areas().items():
        drawn = re.findall(r'<rect( class="[^"]+")? x="[^"]+" [^>]*rx="3"/><text[^>]*>([\w.]+)<', drawing)
        own = [name for kind, name in drawn if "elsewhere" not in kind]
        assert {name for kind, name in drawn if "step" in kind} == {name for _, name in drawn if "_step." in name}
        assert sorted(own) == sorted(view.name for view in VIEWS if area_of(view) == area)
        assert area in AREAS


def test_a_view_of_no_area_is_named() -> None:
    view = replace(VIEWS[0], path=Path("warehouse/views/clinical/nowhere/albi.sql"))
    with pytest.raises(LookupError, match=r"nowhere/albi\.sql: its folder is the area of no table"):
        area_of(view)


def test_a_drawing_puts_what_is_read_above_its_readers() -> None:
    boxes = [Box("first", is_own=False), Box("second", is_own=True), Box("third", is_own=True)]
    drawing = draw(boxes, [("first", "second"), ("second", "third"), ("first", "third")], title="A & B")
    height = {name: float(y) for y, name in re.findall(r'<text x="[^"]+" y="([^"]+)">(\w+)<', drawing)}
    assert height["first"] < height["second"] < height["third"]
    assert drawing.count('marker-end="url(#tip)"') == 3
    assert "<title>A &amp; B</title>" in drawing
    assert draw(boxes, [("first", "second"), ("second", "third"), ("first", "third")], title="A & B") == drawing


def test_pages_say_that_they_are_rendered() -> None:
    pages = [path for path in PAGES if path.endswith(".md")]
    assert [path for path in pages if "Rendered from " not in RENDERED[path].partition("\n\n")[2][:200]] == []


def test_the_architecture_describes_every_schema() -> None:
    page = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\w+)` \|", page.partition("## Schemas of the warehouse")[2], flags=re.MULTILINE)
    assert sorted(described) == sorted(SCHEMAS)
