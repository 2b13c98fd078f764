"""The page of a figure: title and mark of synthetic data above, a body that the figure fills, notes below.

All places are in points from the upper left corner. The page is 432 points (6 inches) wide and no text is smaller than
10 points, so that a figure scaled to a phone of 390 pixels still has letters of 9 pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.transforms import Affine2D, Transform

from etl.study.figures.fonts import font_families
from etl.study.figures.measure import clean_text, text_width, wrap_text
from etl.study.figures.palette import INK, PAPER, RULE, SOFT_INK, Fill, LineStyle
from etl.study.figures.words import Words

WIDTH = 432.0
MARGIN = 10.0
INNER = WIDTH - 2 * MARGIN
SIZE = 10.0
LINE = 13.0
_TITLE_SIZE = 11.5
_TITLE_LINE = 15.0
_POINTS = 72.0

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Page:
    """A figure with its title and notes drawn, and a free body.

    Attributes:
        figure: matplotlib's figure.
        height: of the whole page, in points.
        top: where the body begins, in points from the upper edge.
    """

    figure: Figure
    height: float
    top: float

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        align: Align = "left",
        is_bold: bool = False,
        size: float = SIZE,
        color: str = INK,
    ) -> None:
        """Write one line whose letters stand on y."""
        cleaned = clean_text(text)
        self.figure.text(
            x / WIDTH,
            1 - y / self.height,
            cleaned,
            ha=align,
            va="baseline",
            size=size,
            weight="bold" if is_bold else "normal",
            color=color,
            family=font_families(cleaned),
            parse_math=False,
        )

    def lines(self, x: float, y: float, lines: Sequence[str], *, is_bold: bool = False, color: str = INK) -> None:
        """Write lines one under the other, the first on y."""
        for place, line in enumerate(lines):
            self.text(x, y + place * LINE, line, is_bold=is_bold, color=color)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place, with a line on the left and at the bottom only."""
        axes = self.figure.add_axes(
            (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height), facecolor=PAPER
        )
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(INK)
        axes.spines[["left", "bottom"]].set_linewidth(0.8)
        axes.tick_params(labelsize=SIZE, color=INK, labelcolor=INK, width=0.8, length=3.5)
        return axes

    def rule(self, x: tuple[float, float], y: tuple[float, float], *, style: LineStyle, width: float = 1.6) -> None:
        """Draw a line of a curve's style, as a legend shows it."""
        self.figure.add_artist(
            Line2D(x, y, transform=self._points(), color=style.color, linestyle=style.line, linewidth=width)
        )

    def marker(self, x: float, y: float, style: LineStyle, *, is_open: bool = False, size: float = 6) -> None:
        """Draw one marker, as a legend shows it."""
        self.figure.add_artist(
            Line2D(
                [x],
                [y],
                transform=self._points(),
                color=style.color,
                marker=style.marker,
                markersize=size,
                markerfacecolor=PAPER if is_open else style.color,
                linestyle="none",
            )
        )

    def box(self, left: float, top: float, width: float, height: float, *, fill: Fill | None = None) -> None:
        """Draw a framed rectangle."""
        self.figure.add_artist(
            Rectangle(
                (left, top),
                width,
                height,
                transform=self._points(),
                facecolor=fill.color if fill else PAPER,
                edgecolor=INK,
                hatch=fill.hatch if fill else "",
                linewidth=0.9,
            )
        )

    def swatch(self, left: float, top: float, width: float, height: float, *, color: str) -> None:
        """Draw a small framed patch, as a legend shows a bar without hatch."""
        self.box(left, top, width, height, fill=Fill(color, ""))

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a straight arrow."""
        self.figure.add_artist(
            FancyArrowPatch(
                start,
                end,
                transform=self._points(),
                arrowstyle="-|>",
                mutation_scale=9,
                shrinkA=0,
                shrinkB=0,
                color=INK,
                linewidth=0.9,
            )
        )

    def connect(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a straight line without head."""
        self.figure.add_artist(
            Line2D((start[0], end[0]), (start[1], end[1]), transform=self._points(), color=INK, linewidth=0.9)
        )

    def _points(self) -> Transform:
        """From points of the page to matplotlib's."""
        return Affine2D().scale(1 / _POINTS, -1 / _POINTS).translate(0, self.height / _POINTS) + (
            self.figure.dpi_scale_trans
        )


def open_page(words: Words, title: str, *, is_synthetic: bool, body: float, notes: Sequence[str] = ()) -> Page:
    """Make a page with title, mark and notes.

    Args:
        words: the language.
        title: printed bold at the top.
        is_synthetic: draws the words "Synthetic data" above the title.
        body: height of the free body in points.
        notes: sentences printed below the body.
    """
    heading = wrap_text(title, INNER, size=_TITLE_SIZE, is_bold=True)
    below = [line for note in notes for line in wrap_text(note, INNER, size=SIZE)]
    mark = 20.0 if is_synthetic else 0.0
    top = MARGIN + mark + len(heading) * _TITLE_LINE + 6
    height = top + body + (len(below) * LINE + 6 if below else 0) + MARGIN
    page = Page(Figure(figsize=(WIDTH / _POINTS, height / _POINTS), dpi=_POINTS, facecolor=PAPER), height, top)
    if is_synthetic:
        _write_mark(page, words.text("synthetic"))
    for place, line in enumerate(heading):
        page.text(MARGIN, MARGIN + mark + (place + 0.8) * _TITLE_LINE, line, is_bold=True, size=_TITLE_SIZE)
    page.lines(MARGIN, top + body + 6 + LINE * 0.8, below, color=SOFT_INK)
    return page


def missing_page(words: Words, title: str, *, is_synthetic: bool, key: str) -> Page:
    """Make a page that says in the body what is missing, by the key of its words."""
    sentence = wrap_text(words.text(key), INNER - 40, size=SIZE)
    body = len(sentence) * LINE + 40
    page = open_page(words, title, is_synthetic=is_synthetic, body=body)
    page.box(MARGIN, page.top, INNER, body, fill=Fill("#f6f6f6", ""))
    page.lines(MARGIN + 20, page.top + 20 + LINE * 0.8, sentence)
    return page


def write_in(axes: Axes, x: float, y: float, text: str, *, align: Align = "left", color: str = INK) -> None:
    """Write one line inside axes, at a place of their data."""
    axes.text(
        x,
        y,
        clean_text(text),
        ha=align,
        va="center",
        size=SIZE,
        color=color,
        family=font_families(),
        parse_math=False,
        clip_on=False,
    )


def reference_line(axes: Axes, *, x: float | None = None, y: float | None = None) -> None:
    """Draw a thin grey line across axes."""
    if x is not None:
        axes.axvline(x, color=RULE, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.5)
    if y is not None:
        axes.axhline(y, color=RULE, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.5)


def _write_mark(page: Page, text: str) -> None:
    width = text_width(text, SIZE, is_bold=True) + 12
    page.box(MARGIN, MARGIN - 2, width, 16, fill=Fill("#ffe9a8", ""))
    page.text(MARGIN + width / 2, MARGIN + 9.5, text, align="center", is_bold=True)
