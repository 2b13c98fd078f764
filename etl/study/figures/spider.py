"""Spider plot: each patient's change of the target sum over time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.curves import months_ticks
from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import text_width
from etl.study.figures.number_text import count_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page, open_page, reference_line
from etl.study.figures.palette import RESPONSE_INKS, known_response
from etl.study.figures.sample import LARGEST, Sample, numbered, sample_columns, sample_patients
from etl.study.figures.words import Words

_PLOT = 260.0
_LEFT = 48.0
_HIGHEST = 150.0


def spider(
    scans: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "spider",
    title: str | None = None,
    largest: int = LARGEST,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw one line a patient.

    Args:
        scans: patient (any key; it is not printed), months (since the first dose), change_percent (of the target sum from
            the baseline; empty where it was not measured), response (the patient's best response: CR, PR, SD, IR/SD, PD,
            NE).
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        largest: number of patients beyond which a seeded sample is drawn.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(scans, ["patient", "months", "change_percent", "response"])
    measured = scans[scans["change_percent"].notna()]
    measured = measured.assign(response=measured["response"].map(known_response).astype(object))
    sample = sample_patients(measured, largest)
    order = list(sample.rows.groupby("patient")["change_percent"].min().sort_values(kind="stable").index)
    rows = numbered(sample.rows, order)[["patient", "months", "change_percent", "response"]]
    rows = rows.sort_values(["patient", "months"], kind="stable")

    def paint(words: Words) -> Painting:
        heading = title or words.text("spider.title")
        if rows.empty:
            return say_missing(words, heading, setting=setting, key="waterfall.empty")
        unmeasured = scans["patient"].nunique() - measured["patient"].nunique()
        said = [*_notes(rows, sample, words, unmeasured=unmeasured), *notes]
        return _paint(rows, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, sample_columns(rows, sample), setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    responses = [response for response in RESPONSE_INKS if (rows["response"] == response).any()]
    body = LINE * 2 + 14 + _PLOT + 36
    page = open_page(words, heading, is_synthetic=setting.is_synthetic, body=body, notes=notes)
    _draw_legend(page, responses)
    page.text(MARGIN, page.top + LINE * 1.8 + 6, words.text("change"))
    top = page.top + LINE * 2 + 14
    width = MARGIN + INNER - _LEFT
    axes = page.axes(_LEFT, top, width, _PLOT)
    longest = max(float(rows["months"].max()), 1e-3)
    axes.set_xlim(0, longest * 1.02)
    axes.set_xticks(months_ticks(longest))
    axes.set_ylim(-105, _HIGHEST + 5)
    axes.set_yticks([-100, -50, 0, 50, 100, 150], labels=["−100", "−50", "0", "+50", "+100", "+150"])
    axes.axhline(0, color="#1a1a1a", linewidth=0.8)
    reference_line(axes, y=20)
    reference_line(axes, y=-30)
    drawn = 0
    for _, part in rows.groupby("patient", sort=True):
        style = RESPONSE_INKS[part["response"].iloc[0]]
        months = np.concatenate([[0.0], part["months"].to_numpy(dtype=np.float64)])
        change = np.concatenate([[0.0], part["change_percent"].to_numpy(dtype=np.float64)])
        axes.plot(
            months,
            np.clip(change, None, _HIGHEST),
            color=style.color,
            linestyle=style.line,
            linewidth=0.9,
            marker=style.marker,
            markersize=3,
            markerfacecolor="none",
            markeredgewidth=0.7,
        )
        drawn += 1
    page.text(_LEFT + width / 2, top + _PLOT + 30, words.text("months"), align="center")
    alt = words.text("spider.alt", patients=count_text(drawn), scans=count_text(len(rows)))
    return Painting(page, heading, f"{heading}. {alt}")


def _draw_legend(page: Page, responses: Sequence[str]) -> None:
    x = MARGIN
    y = page.top + LINE * 0.8
    for response in responses:
        style = RESPONSE_INKS[response]
        page.rule((x, x + 26), (y - 3.5, y - 3.5), style=style, width=1.2)
        page.marker(x + 13, y - 3.5, style, is_open=True, size=5)
        page.text(x + 31, y, response)
        x += 31 + text_width(response, SIZE) + 14


def _notes(rows: pd.DataFrame, sample: Sample, words: Words, *, unmeasured: int) -> list[str]:
    notes = [words.text("waterfall.lines")]
    if sample.is_part:
        notes.append(words.text("sampled", patients=count_text(sample.patients), of=count_text(sample.of)))
    cut = int((rows["change_percent"] > _HIGHEST).sum())
    if cut:
        notes.append(words.text("spider.cut", scans=count_text(cut)))
    if unmeasured:
        notes.append(words.text("unmeasured", patients=count_text(unmeasured)))
    return notes
