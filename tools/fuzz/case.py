"""Words of the fuzzers: a case, a table that a reader finds in it, and the verdict on a case."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

WHOLE, DAMAGED = "whole", "damaged"


@dataclass(frozen=True)
class Table:
    """What a reader finds: the names of the columns, and the cells of each record by its address.

    The address is the line where a record begins, its row in a sheet, or its number where the format has neither.
    """

    columns: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """One input: files by name, the first of which is read; options of its source; what is in it, where that is known.

    `kind` says whether the file is whole, in which case it must be read, or damaged. `what` says what was drawn.
    """

    files: Mapping[str, bytes]
    what: str
    kind: str = WHOLE
    options: Mapping[str, str | int] = field(default_factory=dict)
    truth: Table | None = None

    @property
    def name(self) -> str:
        """The file that is read."""
        return next(iter(self.files))


EQUAL, REPORTED, REFUSED, ALONE, FAILED = "equal", "reported", "refused", "alone", "failed"


@dataclass(frozen=True)
class Verdict:
    """What became of a case, and why.

    Either `equal`: both readers find the same cells. `reported`: they differ, and a finding names every address where they do.
    `refused`: a sentence says why. `alone`: we read it, and the second reader cannot. `failed`: anything else.
    """

    outcome: str
    why: str = ""


def chance_of(target: str, seed: int, number: int) -> random.Random:
    """Return the generator that draws a case: the same three give the same case."""
    return random.Random(f"{target} {seed} {number}")  # noqa: S311 - not for secrets
