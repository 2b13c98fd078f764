"""Child-Pugh, ALBI, ECOG and BCLC of patients' values in a file: the warehouse's rules over relations made from the file."""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from etl.mapping.unit_spelling import make_unit_function
from etl.own_files.cell_macros import make_cell_macros
from etl.own_files.csv_file import read_plain_file
from etl.own_files.file_answer import FileAnswer, answer_of
from warehouse.errors import DeliveryError
from warehouse.views.rule_options import options_of
from warehouse.views.rules import apply_rule, choose_options, make_patients, open_rules

SCORES = {
    "child_pugh": ("bilirubin", "albumin", "inr", "ascites", "encephalopathy"),
    "albi": ("bilirubin", "albumin"),
    "ecog": ("ecog", "karnofsky"),
    "bclc": ("nodule_count", "largest_diameter_mm", "portal_vein_invasion", "extrahepatic_spread"),
}
"""The scores, each with the columns of which at least one asks for it."""
OTHERS = ("bilirubin_unit", "albumin_unit", "reported_child_pugh", "hepatic_vein_invasion")
ADDED = (
    "child_pugh_points", "child_pugh_class", "albi_score", "albi_grade", "malbi_grade", "ecog_status", "bclc_stage",
    "bclc_criterion", "reason",
)  # fmt: skip
RULES = ("clinical.child_pugh", "clinical.albi", "clinical.performance_status", "clinical.bclc")

_HERE = Path(__file__).parent
_DAY = "DATE '2000-01-01'"
"""The day on which all values of a row were taken, and from which the rules count."""


def score_options() -> frozenset[str]:
    """Name the study options that the scores take."""
    given = {"clinical.index_date", "clinical_step.lesion_size"}
    return options_of(RULES, given=given) - {"baseline_days_before", "baseline_afp_days_before"}


def score_patients(
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> FileAnswer:
    """Add to every row of a file its Child-Pugh points and class, ALBI, ECOG and BCLC stage, and why one is missing.

    Args:
        path: a CSV file with one row per patient; see `hcc score --help`.
        options: study options that differ from their defaults, by name.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        DeliveryError: the file is no such table, or has no column of any score.
        NotFoundError: there is no such file.
        OptionError: there is no such option, or its value is none of its own.
    """
    con = open_rules(engine)
    choose_options(con, options or {})
    make_cell_macros(con)
    make_unit_function(con)
    columns = tuple(dict.fromkeys(column for needed in SCORES.values() for column in needed))
    header = read_plain_file(
        con, path, needed=("patient_id",), optional=(*columns, *OTHERS), added=ADDED, line_breaks_in=line_breaks_in
    )
    present = {name.lower() for name in header}
    if not present & set(columns):
        raise DeliveryError(
            f"{path}: it has none of the columns that a score is made of: {', '.join(columns)}. Name them so in its header."
        )
    asked = ", ".join(f"{bool(present & set(needed))} AS {score}" for score, needed in SCORES.items())
    con.execute(f"CREATE TABLE asked AS SELECT {asked}")
    con.execute(f"CREATE TABLE typed_value AS {_sql('values')}")
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
    con.execute(f"CREATE TABLE clinical.index_date AS SELECT {who}, {_DAY} AS index_date FROM typed_row WHERE is_read")
    con.execute(
        f"INSERT INTO current.patient BY NAME SELECT {who}, child_pugh_code AS child_pugh_reported_code "
        "FROM typed_row WHERE is_read"
    )
    con.execute(
        f"INSERT INTO current.lab_result BY NAME SELECT {who}, {_DAY} AS taken_on, analyte_code, reported_value, "
        "reported_unit, value, value_qualifier, unit, '' AS source_file, '' AS source_sheet, record AS source_record, "
        "row_number() OVER (PARTITION BY record ORDER BY analyte_code) AS source_ordinal FROM typed_value WHERE fault IS NULL"
    )
    for code, value in (("ascites", "value_code"), ("encephalopathy", "value_code")):
        con.execute(
            f"INSERT INTO current.observation BY NAME SELECT {who}, {_DAY} AS observed_on, '{code}' AS observation_code, "
            f"{code}_code AS {value} FROM typed_row WHERE {code}_code IS NOT NULL"
        )
    for code in ("ecog", "karnofsky"):
        con.execute(
            f"INSERT INTO current.observation BY NAME SELECT {who}, {_DAY} AS observed_on, '{code}' AS observation_code, "
            f"{code} AS value_number FROM typed_row WHERE {code} IS NOT NULL"
        )
    organs = ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")
    spread = ", ".join(f"has_spread AS has_{organ}_metastasis" for organ in organs)
    con.execute(
        f"INSERT INTO current.tumour_baseline BY NAME SELECT {who}, nodule_count, "
        "count_qualifier AS nodule_count_qualifier, largest_diameter_mm, vp_code AS portal_vein_invasion_code, "
        f"has_hepatic_vein_invasion, {spread} FROM typed_row WHERE is_read"
    )


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
