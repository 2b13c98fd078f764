"""Distributions: what was loaded, in pictures."""

from dataclasses import dataclass

from etl.report.load.facts import LoadFacts
from etl.report.load.model import TablePlots

PLACE = 70
TITLE = "Distributions"


@dataclass(frozen=True)
class Distributions:
    """The tables of which there are pictures."""

    tables: tuple[TablePlots, ...]


def collect(facts: LoadFacts) -> Distributions | None:
    """Draw how the values are spread; None for a load without rows."""
    tables = tuple(table.plots for table in facts.tables)
    return Distributions(tuple(each for each in tables if each.plots)) if any(each.rows for each in tables) else None
