"""The scan: resident and foreigner registration numbers, phones and e-mails in any cell, wherever they stand.

It looks for numbers, not for spellings: a text is first brought to a normal form (normal_text.py), in which digits of any
script are digits and every sign between them is a separator. What each kind is, and what looks like one and is none, is
decided in a file of its own: resident_number.py, phone_number.py, shortened_number.py, email_address.py. Every search
goes a bounded way from where it begins, so that the time of a cell grows with its length alone.

The engine asks LOOSE_PATTERN (sieve.py), which runs over every cell at nearly no cost, and sends the few cells that fit
to `mask_identifiers`, so there is one implementation of what an identifier is.

Not found: numbers in words (공일공), with letters for digits (O1O), and those of other countries' telephones.
"""

import unicodedata
from collections.abc import Iterable

from etl.identity.detectors import OPTIONAL_KINDS, finders_of
from etl.identity.email_address import find_email_addresses
from etl.identity.normal_text import normal_text
from etl.identity.phone_number import find_phone_numbers
from etl.identity.resident_number import find_resident_numbers
from etl.identity.shortened_number import find_shortened_numbers, is_in_exponent_form
from etl.identity.spans import EMAIL, FOREIGNER, PHONE, RESIDENT, Span

KINDS = (RESIDENT, FOREIGNER, PHONE, EMAIL)
ALL_KINDS = (*KINDS, *OPTIONAL_KINDS)
"""With those that are looked for only where a mapping says so."""

SHORTEST_BYTES = 8
"""No identifier is shorter, but an e-mail address and a number in exponent form."""

_FINDERS = (find_resident_numbers, find_shortened_numbers, find_phone_numbers, find_email_addresses)


def mask_identifiers(text: str, *, also: Iterable[str] = ()) -> str:
    """Put a fixed token, such as ‹resident number masked›, in the place of every identifier.

    Args:
        text: a cell.
        also: the detectors (detectors.py) that the mapping switches on for its column.
    """
    added = finders_of(also)
    if _is_too_short(text) and not added:
        return text
    normal = normal_text(text)
    spans: list[Span] = []
    for find in (*_FINDERS, *added):
        for span in find(normal.text):
            if not _overlaps(span, spans):
                spans.append(span)
    if not spans:
        return text
    parts, behind = [], 0
    for span in sorted(spans, key=lambda span: span.begin):
        begin, end = normal.span(span.begin, span.end)
        parts += [text[behind:begin], mask_of(span.kind)]
        behind = end
    return "".join([*parts, text[behind:]])


def is_measurement(text: str) -> bool:
    """Return whether a cell may be a measured number whatever identifier it looks like, such as 2.30115E+12."""
    return is_in_exponent_form(normal_text(text).text)


def find_identifiers(text: str) -> tuple[str, ...]:
    """Name the kinds of identifiers in a text, most telling first."""
    masked = mask_identifiers(unicodedata.normalize("NFC", text))
    return tuple(kind for kind in KINDS if mask_of(kind) in masked and mask_of(kind) not in text)


def mask_of(kind: str) -> str:
    """The token that stands for an identifier of this kind."""
    return f"‹{kind} masked›"


def _is_too_short(text: str) -> bool:
    is_short = len(text) < SHORTEST_BYTES and len(text.encode("utf-8", "surrogatepass")) < SHORTEST_BYTES
    return is_short and not any(sign in text for sign in "@eE")


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span.begin < other.end and other.begin < span.end for other in others)
