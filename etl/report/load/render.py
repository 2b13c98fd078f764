"""Render a report as one self-contained page: no network, no script, everything from a hospital escaped."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from etl.report.load import sections
from etl.report.load.collect import Report
from etl.report.sentences import name_unseen, show_text

TEMPLATES = Path(__file__).parents[1] / "templates"


def render_report(report: Report) -> str:
    """Render the page: its frame, and in it every section by its own template."""
    return make_environment("report.css").get_template("report.html").render(report=report)


@cache
def make_environment(*styles: str) -> Environment:
    """Make what renders pages: everything is escaped, a name that is not there is an error, `style` is the sheets.

    It is made once in a process, for compiling a page's template takes longer than filling it.
    """
    environment = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(TEMPLATES), PrefixLoader({"sections": FileSystemLoader(list(sections.__path__))})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "n": lambda number: f"{number:,}",
        "percent": show_percent,
        "size": show_size,
        "time": show_time,
        "seen": show_text,
        "whole": name_unseen,
        "words": lambda name: str(name).replace("_", " "),
        "skyline": draw_skyline,
    }
    sheets = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in styles)
    environment.globals["style"] = Markup(sheets)  # noqa: S704  # our own files
    return environment


def show_percent(number: float) -> str:
    """Write a share; never round something to nothing, nor nearly all to all."""
    if 0 < number < 0.1:  # noqa: PLR2004
        return "< 0.1 %"
    if 99.9 < number < 100:  # noqa: PLR2004
        return "> 99.9 %"
    return f"{number:.1f} %" if number % 1 else f"{number:.0f} %"


def show_size(size_bytes: int) -> str:
    """Write a file's size in the unit that suits it."""
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def show_time(moment: dt.datetime | None) -> str:
    """Write a moment of the audit tables, which are in UTC."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def draw_skyline(counts: Sequence[int]) -> Markup:
    """Draw a histogram as one path of an SVG that stretches to its box; made of numbers only."""
    highest = max(counts, default=0) or 1
    steps = []
    for number, count in enumerate(counts):
        height = 0 if count == 0 else max(1.5, 60 * count / highest)
        if height:
            steps.append(f"M{number * 10 + 1} 60v-{height:.1f}h8v{height:.1f}z")
    return Markup(
        '<svg class="skyline" viewBox="0 0 {} 60" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/></svg>'
    ).format(len(counts) * 10, "".join(steps))
