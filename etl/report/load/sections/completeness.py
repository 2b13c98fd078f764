"""Completeness: the share of loaded rows in which each column is filled."""

from dataclasses import dataclass

from etl.report.load.facts import LoadFacts
from etl.report.load.model import TableShares

PLACE = 60
TITLE = "Completeness"


@dataclass(frozen=True)
class Completeness:
    """Every canonical table, those without rows too."""

    tables: tuple[TableShares, ...]


def collect(facts: LoadFacts) -> Completeness | None:
    """Describe how complete the tables are; None for a load without rows."""
    tables = tuple(table.shares for table in facts.tables)
    return Completeness(tables) if any(table.rows for table in tables) else None
