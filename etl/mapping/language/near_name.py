"""Suggest the nearest known name for a mistyped one, and list what there is, the nearest first."""

import difflib
from collections.abc import Iterable

CLOSE_ENOUGH = 0.6
SHORTEST_ALIKE = 2
"""A name of one letter resembles none but itself: `m` is no slip for `mm`."""
MOST_LISTED = 8


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name as a sentence with a leading space; empty when none is near.

    A name that resembles one word of a longer name is near, too: `grad` suggests `reported_grade`.
    """
    scored = [(_likeness(name, candidate), candidate) for candidate in known]
    score, best = max(scored, default=(0.0, ""))
    return f" Did you mean '{best}'?" if score >= CLOSE_ENOUGH else ""


def list_nearest(name: str, known: Iterable[str], *, most: int = MOST_LISTED) -> str:
    """List known names, the nearest first, and count those left out: `AST, ALT and 40 more`; `nothing` when there are none."""
    ordered = sorted(known, key=lambda candidate: -_likeness(name, candidate))
    if not ordered:
        return "nothing"
    left = len(ordered) - most
    return ", ".join(f"'{candidate}'" for candidate in ordered[:most]) + (f" and {left:,} more" if left > 0 else "")


def _likeness(name: str, candidate: str) -> float:
    if min(len(name), len(candidate)) < SHORTEST_ALIKE:
        return float(name.casefold() == candidate.casefold())
    whole = difflib.SequenceMatcher(None, name.casefold(), candidate.casefold()).ratio()
    words = [difflib.SequenceMatcher(None, name.casefold(), word).ratio() for word in candidate.casefold().split("_")]
    return max(whole, 0.95 * max(words))
