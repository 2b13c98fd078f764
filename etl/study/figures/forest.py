"""Forest plot: ratios with their limits on a log axis, univariable and multivariable next to each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import text_width, wrap_text
from etl.study.figures.number_text import count_text, is_number, p_text, ratio_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page, open_page, reference_line
from etl.study.figures.palette import PAPER, SOFT_INK, LineStyle
from etl.study.figures.words import Words

Measure = Literal["odds_ratio", "hazard_ratio", "subdistribution_hazard_ratio"]

_COLUMNS = ("variable", "level", "model", "n", "events", "estimate", "low", "high", "p")
_MODELS = {
    "univariable": LineStyle("#000000", (), "s"),
    "multivariable": LineStyle("#0a4a8f", (4, 1.5), "o"),
}
_WIDEST = 16.0  # limits beyond 1/16 and 16 end in an arrow
_LABELS = 150.0
_GAP = 8.0
_ROW_GAP = 5.0


@dataclass(frozen=True)
class _Row:
    """A heading, or a level with the results of each model."""

    label: list[str]
    is_heading: bool
    indent: float
    results: dict[str, object]
    counts: list[str]

    @property
    def height(self) -> float:
        lines = max(len(self.label) + len(self.counts), len(self.results))
        return lines * LINE + (1 if self.is_heading else _ROW_GAP)


@dataclass(frozen=True)
class _Columns:
    """Where the columns stand, in points."""

    plot_left: float
    plot_width: float
    estimate: float
    p: float


def forest(
    terms: pd.DataFrame,
    setting: Setting,
    *,
    measure: Measure,
    name: str = "forest",
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw a forest plot, rows in the order of `terms`.

    Args:
        terms: variable and level (labels; an empty level for a number), model (univariable or multivariable), n, events,
            estimate, low, high, p. A missing, zero or infinite estimate is printed as not estimable. An optional column
            is_reference marks the level that the others are compared with.
        setting: language and mark of synthetic data.
        measure: what the estimates are.
        name: of the files.
        title: instead of the usual one.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing, or a model has another name.
    """
    require_columns(terms, _COLUMNS)
    others = set(terms["model"].unique()) - set(_MODELS)
    if others:
        raise ValueError(f"A term's model is univariable or multivariable, not {', '.join(map(str, sorted(others)))}.")

    def paint(words: Words) -> Painting:
        heading = title or words.text("forest.title", measure=words.label("measure", measure))
        if terms.empty:
            return say_missing(words, heading, setting=setting, key="forest.empty")
        return _paint(terms, words, heading=heading, setting=setting, measure=measure, notes=notes)

    kept = [column for column in (*_COLUMNS, "is_reference") if column in terms.columns]
    return make_drawing(name, terms[kept], setting=setting, paint=paint)


def _paint(
    terms: pd.DataFrame, words: Words, *, heading: str, setting: Setting, measure: Measure, notes: Sequence[str]
) -> Painting:
    models = [model for model in _MODELS if (terms["model"] == model).any()]
    rows = _rows(terms, words, models)
    columns = _columns(terms, words)
    estimate_head = wrap_text(
        words.text("forest.head", measure=words.label("measure", measure)),
        columns.p - columns.estimate - 46,
        size=SIZE,
        is_bold=True,
    )
    legend = LINE + 4 if len(models) > 1 else 0
    head = len(estimate_head) * LINE + 4
    plot = sum(row.height for row in rows)
    page = open_page(
        words,
        heading,
        is_synthetic=setting.is_synthetic,
        body=legend + head + plot + 36,
        notes=[*notes, *_notes(terms, words)],
    )
    if legend:
        _draw_legend(page, models, words)
    top = page.top + legend
    page.lines(columns.estimate, top + LINE * 0.8, estimate_head, is_bold=True)
    page.text(columns.p, top + LINE * 0.8, "p", align="right", is_bold=True)
    axes = _log_axes(page, terms, columns, top=top + head, height=plot)
    offset = 0.0
    for row in rows:
        _draw_row(page, axes, row, words, columns=columns, top=top + head, offset=offset)
        offset += row.height
    page.text(
        columns.plot_left + columns.plot_width / 2,
        top + head + plot + 30,
        words.label("measure", measure),
        align="center",
    )
    return Painting(page, heading, _alt_text(terms, words, heading=heading))


def _rows(terms: pd.DataFrame, words: Words, models: Sequence[str]) -> list[_Row]:
    rows = []
    for variable, part in terms.groupby("variable", sort=False, observed=True):
        levels = list(part.groupby("level", sort=False, dropna=False, observed=True))
        is_single = len(levels) == 1
        if not is_single:
            rows.append(_Row(wrap_text(str(variable), INNER - 4, size=SIZE, is_bold=True), True, 0, {}, []))
        for level, cells in levels:
            has_level = not pd.isna(level) and str(level)
            label = str(level) if not is_single else f"{variable}: {level}" if has_level else str(variable)
            by_model = {cell.model: cell for cell in cells.itertuples()}
            first = next(iter(by_model.values()))
            counts = [
                words.text(f"forest.{key}", number=count_text(number))
                for key, number in (("n", first.n), ("events", first.events))
                if is_number(number)
            ]
            indent = 0 if is_single else 8
            width = _LABELS - indent
            rows.append(
                _Row(
                    wrap_text(label, width, size=SIZE),
                    False,
                    indent,
                    {model: by_model.get(model) for model in models},
                    wrap_text(", ".join(counts), width, size=SIZE) if counts else [],
                )
            )
    return rows


def _columns(terms: pd.DataFrame, words: Words) -> _Columns:
    texts = [_estimate_text(term, words) for term in terms.itertuples()]
    p_width = max(text_width(p_text(p), SIZE) for p in [*terms["p"].astype(float), 1.0])
    estimate_width = max(*(text_width(text, SIZE) for text in texts), 96.0)
    right = MARGIN + INNER
    estimate = right - p_width - _GAP - estimate_width
    left = MARGIN + _LABELS + _GAP
    return _Columns(left, estimate - _GAP - left, estimate, right)


def _log_axes(page: Page, terms: pd.DataFrame, columns: _Columns, *, top: float, height: float) -> Axes:
    """Axes whose vertical unit is a point from the top of the rows."""
    axes = page.axes(columns.plot_left, top, columns.plot_width, height)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    drawn = [
        min(max(float(value), 1 / _WIDEST), _WIDEST)
        for column in ("estimate", "low", "high")
        for value in terms[column]
        if is_number(value) and value > 0
    ]
    reach = max([2.0, *(max(value, 1 / value) for value in drawn)]) * 1.15
    axes.set_xscale("log")
    axes.set_xlim(1 / reach, reach)
    marks = next(
        marks for limit, marks in ((4.0, (0.5, 1, 2)), (10.5, (0.25, 1, 4)), (99, (0.1, 1, 10))) if reach < limit
    )
    axes.set_xticks(marks, labels=[f"{mark:g}" for mark in marks])
    axes.minorticks_off()
    reference_line(axes, x=1)
    return axes


def _draw_row(page: Page, axes: Axes, row: _Row, words: Words, *, columns: _Columns, top: float, offset: float) -> None:
    y = top + offset + LINE * 0.8
    left = MARGIN + row.indent
    page.lines(left, y, row.label, is_bold=row.is_heading)
    page.lines(left, y + len(row.label) * LINE, row.counts, color=SOFT_INK)
    for place, (model, term) in enumerate(row.results.items()):
        line = y + place * LINE
        if term is None:
            page.text(columns.estimate, line, words.text("forest.not_in_model"), color=SOFT_INK)
            continue
        page.text(columns.estimate, line, _estimate_text(term, words))
        page.text(columns.p, line, p_text(_float(term, "p")), align="right")
        _draw_interval(axes, term, _MODELS[model], y=offset + (place + 0.5) * LINE)


def _draw_interval(axes: Axes, term: object, style: LineStyle, *, y: float) -> None:
    estimate, low, high = (_float(term, key) for key in ("estimate", "low", "high"))
    if not _is_estimable(estimate):
        return
    first, last = axes.get_xlim()
    if not math.isnan(low) and not math.isnan(high):
        axes.plot([max(low, first), min(high, last)], [y, y], color=style.color, linestyle=style.line, linewidth=1.4)
        for limit, edge, marker in ((low, first, "<"), (high, last, ">")):
            if limit < first or limit > last:
                axes.plot([edge], [y], marker=marker, color=style.color, markersize=6, clip_on=False)
    axes.plot(
        [min(max(estimate, first), last)],
        [y],
        marker=style.marker,
        color=style.color,
        markerfacecolor=style.color if style.marker == "s" else PAPER,
        markersize=6,
    )


def _draw_legend(page: Page, models: Sequence[str], words: Words) -> None:
    x = MARGIN
    for model in models:
        y = page.top + LINE * 0.8
        page.rule((x, x + 24), (y - 3.5, y - 3.5), style=_MODELS[model], width=1.4)
        page.marker(x + 12, y - 3.5, _MODELS[model], is_open=_MODELS[model].marker != "s")
        text = words.text(f"forest.{model}")
        page.text(x + 30, y, text)
        x += 30 + text_width(text, SIZE) + 20


def _estimate_text(term: object, words: Words) -> str:
    estimate, low, high = (_float(term, key) for key in ("estimate", "low", "high"))
    if getattr(term, "is_reference", False) is True:
        return words.text("forest.reference")
    if not _is_estimable(estimate):
        return words.text("not_estimable")
    if math.isnan(low) or math.isnan(high):
        return ratio_text(estimate)
    return f"{ratio_text(estimate)} ({ratio_text(low)}–{ratio_text(high)})"


def _is_estimable(estimate: float) -> bool:
    return math.isfinite(estimate) and estimate > 0


def _float(term: object, column: str) -> float:
    value = getattr(term, column)
    return math.nan if pd.isna(value) else float(value)


def _notes(terms: pd.DataFrame, words: Words) -> list[str]:
    notes = [words.text("forest.how")]
    estimates = [_float(term, "estimate") for term in terms.itertuples()]
    if any(not _is_estimable(estimate) for estimate in estimates):
        notes.append(words.text("forest.not_estimable"))
    limits = [_float(term, column) for term in terms.itertuples() for column in ("low", "high")]
    if any(not math.isnan(limit) and not 1 / _WIDEST <= limit <= _WIDEST for limit in limits):
        notes.append(words.text("forest.arrow"))
    return notes


def _alt_text(terms: pd.DataFrame, words: Words, *, heading: str) -> str:
    parts = [
        f"{term.variable}{f' {term.level}' if not pd.isna(term.level) and str(term.level) else ''}, "
        f"{words.text(f'forest.{term.model}')}: {_estimate_text(term, words)}"
        for term in terms.itertuples()
        if getattr(term, "is_reference", False) is not True
    ]
    return f"{heading}. {'; '.join(parts)}."
