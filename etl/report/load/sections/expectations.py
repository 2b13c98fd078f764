"""Expectations: each on a line of its own, with the number that it judged."""

from collections import Counter
from dataclasses import dataclass

from etl.findings import CATEGORIES
from etl.report.judgement import FAILS, HOLDS, JUDGEMENT, NOTHING_TO_JUDGE
from etl.report.load.facts import LoadFacts

PLACE = 80
TITLE = "Expectations"


@dataclass(frozen=True)
class Expectation:
    """One expectation and what came of it."""

    table: str
    column: str | None
    name: str
    category: str
    severity: str
    threshold_percent: float
    element_count: int
    unexpected_count: int
    unexpected_percent: float
    judgement: str
    """One of the words of etl.report.judgement."""
    description: str


@dataclass(frozen=True)
class Expectations:
    """What was expected of the load."""

    results: tuple[Expectation, ...]

    @property
    def failed(self) -> list[Expectation]:
        """Those that do not hold."""
        return self._judged(FAILS)

    @property
    def others(self) -> list[tuple[str, str, list[Expectation]]]:
        """The others under their headings, each with the tone in which it is shown."""
        headings = (("Those that hold", "good", HOLDS), ("Those that had nothing to judge", "note", NOTHING_TO_JUDGE))
        return [(title, tone, self._judged(word)) for title, tone, word in headings if self._judged(word)]

    @property
    def by_category(self) -> list[tuple[str, int, int]]:
        """Of each of Kahn's categories, how many hold of those that had something to judge."""
        held = Counter(result.category for result in self._judged(HOLDS))
        judged = held + Counter(result.category for result in self.failed)
        return [(name, held[name], judged[name]) for name in CATEGORIES if judged[name]]

    def _judged(self, word: str) -> list[Expectation]:
        return [result for result in self.results if result.judgement == word]


def collect(facts: LoadFacts) -> Expectations:
    """Read what came of the expectations."""
    rows = facts.con.execute(
        f"""SELECT table_name, column_name, expectation, category, severity, threshold_percent, element_count,
            unexpected_count, unexpected_percent, {JUDGEMENT}, description
        FROM quality.expectation_result WHERE load_id = ?""",
        [facts.load.load_id],
    ).fetchall()
    return Expectations(tuple(Expectation(*row) for row in rows))
