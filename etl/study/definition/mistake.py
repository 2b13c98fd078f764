"""A mistake in a study file: where, and what; and the two that any list of names can have."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from etl.mapping.language.near_name import did_you_mean

At = tuple[str | int, ...]
Mistake = tuple[At, str]
"""A place in the file, and a sentence."""


def unknown(at: At, name: str, known: Iterable[str], *, what: str) -> Iterator[Mistake]:
    """Report a name that is none of the known ones, with the nearest of them."""
    known = list(known)
    if name not in known:
        yield at, f"'{name}' is not {what}.{did_you_mean(name, known)}"


def repeated(at: At, names: Sequence[Any]) -> Iterator[Mistake]:
    """Report what a list holds twice."""
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (*at, index), f"'{name}' is named twice."
