"""Clinical questions: what the hospital reports is not what the rules derive from its data, or cannot stand."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from etl.report.load.facts import LoadFacts
from etl.report.load.model import ClinicalQuestion

PLACE = 50
TITLE = "Clinical questions"

TOPICS = {
    "response": "Tumour response",
    "event": "Adverse events",
    "score": "Scores and stages",
    "laboratory": "Laboratory results",
}
"""Headings of the clinical questions by topic."""


@dataclass(frozen=True)
class Clinical:
    """The clinical questions by kind, the most frequent first."""

    questions: tuple[ClinicalQuestion, ...]

    @property
    def by_topic(self) -> list[tuple[str, list[ClinicalQuestion]]]:
        """The questions under the headings of their topics, the most frequent first within each."""
        ordered = sorted(self.questions, key=lambda question: (question.topic, -question.count))
        return [(TOPICS[topic], list(asked)) for topic, asked in groupby(ordered, key=attrgetter("topic"))]


def collect(facts: LoadFacts) -> Clinical | None:
    """Group the clinical questions; None where the load is not the current one, which the clinical views are made from."""
    return None if facts.clinical is None else Clinical(facts.clinical)
