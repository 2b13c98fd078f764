"""Questions for the hospital: the findings by cause."""

from dataclasses import dataclass
from itertools import groupby

from etl.findings import SEVERITIES
from etl.report.load.facts import LoadFacts
from etl.report.load.model import Cause

PLACE = 30
TITLE = "Questions for the hospital"

MOST_CAUSES = 120
"""So many causes are shown on the page; the rest is counted, and all are in the JSON."""


@dataclass(frozen=True)
class Questions:
    """The findings by cause, the most severe and largest first."""

    causes: tuple[Cause, ...]
    finding_counts: dict[str, int]
    """Findings by severity."""
    has_clinical: bool
    """Whether clinical questions are asked of this load in their own section."""

    @property
    def most(self) -> int:
        """How many causes are shown."""
        return MOST_CAUSES

    @property
    def asked(self) -> list[Cause]:
        """What the hospital should answer: all causes but notes."""
        return [cause for cause in self.causes if cause.severity != "note"]

    @property
    def by_file(self) -> list[tuple[str, list[Cause]]]:
        """The first of them by file, the most severe first within each."""
        ordered = sorted(self.asked[:MOST_CAUSES], key=lambda cause: cause.file or "")
        return [(file, list(group)) for file, group in groupby(ordered, key=lambda cause: cause.file or "the delivery")]

    @property
    def left(self) -> int:
        """How many questions are not shown."""
        return max(0, len(self.asked) - MOST_CAUSES)

    @property
    def notes(self) -> list[Cause]:
        """What is for the maintainer of the mapping."""
        return [cause for cause in self.causes if cause.severity == "note"]


def collect(facts: LoadFacts) -> Questions:
    """Count the findings of the load by severity, and list their causes."""
    counts: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
    for cause in facts.causes:
        counts[cause.severity] = counts.get(cause.severity, 0) + cause.count
    return Questions(facts.causes, counts, has_clinical=bool(facts.clinical))
