"""The lanes of a patient's time line, each drawn into axes of its own."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from etl.study.figures.measure import text_width
from etl.study.figures.number_text import decimal_text
from etl.study.figures.page import INNER, MARGIN, SIZE, Page, write_in
from etl.study.figures.palette import GRADE_FILLS, INK, RESPONSE_INKS, known_response, line_style
from etl.study.figures.words import Words

LEFT = 56.0
WIDTH = MARGIN + INNER - LEFT
ITEM = 26.0  # an item of a list: its text above its bar
SCAN_ROWS = ("CR", "PR", "SD", "PD", "–")
_PLAIN = "#9fc3e3"
_SCAN_ROW = {"CR": 0, "PR": 1, "SD": 2, "IR/SD": 2, "PD": 3}
_LOG_FROM = 10.0  # laboratory values that differ more than tenfold get a log axis


@dataclass(frozen=True)
class Lane:
    """One lane.

    Attributes:
        kind: follow_up, dose, treatment, scan, adverse_event or lab.
        heading: printed above it.
        rows: the events drawn in it.
        height: of its axes in points.
    """

    kind: str
    heading: str
    rows: pd.DataFrame
    height: float


@dataclass(frozen=True)
class Place:
    """Where a lane is drawn: the axes and the months that they show."""

    page: Page
    axes: Axes
    words: Words
    first: float
    last: float

    def points(self, months: float) -> float:
        """Distance of a month from the left edge of the axes."""
        return (months - self.first) / (self.last - self.first) * WIDTH

    def months(self, points: float) -> float:
        """How many months a distance is."""
        return points / WIDTH * (self.last - self.first)


def draw_lane(place: Place, lane: Lane) -> None:
    """Draw the events of a lane."""
    _DRAW[lane.kind](place, lane)


def _draw_follow_up(place: Place, lane: Lane) -> None:
    axes = place.axes
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    end = lane.rows.sort_values("start", kind="stable").iloc[-1]
    died = end["kind"] == "death"
    axes.plot([0, end["start"]], [0.5, 0.5], color=INK, linewidth=1.6)
    axes.plot([end["start"]], [0.5], marker="X" if died else ">", color=INK, markersize=8, clip_on=False)
    key = "time_line.death" if died else "time_line.last_contact"
    # On the line of the heading: never over the marks.
    top = place.page.height * (1 - float(axes.get_position().y1))
    place.page.text(
        MARGIN + INNER, top - 8, place.words.text(key, months=decimal_text(float(end["start"]))), align="right"
    )


def _draw_dose(place: Place, lane: Lane) -> None:
    highest = max(float(lane.rows["value"].max()), 1.0)
    place.axes.set_ylim(0, highest * 1.1)
    place.axes.set_yticks([0.0, highest / 2, highest], labels=["0", f"{highest / 2:g}", f"{highest:g}"])
    start, stop = _bounds(lane.rows)
    place.axes.bar(
        start, lane.rows["value"], width=stop - start, align="edge", color=_PLAIN, edgecolor=INK, linewidth=0.7
    )


def _draw_items(place: Place, lane: Lane) -> None:
    """A bar for each item, its text above it: from its start if there is room, else up to the right edge."""
    axes = place.axes
    axes.set_ylim(lane.height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    start, stop = _bounds(lane.rows)
    for at, row in enumerate(lane.rows.itertuples()):
        is_event = lane.kind == "adverse_event"
        grade = "" if not is_event or pd.isna(row.value) else str(int(row.value))
        fill = GRADE_FILLS.get(grade, GRADE_FILLS["unknown"]) if is_event else None
        text = place.words.text("time_line.graded", event=row.label, grade=grade) if grade else str(row.label)
        left = min(max(place.points(start[at]), 2.0), max(2.0, WIDTH - text_width(text, SIZE) - 3))
        write_in(axes, place.first + place.months(left), at * ITEM + 8, text)
        axes.barh(
            at * ITEM + 19,
            max(stop[at] - start[at], place.months(3)),
            left=start[at],
            height=7,
            color=fill.color if fill else _PLAIN,
            hatch=fill.hatch if fill else "",
            edgecolor=INK,
            linewidth=0.7,
        )


def _draw_scans(place: Place, lane: Lane) -> None:
    """A row for each response, so that the marks are read without colour; a scan without one is in the last."""
    place.axes.set_ylim(len(SCAN_ROWS) - 0.4, -0.6)
    place.axes.set_yticks(range(len(SCAN_ROWS)), labels=list(SCAN_ROWS))
    for row in lane.rows.itertuples():
        response = known_response(row.label)
        style = RESPONSE_INKS[response]
        at = _SCAN_ROW.get(response, len(SCAN_ROWS) - 1)
        place.axes.plot([row.start], [at], marker=style.marker, color=style.color, markersize=7)


def _draw_lab(place: Place, lane: Lane) -> None:
    axes = place.axes
    style = line_style(0)
    values = lane.rows["value"].to_numpy(dtype=np.float64)
    axes.plot(lane.rows["start"], values, color=style.color, marker="o", markersize=4, linewidth=1)
    lowest, highest = float(values.min()), float(values.max())
    if lowest > 0 and highest / lowest > _LOG_FROM:
        axes.set_yscale("log")
        low, high = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
        ticks = [10.0**power for power in range(low, high + 1, max(1, math.ceil((high - low) / 3)))]
        axes.set_ylim(10.0**low / 1.2, 10.0**high * 1.2)
    else:
        ticks = [lowest, highest] if highest > lowest else [lowest]
        room = 0.15 * (highest - lowest) or max(1.0, abs(highest))
        axes.set_ylim(lowest - room, highest + room)
    axes.minorticks_off()
    axes.set_yticks(ticks, labels=[f"{tick:,.0f}" if tick >= _LOG_FROM else f"{tick:.3g}" for tick in ticks])


_DRAW = {
    "follow_up": _draw_follow_up,
    "dose": _draw_dose,
    "treatment": _draw_items,
    "scan": _draw_scans,
    "adverse_event": _draw_items,
    "lab": _draw_lab,
}


def _bounds(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Start and end; what has no end is a moment."""
    start = rows["start"].to_numpy(dtype=np.float64)
    end = rows["end"].to_numpy(dtype=np.float64)
    return start, np.where(np.isnan(end), start, end)
