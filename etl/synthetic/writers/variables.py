"""Variables of statistical files (SPSS, SAS): what a file's own dictionary says of a column."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import nan
from typing import Literal

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Variable:
    """One column of a statistical file.

    Attributes:
        label: what the dictionary calls it.
        kind: what its cells are.
        decimals: of a number, as it is shown; the number itself is kept in full.
        value_labels: what the codes of a number mean.
        user_missing: numbers that are declared to stand for nothing.
    """

    label: str
    kind: Literal["text", "number", "date"] = "text"
    decimals: int = 0
    value_labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: tuple[str, ...] = ()


Dictionary = Mapping[str, Mapping[str, Variable]]
"""The variables of every file, by file name."""


def as_numbers(cells: Sequence[str]) -> list[float] | None:
    """Read cells as numbers, not-a-number where there is none; None when one of them is no number."""
    if not all(not cell or _NUMBER.fullmatch(cell) for cell in cells):
        return None
    return [float(cell) if cell else nan for cell in cells]


def as_days(cells: Sequence[str], *, since: date) -> list[float] | None:
    """Read cells as ISO dates, in days since one, not-a-number where there is none; None when one of them is no date."""
    try:
        return [float((date.fromisoformat(cell) - since).days) if cell else nan for cell in cells]
    except ValueError:
        return None
