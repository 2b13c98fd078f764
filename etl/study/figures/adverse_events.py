"""Adverse events by category, as bars that are stacked by the worst grade of each patient."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from etl.study.figures.drawing import Drawing, Painting, Setting, make_drawing, require_columns, say_missing
from etl.study.figures.measure import text_width, wrap_text
from etl.study.figures.number_text import count_text, decimal_text
from etl.study.figures.page import INNER, LINE, MARGIN, SIZE, Page, open_page
from etl.study.figures.palette import GRADE_FILLS, INK
from etl.study.figures.words import Words

_COLUMNS = ("category", "grade", "group", "patients", "denominator", "percent")
Bar = tuple[tuple[object, object], pd.DataFrame]

_LABELS = 138.0
_NUMBERS = 100.0  # room to the right of the bars
_BAR = 16.0


def adverse_events(
    rows: pd.DataFrame,
    setting: Setting,
    *,
    name: str = "adverse_events",
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Drawing:
    """Draw a bar for each category and group, in their order in `rows`.

    Args:
        rows: category (a code such as `dermatologic`, or a label), group (label; empty for the only one), grade (1 to 5;
            empty for an event without grade), patients whose worst grade it is, denominator (patients in the group),
            percent. A group without a row in a category has nobody with such an event.
        setting: language and mark of synthetic data.
        name: of the files.
        title: instead of the usual one.
        notes: printed below the figure.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, _COLUMNS)
    graded = rows.assign(grade=[_grade(grade) for grade in rows["grade"]])

    def paint(words: Words) -> Painting:
        heading = title or words.text("adverse_events.title")
        if graded.empty:
            return say_missing(words, heading, setting=setting, key="adverse_events.empty")
        said = [words.text("adverse_events.how"), *notes]
        return _paint(graded, words, heading=heading, setting=setting, notes=said)

    return make_drawing(name, graded[list(_COLUMNS)], setting=setting, paint=paint)


def _paint(rows: pd.DataFrame, words: Words, *, heading: str, setting: Setting, notes: Sequence[str]) -> Painting:
    bars = _bars(rows)
    has_groups = rows["group"].nunique(dropna=False) > 1
    labels = _labels(bars, words, has_groups=has_groups)
    heights = [max((len(head) + len(group)) * LINE, _BAR) + 5 for head, group in labels]
    legend = _legend(rows, words)
    plot = sum(heights)
    page = open_page(
        words,
        heading,
        is_synthetic=setting.is_synthetic,
        body=len(legend) * (LINE + 3) + 8 + plot + 36,
        notes=notes,
    )
    _draw_legend(page, legend)
    top = page.top + len(legend) * (LINE + 3) + 8
    left = MARGIN + _LABELS + 6
    width = INNER - _LABELS - 6 - _NUMBERS
    axes = page.axes(left, top, width, plot)
    totals = [float(part["percent"].fillna(0).sum()) for _, part in bars]
    longest = max([5.0, *totals]) * 1.02
    axes.set_xlim(0, longest)
    axes.set_ylim(plot, 0)
    axes.set_yticks([])
    axes.set_xticks(_percent_ticks(longest))
    offset = 0.0
    for (_, part), (head, group), height in zip(bars, labels, heights, strict=True):
        page.lines(MARGIN, top + offset + LINE * 0.85, head, is_bold=has_groups)
        base = offset + (len(head) * LINE if has_groups else 0)
        line = top + base + LINE * 0.85
        page.lines(MARGIN + 8, line, group)
        _draw_bar(axes, part, base + LINE * 0.58)
        page.text(left + width + 6, line, _bar_text(part, words))
        offset += height
    page.text(left + width / 2, top + plot + 30, words.text("adverse_events.x"), align="center")
    return Painting(page, heading, _alt_text(bars, words, heading=heading, has_groups=has_groups))


def _bars(rows: pd.DataFrame) -> list[Bar]:
    """The rows of each category and group; a group without any in a category gets one of nobody."""
    bars = []
    groups = list(rows.groupby("group", sort=False, dropna=False, observed=True))
    for category, part in rows.groupby("category", sort=False, dropna=False, observed=True):
        for group, everywhere in groups:
            own = part[part["group"].isna() if pd.isna(group) else part["group"] == group]
            nobody = everywhere.head(1).assign(category=category, grade="1", patients=0, percent=0.0)
            bars.append(((category, group), nobody if own.empty else own))
    return bars


def _labels(bars: Sequence[Bar], words: Words, *, has_groups: bool) -> list[tuple[list[str], list[str]]]:
    """The lines on the left of each bar: the category where it begins, and the group."""
    labels: list[tuple[list[str], list[str]]] = []
    before: object = None
    for (category, group), _ in bars:
        is_new = category != before
        before = category
        head = wrap_text(
            words.label("category", category), INNER if has_groups else _LABELS, size=SIZE, is_bold=has_groups
        )
        lines = wrap_text(str(group), _LABELS - 8, size=SIZE) if has_groups else []
        labels.append((head if is_new or not has_groups else [], lines))
    return labels


def _draw_bar(axes: Axes, part: pd.DataFrame, y: float) -> None:
    left = 0.0
    for grade in GRADE_FILLS:
        percent = float(part.loc[part["grade"] == grade, "percent"].fillna(0).sum())
        if percent > 0:
            fill = GRADE_FILLS[grade]
            axes.barh(
                y, percent, left=left, height=_BAR - 4, color=fill.color, hatch=fill.hatch, edgecolor=INK, linewidth=0.7
            )
            left += percent


def _bar_text(part: pd.DataFrame, words: Words) -> str:
    denominator = float(part["denominator"].max())
    if not denominator > 0:
        return words.text("adverse_events.nobody")
    patients = int(part["patients"].sum())
    return f"{count_text(patients)} ({decimal_text(100 * patients / denominator)} %)"


def _legend(rows: pd.DataFrame, words: Words) -> list[list[tuple[str, str]]]:
    """Grades and labels, in lines that fit the page."""
    lines: list[list[tuple[str, str]]] = [[]]
    x = 0.0
    for grade in GRADE_FILLS:
        if not (rows["grade"] == grade).any():
            continue
        key = "adverse_events.unknown" if grade == "unknown" else "adverse_events.grade"
        label = words.text(key, grade=grade)
        width = 30 + text_width(label, SIZE) + 14
        if lines[-1] and x + width > INNER:
            lines.append([])
            x = 0.0
        lines[-1].append((grade, label))
        x += width
    return lines


def _draw_legend(page: Page, lines: list[list[tuple[str, str]]]) -> None:
    for place, line in enumerate(lines):
        x = MARGIN
        y = page.top + place * (LINE + 3) + LINE * 0.8
        for grade, label in line:
            page.box(x, y - 9, 24, 11, fill=GRADE_FILLS[grade])
            page.text(x + 30, y, label)
            x += 30 + text_width(label, SIZE) + 14


def _percent_ticks(longest: float) -> list[float]:
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if longest / step <= 5 or step == 100)  # noqa: PLR2004
    return [float(tick) for tick in range(0, int(longest) + 1, step)]


def _grade(grade: object) -> str:
    """The key of a grade's fill.

    Raises:
        ValueError: it is none of 1 to 5.
    """
    if pd.isna(grade) or grade == "unknown":
        return "unknown"
    number = float(str(grade))
    if number not in {1, 2, 3, 4, 5}:
        raise ValueError(f"An adverse event has grade 1 to 5, or none; not {grade}.")
    return str(int(number))


def _alt_text(bars: Sequence[Bar], words: Words, *, heading: str, has_groups: bool) -> str:
    parts = [
        f"{words.label('category', category)}{f', {group}' if has_groups else ''}: {_bar_text(part, words)}"
        for (category, group), part in bars
    ]
    return f"{heading}. {'; '.join(parts)}."
