"""Which fonts the figures use, and the fixed matplotlib settings under which they are drawn and written."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib
from matplotlib.font_manager import fontManager

LATIN_FONT = "DejaVu Sans"  # part of matplotlib itself: the same letters, and the same widths, on every machine
HANGUL_FONTS = (
    "NanumGothic",
    "NanumBarunGothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
)
# Verdana has the widths of DejaVu Sans. The list does not depend on the fonts of the machine that writes the file.
SVG_FAMILIES = (
    "'DejaVu Sans', Verdana, NanumGothic, 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', "
    "'Apple SD Gothic Neo', sans-serif"
)


@cache
def hangul_font() -> str | None:
    """Name of the first installed font with Hangul, or None."""
    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in HANGUL_FONTS if name in installed), None)


def font_families(text: str | None = None) -> list[str]:
    """Families to draw with: matplotlib takes each character from the first that has it.

    Args:
        text: what is drawn; Western letters and signs need one family, and are laid out faster.
    """
    hangul = hangul_font()
    is_western = text is not None and all(letter < "\u1100" or "\u2000" <= letter < "\u2300" for letter in text)
    return [LATIN_FONT] if hangul is None or is_western else [LATIN_FONT, hangul]


@contextmanager
def fixed_settings(salt: str) -> Iterator[None]:
    """Use matplotlib's own defaults and nobody's matplotlibrc, so that two machines write the same bytes.

    Args:
        salt: what the identifiers inside an SVG are made from, in addition to their content.
    """
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    with matplotlib.rc_context():
        logger.setLevel(logging.ERROR)  # or it reports that a bold Hangul font calls its weight 600
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": salt, "font.family": font_families()})
        try:
            yield
        finally:
            logger.setLevel(level)
