"""Cumulative incidence of competing events: the probability to have had each of them first."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from etl.study.figures.curves import Curve, Numbers, body_height, draw_curves
from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import wrap_text
from etl.study.figures.number_text import decimal_text
from etl.study.figures.page import INNER, SIZE, open_page
from etl.study.figures.words import Words

_COLUMNS = ("group", "cause", "time_months", "estimate", "low", "high")


def cumulative_incidence(
    steps: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "cumulative_incidence",
    title: str | None = None,
    sentences: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw cumulative incidence, one curve for each group and cause, in their order in `steps`.

    Args:
        steps: group (label; empty for the only one), cause (label), time_months, estimate (0 to 1, from the time on),
            low, high.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of "Cumulative incidence".
        sentences: printed under the legend, such as the result of Gray's test.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(steps, _COLUMNS)

    def paint(words: Words) -> Painting:
        heading = title or words.text("cumulative_incidence.title")
        if steps.empty:
            return say_missing(words, heading, setting=setting, key="curve.empty")
        curves = _curves(steps, words)
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
            y_label=words.text("cumulative_incidence.y"),
            x_label=words.text("months"),
            at_risk_label="",
            sentences=lines,
        )
        alt = [heading, *(curve.label for curve in curves), *sentences]
        return Painting(page, heading, " ".join(f"{part.rstrip('.')}." for part in alt))

    return make_drawing(name, steps[list(_COLUMNS)], setting=setting, paint=paint)


def _curves(steps: pd.DataFrame, words: Words) -> list[Curve]:
    only = steps["group"].nunique(dropna=False) == 1
    curves = []
    for (group, cause), part in steps.groupby(["group", "cause"], sort=False, dropna=False, observed=True):
        rows = part.sort_values("time_months", kind="stable")
        time, estimate, low, high = (
            _from_zero(rows[column].to_numpy(dtype=np.float64), rows["time_months"].iloc[0] > 0)
            for column in ("time_months", "estimate", "low", "high")
        )
        named = str(cause) if only and (pd.isna(group) or not str(group)) else f"{group}, {cause}"
        said = words.text(
            "cumulative_incidence.curve",
            name=named,
            percent=decimal_text(100 * float(estimate[-1])),
            months=decimal_text(float(time[-1])),
        )
        none = np.empty(0)
        curves.append(Curve(label=said, time=time, value=estimate, low=low, high=high, censored_at=none, at_risk=none))
    return curves


def _from_zero(numbers: Numbers, is_later: bool) -> Numbers:
    """Put nothing at month 0 in front, unless the steps begin there."""
    return np.concatenate([[0.0], numbers]) if is_later else numbers


def _notes(curves: Sequence[Curve], words: Words) -> list[str]:
    has_band = any(np.isfinite(curve.low[1:]).any() for curve in curves)
    return [words.text("curve.band" if has_band else "curve.no_band")]
