"""Detectors that a mapping switches on for a column: what they look for has the shape of too much else to be masked anywhere.

| detector | what it masks |
|---|---|
| name | a Korean name (korean_name.py) |
| passport | M12345678, M123A4567, with the letters of Korean passports |
| driving_licence | 11-04-123456-78, 서울 04-123456-78 |
| chart_number | 7 or 8 digits in one piece that are no day; 5 to 10 behind a word such as 등록번호 |
| address | a road or a quarter with a number behind the name of a town, a flat (101동 1203호) |
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from etl.identity.days import is_day
from etl.identity.korean_name import NAME, find_names
from etl.identity.spans import Judge, Span, search

Detector = Literal["name", "passport", "driving_licence", "chart_number", "address"]

PASSPORT, LICENCE, CHART, ADDRESS = "passport number", "driving licence number", "chart number", "address"
OPTIONAL_KINDS = (PASSPORT, LICENCE, CHART, ADDRESS, NAME)

Finder = Callable[[str], Iterator[Span]]


def finders_of(detectors: Iterable[str]) -> tuple[Finder, ...]:
    """Give the searches of some detectors, in the order in which they take hold."""
    wanted = set(detectors)
    return tuple(find for name, find in _FINDERS.items() if name in wanted)


def _finder(judge: Judge, *patterns: str) -> Finder:
    compiled = [re.compile(pattern) for pattern in patterns]

    def find(text: str) -> Iterator[Span]:
        for pattern in compiled:
            yield from search(pattern, judge, text)

    return find


def _judge_chart(match: re.Match[str]) -> str | None:
    digits = match.group()
    is_date = len(digits) == 8 and digits[:2] in {"18", "19", "20"} and is_day(digits[2:])  # noqa: PLR2004
    return None if is_date else CHART


_ALONE, _END = "(?<![0-9a-z])", "(?![0-9a-z])"
_REGION = "(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"
_TOWN = rf"(?:{_REGION}(?:특별자치|특별|광역)?(?:시|도)?\W{{1,3}}){{0,2}}(?:[가-힣]{{1,6}}(?:시|군|구|읍|면)\W{{1,3}}){{1,3}}"
_PLACE = r"[가-힣0-9]{1,12}(?:로|길|동|리|가)\W{0,2}(?:산\W?)?[0-9]{1,4}(?:-[0-9]{1,4})?(?:번길\W?[0-9]{1,4}|번지)?"
_FLAT = r"[0-9]{1,4}동\W{0,2}[0-9]{1,4}호"

_FINDERS: Mapping[str, Finder] = {
    "passport": _finder(
        lambda _: PASSPORT, rf"{_ALONE}[mrsdog]\W{{0,2}}(?:[0-9]{{8}}|[0-9]{{3}}[a-z][0-9]{{4}}){_END}"
    ),
    "driving_licence": _finder(
        lambda _: LICENCE,
        rf"(?:{_ALONE}(?:1[1-9]|2[0-8])|{_REGION})\W{{0,3}}[0-9]{{2}}\W{{1,3}}[0-9]{{6}}\W{{1,3}}[0-9]{{2}}{_END}",
    ),
    "chart_number": _finder(
        _judge_chart,
        rf"(?:등록번호|차트번호|병록번호|환자번호|chart|mrn|hn)\W{{0,3}}(?:no)?\W{{0,3}}(?P<number>[0-9]{{5,10}}){_END}",
        rf"{_ALONE}(?<![0-9][.,])[0-9]{{7,8}}{_END}(?![.,][0-9])",
    ),
    "address": _finder(lambda _: ADDRESS, rf"{_TOWN}{_PLACE}(?:\W{{1,3}}{_FLAT})?", _FLAT),
    "name": find_names,
}
