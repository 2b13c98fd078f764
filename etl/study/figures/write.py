"""Write a drawing as SVG, PNG and CSV; the same drawing gives the same bytes."""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
from matplotlib.figure import Figure

from etl.study.figures.drawing import Drawing
from etl.study.figures.fonts import SVG_FAMILIES, fixed_settings
from etl.study.figures.measure import clean_text
from warehouse.file.whole_file import write_whole

DOTS_PER_INCH = 200


@dataclass(frozen=True)
class Written:
    """The files of a drawing.

    Attributes:
        svg: text stays text in it, and its fonts are a list that works on every system.
        png: 1,200 pixels wide.
        csv: the data, UTF-8 with a header.
        notes: plain sentences on what could not be drawn as asked.
    """

    svg: Path
    png: Path
    csv: Path
    notes: tuple[str, ...]


def write_drawing(drawing: Drawing, folder: Path) -> Written:
    """Write NAME.svg, NAME.png and NAME.csv into a folder, which is made if it is not there; each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{drawing.name}.{suffix}" for suffix in ("svg", "png", "csv")]
    write_whole(files[0], f'<?xml version="1.0" encoding="utf-8"?>\n{svg_markup(drawing)}')
    png, undrawn = _saved(drawing.raster, drawing.name, "png")
    write_whole(files[1], png)
    write_whole(files[2], _csv_text(drawing.data))
    return Written(files[0], files[1], files[2], (*drawing.notes, *undrawn))


def svg_markup(drawing: Drawing) -> str:
    """The `<svg>` element, to stand in a page next to others: its identifiers begin with the drawing's name."""
    svg, _ = _saved(drawing.figure, drawing.name, "svg")
    text = svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"'DejaVu Sans'(?:, '[^']+')*", SVG_FAMILIES, text)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\1{drawing.name}-", text)
    opening, body = text.split(">", 1)
    return (
        f'{opening} role="img" aria-labelledby="{drawing.name}-title {drawing.name}-desc" lang="{drawing.language}">\n'
        f' <title id="{drawing.name}-title">{escape(clean_text(drawing.title))}</title>\n'
        f' <desc id="{drawing.name}-desc">{escape(clean_text(drawing.alt_text))}</desc>{body}'
    )


def _saved(figure: Figure, salt: str, kind: str) -> tuple[bytes, list[str]]:
    """The bytes of a picture, and notes on characters that no installed font has."""
    metadata = {"svg": {"Date": None, "Creator": None, "Format": None, "Type": None}, "png": {"Software": None}}
    buffer = io.BytesIO()
    with warnings.catch_warnings(record=True) as caught, fixed_settings(salt):
        warnings.simplefilter("always")
        figure.savefig(buffer, format=kind, dpi=DOTS_PER_INCH if kind == "png" else 72, metadata=metadata[kind])
    others = [warning for warning in caught if "missing from font" not in str(warning.message)]
    for warning in others:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    note = ["The PNG lacks some characters: no installed font has them."]
    return buffer.getvalue(), note if len(others) < len(caught) else []


def _csv_text(data: pd.DataFrame) -> str:
    return str(data.to_csv(index=False, lineterminator="\n", float_format="%.10g"))
