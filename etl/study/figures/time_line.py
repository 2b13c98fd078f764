"""Time line of one patient: follow-up, doses, other treatments, scans, adverse events and laboratory values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.curves import months_ticks
from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.number_text import count_text, decimal_text
from etl.study.figures.page import LINE, MARGIN, open_page, reference_line
from etl.study.figures.palette import known_response
from etl.study.figures.time_line_lanes import ITEM, LEFT, SCAN_ROWS, WIDTH, Lane, Place, draw_lane
from etl.study.figures.words import Words

_COLUMNS = ("kind", "start", "end", "label", "value")
_KINDS = ("dose", "treatment", "scan", "adverse_event", "lab", "death", "last_contact")
_MOST_EVENTS = 15
_HEAD = LINE + 5
_LANE_GAP = 10.0


def patient_time_line(
    events: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "time_line",
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw what happened to one patient, in months since the first dose.

    Args:
        events: kind, start and end in months (an empty end for what has a moment, or goes on), label, value:

            - dose: value in mg a day; treatment: label says which
            - scan: label is the response (CR, PR, SD, IR/SD, PD, NE, or empty for the baseline)
            - adverse_event: label is the term, value its grade
            - lab: label is the analyte with its unit, value the result
            - death, last_contact
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing, or a kind is none of these.
    """
    require_columns(events, _COLUMNS)
    others = set(events["kind"].unique()) - set(_KINDS)
    if others:
        raise ValueError(f"A time line has {', '.join(_KINDS)}; not {', '.join(map(str, sorted(others)))}.")
    dated = events[events["start"].notna()].sort_values(["kind", "start"], kind="stable")[list(_COLUMNS)]

    def paint(words: Words) -> Painting:
        heading = title or words.text("time_line.title")
        if dated.empty:
            return say_missing(words, heading, setting=setting, key="time_line.empty")
        undated = len(events) - len(dated)
        said = [words.text("time_line.undated", events=count_text(undated)), *notes] if undated else notes
        return _paint(dated, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, dated, setting=setting, paint=paint)


def _paint(events: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    times = events[["start", "end"]].astype("float64").to_numpy().ravel()
    first, last = min(0.0, float(np.nanmin(times))), max(float(np.nanmax(times)), 1e-3)
    shown = (first - 0.02 * (last - first), last + 0.03 * (last - first))
    lanes, more = _lanes(events, words)
    body = sum(_HEAD + lane.height + _LANE_GAP for lane in lanes) + 34
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=[*notes, *more])
    y = page.top
    for place, lane in enumerate(lanes):
        page.text(MARGIN, y + LINE * 0.8, lane.heading, is_bold=True)
        axes = page.axes(LEFT, y + _HEAD, WIDTH, lane.height)
        axes.set_xlim(*shown)
        draw_lane(Place(page, axes, words, *shown), lane)
        is_last = place + 1 == len(lanes)
        axes.set_xticks(months_ticks(last), labels=None if is_last else [""] * len(months_ticks(last)))
        reference_line(axes, x=0)
        y += _HEAD + lane.height + _LANE_GAP
    page.text(LEFT + WIDTH / 2, y + 22, words.text("months"), align="center")
    return Painting(page, heading, f"{heading}. {_alt_text(lanes, last, words)}")


def _lanes(events: pd.DataFrame, words: Words) -> tuple[list[Lane], list[str]]:
    """The lanes that have something to show, and notes on what does not fit them."""
    parts = {kind: events[events["kind"] == kind] for kind in _KINDS}
    ends = events[events["kind"].isin(["death", "last_contact"])]
    lanes = [Lane("follow_up", words.text("time_line.follow_up"), ends, 18.0)] if len(ends) else []
    doses = parts["dose"][parts["dose"]["value"].notna()]
    if len(doses):
        lanes.append(Lane("dose", words.text("time_line.dose"), doses, 48.0))
    if len(parts["treatment"]):
        rows = parts["treatment"]
        lanes.append(Lane("treatment", words.text("time_line.treatment"), rows, len(rows) * ITEM + 4))
    if len(parts["scan"]):
        lanes.append(Lane("scan", words.text("time_line.scan"), parts["scan"], len(SCAN_ROWS) * LINE + 8))
    notes = (
        [words.text("time_line.unread")]
        if any(known_response(label) in {"–", "NE"} for label in parts["scan"]["label"])
        else []
    )
    unmeasured = sum(int(parts[kind]["value"].isna().sum()) for kind in ("dose", "lab"))
    if unmeasured:
        notes.append(words.text("time_line.unmeasured", events=count_text(unmeasured)))
    if len(parts["adverse_event"]):
        rows = parts["adverse_event"]
        worst = rows.sort_values("value", ascending=False, kind="stable").head(_MOST_EVENTS).sort_values("start")
        if len(worst) < len(rows):
            notes.append(words.text("time_line.worst", drawn=count_text(len(worst)), of=count_text(len(rows))))
        lanes.append(Lane("adverse_event", words.text("time_line.adverse_event"), worst, len(worst) * ITEM + 4))
    for label, rows in parts["lab"].groupby("label", sort=False):
        lanes.append(Lane("lab", str(label), rows[rows["value"].notna()], 64.0))
    return [lane for lane in lanes if len(lane.rows)], notes


def _alt_text(lanes: Sequence[Lane], last: float, words: Words) -> str:
    parts = [f"{lane.heading}: {count_text(len(lane.rows))}" for lane in lanes]
    return f"{words.text('time_line.alt', months=decimal_text(last))} {'; '.join(parts)}."
