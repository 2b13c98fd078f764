"""Korean telephone numbers in a normal text: mobile, of an area, of the internet, from abroad, partly blotted out.

| what | decision |
|---|---|
| 01012345678 glued to one letter (S01012345678) | a specimen's number, unless the letter is t, h or m; a word is a label |
| 0311234567 in one piece | masked, unless it is yymmddHHMM of our time |
| 02-20100310 | an area code's digits and a day: no number |
| 2013-02-123-4567 | part of a longer chain of digits: no number of an area |
| 1012345678 behind a word such as Tel, or as a whole cell (shortened_number.py) | masked; else a number (AFP 1012345678) |
| 010-****-**** | nothing of it is left to mask |
"""

import re
from collections.abc import Iterator

from etl.identity.days import is_day, is_time_stamp
from etl.identity.spans import PHONE, Judge, Span, is_in_code, search


def find_phone_numbers(text: str) -> Iterator[Span]:
    """Find telephone numbers in a normal text."""
    for pattern, judge in _SEARCHES:
        yield from search(pattern, judge, text)


def _judge_mobile(match: re.Match[str]) -> str | None:
    if not re.search("[0-9]", match["rest"]):
        return None
    return None if match.group().isdigit() and _is_in_code(match) else PHONE


def _judge_area(match: re.Match[str]) -> str | None:
    digits = match.group()
    if not re.search("[0-9]", match["first"] + match["second"]):
        return None
    if digits.isdigit():
        is_stamp = len(digits) == 10 and is_time_stamp(digits)  # noqa: PLR2004
        return None if is_stamp or _is_in_code(match) else PHONE
    number = match["first"] + match["second"]
    is_date = match["by"] == "" and len(number) == 8 and number[:2] in {"19", "20"}  # noqa: PLR2004
    return None if is_date and number.isdigit() and is_day(number[2:]) else PHONE


def _is_in_code(match: re.Match[str]) -> bool:
    """Whether a run is part of a code; the letters t, h and m alone before it are a label."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    return is_in_code(match) and not _LABEL_LETTER.search(before)


_LABEL_LETTER = re.compile(r"(?<![0-9a-z])[thm]\Z")
_LABEL = r"(?:tel|phone|hp|h\.p|mobile|cell|전화|휴대폰|휴대전화|핸드폰|연락처|보호자)"
_DIGIT, _BY, _END = "[0-9*xoᄋ]", r"\W{0,4}", r"(?![0-9])"
_ALONE = r"(?<![0-9])(?<![0-9]\.)"
_PREFIX = rf"(?:(?:(?:(?<=\+)|00)82{_BY}|82\W{{1,4}})0?\W{{0,2}}|0)"
_AREA = r"(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[0-9])"
_FIRST = rf"(?P<first>[1-9*x]{_DIGIT}{{2,3}})"

_SEARCHES: tuple[tuple[re.Pattern[str], Judge], ...] = tuple(
    (re.compile(pattern), judge)
    for pattern, judge in (
        # 010-1234-5678, +82 10-1234-5678, 82(0)10 ...
        (
            rf"{_ALONE}(?:(?:00)?82{_BY}0?\W{{0,2}}1|01)[016789]{_BY}(?P<rest>{_DIGIT}{{3,4}}{_BY}{_DIGIT}{{4}}){_END}",
            _judge_mobile,
        ),
        # 02-123-4567, (031) 123-4567, 0311234567, +82 2-123-4567
        (
            rf"{_ALONE}(?<![0-9][-/]){_PREFIX}{_AREA}{_BY}{_FIRST}(?P<by>{_BY})(?P<second>{_DIGIT}{{4}}){_END}",
            _judge_area,
        ),
        (rf"{_LABEL}\W{{0,4}}(?P<number>1[016789][0-9]{{8}}){_END}", lambda _: PHONE),
    )
)
