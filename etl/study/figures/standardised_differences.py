"""Love plot: the standardised difference of each row of a table, on one axis."""

from collections.abc import Sequence

import pandas as pd

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import decimal_text, is_number
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, open_page, reference_line
from etl.study.figures.palette import RULE, SOFT_INK, line_style
from etl.study.figures.words import Words

_LABELS = 170.0
_NUMBERS = 80.0
_LARGE = 0.1  # Austin, Stat Med 2009;28:3083: differences above 0.1 are worth a look
_ROW = 18.0


def standardised_differences(
    rows: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "standardised_differences",
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw standardised differences, rows in the order given.

    Args:
        rows: label, value (signed; empty where it cannot be computed).
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, ["label", "value"])

    def paint(words: Words) -> Painting:
        heading = title or words.text("standardised_differences.title")
        if rows.empty:
            return say_missing(words, heading, setting=setting, key="standardised_differences.empty")
        said = [words.text("standardised_differences.how"), *notes]
        return _paint(rows, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, rows[["label", "value"]], setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    labels = [wrap_text(str(label), _LABELS - 6, size=SIZE) for label in rows["label"]]
    heights = [max(_ROW, len(lines) * LINE + 5) for lines in labels]
    plot = sum(heights)
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=plot + 40, notes=notes)
    left, width = MARGIN + _LABELS, INNER - _LABELS - _NUMBERS
    axes = page.axes(left, page.top + 4, width, plot)
    reach = max([0.25, *(abs(float(value)) for value in rows["value"] if is_number(value))]) * 1.1
    axes.set_xlim(-reach, reach)
    axes.set_ylim(plot, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    tick = next(tick for tick in (0.2, 0.5, 1, 2, 5, 10, 1000) if reach < 2.6 * tick)
    axes.set_xticks([-tick, 0, tick], labels=[f"−{tick:g}", "0", f"{tick:g}"])
    axes.axvline(0, color=RULE, linewidth=0.8)
    for side in (-_LARGE, _LARGE):
        reference_line(axes, x=side)
    top = page.top + 4
    style = line_style(0)
    offset = 0.0
    for lines, height, value in zip(labels, heights, rows["value"], strict=True):
        page.lines(MARGIN, top + offset + LINE * 0.95, lines)
        y = offset + LINE * 0.65
        if is_number(value):
            axes.plot([0, value], [y, y], color=style.color, linewidth=1)
            axes.plot([value], [y], marker="o", markersize=6, color=style.color)
        said = decimal_text(value, 3) if is_number(value) else words.text("not_estimable")
        color = style.color if is_number(value) else SOFT_INK
        page.text(MARGIN + INNER, top + offset + LINE * 0.95, said, align="right", color=color)
        offset += height
    page.text(left + width / 2, top + plot + 32, words.text("standardised_differences.x"), align="center")
    parts = [
        f"{label} {decimal_text(value, 3) if is_number(value) else words.text('not_estimable')}"
        for label, value in zip(rows["label"], rows["value"], strict=True)
    ]
    return Painting(page, heading, f"{heading}. {'; '.join(parts)}.")
