"""The mapping language read slowly and plainly: one cell at a time, in Python, without SQL or regular expressions of ours.

It is written from the manual, not from the compiler: it shares no code with etl.mapping.
"""

import calendar
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

DIGITS = "0123456789"


class UnreadableError(Exception):
    """The cell cannot be read; the text is the rule."""


def clean(text: str, missing: list[str]) -> str | None:
    """A trimmed cell in NFC; None when it is missing."""
    text = unicodedata.normalize("NFC", text.strip(" "))
    return None if text == "" or text in missing else text


def number(text: str, *, decimal: str = ".", thousands: str | None = None, whole: bool = False) -> Decimal:
    """A number, or UnreadableError."""
    body = text[1:] if text[:1] in ("+", "-") else text
    integer, point, fraction = body.partition(decimal)
    if thousands and thousands in integer:
        head, *groups = integer.split(thousands)
        if not 1 <= len(head) <= 3 or any(len(group) != 3 for group in groups):
            raise UnreadableError("not_a_number")
        integer = head + "".join(groups)
    if (point and not fraction) or any(sign not in DIGITS for sign in integer + fraction):
        raise UnreadableError("not_a_number")
    if not integer and (whole or not fraction):
        raise UnreadableError("not_a_number")
    if whole and fraction.strip("0"):
        raise UnreadableError("not_a_number")
    value = Decimal(f"{text[0] if body != text else ''}{integer or '0'}.{fraction or '0'}")
    value = value.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    if abs(value) >= (32768 if whole else 10**12):
        raise UnreadableError("not_a_number")
    return value


def qualified(text: str) -> tuple[str | None, Decimal]:
    """A number with its sign of more or less."""
    for sign, code in (("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("<", "<"), (">", ">")):
        if text.startswith(sign):
            return code, number(text[len(sign) :].lstrip(" \t\n\f\r\v"))
    return None, number(text)


def day(text: str, formats: list[str]) -> tuple[date, str]:
    """A date and its precision by the first format that fits."""
    for form in formats:
        found = _fit(text, form)
        if found:
            return found
    raise UnreadableError("not_a_date")


def _fit(text: str, form: str) -> tuple[date, str] | None:
    """Walk a text and a format side by side; every format here has a sign between its parts."""
    parts: dict[str, int] = {}
    index = 0
    rest = form
    while rest:
        if rest[0] != "%":
            if text[index : index + 1] != rest[0]:
                return None
            index, rest = index + 1, rest[1:]
            continue
        start = index
        while index < len(text) and text[index] in DIGITS:
            index += 1
        length = index - start
        if (rest[1] == "Y" and length != 4) or (rest[1] != "Y" and length not in (1, 2)):
            return None
        parts[rest[1]] = int(text[start:index])
        rest = rest[2:]
    year, month, number_of_day = parts["Y"], parts.get("m", 1), parts.get("d", 1)
    if index != len(text) or not 1900 <= year <= 2099 or not 1 <= month <= 12:
        return None
    if not 1 <= number_of_day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, number_of_day), "day" if "d" in parts else "month" if "m" in parts else "year"


def part_of(text: str, separator: str, part: int) -> str:
    """One part of a cell; empty when there is none."""
    parts = text.split(separator)
    position = part - 1 if part > 0 else part
    return parts[position] if -len(parts) <= position < len(parts) else ""


def groups_of(cells: dict[str, str | None], groups: list[str], columns: dict[str, str]) -> list[dict[str, str | None]]:
    """The slots of a wide record: for each group the cells of its columns, under their new names."""
    return [{new: cells[pattern.replace("{group}", group)] for new, pattern in columns.items()} for group in groups]


def parts_of(cell: str | None, separators: str, missing: list[str]) -> list[str | None]:
    """The parts of a list whose separator is one of several signs with white space after it; none of an empty cell."""
    if cell is None:
        return []
    parts = [""]
    rest = cell
    while rest:
        sign, rest = rest[0], rest[1:]
        if sign in separators:
            parts.append("")
            rest = rest.lstrip("\t\n\f\r ")
        else:
            parts[-1] += sign
    return [clean(part, missing) for part in parts]


def last_of_each(rows: list[dict], key: list[str]) -> tuple[list[dict], list[dict]]:
    """The rows that stay and those that give way, where the last row with the same key wins; empty keys stand alone."""
    stay: list[dict] = []
    for row in rows:
        values = [row[name] for name in key]
        is_whole = None not in values
        later = [other for other in rows if [other[name] for name in key] == values]
        if not is_whole or row is later[-1]:
            stay.append(row)
    return stay, [row for row in rows if not any(row is kept for kept in stay)]
