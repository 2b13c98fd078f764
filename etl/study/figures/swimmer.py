"""Swimmer plot: each patient's treatment as a bar, with responses, progression and death as marks on it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.curves import months_ticks
from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import text_width
from etl.study.figures.number_text import count_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page, open_page
from etl.study.figures.palette import INK, LineStyle
from etl.study.figures.sample import LARGEST, Sample, numbered, sample_columns, sample_patients
from etl.study.figures.words import Words

_COLUMNS = ("patient", "start", "stop", "is_ongoing", "cr_start", "pr_start", "progression", "death", "last_contact")
_MARKS = {
    "cr_start": LineStyle("#000000", (), "*"),
    "pr_start": LineStyle("#0a4a8f", (), "^"),
    "progression": LineStyle("#b84300", (), "D"),
    "death": LineStyle("#000000", (), "X"),
    "ongoing": LineStyle("#00705a", (), ">"),
}
_LEFT = 14.0
_TREATMENT = "#9fc3e3"
_TALLEST_LANE, _TALLEST_PLOT = 13.0, 620.0


def swimmer(
    patients: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "swimmer",
    title: str | None = None,
    largest: int = LARGEST,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw one lane a patient, the longest follow-up on top.

    Args:
        patients: patient (any key; it is not printed), and in months since the first dose: start and stop of the
            treatment, cr_start and pr_start of a response, progression, death, last_contact; empty what did not happen.
            is_ongoing: whether the treatment goes on after `stop`.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        largest: number of patients beyond which a seeded sample is drawn.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(patients, _COLUMNS)
    times = patients[["stop", "death", "last_contact"]].astype("float64").max(axis=1)
    known = patients.assign(end=times)[times.notna()]
    sample = sample_patients(known, largest)
    rows = sample.rows.sort_values(["end", "patient"], ascending=[False, True], kind="stable")
    rows = numbered(rows, list(rows["patient"]))[[*_COLUMNS, "end"]]

    def paint(words: Words) -> Painting:
        heading = title or words.text("swimmer.title")
        if rows.empty:
            return say_missing(words, heading, setting=setting, key="swimmer.empty")
        said = [*_notes(sample, words, unknown=len(patients) - len(known)), *notes]
        return _paint(rows, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, sample_columns(rows, sample), setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    lane = min(_TALLEST_LANE, _TALLEST_PLOT / len(rows))
    plot = lane * len(rows) + 4
    legend = _legend(words)
    body = len(legend) * LINE + 8 + plot + 36
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=notes)
    _draw_legend(page, legend)
    top = page.top + len(legend) * LINE + 8
    axes = page.axes(_LEFT, top, MARGIN + INNER - _LEFT - 4, plot)
    longest = max(float(rows["end"].max()), 1e-3)
    axes.set_xlim(0, longest * 1.03)
    axes.set_xticks(months_ticks(longest))
    axes.set_yticks([])
    axes.set_ylim(len(rows) + 0.5, 0.5)
    lanes = rows["patient"].to_numpy(dtype=np.float64)
    start, stop, end = (rows[column].to_numpy(dtype=np.float64) for column in ("start", "stop", "end"))
    axes.hlines(lanes, start, end, color=INK, linewidth=min(0.8, lane / 4))
    axes.barh(
        lanes, np.nan_to_num(stop - start), left=start, height=0.7, color=_TREATMENT, edgecolor=INK, linewidth=lane / 26
    )
    size = min(6.5, max(3.5, lane * 0.8))
    for kind, style in _MARKS.items():
        at = stop if kind == "ongoing" else rows[kind].to_numpy(dtype=np.float64)
        here = rows["is_ongoing"].fillna(False).to_numpy(dtype=bool) if kind == "ongoing" else np.isfinite(at)
        axes.plot(
            at[here],
            lanes[here],
            linestyle="none",
            marker=style.marker,
            markersize=size * (1.3 if style.marker == "*" else 1),
            color=style.color,
            markeredgewidth=0,
            clip_on=False,
        )
    page.text(_LEFT + (MARGIN + INNER - _LEFT) / 2, top + plot + 30, words.text("months"), align="center")
    return Painting(page, heading, f"{heading}. {_alt_text(rows, words)}")


def _legend(words: Words) -> list[list[tuple[str, str]]]:
    """Kinds and labels, in lines that fit the page."""
    lines: list[list[tuple[str, str]]] = [[]]
    x = 0.0
    for kind in ("treatment", "follow_up", *_MARKS):
        label = words.text(f"swimmer.{kind}")
        width = 22 + text_width(label, SIZE) + 14
        if lines[-1] and x + width > INNER:
            lines.append([])
            x = 0.0
        lines[-1].append((kind, label))
        x += width
    return lines


def _draw_legend(page: Page, lines: list[list[tuple[str, str]]]) -> None:
    for place, line in enumerate(lines):
        x = MARGIN
        y = page.top + (place + 0.8) * LINE
        for kind, label in line:
            if kind == "treatment":
                page.swatch(x, y - 7, 16, 7, color=_TREATMENT)
            elif kind == "follow_up":
                page.rule((x, x + 16), (y - 3.5, y - 3.5), style=LineStyle(INK, (), ""), width=0.9)
            else:
                page.marker(x + 8, y - 3.5, _MARKS[kind], size=6.5)
            page.text(x + 22, y, label)
            x += 22 + text_width(label, SIZE) + 14


def _notes(sample: Sample, words: Words, *, unknown: int) -> list[str]:
    notes = []
    if sample.is_part:
        notes.append(words.text("sampled", patients=count_text(sample.patients), of=count_text(sample.of)))
    if unknown:
        notes.append(words.text("swimmer.unknown", patients=count_text(unknown)))
    return notes


def _alt_text(rows: pd.DataFrame, words: Words) -> str:
    counts = {
        kind: count_text(rows["is_ongoing"].fillna(False).sum() if kind == "ongoing" else rows[kind].notna().sum())
        for kind in _MARKS
    }
    said = ", ".join(f"{words.text(f'swimmer.{kind}')} {count}" for kind, count in counts.items())
    return f"{words.text('patients', patients=count_text(len(rows)))}: {said}."
