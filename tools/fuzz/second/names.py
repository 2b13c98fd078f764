"""Names of columns and texts of values, written as the manual defines them."""

import unicodedata
from decimal import Decimal
from math import isfinite

WHOLE_UP_TO = 10**15


def plain_name(cell: str, place: int) -> str:
    """Name a column: in NFC, without invisible characters and outer blanks; one without a name by its place."""
    shown = "".join(character for character in cell if unicodedata.category(character) != "Cf").strip()
    return unicodedata.normalize("NFC", shown) or f"unnamed_{place}"


def number_text(number: float) -> str:
    """Write a number without an exponent, by the fewest digits that read back as it."""
    if not isfinite(number):
        return ""
    if number == int(number) and abs(number) < WHOLE_UP_TO:
        return str(int(number))
    text = format(Decimal(repr(float(number))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
