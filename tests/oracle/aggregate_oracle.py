"""Aggregates, units by row and Excel's days read slowly and plainly."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import mapping_oracle as oracle

Row = dict[str, Any]


def aggregate(rows: list[Row], key: str, how: dict[str, str], beside: dict[str, str]) -> tuple[list[Row], set[int]]:
    """Put the rows of one key together, in the order of their records; also the records that were merged.

    `beside` names the column that each following column follows.
    """
    results, merged = [], set()
    for first in rows:
        if first[key] is not None and any(row[key] == first[key] for row in rows if row["record"] < first["record"]):
            merged.add(first["record"])
            continue
        same = [row for row in rows if row is first or (first[key] is not None and row[key] == first[key])]
        result = {"record": first["record"], key: first[key]}
        for name in first.keys() - result.keys():
            leader = beside.get(name, name)
            chosen = _choose(same, leader, how.get(leader, "first"))
            result[name] = chosen[name] if chosen else None
        results.append(result)
    return results, merged


def _choose(rows: list[Row], name: str, how: str) -> Row | None:
    filled = [row for row in rows if row[name] is not None]
    if not filled:
        return None
    choose: dict[str, Callable[[], Row]] = {
        "first": lambda: filled[0],
        "last": lambda: filled[-1],
        "min": lambda: min(filled, key=lambda row: row[name]),  # of equal ones the first
        "max": lambda: max(filled, key=lambda row: row[name]),
    }
    return choose[how]()


def millimetres(text: str, unit: str | None, units: dict[str, int]) -> Decimal:
    """A length in the unit of its row."""
    value = oracle.number(text)
    if unit is None:
        raise oracle.UnreadableError("no_unit")
    if unit not in units:
        raise oracle.UnreadableError("unlisted_unit")
    value *= units[unit]
    if abs(value) >= 10**12:
        raise oracle.UnreadableError("not_a_number")
    return value


def excel_day(text: str, *, is_1904: bool) -> date:
    """The day of an Excel serial number, counted day by day as Excel's own calendar does."""
    digits, point, fraction = text.replace(",", ".").partition(".")
    is_number = 0 < len(digits) <= 5 and all(sign in oracle.DIGITS for sign in digits + fraction)
    if not is_number or (point and not fraction):
        raise oracle.UnreadableError("not_a_date")
    number = int(digits)
    if is_1904:
        found = date(1904, 1, 1) + timedelta(days=number)
    elif number in (0, 60):
        raise oracle.UnreadableError("not_a_date")
    else:
        found = date(1900, 1, 1) + timedelta(days=number - 1 - (number > 60))
    if found.year > 2099:
        raise oracle.UnreadableError("not_a_date")
    return found
