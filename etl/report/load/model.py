"""What several sections of a report, or the sections and a list, have in common, as data: no markup, no connection."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal


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
class Example:
    """One of a group's first findings; `line` is the row in a sheet, `cell` what Excel shows."""

    record: int | None
    line: int | None
    cell: str | None
    found: str | None
    expected: str | None


@dataclass(frozen=True)
class Touched:
    """A canonical column that findings touch, what that costs there (cell, row or none), and in how many rows."""

    table: str
    column: str | None
    cost: str
    rows: int


@dataclass(frozen=True)
class Cause:
    """Findings of one rule in one column of one file: one question, however many cells it concerns."""

    rule: str
    category: str
    severity: str
    cost: str
    """The most that one of them costs: row, cell or none."""
    file: str | None
    sheet: str | None
    source_column: str | None
    count: int
    """How many findings there are: source cells, or records."""
    sentence: str
    for_hospital: str
    """What the hospital can do; empty where it cannot do anything."""
    for_data_manager: str
    examples: tuple[Example, ...]
    """The first of them, in order."""
    touches: tuple[Touched, ...]
    """What they touch in the model."""


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
class TableShares:
    """One canonical table: its rows, and how complete its columns are."""

    name: str
    title: str
    grain: str
    rows: int
    columns: tuple[ColumnShare, ...]


@dataclass(frozen=True)
class TablePlots:
    """One canonical table: its rows, and how its values are spread."""

    name: str
    title: str
    rows: int
    plots: tuple[Plot, ...]


@dataclass(frozen=True)
class Table:
    """One canonical table, read in two passes for two sections."""

    shares: TableShares
    plots: TablePlots


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
    place: str = ""
    """Every place that it rests on, the one in doubt first."""


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
    """The first rows by address; `count` is how many there are in all."""
