"""Kaplan-Meier curves with bands, censoring ticks, medians and numbers at risk."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.curves import Curve, Numbers, body_height, draw_curves
from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import count_text, decimal_text, is_number
from etl.study.figures.page import INNER, SIZE, open_page
from etl.study.figures.words import Words

_STEPS = ("stratum", "time_months", "at_risk", "events", "censored", "survival", "low", "high")
_SUMMARY = ("stratum", "median", "median_low", "median_high")


def kaplan_meier(
    steps: pd.DataFrame,
    summary: pd.DataFrame,
    *,
    setting: Setting,
    name: str = "kaplan_meier",
    title: str | None = None,
    y_label: str | None = None,
    sentences: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw Kaplan-Meier curves, one a stratum, in the order in which the strata stand in `steps`.

    Args:
        steps: stratum (label; empty for the only one), time_months, at_risk (just before the time), events, censored,
            survival (0 to 1, from the time on), low, high.
        summary: stratum, median, median_low, median_high in months; empty where the curve does not reach one half.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of "Kaplan-Meier curves".
        y_label: what the curve is of, instead of "Survival"; the unit, percent, is added.
        sentences: printed under the legend, such as "Log-rank test: p < 0.001".
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(steps, _STEPS)
    require_columns(summary, _SUMMARY)

    def paint(words: Words) -> Painting:
        heading = title or words.text("kaplan_meier.title")
        if steps.empty:
            return say_missing(words, heading, setting=setting, key="curve.empty")
        curves = _curves(steps, summary, words)
        lines = [line for sentence in sentences for line in wrap_text(sentence, INNER, size=SIZE)]
        page = open_page(
            words,
            heading,
            is_synthetic=setting.is_synthetic,
            body=body_height(curves, extra=len(lines)),
            notes=[*notes, *_notes(curves, words)],
        )
        draw_curves(
            page,
            curves,
            y_label=f"{y_label or words.text('survival')}, %",
            x_label=words.text("months"),
            at_risk_label=words.text("at_risk"),
            sentences=lines,
            is_halved=True,
        )
        alt = [heading, *(curve.label for curve in curves), *sentences]
        return Painting(page, heading, " ".join(f"{part.rstrip('.')}." for part in alt))

    left, right = (  # of nobody, pandas guesses other types for the strata than of somebody, and refuses to merge
        frame[list(columns)].astype({"stratum": "object"}) for frame, columns in ((steps, _STEPS), (summary, _SUMMARY))
    )
    data = left.merge(right.drop_duplicates("stratum"), on="stratum", how="left")
    return make_drawing(name, data, setting=setting, paint=paint)


def _curves(steps: pd.DataFrame, summary: pd.DataFrame, words: Words) -> list[Curve]:
    medians = {_label(row.stratum): row for row in summary.itertuples()}
    only = steps["stratum"].nunique(dropna=False) == 1
    curves = []
    for stratum, part in steps.groupby("stratum", sort=False, dropna=False, observed=True):
        rows = part.sort_values("time_months", kind="stable")
        time, at_risk, survival, low, high = (
            rows[column].to_numpy(dtype=np.float64) for column in ("time_months", "at_risk", "survival", "low", "high")
        )
        row = medians.get(_label(stratum))
        median = None if row is None or not is_number(row.median) else float(row.median)
        start = at_risk[0]
        events = int(rows["events"].sum())
        named = "" if only and not _label(stratum) else f"{_label(stratum)}: "
        said = words.text(
            "kaplan_meier.curve", patients=count_text(start), events=count_text(events), median=_median(row, words)
        )
        censored = time[rows["censored"].to_numpy(dtype=np.float64) > 0]
        curves.append(
            Curve(
                label=f"{named}{said}",
                time=_from_start(time, 0.0),
                value=_from_start(survival, 1.0, is_started=time[0] == 0),
                low=_from_start(low, 1.0, is_started=time[0] == 0),
                high=_from_start(high, 1.0, is_started=time[0] == 0),
                censored_at=censored,
                at_risk=_from_start(at_risk, start, is_started=time[0] == 0),
                median=median,
            )
        )
    return curves


def _label(stratum: object) -> str:
    return "" if pd.isna(stratum) else str(stratum)


def _from_start(numbers: Numbers, first: float, *, is_started: bool | None = None) -> Numbers:
    """Put the value at month 0 in front, unless the steps begin there."""
    begins = numbers[0] == first if is_started is None else is_started
    return numbers if begins else np.concatenate([[first], numbers])


def _median(row: object, words: Words) -> str:
    median = getattr(row, "median", None)
    if not is_number(median):
        return words.text("median_not_reached")
    low, high = (
        decimal_text(value) if is_number(value) else words.text("no_limit")
        for value in (getattr(row, "median_low", None), getattr(row, "median_high", None))
    )
    return words.text("median", median=decimal_text(median), low=low, high=high)


def _notes(curves: Sequence[Curve], words: Words) -> list[str]:
    notes = []
    if any(np.isfinite(curve.low[curve.value < 1]).any() for curve in curves):
        notes.append(words.text("curve.band"))
    if any(len(curve.censored_at) for curve in curves):
        notes.append(words.text("kaplan_meier.censored"))
    if any(curve.median is not None for curve in curves):
        notes.append(words.text("kaplan_meier.medians"))
    notes = [" ".join(notes)] if notes else []
    if any(not np.isfinite(curve.low[curve.value < 1]).any() for curve in curves):
        notes.append(words.text("curve.no_band"))
    return notes
