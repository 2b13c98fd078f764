"""Resident and foreigner registration numbers in a normal text, whole, cut into parts, cut short or blotted out.

A resident number is YYMMDD, a digit for century and sex (1-4, 9, 0 Korean, 5-8 foreign), and six digits. Its check digit
does not hold for numbers issued since October 2020 and the foreigners' formula is unofficial, so the form decides; the
check digit only settles what may as well be something else:

| what | decision |
|---|---|
| 13 digits that are a Korean product's barcode (880...) | a barcode, unless the check digit of a resident number holds |
| 13 digits in a code (S8001011234567, 3f8001011234567ab) | a code, unless the check digit holds; a word before is a label |
| a decimal fraction (0.8001011234567) | a number |
| 12 digits, as of someone born in 2000-2009 without the leading zero | masked, unless yyyymmddHHMM |
| 20100310-1234567, a full date of this century | a specimen, unless the check digit holds and the sex digit fits |
| 10.03.10 1234567, a date in parts, a blank, a number | a date and a number in a year of ours, unless the check digit holds |
| 800101-1, 800101-12345(6), cut short | masked for births 1930-1999 and sex digits 1, 2, 5, 6; else a specimen or a time |
| 800101-901231 | two days |
| 100310 120x150 | a size: what blots out ends the number |
"""

import re
from collections.abc import Iterator

from etl.identity.days import is_day, is_of_our_time, is_time_stamp
from etl.identity.spans import FOREIGNER, RESIDENT, Judge, Span, is_in_code, search

_BLOT = "[*xoᄋ]"
_LONG_ENOUGH = 5
"""Digits and blots behind a birth date that together show a number; with fewer it may be anything."""


def find_resident_numbers(text: str) -> Iterator[Span]:
    """Find resident and foreigner numbers in a normal text."""
    for pattern, judge in _SEARCHES:
        yield from search(pattern, judge, text)


def kind_of_resident(digits: str) -> str | None:
    """Return whether 13 digits, or 7 at least of them, have the form of a resident number, and of which kind it is."""
    if not is_day(digits[:6]):
        return None
    return FOREIGNER if digits[6:7] in {*"5678"} else RESIDENT


def has_check_digit(digits: str) -> bool:
    """Return whether the last of 13 digits is the check digit of the others."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return (11 - weighed % 11) % 10 == int(digits[12])


def kind_without_zeros(text: str) -> str | None:
    """Judge a number of 10 to 12 digits whose leading zeros a spreadsheet dropped, of someone born in 2000-2009.

    So many other numbers have 10 or 11 digits that there the check digit must hold.
    """
    digits = text.zfill(13)
    if digits[6] not in "3478":
        return None
    is_other = is_time_stamp(text) if len(text) == 12 else True  # noqa: PLR2004
    if is_other and not has_check_digit(digits):
        return None
    return kind_of_resident(digits)


def _judge_parts(match: re.Match[str]) -> str | None:
    """Judge 800101-1234567, 80.01.01-1234567, 19800101-1234567."""
    digits = _digits(match["date"] + match["tail"])
    is_checked = has_check_digit(digits)
    fitting = {"18": "90", "19": "1256", "20": "3478"}.get(match["century"] or "")
    if fitting and (digits[6] not in fitting or (match["century"] == "20" and not is_checked)):
        return None
    is_apart = len(match["date"]) > 6 and " " in match["last"] and " " not in match["date"]  # noqa: PLR2004
    if is_apart and not fitting and is_of_our_time(digits) and not is_checked:
        return None
    return kind_of_resident(digits)


def _judge_run(match: re.Match[str]) -> str | None:
    digits = match.group()
    if match.string[max(0, match.start() - 1)] == "+":
        return None  # +82 and a telephone number
    if (_is_barcode(digits) or is_in_code(match)) and not has_check_digit(digits):
        return None
    return kind_of_resident(digits)


def _judge_grouped(match: re.Match[str]) -> str | None:
    """Judge 8,001,011,234,567 and digits that all stand apart."""
    return kind_of_resident(_digits(match.group()))


def _judge_blotted(match: re.Match[str]) -> str | None:
    """Judge 800101-1******, 800101-*******, 800101-1....."""
    tail, blot = match["tail"], match["blot"]
    if re.search(_BLOT, blot):
        is_number = len(tail) + len(blot) >= _LONG_ENOUGH
    else:  # an ellipsis
        is_number = len(tail) == 1 and len(blot) >= 3 and len(set(blot)) == 1  # noqa: PLR2004
    return kind_of_resident(_digits(match["date"]) + tail) if is_number else None


def _judge_birth_blotted(match: re.Match[str]) -> str:
    return FOREIGNER if match["tail"][0] in "5678" else RESIDENT


def _judge_short(match: re.Match[str]) -> str | None:
    """Judge 800101-1 and 800101-12345."""
    birth, tail = match["date"], match["tail"]
    if is_of_our_time(birth) or tail[0] not in "1256" or (len(tail) == 6 and is_day(tail)):  # noqa: PLR2004
        return None
    return kind_of_resident(birth + tail)


def _is_barcode(digits: str) -> bool:
    """Return whether thirteen digits are a Korean product's barcode (EAN-13), as in lists of drugs."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits.startswith("880") and weighed % 10 == 0


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


_ALONE, _END = r"(?<![0-9])(?<![0-9]\.)", r"(?![0-9])"
_DATE = r"(?P<century>18|19|20)?(?P<date>[0-9]{6}|[0-9]{2}\W{1,3}[0-9]{2}\W{1,3}[0-9]{2})"

_SEARCHES: tuple[tuple[re.Pattern[str], Judge], ...] = tuple(
    (re.compile(pattern), judge)
    for pattern, judge in (
        (
            rf"(?<![0-9]){_DATE}(?P<last>\W{{1,4}})(?P<tail>[0-9]\W{{0,3}}[0-9]{{6}}|[0-9]{{3}}\W{{1,3}}[0-9]{{4}}){_END}",
            _judge_parts,
        ),
        (rf"{_ALONE}[0-9]{{13}}{_END}", _judge_run),
        (
            rf"(?<![0-9]){_DATE}\W{{0,4}}(?P<tail>[0-9]{{1,6}})(?P<blot>[*xoᄋ.\-]{{1,12}}){_END}",
            _judge_blotted,
        ),
        (rf"(?<![0-9]){_DATE}\W{{1,4}}?{_BLOT}{{4,12}}{_END}", lambda match: kind_of_resident(_digits(match["date"]))),
        # 8001**-1234567
        (
            rf"(?<![0-9*xoᄋ])(?=[0-9*xoᄋ]{{6}}\W)[0-9]{{0,5}}{_BLOT}{{1,6}}\W{{1,3}}(?P<tail>[0-9]{{7}}){_END}",
            _judge_birth_blotted,
        ),
        (r"(?<![0-9a-z])(?<![0-9]\.)[0-9]{12}(?![0-9a-z])", lambda match: kind_without_zeros(match.group())),
        # 8,001,011,234,567
        (
            rf"(?<![0-9])(?<![0-9]\W)[0-9](?P<by>\W)[0-9]{{3}}(?:(?P=by)[0-9]{{3}}){{3}}{_END}(?!\W[0-9])",
            _judge_grouped,
        ),
        # 8 0 0 1 0 1 1 2 3 4 5 6 7
        (
            rf"(?<![0-9])(?<![0-9]\W)[0-9](?P<by>\W{{1,2}})[0-9](?:(?P=by)[0-9]){{11}}{_END}(?!\W[0-9])",
            _judge_grouped,
        ),
        (rf"(?<![0-9])(?<![0-9]\W)(?P<date>[0-9]{{6}})-(?P<tail>[0-9]{{5,6}}|[0-9]){_END}(?!\W[0-9])", _judge_short),
    )
)
