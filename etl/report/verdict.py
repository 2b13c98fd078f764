"""The verdict on a load: its grade and its sentence, the same words in terminal, status, reports and --json.

A row is quarantined, a cell is set aside, a delivery is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Grade = Literal["Clean", "With questions", "With rows quarantined", "Many rows quarantined", "Refused", "Not assessed"]
Tone = Literal["good", "warning", "error"]

TONES: dict[Grade, Tone] = {
    "Clean": "good",
    "With questions": "warning",
    "With rows quarantined": "warning",
    "Many rows quarantined": "error",
    "Refused": "error",
    "Not assessed": "warning",
}
"""Every grade, the best first, with the tone in which it is shown."""

MANY_ROWS_PERCENT = 2.0
"""Above this share of one table's rows, or of one file's records, many were quarantined. It is a fifth of the ceiling
that refuses a delivery (10 %), and well above what stray cells cost; a share like this has a cause in the export or in
the mapping, which somebody should find before the load is used."""

MANY_ROWS_LEAST = 5
"""Fewer rows are never many: of a table with 30 rows, one is more than 3 %."""


@dataclass(frozen=True)
class Quarantined:
    """Of one table's rows, or of one file's records: how many were quarantined."""

    place: str
    rows: int
    of_rows: int

    @property
    def is_many(self) -> bool:
        """Whether it is more than a few, and more than a small share."""
        return self.rows >= MANY_ROWS_LEAST and 100 * self.rows > MANY_ROWS_PERCENT * self.of_rows


@dataclass(frozen=True, kw_only=True)
class LoadCounts:
    """What a verdict rests on."""

    state: str
    """Of the load: staged, published, withdrawn or refused."""
    refusal: str | None = None
    rows_loaded: int = 0
    rows_quarantined: int = 0
    places: tuple[Quarantined, ...] = field(default=())
    """Where rows were quarantined."""
    cells_set_aside: int = 0
    questions: int = 0
    """Causes of findings that are more than notes: what the hospital is asked."""
    held: int = 0
    failed: int = 0
    """Expectations that do not hold, notes apart."""
    nothing_to_judge: int = 0

    @property
    def is_assessed(self) -> bool:
        """Whether anything was expected of the load, and so judged."""
        return self.held + self.failed + self.nothing_to_judge > 0


@dataclass(frozen=True)
class Verdict:
    """The verdict on one load."""

    grade: Grade
    sentence: str

    @property
    def line(self) -> str:
        """Say grade and sentence in one line."""
        return f"{self.grade}: {self.sentence}"

    @property
    def tone(self) -> Tone:
        """Give the tone in which it is shown."""
        return TONES[self.grade]


def judge_load(counts: LoadCounts) -> Verdict:
    """Answer 'may I trust this delivery?' in a grade and a sentence."""
    grade = _grade(counts)
    if grade == "Refused":
        return Verdict(grade, f"{counts.refusal or 'The delivery was refused.'} Nothing was published.")
    if grade == "Not assessed":
        return Verdict(grade, f"{counts.rows_loaded:,} rows were loaded, but nobody has judged them yet.")
    if grade == "Clean":
        return Verdict(grade, f"All {counts.rows_loaded:,} rows were loaded. {_expectations(counts)}")
    return Verdict(grade, " ".join(part for part in _sentences(counts) if part))


def _grade(counts: LoadCounts) -> Grade:
    if counts.state == "refused":
        return "Refused"
    if not counts.is_assessed:
        return "Not assessed"
    if any(place.is_many for place in counts.places):
        return "Many rows quarantined"
    if counts.rows_quarantined:
        return "With rows quarantined"
    return "With questions" if counts.cells_set_aside or counts.failed or counts.questions else "Clean"


def _sentences(counts: LoadCounts) -> Iterable[str]:
    yield f"{'' if counts.rows_quarantined else 'All '}{counts.rows_loaded:,} rows were loaded."
    yield _cost(counts)
    worst = max(counts.places, key=lambda place: place.rows / max(place.of_rows, 1), default=None)
    if worst is not None and worst.is_many:
        yield f"The largest share is in {worst.place}: {worst.rows:,} of {worst.of_rows:,}."
    yield _expectations(counts)
    if counts.questions:
        yield f"{_count(counts.questions, 'question goes', 'questions go')} to the hospital."


def _cost(counts: LoadCounts) -> str:
    rows = _count(counts.rows_quarantined, "row was quarantined", "rows were quarantined")
    cells = _count(counts.cells_set_aside, "cell was set aside", "cells were set aside")
    parts = [part for part in (rows, cells) if part]
    return f"{' and '.join(parts)}." if parts else ""


def _expectations(counts: LoadCounts) -> str:
    """Say how many expectations do not hold, or that all of those hold that judged a row."""
    if counts.failed:
        said = _count(counts.failed, "expectation does not hold", "expectations do not hold")
    else:
        said = _count(counts.held, "expectation holds", "expectations hold") or "No expectation had a row to judge"
    if counts.nothing_to_judge and (counts.held or counts.failed):
        said += f"; {counts.nothing_to_judge:,} had nothing to judge"
    return f"{said}."


def _count(count: int, one: str, many: str) -> str:
    return "" if count == 0 else f"{count:,} {one if count == 1 else many}"
