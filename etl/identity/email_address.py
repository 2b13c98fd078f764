"""E-mail addresses in a normal text, of any script, also with blanks around the sign or with the sign written out.

Found from the sign outwards, a bounded way to either side, so that a cell of 300,000 letters costs no more than reading
it. `5 mg@d1` is none: a domain has a dot, and its last part two letters or more.
"""

import re
from collections.abc import Iterator

from etl.identity.spans import EMAIL, Span

_LOCAL_LENGTH = 64
_LOCAL_SIGNS = ".+-"


def find_email_addresses(text: str) -> Iterator[Span]:
    """Find e-mail addresses in a normal text."""
    behind = 0
    for sign in _SIGN.finditer(text):
        domain = _DOMAIN.match(text, sign.end())
        begin = _begin_of_local(text, sign.start(), behind)
        if domain and begin < sign.start():
            behind = domain.end()
            yield Span(begin, behind, EMAIL)


def _begin_of_local(text: str, end: int, behind: int) -> int:
    """Walk back from the sign over blanks and then over the local part; `end` where there is none."""
    place, least = end, max(behind, end - _LOCAL_LENGTH)
    while place > least and text[place - 1] == " ":
        place -= 1
    begin = place
    while begin > least and (text[begin - 1].isalnum() or text[begin - 1] in _LOCAL_SIGNS):
        begin -= 1
    while begin < place and not text[begin].isalnum():
        begin += 1
    return begin if begin < place else end


_SIGN = re.compile(r"@|골뱅이|;\W{0,2}at\W{0,2};")
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_DOMAIN = re.compile(rf" {{0,4}}(?:{_LABEL} ?\. ?){{1,6}}(?:[a-z]{{2,24}}|[^\W\d_a-z]{{2,24}})")
