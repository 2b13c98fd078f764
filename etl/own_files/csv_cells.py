"""The cells of a CSV file that leaves the program: one dialect for answers and exports, without formulas."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

FORMULA_START = r"^'*[=+@\-\t\r\n＝＋－＠]"
"""How a text begins that a spreadsheet could take for a formula.

Apostrophes in front count too, so that the one that is added can be distinguished from the text's own.
"""
PLAIN_NUMBER = r"[+-]([0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?)?"
"""What begins in the same way and is none: a number, a sign."""

_START, _NUMBER = re.compile(FORMULA_START), re.compile(PLAIN_NUMBER)


def line_of_cells(row: Iterable[Any]) -> str:
    """Write a row as `hcc export` does: texts in quotes and guarded, no value as nothing, an empty text as `""`."""
    return ",".join(_cell(value) for value in row) + "\n"


def guard_formula(text: str) -> str:
    """Put an apostrophe in front of what a spreadsheet could take for a formula."""
    return f"'{text}" if _START.match(text) and not _NUMBER.fullmatch(text) else text


def _cell(value: Any) -> str:  # noqa: PLR0911  # one arm a type
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case int() | float():
            return str(value)
        case datetime():
            return value.isoformat(sep=" ", timespec="microseconds")
        case list() | tuple() | dict():
            return quoted(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))
        case str():
            return quoted(guard_formula(value))
        case _:
            return str(value)


def quoted(text: str) -> str:
    """Put a text in quotes."""
    return '"' + text.replace('"', '""') + '"'
