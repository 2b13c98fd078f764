"""Invisible characters: byte order marks, zero-width spaces and joiners, soft hyphens, marks of direction.

Exports that were put together or copied out of web pages keep them inside of cells, where nobody sees them.
"""

import unicodedata


def strip_invisible(text: str) -> str:
    """Leave out the characters that show nothing (Unicode category Cf, format), then outer blanks."""
    if not text.isascii():
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return text.strip()
