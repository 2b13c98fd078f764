"""Waterfall plot: each patient's best change of the target sum, with the best response in rows underneath."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.number_text import count_text
from etl.study.figures.page import INNER, LINE, MARGIN, Page, open_page, reference_line
from etl.study.figures.palette import RESPONSE_INKS, known_response
from etl.study.figures.sample import LARGEST, Sample, numbered, sample_columns, sample_patients
from etl.study.figures.words import Words

_PLOT = 230.0
_LEFT = 48.0
_LARGEST_CHANGE = 100.0
_GROWTH, _SHRINKAGE = 20.0, -30.0  # mRECIST: progression from the nadir, partial response from the baseline


def waterfall(
    patients: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "waterfall",
    title: str | None = None,
    largest: int = LARGEST,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw one bar a patient, from the largest growth to the largest shrinkage.

    Args:
        patients: patient (any key; it is not printed), change_percent (best change of the target sum from the baseline;
            empty where it was not measured), response (best response: CR, PR, SD, IR/SD, PD, NE).
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        largest: number of patients beyond which a seeded sample is drawn.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(patients, ["patient", "change_percent", "response"])
    measured = patients[patients["change_percent"].notna()]
    measured = measured.assign(response=measured["response"].map(known_response).astype(object))
    sample = sample_patients(measured, largest)
    rows = sample.rows.sort_values(["change_percent", "patient"], ascending=[False, True], kind="stable")
    rows = numbered(rows, list(rows["patient"]))[["patient", "change_percent", "response"]]

    def paint(words: Words) -> Painting:
        heading = title or words.text("waterfall.title")
        if rows.empty:
            return say_missing(words, heading, setting=setting, key="waterfall.empty")
        said = [*_notes(rows, sample, words, unmeasured=len(patients) - len(measured)), *notes]
        return _paint(rows, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, sample_columns(rows, sample), setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    responses = [response for response in RESPONSE_INKS if (rows["response"] == response).any()]
    body = LINE + 8 + _PLOT + 8 + (len(responses) + 1) * (LINE + 3) + 4
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=notes)
    page.text(MARGIN, page.top + LINE * 0.8, words.text("change"))
    width = MARGIN + INNER - _LEFT
    axes = page.axes(_LEFT, page.top + LINE + 8, width, _PLOT)
    change = rows["change_percent"].to_numpy(dtype=np.float64)
    colors = [RESPONSE_INKS[response].color for response in rows["response"]]
    axes.bar(np.arange(len(rows)), np.clip(change, None, _LARGEST_CHANGE), width=0.8, color=colors)
    axes.set_xlim(-0.7, max(len(rows), 8) - 0.3)
    axes.set_ylim(-105, 105)
    axes.set_yticks([-100, -50, 0, 50, 100], labels=["−100", "−50", "0", "+50", "+100"])
    axes.set_xticks([])
    axes.axhline(0, color="#1a1a1a", linewidth=0.8)
    reference_line(axes, y=_GROWTH)
    reference_line(axes, y=_SHRINKAGE)
    _draw_responses(page, rows, responses, words, top=page.top + LINE + 16 + _PLOT)
    counts = ", ".join(f"{response} {count_text((rows['response'] == response).sum())}" for response in responses)
    shrunk = words.text(
        "waterfall.alt", patients=count_text(len(rows)), shrunk=count_text((change <= _SHRINKAGE).sum()), counts=counts
    )
    return Painting(page, heading, f"{heading}. {shrunk}")


def _draw_responses(page: Page, rows: pd.DataFrame, responses: Sequence[str], words: Words, *, top: float) -> None:
    """A row for each response, with a mark under each patient who has it: readable without colour."""
    page.text(MARGIN, top + LINE * 0.8, words.text("best_response"), is_bold=True)
    for place, response in enumerate(responses):
        lane = top + (place + 1) * (LINE + 3)
        page.text(MARGIN, lane + LINE * 0.8, response)
        axes = page.axes(_LEFT, lane, MARGIN + INNER - _LEFT, LINE)
        axes.set_axis_off()
        axes.set_xlim(-0.7, max(len(rows), 8) - 0.3)
        axes.set_ylim(0, 1)
        at = np.flatnonzero((rows["response"] == response).to_numpy())
        axes.bar(at, 0.8, bottom=0.1, width=0.8, color=RESPONSE_INKS[response].color)


def _notes(rows: pd.DataFrame, sample: Sample, words: Words, *, unmeasured: int) -> list[str]:
    notes = [words.text("waterfall.lines")]
    if sample.is_part:
        notes.append(words.text("sampled", patients=count_text(sample.patients), of=count_text(sample.of)))
    cut = int((rows["change_percent"] > _LARGEST_CHANGE).sum())
    if cut:
        notes.append(words.text("waterfall.cut", patients=count_text(cut)))
    if unmeasured:
        notes.append(words.text("unmeasured", patients=count_text(unmeasured)))
    return notes
