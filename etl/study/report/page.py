"""Render the report as one self-contained page: no network, no script, every word escaped."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etl.report.load.render import TEMPLATES as SHARED
from etl.study.report.document import Column, Document, Figure, Link, Number, Part, Quiet, Sourced

TEMPLATES = Path(__file__).with_name("templates")
STYLES = (SHARED / "report.css", TEMPLATES / "study.css")
"""The colours and the frame of the hospital reports, and what the study's page adds."""

_SEEN = Markup('<data value="{}" data-result="{}"{}>{}</data>')
_OTHER = Markup('<data value="{}" data-source="{}">{}</data>')


def render_page(document: Document) -> str:
    """Render the page."""
    return _environment().get_template("study.html").render(document=document)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"part": _show_part, "kind": lambda block: type(block).__name__, "svg": _inline}
    environment.globals["overs"] = _overs
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    environment.globals["style"] = Markup(sheets)  # noqa: S704  # our own files
    return environment


def _show_part(part: Part) -> Markup:
    """A part as HTML; a result names the row that it was read from."""
    if isinstance(part, Number):
        raw = "" if part.raw_value is None else repr(part.raw_value)
        hint = Markup(' title="{}"').format(part.note) if part.note else Markup("")
        return _SEEN.format(raw, part.result_id, hint, part.shown)
    if isinstance(part, Sourced):
        return _OTHER.format(part.value, part.source, part.shown)
    if isinstance(part, Link):
        return Markup('<a href="{}">{}</a>').format(part.target, part.shown)
    if isinstance(part, Quiet):
        return Markup('<span class="soft small">{}</span>').format(part.shown)
    return Markup("{}").format(part)


def _inline(figure: Figure) -> Markup:
    """The SVG of a figure, made by our own code, which escapes every label."""
    return Markup(figure.svg)  # noqa: S704


def _overs(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """The shared headings with the number of columns below each; nothing when no column has one."""
    if not any(column.over for column in columns):
        return []
    return [(over, len(list(group))) for over, group in groupby(columns, key=lambda column: column.over)]
