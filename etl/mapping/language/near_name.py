"""Suggest the nearest known name for a mistyped one."""

import difflib
from collections.abc import Iterable

CLOSE_ENOUGH = 0.6


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name as a sentence with a leading space; empty when none is near.

    A name that resembles one word of a longer name is near, too: `grad` suggests `reported_grade`.
    """
    scored = [(_likeness(name, candidate), candidate) for candidate in known]
    score, best = max(scored, default=(0.0, ""))
    return f" Did you mean '{best}'?" if score >= CLOSE_ENOUGH else ""


def _likeness(name: str, candidate: str) -> float:
    whole = difflib.SequenceMatcher(None, name.casefold(), candidate.casefold()).ratio()
    words = [difflib.SequenceMatcher(None, name.casefold(), word).ratio() for word in candidate.casefold().split("_")]
    return max(whole, 0.95 * max(words))
