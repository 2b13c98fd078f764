"""Calibration of a model: observed against predicted risk, by groups of predicted risk."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import count_text, decimal_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, WIDTH, open_page
from etl.study.figures.palette import RULE, line_style
from etl.study.figures.words import Words

_COLUMNS = ("predicted", "observed", "low", "high")
_SIDE = 300.0
_LEFT = 48.0


def calibration(
    groups: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "calibration",
    title: str | None = None,
    sentences: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw observed against predicted risk.

    Args:
        groups: one row a group, usually tenths: predicted (mean), observed, low, high, all 0 to 1.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        sentences: printed above the axes, such as slope and intercept.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(groups, _COLUMNS)
    rows = groups[list(_COLUMNS)].astype("float64")

    def paint(words: Words) -> Painting:
        heading = title or words.text("calibration.title")
        drawn = rows[rows["predicted"].notna() & rows["observed"].notna()].sort_values("predicted", kind="stable")
        if drawn.empty:
            return say_missing(words, heading, setting=setting, key="calibration.empty")
        left_out = len(rows) - len(drawn)
        said = [words.text("calibration.how"), *notes]
        if left_out:
            said.append(words.text("calibration.left_out", groups=count_text(left_out)))
        return _paint(drawn, words, heading=heading, setting=setting, sentences=sentences, notes=said)

    return make_drawing(name, rows, setting=setting, paint=paint)


def _paint(
    rows: pd.DataFrame,
    words: Words,
    *,
    heading: str,
    setting: Setting,
    sentences: Sequence[str],
    notes: Sequence[str],
) -> Painting:
    lines = [line for sentence in sentences for line in wrap_text(sentence, INNER, size=SIZE)]
    body = len(lines) * LINE + 24 + _SIDE + 36
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=notes)
    page.lines(MARGIN, page.top + LINE * 0.8, lines)
    top = page.top + len(lines) * LINE + 24
    page.text(MARGIN, top - 10, words.text("calibration.y"))
    axes = page.axes(_LEFT, top, WIDTH - _LEFT - 24, _SIDE)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xticks(ticks, labels=[f"{100 * tick:g}" for tick in ticks])
    axes.set_yticks(ticks, labels=[f"{100 * tick:g}" for tick in ticks])
    axes.plot([0, 1], [0, 1], color=RULE, linewidth=1, linestyle=(0, (4, 2)))
    style = line_style(0)
    predicted, observed, low, high = (rows[column].to_numpy(dtype=np.float64) for column in _COLUMNS)
    has_limits = np.isfinite(low) & np.isfinite(high)
    axes.vlines(predicted[has_limits], low[has_limits], high[has_limits], color=style.color, linewidth=1.4)
    axes.plot(predicted, observed, color=style.color, linewidth=0.8, marker="o", markersize=6)
    page.text(_LEFT + (WIDTH - _LEFT - 24) / 2, top + _SIDE + 30, words.text("calibration.x"), align="center")
    points = "; ".join(
        f"{decimal_text(100 * one)} → {decimal_text(100 * other)}"
        for one, other in zip(predicted, observed, strict=True)
    )
    return Painting(page, heading, f"{heading}. {words.text('calibration.alt')}: {points}.")
