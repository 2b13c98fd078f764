"""Numbers that a spreadsheet has changed: leading zeros lost, thousands set apart, the rest hidden behind an exponent.

A spreadsheet does so to a cell that is a number and nothing else, so the whole cell must be one; an exponent may stand
in a text too. A column that the mapping reads as a measured number keeps what is in exponent form, for it may be a viral
load, and a finding says where it stands. Without an exponent no result has as many digits.

| what | decision |
|---|---|
| 8.0E+12, 8.00101E+12, 8.0×10^12 | masked when a birth date fits the digits that are left; 4.52E+12 fits none |
| 4.1E+12/L, 4.1E+12 copies | a measurement: a unit follows |
| 1.01013E+11 | the same, of someone born in 2000-2009, without the leading zero |
| 1.012345678E9 | a mobile number, when nine of its digits are left |
| 1012345678, 1,012,345,678, a whole cell | a mobile number, unless yymmddHHMM |
| 112345678, 311234567, nine digits | a number: codes of drugs and charts have as many |
| 1013234567, 10013234567, a whole cell | a resident number of 2000, when the check digit holds |
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from etl.identity.days import is_day, is_time_stamp
from etl.identity.resident_number import kind_of_resident, kind_without_zeros
from etl.identity.spans import FOREIGNER, PHONE, RESIDENT, Span, search

_DAY_DIGITS, _WHOLE_DIGITS = 6, 13
_PHONE_DIGITS, _ENOUGH_OF_PHONE = 10, 9


def find_shortened_numbers(text: str) -> Iterator[Span]:
    """Find resident and telephone numbers that a spreadsheet has changed in a normal text."""
    yield from search(_EXPONENT, _judge_exponent, text)
    for pattern in (_POWER, _WHOLE):
        match = pattern.fullmatch(text) if len(text) <= _LONGEST_CELL else None
        kind = match and (_judge_exponent(match) if pattern is _POWER else _judge_whole(match))
        if match and kind:
            yield Span(*match.span("number"), kind)


def is_in_exponent_form(text: str) -> bool:
    """Return whether a normal text is a number in exponent form, perhaps with a sign such as <, and nothing else."""
    return len(text) <= _LONGEST_CELL and _IN_EXPONENT_FORM.fullmatch(text) is not None


def _judge_exponent(match: re.Match[str]) -> str | None:
    digits, places = match["whole"] + (match["part"] or ""), int(match["places"])
    if places == _PHONE_DIGITS - 1:
        is_mobile = digits[0] == "1" and digits[1:2] in {*"016789"} and len(digits) >= _ENOUGH_OF_PHONE
        return PHONE if is_mobile else None
    digits = "0" * (_WHOLE_DIGITS - 1 - places) + digits
    if len(digits) >= _WHOLE_DIGITS:
        return kind_of_resident(digits[:_WHOLE_DIGITS])
    if not _may_begin_with_a_day(digits):
        return None
    return FOREIGNER if digits[_DAY_DIGITS : _DAY_DIGITS + 1] in {*"5678"} else RESIDENT


@lru_cache(maxsize=10_000)
def _may_begin_with_a_day(digits: str) -> bool:
    """Return whether a number that was rounded to these digits may begin with YYMMDD."""
    scale = 10 ** (_DAY_DIGITS + 1)
    rounded = int(digits.ljust(_DAY_DIGITS + 1, "0")[: _DAY_DIGITS + 1])
    half = max(scale // 10 ** len(digits), 1) // 2
    first, last = max(rounded - half, 0) // 10, min(rounded + max(half - 1, 0), scale - 1) // 10
    return any(is_day(f"{yymmdd:06}") for yymmdd in range(first, last + 1))


def _judge_whole(match: re.Match[str]) -> str | None:
    digits = match["number"].replace(",", "")
    if len(digits) == _WHOLE_DIGITS:
        return kind_of_resident(digits)
    if len(digits) not in {10, 11, 12}:
        return None
    if len(digits) == _PHONE_DIGITS and digits[0] == "1" and digits[1] in "016789":
        return None if is_time_stamp(digits) else PHONE
    return kind_without_zeros(digits)


_LONGEST_CELL = 60
_MANTISSA = r"(?P<whole>[0-9])(?:[.,](?P<part>[0-9]{1,15}))?"
_EXPONENT = re.compile(
    rf"(?<![0-9a-z.,])(?P<number>{_MANTISSA}e\+?0?(?P<places>9|1[12]))(?![0-9])(?!\W{{0,2}}[a-zµ])(?! ?/)"
)
_POWER = re.compile(rf"\W{{0,3}}(?P<number>{_MANTISSA}\W{{0,2}}[*x]\W{{0,2}}10\W{{0,2}}(?P<places>9|1[12]))\W{{0,3}}")
_WHOLE = re.compile(r"\W{0,3}(?P<number>[1-9][0-9]{0,2}(?:,[0-9]{3}){3,4}|[1-9][0-9]{9,11})(?:\.0{0,6})?\W{0,3}")
_IN_EXPONENT_FORM = re.compile(rf"[ ;]{{0,3}}{_MANTISSA}e\+?[0-9]{{1,2}} {{0,3}}")
