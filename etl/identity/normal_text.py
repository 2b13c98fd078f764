"""The text in which the scan looks for identifiers: one form of digit, of letter and of separator, character by character.

It serves matching alone; what is kept is the text as it was delivered. Every character becomes exactly one of these, or
is left out, so that a place in the normal text leads back to its place in the delivered one:

    0-9    a digit of any script, in a circle or raised too
    a-z    a Latin letter of any width; letters of other scripts stay themselves, in NFKC
    -      a dash or a low line, also a Hangul, Japanese or Chinese letter that is typed as one; and %
    *      what blots digits out: * # ● ○ ■ □ ? ×
    . , @ / + ^ and a blank, of any width
    ;      every other sign

Format and zero-width characters and combining marks are left out: a soft hyphen or a U+200B within a number hides nothing.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LEFT_OUT = "\0"
DASH_LETTERS = "ㅡᅳￚーｰ一㇐⼀─━ㅣᅵ丨⼁|ㆍᆞ〡"
"""Letters and lines that are typed in place of a dash."""

BLOTS = "*＊﹡∗✱✲✳#＃﹟●○◯◎⚫⚪⬤◉■□▪▫◆◇★☆?？﹖×✕✖〇•"
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters without ink."""

_AT, _STOPS, _COMMAS = "@＠﹫", ".．。｡․﹒…‥", ",，、﹐﹑､،"
_SAME = {"/": "/", "+": "+", "^": "^", "⁄": "/", "∕": "/", "／": "/", "＋": "+", "⁺": "+", "＾": "^"}
_DASH_SIGNS = "−⁻₋﹣－¯‾_＿‿﹍﹎﹏%％"


@dataclass(frozen=True)
class NormalText:
    """A text made ready for matching; `places` are those of its characters in the delivered text, None when the same."""

    text: str
    places: Sequence[int] | None

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Give the span of the delivered text that a span of the normal text, of one character at least, comes from."""
        if self.places is None:
            return begin, end
        return self.places[begin], self.places[end - 1] + 1


def normal_text(text: str) -> NormalText:
    """Make a text ready for matching, in a time that grows with its length alone."""
    normal = text.translate(_TABLE)
    if _LEFT_OUT not in normal:
        return NormalText(normal, None)
    places = [place for place, character in enumerate(normal) if character != _LEFT_OUT]
    return NormalText(normal.replace(_LEFT_OUT, ""), places)


def normal_character(character: str) -> str:
    """Give the one character that stands for a delivered one, or NUL for one that is left out."""
    category = unicodedata.category(character)
    digit = unicodedata.digit(character, None)
    for signs, normal in _SIGNS:
        if character in signs:
            return normal
    if category in {"Cf", "Mn", "Me", "Mc"}:
        return _LEFT_OUT
    if digit is not None:
        return str(digit)
    if category == "Pd":
        return "-"
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    return _normal_letter(character)


def _normal_letter(character: str) -> str:
    """Give a letter in small and of normal width; a sign that stands for several letters, such as ㎎, is a letter too."""
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain[0] if plain[:1].isalpha() else ";"


_SIGNS = (
    (FILLERS, " "),
    (DASH_LETTERS + _DASH_SIGNS, "-"),
    (BLOTS, "*"),
    (_AT, "@"),
    (_STOPS, "."),
    (_COMMAS, ","),
    *((sign, normal) for sign, normal in _SAME.items()),
)


class _Table(dict[int, str]):
    """Normal characters by code point, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = normal = normal_character(chr(code))
        return normal


_TABLE = _Table()
