"""Laboratory results in a CSV file, graded by CTCAE 4.03: the view clinical.lab_grade over a relation made from the file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.mapping.unit_spelling import make_unit_function
from etl.own_files.cell_macros import make_cell_macros
from etl.own_files.csv_file import read_plain_file, stream_rows
from warehouse.views.rule_options import options_of
from warehouse.views.rules import apply_rule, choose_options, open_rules

REQUIRED = ("id", "term|analyte", "value", "unit", "lln", "uln", "baseline")
YES_NO = (
    "fasting",
    "anticoagulated",
    "symptomatic",
    "physiologic_consequences",
    "transfusion",
    "hospitalized",
    "life_threatening",
    "hemorrhage",
    "is_baseline",
)
NUMBERS = ("percent_change", "infarction_cutoff", "albumin_g_dl")
ADDED = ("grade", "grade_at_least", "criterion", "reason")

_INPUT = Path(__file__).with_name("labs.sql")


@dataclass(frozen=True)
class GradedLabs:
    """The answer: the file's own columns and those that are added, row by row, and the count of each grade and reason."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    """To be taken once, in the order of the file."""
    counts: list[tuple[Any, ...]]
    """Grade, code of the reason where there is none, and number of rows."""


def lab_options() -> frozenset[str]:
    """Name the study options that laboratory grading takes."""
    return options_of(("clinical.lab_grade",), given=("clinical_step.gradable_result",))


def grade_labs(
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> GradedLabs:
    """Grade the laboratory results of a CSV file.

    A row that cannot be graded gets an empty grade and a reason; a graded one may have a warning there. A row that
    names an analyte and no term, also one that names it in the column of the term, gives one row for every term of the
    analyte; where the file has a column `analyte` or such a row, the answer names the term in `ctcae_term`.

    Args:
        path: the file; its columns are REQUIRED, and any of YES_NO, NUMBERS and others, which are passed through.
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
    make_unit_function(con)
    header = read_plain_file(
        con,
        path,
        needed=REQUIRED,
        optional=(*YES_NO, *NUMBERS),
        added=("ctcae_term", *ADDED),
        line_breaks_in=line_breaks_in,
    )
    con.execute(f"CREATE TABLE clinical_step.gradable_result AS {_INPUT.read_text(encoding='utf-8')}")
    # What the file holds stands in for the hospitals' results where these are judged.
    con.execute("CREATE SCHEMA current")
    con.execute(
        "CREATE VIEW current.lab_result AS SELECT *, NULL::VARCHAR AS source_sheet FROM clinical_step.gradable_result"
    )
    apply_rule(con, "clinical.lab_grade")
    has_analyte = "analyte" in map(str.lower, header) or _names_analyte(con)
    counts = con.execute(
        "SELECT grade, reason, count(*) FROM clinical.lab_grade GROUP BY grade, reason ORDER BY grade, reason"
    ).fetchall()
    rows = stream_rows(
        con,
        f"""
        SELECT file_row.* EXCLUDE (_record, _defect), {"graded.term," if has_analyte else ""} graded.grade,
            graded.grade_at_least, graded.criterion,
            known.code || ': ' || known.label AS reason
        FROM file_row
        INNER JOIN clinical.lab_grade AS graded ON file_row._record = graded.source_record
        LEFT JOIN reference.code AS known
            ON known.code_list = 'grade_reason' AND coalesce(graded.reason, graded.warning) = known.code
        ORDER BY file_row._record, graded.lab_term
        """,
    )
    return GradedLabs((*header, *(("ctcae_term",) if has_analyte else ()), *ADDED), rows, counts)


def _names_analyte(con: duckdb.DuckDBPyConnection) -> bool:
    row = con.execute("SELECT bool_or(is_analyte_named) FROM clinical_step.gradable_result").fetchone()
    return bool(row and row[0])
