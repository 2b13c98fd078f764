"""The scan: resident and foreigner registration numbers, phones and e-mails in any cell, wherever they stand.

A resident number is YYMMDD, a digit for century and sex (1-4, 9, 0 Korean, 5-8 foreign), and six digits. Its check digit
does not hold for numbers issued since October 2020 and the foreigners' formula is unofficial, so the form decides; the
check digit only settles a number that is also a timestamp or a product's barcode.

The engine asks LOOSE_PATTERN, which runs over every cell at nearly no cost, and sends the few cells that fit to
`mask_identifiers`, so there is one implementation of what an identifier is.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial

RESIDENT, FOREIGNER, PHONE, EMAIL = "resident number", "foreigner number", "phone number", "e-mail address"
KINDS = (RESIDENT, FOREIGNER, PHONE, EMAIL)

_DIGIT = "[0-9０-９]"
_DASH = "-‐‑‒–—−－"
_JOINT = f"[{_DASH} \u00a0]"  # between birth date and tail
_STAR = "[*＊xX●○]"
_GAP = r"[-–－. ]"  # between the parts of a phone number

LOOSE_PATTERN = "|".join(
    (
        rf"{_DIGIT}{{6}}{_JOINT}{{0,3}}[0-9０-９*＊xX●○]{{6}}",  # resident numbers, long numbers in one piece
        rf"{_DIGIT}{{3,4}}{_GAP}{{1,2}}{_DIGIT}{{4}}",  # the end of a phone number
        rf"[0０][1１]{_DIGIT}{{8}}",  # a mobile phone in one piece
        rf"82{_GAP}{{0,2}}\(?0?\)?1[016789０１６７８９]",  # the same from abroad
        r"[0-9]\.[0-9]{5,}[eE]",  # a number that a spreadsheet shortened
        "@",
    )
)
"""In RE2's dialect; every text that `mask_identifiers` changes fits it."""

SHORTEST_BYTES = 9
"""No identifier but an e-mail address is shorter than this."""


def mask_identifiers(text: str) -> str:
    """Put a fixed token, such as ‹resident number masked›, in the place of every identifier."""
    if len(text) < SHORTEST_BYTES and "@" not in text:
        return text
    for pattern, kind_of in _SCANS:
        text = pattern.sub(partial(_mask, kind_of), text)
    return text


def find_identifiers(text: str) -> tuple[str, ...]:
    """Name the kinds of identifiers in a text, most telling first."""
    masked = mask_identifiers(unicodedata.normalize("NFC", text))
    return tuple(kind for kind in KINDS if mask_of(kind) in masked and mask_of(kind) not in text)


def mask_of(kind: str) -> str:
    """The token that stands for an identifier of this kind."""
    return f"‹{kind} masked›"


def _mask(kind_of: Callable[[re.Match[str]], str | None], match: re.Match[str]) -> str:
    kind = kind_of(match)
    return mask_of(kind) if kind else match.group()


def _kind_of_joined(match: re.Match[str]) -> str | None:
    digits = _plain_digits(match["date"] + match["tail"])
    return _kind_of_resident(digits)


def _kind_of_run(match: re.Match[str]) -> str | None:
    """Thirteen digits in one piece: also the form of a barcode."""
    digits = _plain_digits(match.group())
    if _is_barcode(digits) and not _has_check_digit(digits):
        return None
    return _kind_of_resident(digits)


def _kind_of_short_run(match: re.Match[str]) -> str | None:
    """Twelve digits: a number of someone born in 2000-2009 whose leading zero a spreadsheet dropped."""
    text = _plain_digits(match.group())
    digits = "0" + text
    if digits[6] not in "3478" or (_is_timestamp(text) and not _has_check_digit(digits)):
        return None
    return _kind_of_resident(digits)


def _kind_of_shortened(match: re.Match[str]) -> str | None:
    """8.00101E+12: as a spreadsheet shows a long number; its first digits are a birth date."""
    places = int(match["exponent"])
    digits = (match["whole"] + match["part"]).ljust(places + 1, "0")
    if places == 11:  # noqa: PLR2004 - the leading zero is lost
        digits = "0" + digits
    is_exact = len(match["part"]) >= 6  # noqa: PLR2004 - the seventh digit was kept
    if not _is_birth_date(digits[:6]):
        return None
    return _kind_of_resident(digits) if is_exact else RESIDENT


def _kind_of_masked(match: re.Match[str]) -> str | None:
    digits = _plain_digits(match["date"] + match["tail"])
    if not _is_birth_date(digits[:6]):
        return None
    return FOREIGNER if digits[6:7] in tuple("5678") else RESIDENT


def _kind_of_resident(digits: str) -> str | None:
    if not _is_birth_date(digits[:6]):
        return None
    return FOREIGNER if digits[6] in "5678" else RESIDENT


def _is_birth_date(yymmdd: str) -> bool:
    """Tell whether YYMMDD is a day of any century: 000229 is one, 000230 is not."""
    try:
        date(2000 + int(yymmdd[:2]) % 4, int(yymmdd[2:4]), int(yymmdd[4:6]))
    except ValueError:
        return False
    return True


def _is_timestamp(digits: str) -> bool:
    """Tell whether twelve digits are yyyymmddHHMM of our time."""
    is_time = int(digits[8:10]) < 24 and int(digits[10:12]) < 60  # noqa: PLR2004
    return digits[:2] in {"19", "20"} and is_time and _is_birth_date(digits[2:8])


def _is_barcode(digits: str) -> bool:
    """Tell whether thirteen digits are a Korean product's barcode (EAN-13), as in lists of drugs."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits.startswith("880") and weighed % 10 == 0


def _has_check_digit(digits: str) -> bool:
    weighed = sum(
        int(digit) * weight for digit, weight in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False)
    )
    return (11 - weighed % 11) % 10 == int(digits[12])


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())


_NO_DIGIT_BEFORE = r"(?<![0-9０-９])(?<![0-9]\.)"
_NO_DIGIT_AFTER = r"(?![0-9０-９])"
_NO_WORD_BEFORE = r"(?<![A-Za-z0-9０-９])(?<![0-9]\.)"
_NO_WORD_AFTER = r"(?![A-Za-z0-9０-９])"
_MOBILE = rf"(?:\+?82{_GAP}{{0,2}}\(?0?\)?1|[0０][1１])[016789０１６７８９]"
_AREA = rf"(?:\+?82{_GAP}{{1,2}}\(?0?|0)(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[0-9])"
_BIRTH = rf"{_NO_DIGIT_BEFORE}(?P<date>{_DIGIT}{{6}})"

_SCANS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = tuple(
    (re.compile(pattern), kind_of)
    for pattern, kind_of in (
        # 800101-1234567
        (rf"{_BIRTH}{_JOINT}{{1,3}}(?P<tail>{_DIGIT}{{7}}){_NO_DIGIT_AFTER}", _kind_of_joined),
        # 800101-1******, 8001011******
        (rf"{_BIRTH}{_JOINT}{{0,3}}(?=[0-9０-９*＊xX●○]{{6}})(?P<tail>{_DIGIT}{{1,6}}){_STAR}{{1,6}}", _kind_of_masked),
        # 800101-*******
        (rf"{_BIRTH}{_JOINT}{{1,3}}(?P<tail>){_STAR}{{6,7}}", _kind_of_masked),
        # 8001011234567
        (rf"{_NO_WORD_BEFORE}{_DIGIT}{{13}}{_NO_WORD_AFTER}", _kind_of_run),
        # 101013234567
        (rf"{_NO_WORD_BEFORE}{_DIGIT}{{12}}{_NO_WORD_AFTER}", _kind_of_short_run),
        # 8.00101E+12
        (
            r"(?<![A-Za-z0-9.])(?P<whole>[0-9])\.(?P<part>[0-9]{5,12})[eE]\+?(?P<exponent>1[12])(?![0-9])",
            _kind_of_shortened,
        ),
        # 010-1234-5678, 01012345678, +82 10-1234-5678
        (
            rf"{_NO_WORD_BEFORE}{_MOBILE}{_GAP}{{0,2}}{_DIGIT}{{3,4}}{_GAP}{{0,2}}{_DIGIT}{{4}}{_NO_WORD_AFTER}",
            lambda _: PHONE,
        ),
        # 02-123-4567, (031) 123-4567, 070-1234-5678
        (
            rf"{_NO_WORD_BEFORE}(?<![0-9]-){_AREA}(?:{_GAP}|\) ?){_DIGIT}{{3,4}}{_GAP}{_DIGIT}{{4}}{_NO_WORD_AFTER}",
            lambda _: PHONE,
        ),
        (r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", lambda _: EMAIL),
    )
)
