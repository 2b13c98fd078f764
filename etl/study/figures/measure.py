"""Width of a text in points, and its lines when it is broken to a width."""

import re
import unicodedata
from functools import cache, lru_cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from etl.study.figures.fonts import LATIN_FONT

_FINE = 10  # measure at ten times the size, or hinting rounds each letter to a whole point
_ROUNDING = 1.015  # letters on whole pixels of a PNG are up to 1.5 % wider
_WIDE_EM = 0.95  # Hangul in the usual fonts: 0.87 to 0.95 of the size


def clean_text(text: object) -> str:
    """The text in composed form, on one line, without characters that XML forbids; a no-break space stays one."""
    spaced = re.sub(r"[^\S\u00a0]", " ", unicodedata.normalize("NFC", str(text)))
    allowed = "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"})
    return re.sub(" +", " ", allowed).strip(" ")


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Width in points.

    Wide characters count by a fixed share of the size, whatever font is installed, so that the layout of a Korean
    figure is the same on every machine.
    """
    narrow = "".join(letter for letter in text if not _is_wide(letter))
    font = FontProperties(family=[LATIN_FONT], size=size * _FINE, weight="bold" if is_bold else "normal")
    if narrow:
        width, _, _ = _renderer().get_text_width_height_descent(narrow, font, ismath=False)  # type: ignore[no-untyped-call]
    else:
        width = 0.0
    return float(width) / _FINE * _ROUNDING + _WIDE_EM * size * (len(text) - len(narrow))


def wrap_text(text: str, width: float, *, size: float, is_bold: bool = False) -> list[str]:
    """Break a text at spaces into lines of at most a width in points; a longer word is broken inside."""
    lines: list[str] = []
    line = ""
    for word in clean_text(text).split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, is_bold=is_bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width, size=size, is_bold=is_bold)
        lines.extend(full)
    return [*lines, line]


def _broken(word: str, width: float, *, size: float, is_bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, is_bold=is_bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in {"W", "F"}


@cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, 72)  # type: ignore[no-untyped-call]
