"""What a search for one kind of identifier gives: where one stands in the normal text, and what it is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

RESIDENT, FOREIGNER, PHONE, EMAIL = "resident number", "foreigner number", "phone number", "e-mail address"


@dataclass(frozen=True)
class Span:
    """Where an identifier begins and ends in the normal text, and its kind."""

    begin: int
    end: int
    kind: str


Judge = Callable[[re.Match[str]], str | None]
"""Name the kind of identifier that a match is; None when it is none."""


def search(pattern: re.Pattern[str], judge: Judge, text: str) -> Iterator[Span]:
    """Find what a pattern matches and a judge confirms.

    A match that is not confirmed hides nothing: the search goes on one character behind its beginning. A pattern's group
    `number` is the identifier where the pattern looks at a word before it too.
    """
    place = 0
    while match := pattern.search(text, place):
        kind = judge(match)
        if kind is not None:
            begin, end = match.span("number" if "number" in pattern.groupindex else 0)
            yield Span(begin, end, kind)
        place = match.end() if kind is not None else match.start() + 1


def is_in_code(match: re.Match[str]) -> bool:
    """Whether a run of digits is part of a code, such as a specimen's number.

    One Latin letter glued before it makes a code (S8001011234567), and so does a digit further off in the same word
    (3f8001011234567ab); a word glued to it is a label (ID8001011234567).
    """
    text, begin, end = match.string, match.start(), match.end()
    before = _WORD_BEFORE.search(text[max(0, begin - _FAR) : begin])
    after = _WORD_AFTER.match(text, end, end + _FAR)
    head, tail = before.group() if before else "", after.group() if after else ""
    return len(head) == 1 or any(character.isdigit() for character in head + tail)


_FAR = 24
_WORD_BEFORE = re.compile(r"[0-9a-z]{1,24}\Z")
_WORD_AFTER = re.compile(r"[0-9a-z]{1,24}")
