"""Colours, line styles, markers and hatches that stay apart in greyscale and for colour-blind readers.

Every ink has a contrast of at least 4.5 on white (WCAG 2.2, success criterion 1.4.3), and inks differ in luminance.
"""

from dataclasses import dataclass
from typing import Literal

INK = "#1a1a1a"
SOFT_INK = "#4d4d4d"
RULE = "#707070"
PAPER = "#ffffff"

_INKS = ("#0a4a8f", "#b84300", "#000000", "#00705a", "#5b1a52", "#707478")
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6, 2),
    (1.5, 1.5),
    (9, 2, 1.5, 2),
    (3, 1.5),
    (9, 2, 1.5, 2, 1.5, 2),
)
_MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True)
class LineStyle:
    """How one curve is drawn; no two of the first 36 share colour and dashes.

    Attributes:
        color: the ink.
        dashes: lengths of strokes and gaps in points; empty for a solid line.
        marker: matplotlib's letter of a marker.
    """

    color: str
    dashes: tuple[float, ...]
    marker: str

    @property
    def line(self) -> Literal["solid"] | tuple[float, tuple[float, ...]]:
        """The dashes as matplotlib takes them."""
        return (0, self.dashes) if self.dashes else "solid"


@dataclass(frozen=True)
class Fill:
    """How one kind of bar is filled: a tone, and a hatch for readers without colour."""

    color: str
    hatch: str


# Worst grade of an adverse event: the darker, the worse.
GRADE_FILLS = {
    "1": Fill("#f3f7fb", ""),
    "2": Fill("#b7d3ec", "////"),
    "3": Fill("#6ba3d4", "...."),
    "4": Fill("#2b65a3", "xxxx"),
    "5": Fill("#10151c", ""),
    "unknown": Fill("#ffffff", "||||"),
}

# Best response, "–" where there is none; the order is that of the rows under a waterfall.
RESPONSE_INKS = {
    "CR": LineStyle("#000000", (), "*"),
    "PR": LineStyle("#0a4a8f", (6, 2), "^"),
    "SD": LineStyle("#00705a", (1.5, 1.5), "s"),
    "IR/SD": LineStyle("#5b1a52", (3, 1.5), "D"),
    "PD": LineStyle("#b84300", (9, 2, 1.5, 2), "v"),
    "NE": LineStyle("#707478", (9, 2, 1.5, 2, 1.5, 2), "o"),
    "–": LineStyle("#3d4043", (2, 3), "x"),
}


def known_response(response: object) -> str:
    """The response as the figures draw it: "–" for one that is missing or none of mRECIST's."""
    return str(response) if response in RESPONSE_INKS else "–"


def line_style(place: int) -> LineStyle:
    """Style of the curve at a place, counted from 0."""
    turn, ink = divmod(place, len(_INKS))
    dashes = _DASHES[(ink + turn) % len(_DASHES)]
    return LineStyle(_INKS[ink], dashes, _MARKERS[(ink + turn) % len(_MARKERS)])


def relative_luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 for black to 1 for white (WCAG 2.2)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
