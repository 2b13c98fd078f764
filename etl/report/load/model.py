"""What a report says, as data: no markup, no connection."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from etl.loads.attempts import TurnedAway
from etl.staging.account import Account

Verdict = Literal["clean", "questions", "refused"]


@dataclass(frozen=True)
class Load:
    """The load that the report is about, and where it came from."""

    load_id: int
    site_id: str
    hospital: str
    delivery: str
    state: str
    is_current: bool
    is_synthetic: bool
    is_accepted: bool
    assessment: str | None
    refusal: str | None
    fingerprint: str | None
    mapping_sha256: str | None
    mapping_version: int | None
    code_version: str | None
    schema_revision: str | None
    started_at: dt.datetime | None
    staged_at: dt.datetime | None
    published_at: dt.datetime | None


@dataclass(frozen=True)
class SourceFile:
    """One file or sheet as it came, and what became of its columns."""

    source: str
    file: str
    sheet: str | None
    sha256: str
    size_bytes: int
    record_count: int
    column_uses: dict[str, tuple[str, ...]]
    """Column names by use (mapped, ignored, pseudonymised, dropped, masked, unused)."""


@dataclass(frozen=True)
class LedgerLine(Account):
    """One source read by one part of one table; table is None when no table reads it."""

    source: str
    file: str
    table: str | None
    part: int | None


@dataclass(frozen=True)
class LedgerRule:
    """How many records one named rule excluded, quarantined or merged."""

    file: str
    table: str | None
    kind: str
    rule: str
    records: int


@dataclass(frozen=True)
class Example:
    """One of a group's first addresses."""

    record: int | None
    line: int | None
    found: str | None
    expected: str | None


@dataclass(frozen=True)
class Cause:
    """Findings of one rule in one column of one file: one question, however many cells it concerns."""

    rule: str
    category: str
    severity: str
    cost: str
    file: str | None
    sheet: str | None
    table: str | None
    column: str | None
    source_column: str | None
    count: int
    sentence: str
    advice: str
    examples: tuple[Example, ...]
    """The first addresses, in order; `count` tells how many there are in all."""


@dataclass(frozen=True)
class Refused:
    """Rows of one table refused for the same reasons."""

    table: str
    rules: tuple[str, ...]
    severity: str
    file: str | None
    count: int
    records: tuple[int, ...]
    """The first records' numbers."""


@dataclass(frozen=True)
class ColumnShare:
    """How complete one column is; `is_judged` is false where nothing was expected."""

    name: str
    title: str
    filled: int
    percent: float
    expected_percent: float | None
    is_low: bool
    is_never_filled: bool


@dataclass(frozen=True)
class Bar:
    """One value of a coded column, with how often it occurs."""

    label: str
    label_ko: str
    code: str
    count: int


@dataclass(frozen=True)
class Plot:
    """A distribution: bars of codes, a histogram of numbers, or counts by period of dates."""

    kind: Literal["codes", "numbers", "dates"]
    title: str
    subtitle: str
    unit: str
    count: int
    bars: tuple[Bar, ...] = ()
    counts: tuple[int, ...] = ()
    """Heights of the bins, left to right."""
    first: str = ""
    last: str = ""
    """Labels of the two ends of the axis."""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table: its rows, how complete its columns are, how its values are spread."""

    name: str
    title: str
    grain: str
    rows: int
    columns: tuple[ColumnShare, ...]
    plots: tuple[Plot, ...]


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
    is_success: bool
    description: str


@dataclass(frozen=True)
class ClinicalExample:
    """One row that a clinical question is about; without an address it is about the patient."""

    patient_id: str
    noted_on: dt.date | None
    reported: str | None
    derived: str | None
    file: str | None
    sheet: str | None
    record: int | None


@dataclass(frozen=True)
class ClinicalQuestion:
    """One kind of clinical question: what the hospital reports is not what the rules derive, or cannot stand."""

    topic: str
    question: str
    count: int
    patients: int
    sentence: str
    reported_title: str
    derived_title: str
    examples: tuple[ClinicalExample, ...]
    """The first rows by address; `count` tells how many there are in all."""


@dataclass(frozen=True)
class Change:
    """What differs from the site's previous published load."""

    previous_load_id: int
    previous_delivery: str
    rows: tuple[tuple[str, int, int], ...]
    """Table, rows then, rows now."""
    new_patients: int
    absent_patients: int


@dataclass(frozen=True)
class StudyOption:
    """A choice that the study's definitions rest on."""

    name: str
    value: str
    unit: str
    description: str
    default_value: str = ""
    chosen_by: str | None = None
    """Who chose another value than the default; None where the default counts."""
    chosen_at: dt.datetime | None = None


@dataclass(frozen=True)
class Report:
    """Everything that the page shows."""

    load: Load
    verdict: Verdict
    verdict_title: str
    verdict_sentence: str
    files: tuple[SourceFile, ...]
    ledger: tuple[LedgerLine, ...]
    ledger_rules: tuple[LedgerRule, ...]
    causes: tuple[Cause, ...]
    refused: tuple[Refused, ...]
    refused_total: int
    finding_counts: dict[str, int]
    """Findings by severity."""
    tables: tuple[Table, ...]
    expectations: tuple[Expectation, ...]
    clinical: tuple[ClinicalQuestion, ...] | None
    """None where the load is not the current one, of which the clinical views tell."""
    change: Change | None
    options: tuple[StudyOption, ...]
    turned_away: TurnedAway | None = None
    """The newest attempt to bring in a delivery of this hospital, where it failed."""
