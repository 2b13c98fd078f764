"""Survival and time to progression of patients' dates in a file: the warehouse's rules over relations made from the file."""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from etl.own_files.cell_macros import make_cell_macros
from etl.own_files.csv_file import read_plain_file
from etl.own_files.file_answer import FileAnswer, answer_of
from warehouse.views.rule_options import options_of
from warehouse.views.rules import apply_rule, choose_options, make_patients, open_rules

OF_PROGRESSION = ("progressed_on", "last_scan_on", "new_therapy_on")
OF_SURVIVAL = ("last_contact_on", "died_on", "vital_status")
ADDED = (
    "os_days", "os_months", "os_event", "survival_group", "ttp_days", "ttp_months", "ttp_event", "pfs_days", "pfs_months",
    "pfs_event", "reason",
)  # fmt: skip
RULES = ("clinical.survival", "clinical.response_time")
GIVEN = ("clinical.index_date", "clinical.reported_response", "clinical.new_therapy")
NO_CUT_OFF = {"data_cut_off": "9999-12-31"}
"""A file ends where it ends: nothing is cut off unless a day is named."""

OF_RESPONSE = frozenset(("death_in_response", "response_confirmation", "ttp_censored_at"))
"""Options of durations of response and of scans that could not be evaluated, of which a file does not speak."""

_HERE = Path(__file__).parent


def survival_options() -> frozenset[str]:
    """Name the study options that survival and time to progression take."""
    best = ("clinical.best_response", "clinical_step.response_milestone", "clinical_step.confirmed_response")
    return options_of(RULES, given=(*GIVEN, *best)) - OF_RESPONSE


def find_survival(
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> FileAnswer:
    """Add to every row of a file its overall survival, time to progression, and progression-free survival.

    Nothing is cut off, unless the option `data_cut_off` names a day.

    Args:
        path: a CSV file with one row per patient; see `hcc survive --help`.
        options: study options that differ from their defaults, by name.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        DeliveryError: the file is no such table.
        NotFoundError: there is no such file.
        OptionError: there is no such option, or its value is none of its own.
    """
    con = open_rules(engine)
    choose_options(con, {**NO_CUT_OFF, **(options or {})})
    make_cell_macros(con)
    header = read_plain_file(
        con,
        path,
        needed=("patient_id", "index_date", "last_contact_on|died_on"),
        optional=(*OF_SURVIVAL, *OF_PROGRESSION),
        added=ADDED,
        line_breaks_in=line_breaks_in,
    )
    has_progression = any(name.lower() in OF_PROGRESSION[:2] for name in header)
    con.execute(f"CREATE TABLE asked AS SELECT {has_progression} AS progression")
    con.execute(f"CREATE TABLE typed_row AS {_sql('patients')}")
    _make_inputs(con)
    for rule in RULES:
        apply_rule(con, rule)
    con.execute(f"CREATE TABLE answer AS {_sql('answer')}")
    return answer_of(con, header, ADDED)


def _make_inputs(con: duckdb.DuckDBPyConnection) -> None:
    """Make of the rows what the rules read: each row is a patient of her own, who has its number."""
    make_patients(con)
    who = "'' AS site_id, CAST(record AS VARCHAR) AS patient_id"
    con.execute(f"CREATE TABLE clinical.index_date AS SELECT {who}, index_date FROM typed_row WHERE is_read")
    con.execute(
        f"CREATE TABLE clinical.new_therapy AS SELECT {who}, index_date, new_therapy_on, CAST(NULL AS DATE) AS open_from "
        "FROM typed_row WHERE is_read"
    )
    con.execute(
        f"INSERT INTO current.follow_up BY NAME SELECT {who}, last_contact_on, vital_status_code, died_on, "
        "died_on_precision FROM typed_row WHERE is_read"
    )
    apply_rule(con, "clinical_step.study_number")
    con.execute(f"CREATE TABLE clinical.reported_response AS {_sql('responses')}")


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
