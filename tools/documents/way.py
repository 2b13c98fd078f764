"""Draw the way of the data: the README's diagram as SVG, which is shown without a script."""

import re
from pathlib import Path

from tools.documents.drawing import Box, draw

README = Path(__file__).parents[2] / "README.md"
NODE = re.compile(r'(\w+)\[/?"([^"]+)"/?\]')
ARROW = re.compile(r"(\w+) (?:-->|-\. \"[^\"]*\" \.->|-\. [^.]* \.->) (\w+)")


def draw_way() -> str:
    """Draw the steps from a delivery to reports; what is read and written at the ends has a dashed border."""
    diagram = README.read_text(encoding="utf-8").partition("```mermaid\n")[2].partition("```")[0]
    titles = {name: _one_line(title) for name, title in NODE.findall(diagram)}
    ends = set(re.findall(r"(\w+)\[/", diagram))
    arrows = [(titles[start], titles[end]) for start, end in ARROW.findall(NODE.sub(r"\1", diagram))]
    boxes = [Box(title, is_own=name not in ends) for name, title in titles.items()]
    return draw(boxes, arrows, title="The way of the data, from a delivery to reports")


def _one_line(title: str) -> str:
    """Write a step and what it uses on one line; files alone are a list."""
    first, *rest = [line.rstrip(":") for line in title.split("<br>")]
    return (", " if "/" in first else ": ").join([first, *([", ".join(rest)] if rest else [])])
