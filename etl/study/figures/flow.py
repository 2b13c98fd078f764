"""The flow of patients as a diagram of boxes and arrows, after CONSORT and STROBE item 13c."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import count_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page, open_page
from etl.study.figures.words import Words

_PAD = 7.0
_GAP = 16.0
_INDENT = "\u2003"
_BETWEEN = 10.0  # groups
_SPINE = (INNER - 2 * _BETWEEN) / 3  # width of the boxes through which everybody passes: that of one of three groups
_SIDE = INNER - _SPINE - 14  # width of the boxes of those who leave
_LEAVING = ("not_met", "unknown")


@dataclass(frozen=True)
class _Box:
    """Lines of a box, of which the first `bold` are bold."""

    lines: list[str]
    bold: int

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * _PAD


def flow(
    rows: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "flow",
    title: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the flow of patients.

    Args:
        rows: analysis.patient_flow: step, flow_box, criterion, patients, patients_left. Boxes `not_met` and `unknown`
            leave the flow, one row a criterion; those after `eligible` are the groups into which it ends.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        labels: words for boxes and criteria that the table of words does not have.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, ["step", "flow_box", "criterion", "patients", "patients_left"])
    ordered = rows.sort_values("step").reset_index(drop=True)

    def paint(words: Words) -> Painting:
        heading = title or words.text("flow.title")
        if ordered.empty:
            return say_missing(words, heading, setting=setting, key="flow.empty")
        return _paint(ordered, words, heading=heading, setting=setting, labels=labels or {})

    return make_drawing(name, ordered, setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, labels: Mapping[str, str]) -> Painting:
    spine, sides = _spine_and_sides(rows, words, labels=labels)
    ends = _groups(rows)
    width = (INNER - (len(ends) - 1) * _BETWEEN) / max(1, len(ends))
    groups = [_box(_named(row.flow_box, row.patients, words, labels=labels), width) for row in ends]
    # A side box stands next to the arrow between two boxes of the spine.
    body = sum(
        box.height + (side.height + 2 * _GAP if side else _GAP) for box, side in zip(spine, sides, strict=True)
    ) + (_GAP + max(box.height for box in groups) if groups else 0)
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=_contradictions(rows, words))
    top = page.top
    middle = MARGIN + _SPINE / 2
    for place, (box, side) in enumerate(zip(spine, sides, strict=True)):
        _draw_box(page, box, left=MARGIN, top=top, width=_SPINE)
        bottom = top + box.height
        following = bottom + (side.height + 2 * _GAP if side else _GAP)
        if side:
            _draw_box(page, side, left=MARGIN + INNER - _SIDE, top=bottom + _GAP, width=_SIDE)
            page.arrow(
                (middle, bottom + _GAP + side.height / 2), (MARGIN + INNER - _SIDE, bottom + _GAP + side.height / 2)
            )
        if place + 1 < len(spine):
            page.arrow((middle, bottom), (middle, following))
        top = following
    _draw_groups(page, groups, width=width, start=(middle, top - _GAP), top=top + _GAP)
    return Painting(page, heading, _alt_text(rows, words, heading=heading, labels=labels))


def _spine_and_sides(
    rows: pd.DataFrame, words: Words, *, labels: Mapping[str, str]
) -> tuple[list[_Box], list[_Box | None]]:
    spine: list[_Box] = []
    sides: list[_Box | None] = []
    first = rows[rows["flow_box"] == "screened"]
    leaving = [(kind, rows[rows["flow_box"] == kind]) for kind in _LEAVING]
    leaving = [(kind, part) for kind, part in leaving if not part.empty]
    for row in first.itertuples():
        spine.append(_box(_named("screened", row.patients, words, labels=labels), _SPINE))
        sides.append(None)
    for place, (kind, part) in enumerate(leaving):
        if not spine:
            spine.append(_box([words.text("flow.start")], _SPINE))
            sides.append(None)
        head = f"{words.label('flow', kind)} (n = {count_text(part['patients'].sum())})"
        lines = [
            f"• {labels.get(str(row.criterion)) or words.label('criterion', row.criterion)}: {count_text(row.patients)}"
            for row in part.itertuples()
        ]
        sides[-1] = _box([head, *lines], _SIDE)
        if place + 1 < len(leaving):
            left = part["patients_left"].iloc[-1]
            spine.append(_box(_named("remaining", left, words, labels=labels), _SPINE))
            sides.append(None)
    for row in rows[rows["flow_box"] == "eligible"].itertuples():
        spine.append(_box(_named("eligible", row.patients, words, labels=labels), _SPINE))
        sides.append(None)
    return spine, sides


def _named(box: str, patients: int, words: Words, *, labels: Mapping[str, str]) -> list[str]:
    return [labels.get(box) or words.label("flow", box), f"n = {count_text(patients)}"]


def _box(texts: list[str], width: float) -> _Box:
    """Break each text to the box; its continued lines are indented where it is an item of a list."""
    head = wrap_text(texts[0], width - 2 * _PAD, size=SIZE, is_bold=True)
    lines = []
    for text in texts[1:]:
        first, *more = wrap_text(text, width - 2 * _PAD - 9, size=SIZE)
        lines += [first, *(f"{_INDENT}{line}" if text.startswith("•") else line for line in more)]
    return _Box([*head, *lines], len(head))


def _draw_box(page: Page, box: _Box, *, left: float, top: float, width: float, height: float | None = None) -> None:
    page.box(left, top, width, height or box.height)
    for place, line in enumerate(box.lines):
        indent = 9 if line.startswith(_INDENT) else 0
        page.text(left + _PAD + indent, top + _PAD + (place + 0.77) * LINE, line, is_bold=place < box.bold)


def _groups(rows: pd.DataFrame) -> list[Any]:
    """The rows of the groups into which the flow ends."""
    known = {"screened", "eligible", *_LEAVING}
    return list(rows[~rows["flow_box"].isin(known)].itertuples())


def _draw_groups(page: Page, groups: list[_Box], *, width: float, start: tuple[float, float], top: float) -> None:
    """Draw the groups in one row, each reached from a line that the last box of the spine leads to."""
    for place, box in enumerate(groups):
        left = MARGIN + place * (width + _BETWEEN)
        target = left + width / 2
        page.arrow((target, top - _GAP / 2), (target, top))
        _draw_box(page, box, left=left, top=top, width=width, height=max(box.height for box in groups))
        page.connect((start[0], top - _GAP / 2), (target, top - _GAP / 2))
    if groups:
        page.connect(start, (start[0], top - _GAP / 2))


def _contradictions(rows: pd.DataFrame, words: Words) -> list[str]:
    """Sentences on sums that do not hold."""
    sums = {box: int(part["patients"].sum()) for box, part in rows.groupby("flow_box", sort=False)}
    notes = []
    if {"screened", "eligible"} <= set(sums):
        expected = sums["screened"] - sum(sums.get(kind, 0) for kind in _LEAVING)
        if expected != sums["eligible"]:
            notes.append(words.text("flow.sum", expected=count_text(expected), found=count_text(sums["eligible"])))
    ends = sum(row.patients for row in _groups(rows))
    if _groups(rows) and "eligible" in sums and ends != sums["eligible"]:
        notes.append(words.text("flow.ends", expected=count_text(sums["eligible"]), found=count_text(ends)))
    return notes


def _alt_text(rows: pd.DataFrame, words: Words, *, heading: str, labels: Mapping[str, str]) -> str:
    parts = [
        f"{labels.get(box) or words.label('flow', box)} {count_text(part['patients'].sum())}"
        for box, part in rows.groupby("flow_box", sort=False)
    ]
    return f"{heading}. {'; '.join(parts)}."
