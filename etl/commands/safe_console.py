"""The console that every command prints through: it escapes control characters, so that no text can steer the terminal.

File names, sheets and cells come from hospitals. Control characters in them (and those that reorder or hide text) are spelt out;
colours and the progress bar, which are ours, go as they are.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

LAST_OF_TWO_DIGITS = 0xFF
LAST_OF_FOUR_DIGITS = 0xFFFF

_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, formats (such as right-to-left override and zero width), surrogates, separators of lines."""


def plain_text(value: Any) -> str:
    """Write a value as text in which control characters are spelt out; a line feed stays, NULL is empty."""
    text = "" if value is None else str(value)
    if text.isprintable():
        return text
    return "".join(_spelt_out(char) if is_steering(char) else char for char in text)


def is_steering(char: str) -> bool:
    """Return whether a character could steer a terminal or hide what is written."""
    return char != "\n" and unicodedata.category(char) in _STEERING


class SafeConsole(Console):
    """A console that reads no markup and no emoji from texts, and spells out their control characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as rich does; segments of text are made plain, those of the bar's own controls are left."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(plain_text(segment.text), segment.style)


def _spelt_out(char: str) -> str:
    number = ord(char)
    if number <= LAST_OF_TWO_DIGITS:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= LAST_OF_FOUR_DIGITS else f"\\U{number:08x}"
