"""Adverse events in a CSV file, coded and graded by CTCAE 4.03: the warehouse's rules on relations made from the file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.own_files.cell_macros import make_cell_macros
from etl.own_files.csv_file import read_plain_file, stream_rows
from warehouse.views.rule_options import options_of
from warehouse.views.rules import apply_rule, choose_options, open_rules

REQUIRED = ("id", "verbatim|term", "reported_grade", "ctcae_version")
NUMBERS = (
    "systolic",
    "diastolic",
    "temperature_c",
    "temperature_hours",
    "weight_kg",
    "baseline_weight_kg",
    "stools_per_day",
    "baseline_stools_per_day",
    "body_surface_percent",
    "antihypertensive_drugs",
    "antihypertensive_intensified",
    "neutrophils_10_9_l",
    "vomiting_per_day",
    "urine_protein_g_24h",
    "urine_protein_dipstick",
    "qtc_ms",
    "baseline_qtc_ms",
    "qtc_501_ecgs",
    "serious_arrhythmia",
)
ADDED = ("term", "meddra_code", "soc", "category", "grade", "is_valid", "reason")
RULES = ("clinical.graded_event", "clinical_step.computed_grade")

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class GradedEvents:
    """The answer: the file's own columns, then term, codes, grade and the reason; and the count of each grade and reason."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    """To be taken once, in the order of the file."""
    counts: list[tuple[Any, ...]]
    """Grade, code of the reason, and number of rows."""


def event_options() -> frozenset[str]:
    """Name the study options that coding and grading of adverse events take."""
    return options_of(RULES, given=("clinical_step.event_record", "clinical_step.measured_sign"))


def grade_events(
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> GradedEvents:
    """Code and grade the adverse events of a CSV file.

    A row whose words name several events gives one row for each. Words in no list are not guessed: the reason names the
    nearest terms. A file that has a column `term` of its own gets the term found as `ctcae_term`.

    Args:
        path: the file; its columns are REQUIRED, and any of NUMBERS and others, which are passed through.
        options: study options (reference.study_option) that differ from their defaults.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        NotFoundError: there is no such file.
        DeliveryError: it is not a CSV file, or a required column is missing.
        OptionError: there is no such option, or its value is none of its own.
    """
    con = open_rules(engine)
    choose_options(con, options or {})
    make_cell_macros(con)
    header = read_plain_file(
        con, path, needed=REQUIRED, optional=NUMBERS, added=("ctcae_term", *ADDED[1:]), line_breaks_in=line_breaks_in
    )
    for relation in ("event_record", "measured_sign"):
        con.execute(f"CREATE TABLE clinical_step.{relation} AS {_sql(relation)}")
    for rule in RULES:
        apply_rule(con, rule)
    con.execute(f"CREATE TABLE answer AS {_sql('event_answer')}")
    counts = con.execute(
        "SELECT grade, code AS reason, count(*) FROM answer GROUP BY grade, code ORDER BY grade, code"
    ).fetchall()
    rows = stream_rows(
        con,
        "SELECT file_row.* EXCLUDE (_record, _defect), answer.* EXCLUDE (source_record, ordinal, code) FROM file_row "
        "INNER JOIN answer ON file_row._record = answer.source_record ORDER BY file_row._record, answer.ordinal",
    )
    has_term = "term" in map(str.lower, header)
    return GradedEvents((*header, "ctcae_term" if has_term else "term", *ADDED[1:]), rows, counts)


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
