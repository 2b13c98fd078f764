"""Check the study options: each value must be what the option's unit says, before a view reads it."""

from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

import duckdb

from warehouse.errors import OptionError

FILE = "schemas/reference/study_option.csv"
WHOLE = ("days", "visits", "lesions")
"""Units that are counted: a view would round half a day without a word."""
RISING = ("_edges", "_at_months")
"""How options are called that hold several numbers."""


def check_options(con: duckdb.DuckDBPyConnection) -> None:
    """Check every row of reference.study_option against its unit and the code lists of reference.code.

    A unit is a choice (`true | false`), `date`, `code of <list>`, `codes of <list>` with blanks between the codes, or
    the unit of a number, which is whole where the unit is one of `WHOLE`; an option named `..._edges` or `..._at_months` holds
    one number or more that rise.

    Raises:
        OptionError: a value is none of its option's.
    """
    for name, value, unit, is_chosen in con.execute(
        "SELECT name, value, unit, chosen_by IS NOT NULL FROM reference.study_option ORDER BY name"
    ).fetchall():
        expected = expected_value(con, name, value or "", unit)
        if expected and is_chosen:
            raise OptionError(
                f"The study option '{name}' was chosen to be '{value}', and {FILE} now expects {expected}. "
                f"Correct the unit there."
            )
        if expected:
            raise OptionError(
                f"{FILE}: the option '{name}' is '{value or ''}'; expected is {expected}. Correct it there."
            )


def expected_value(con: duckdb.DuckDBPyConnection, name: str, value: str, unit: str) -> str:
    """Say what a value ought to be; nothing when it is that."""
    if "|" in unit:
        choices = [choice.strip() for choice in unit.split("|")]
        return "" if value in choices else f"one of: {', '.join(choices)}"
    if unit == "date":
        return "" if _is_date(value) else "a date such as 2014-03-31"
    kind, _, code_list = unit.partition(" of ")
    if kind in {"code", "codes"}:
        return _violated_codes(con, value.split(), code_list, is_single=kind == "code")
    numbers = [_number(text) for text in value.split()]
    if name.endswith(RISING):
        steps = list(pairwise(numbers))
        is_rising = bool(steps) and all(low is not None and high is not None and low < high for low, high in steps)
        return "" if is_rising else f"two numbers or more that rise, in {unit}, with blanks between them"
    number = numbers[0] if len(numbers) == 1 else None
    if unit in WHOLE:
        return "" if number is not None and number % 1 == 0 else f"a whole number, not negative, of {unit}"
    return "" if number is not None else f"a number, not negative, in {unit}"


def _violated_codes(con: duckdb.DuckDBPyConnection, codes: list[str], code_list: str, *, is_single: bool) -> str:
    known = [
        code
        for (code,) in con.execute(
            "SELECT code FROM reference.code WHERE code_list = ? ORDER BY position", [code_list]
        ).fetchall()
    ]
    if set(codes) <= set(known) and (len(codes) == 1 if is_single else codes):
        return ""
    number = "one code" if is_single else "one code or more, with blanks between them,"
    return f"{number} of the code list '{code_list}': {', '.join(known)}"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _number(text: str) -> Decimal | None:
    """Read a number as SQL will; None for what is none or is negative."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
