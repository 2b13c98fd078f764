"""What an ingest came to, as plain facts: the pipeline fills it, the command line shows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class LedgerLine:
    """One source as one canonical table saw it; the names and both balances are those of audit.ledger.

    source_records = contributing + excluded + unused + unreadable
    produced = staged + quarantined + merged + empty_slots
    """

    source: str
    table: str | None
    source_records: int
    contributing: int
    excluded: int
    unused: int
    unreadable: int
    produced: int
    staged: int
    quarantined: int
    merged: int
    empty_slots: int


@dataclass(frozen=True)
class FindingCount:
    """How often one rule was met in one column; table and column are empty where the rule concerns a whole file."""

    rule: str
    table: str
    column: str
    count: int


@dataclass(frozen=True)
class Outcome:
    """One delivery, brought in or found to be in already (`is_noop`)."""

    site_id: str
    delivery: str
    load_id: int
    is_noop: bool
    is_synthetic: bool
    assessment: Literal["clean", "with_failures"] | None
    ledger: tuple[LedgerLine, ...]
    findings: tuple[FindingCount, ...]
    report_path: Path
