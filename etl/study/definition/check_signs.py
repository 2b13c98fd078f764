"""Check the characters of every text in a study file: Word, Excel and web pages refuse control characters."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from etl.study.definition.mistake import At, Mistake

UNPRINTABLE = {"Cc", "Cs", "Cn"}
"""Unicode categories: control characters, halves of characters, and what is no character."""


def check_signs(part: Any, at: At = ()) -> Iterator[Mistake]:
    """List the names and texts with a sign that cannot be printed; a text, not a name, may have several lines.

    Args:
        part: the file as plain data, or a part of it.
        at: where the part stands.
    """
    if isinstance(part, dict):
        for name, inner in part.items():
            if not _is_printable(name):
                yield (*at, name), "the name holds a control character."
            yield from check_signs(inner, (*at, name))
    elif isinstance(part, list):
        for index, inner in enumerate(part):
            yield from check_signs(inner, (*at, index))
    elif isinstance(part, str) and not _is_printable(part.replace("\n", " ")):
        yield at, "the text holds a control character."


def _is_printable(text: str) -> bool:
    return not any(unicodedata.category(sign) in UNPRINTABLE for sign in text)
