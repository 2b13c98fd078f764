"""Step curves over months with bands, censoring ticks, a legend above and the numbers at risk below.

Kaplan-Meier and cumulative incidence are both such curves. A curve is thinned to the picture's pixels before it is
drawn: of 156,600 patients no more can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import count_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page
from etl.study.figures.palette import INK, line_style

Numbers = NDArray[np.float64]

LEFT = 56.0
RIGHT = 24.0
PLOT = 232.0
_SAMPLE = 34.0  # length of a legend's line
_PIXELS = 1200  # of a PNG's width
_MOST_TICKS = 8
_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200)


@dataclass(frozen=True)
class Curve:
    """One curve.

    Attributes:
        label: printed in the legend, with what follows the name.
        time: months, rising; the curve holds its value from each to the next.
        value: 0 to 1.
        low: lower limit, NaN where there is none.
        high: upper limit, NaN where there is none.
        censored_at: months at which somebody was censored.
        at_risk: patients at risk just before each time; empty where no row of numbers is wanted.
        median: months at which the curve reaches one half, for the guide lines; None if it does not.
    """

    label: str
    time: Numbers
    value: Numbers
    low: Numbers
    high: Numbers
    censored_at: Numbers
    at_risk: Numbers
    median: float | None = None


def months_ticks(longest: float) -> list[float]:
    """At most nine regular months from 0 to the longest time."""
    step = next((step for step in _STEPS if longest / step <= _MOST_TICKS), _STEPS[-1])
    return [float(month) for month in range(0, int(longest) + 1, step)]


def thinned(time: Numbers, longest: float) -> NDArray[np.intp]:
    """Places of the first and last step in every pixel; all places where they are few."""
    if len(time) <= _PIXELS:
        return np.arange(len(time))
    pixel = np.floor(time / max(longest, 1e-9) * _PIXELS)
    changes = np.flatnonzero(np.diff(pixel))
    return np.unique(np.concatenate([[0], changes, changes + 1, [len(time) - 1]]))


def numbers_at_risk(curve: Curve, months: Sequence[float]) -> list[int]:
    """Patients at risk at each month: nobody leaves between two steps, so those of the next step."""
    following = np.searchsorted(curve.time, np.asarray(months) - 1e-9, side="left")
    return [int(curve.at_risk[place]) if place < len(curve.time) else 0 for place in following]


def legend_lines(curves: Sequence[Curve]) -> list[list[str]]:
    """The legend's lines, a list for each curve."""
    return [wrap_text(curve.label, INNER - _SAMPLE - 8, size=SIZE) for curve in curves]


def body_height(curves: Sequence[Curve], *, extra: int) -> float:
    """Height of the body: legend, further lines of text, axes, and numbers at risk."""
    legend = sum(len(lines) for lines in legend_lines(curves)) + extra
    at_risk = sum(len(curve.at_risk) > 0 for curve in curves)
    return legend * LINE + 26 + PLOT + 36 + (at_risk * LINE + LINE + 4 if at_risk else 0)


def draw_curves(
    page: Page,
    curves: Sequence[Curve],
    *,
    y_label: str,
    x_label: str,
    at_risk_label: str,
    sentences: Sequence[str] = (),
    is_halved: bool = False,
) -> Axes:
    """Draw curves into the body of a page whose height is `body_height`.

    Args:
        page: the page.
        curves: at least one.
        y_label: printed above the axes.
        x_label: printed below the axes.
        at_risk_label: heading of the numbers at risk.
        sentences: lines between legend and axes, such as the p value.
        is_halved: draws lines to the medians.
    """
    y = _draw_legend(page, curves)
    page.lines(MARGIN, y, sentences)
    top = y + len(sentences) * LINE + 14
    page.text(MARGIN, top - 8, y_label)
    # A hundredth more, or the last step lies on the edge.
    longest = max(max((float(curve.time[-1]) for curve in curves), default=0.0), 1e-3) * 1.01
    axes = page.axes(LEFT, top + 2, 432 - LEFT - RIGHT, PLOT)
    ticks = months_ticks(longest)
    axes.set_xlim(0, longest)
    axes.set_xticks(ticks)
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], labels=["0", "25", "50", "75", "100"])
    for place, curve in enumerate(curves):
        _draw_curve(axes, curve, place, longest=longest)
        if is_halved and curve.median is not None:
            axes.plot([0, curve.median, curve.median], [0.5, 0.5, 0], color=INK, linewidth=0.6, linestyle=(0, (1, 2)))
    below = top + 2 + PLOT
    page.text(LEFT + (432 - LEFT - RIGHT) / 2, below + 30, x_label, align="center")
    _draw_at_risk(page, curves, ticks=ticks, longest=longest, top=below + 36, label=at_risk_label)
    return axes


def _draw_legend(page: Page, curves: Sequence[Curve]) -> float:
    """Draw samples and labels; return where the next line of text stands."""
    y = page.top + LINE * 0.8
    for place, lines in enumerate(legend_lines(curves)):
        page.rule((MARGIN, MARGIN + _SAMPLE), (y - 3.5, y - 3.5), style=line_style(place))
        page.lines(MARGIN + _SAMPLE + 8, y, lines)
        y += len(lines) * LINE
    return y


def _draw_curve(axes: Axes, curve: Curve, place: int, *, longest: float) -> None:
    style = line_style(place)
    kept = thinned(curve.time, longest)
    time, value = curve.time[kept], curve.value[kept]
    axes.step(time, value, where="post", color=style.color, linestyle=style.line, linewidth=1.5)
    low, high = curve.low[kept], curve.high[kept]
    if np.isfinite(low).any():
        axes.fill_between(time, low, high, step="post", color=style.color, alpha=0.15, linewidth=0)
    ticks = curve.censored_at[_spaced(curve.censored_at, longest)]
    if len(ticks):
        heights = curve.value[np.searchsorted(curve.time, ticks, side="right") - 1]
        axes.plot(ticks, heights, linestyle="none", marker="|", markersize=5, markeredgewidth=0.8, color=style.color)


def _spaced(times: Numbers, longest: float) -> NDArray[np.intp]:
    """Places of one time in every two pixels: ticks nearer than that are one blot."""
    return np.unique(np.floor(times / max(longest, 1e-9) * (_PIXELS / 2)), return_index=True)[1]


def _draw_at_risk(
    page: Page, curves: Sequence[Curve], *, ticks: Sequence[float], longest: float, top: float, label: str
) -> None:
    rows = [(place, curve) for place, curve in enumerate(curves) if len(curve.at_risk)]
    if not rows:
        return
    page.text(MARGIN, top + LINE * 0.8, label, is_bold=True)
    for row, (place, curve) in enumerate(rows):
        y = top + LINE * (row + 1.8) + 2
        page.rule((MARGIN - 2, MARGIN + 18), (y - 3.5, y - 3.5), style=line_style(place))
        for month, number in zip(ticks, numbers_at_risk(curve, ticks), strict=True):
            x = LEFT + month / longest * (432 - LEFT - RIGHT)
            page.text(x, y, count_text(number), align="center")
