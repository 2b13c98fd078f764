"""Aggregates: several records of one key become one row; and the ledger that tells of it, through the whole way."""

# ruff: noqa: E501 (a table is read across)

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.mapping_site import HEAD, read_site, run_table
from support.small_site import MAPPING, SITE, settings_in, write_delivery

from etl.pipeline import ingest
from warehouse.errors import MappingError
from warehouse.file.connect import open_warehouse, raw_connection

TUMOURS = (
    HEAD
    + """\
  tumour_baseline:
    from: visits
    unless_empty: [size, day]
    aggregate: {by: [patient_id], columns: {largest_diameter_mm: max, imaged_on: min, modality_code: last}}
    columns:
      patient_id: pid
      imaged_on: {column: day, date: ["%Y-%m-%d", "%Y-%m"]}
      modality_code: {column: kind, recode: {CT: ct, MR: mri}}
      largest_diameter_mm: {column: size, unit: {column: unit, recode: {cm: cm, mm: mm}}}
      nodule_count: {column: n, number: {qualifier: nodule_count_qualifier}}
      is_infiltrative: {column: inf, boolean: {true: [Y], false: [N]}}
"""
)
COLUMNS = ["pid", "day", "kind", "size", "unit", "n", "inf"]
RECORDS = [
    ["P1", "2010-02", "CT", "3", "cm", "", "NA"],
    ["P2", "2010-01-01", "MR", "12", "mm", ">3", "N"],
    ["P1", "2010-01-05", "MR", "45", "mm", "<2", "Y"],
    ["", "2010-01-07", "CT", "1", "cm", "", ""],
    ["P1", "2010-03-01", "", "x", "mm", "7", "N"],
    ["", "2010-01-08", "CT", "2", "cm", "", ""],
    ["P3", "", "CT", "", "", "1", ""],
]


def test_a_key_keeps_one_row_with_the_stated_values(tmp_path):
    outcome = run_table(read_site(tmp_path, TUMOURS), "tumour_baseline", COLUMNS, RECORDS)
    names = (
        "imaged_on",
        "modality_code",
        "largest_diameter_mm",
        "nodule_count",
        "nodule_count_qualifier",
        "is_infiltrative",
    )
    found = {row["_record"]: (row["patient_id"], *(row[name] for name in names)) for row in outcome.rows}
    assert found == {
        1: ("P1", date(2010, 1, 5), "mri", Decimal(45), 2, "<", True),
        2: ("P2", date(2010, 1, 1), "mri", Decimal(12), 3, ">", False),
        4: (None, date(2010, 1, 7), "ct", Decimal(10), None, None, None),
        6: (None, date(2010, 1, 8), "ct", Decimal(20), None, None, None),
    }
    assert [(row["_record"], row["rule"]) for row in outcome.merged] == [
        (3, "one row for each patient_id"),
        (5, "one row for each patient_id"),
    ]
    assert [row["_record"] for row in outcome.empty] == [7]
    assert [(p["_record"], p["_ordinal"], p["rule"]) for p in outcome.problems] == [(5, None, "not_a_number")]


def test_what_stands_beside_a_value_follows_it(tmp_path):
    mapping = read_site(
        tmp_path,
        HEAD
        + """\
  patient:
    from: visits
    aggregate: {by: [patient_id], columns: {birth_date: HOW}}
    columns:
      patient_id: pid
      birth_date: {column: day, date: {formats: ["%Y-%m-%d", "%Y-%m", "%Y"], precision: birth_date_precision}}
""".replace("HOW", "max"),
    )
    records = [["P1", "1950-03-02"], ["P1", "1951"], ["P1", "1950-04"], ["P1", ""], ["P2", ""]]
    outcome = run_table(mapping, "patient", ["pid", "day"], records)
    assert outcome.values("birth_date") == [date(1951, 1, 1), None]
    assert outcome.values("birth_date_precision") == ["year", None]


MISTAKES = [
    ("aggregate: {by: [patient], columns: {sex: last}}", "'patient.patient' is not a canonical column. Did you mean 'patient_id'?"),
    ("aggregate: {by: [patient_id], columns: {aetiology: last}}", "nothing fills 'patient.aetiology' here, so it cannot be aggregated."),
    ("aggregate: {by: [patient_id], columns: {patient_id: last}}", "'patient_id' is part of the key; it is the same in every row."),
    ("aggregate: {by: [patient_id], columns: {sex: max}}", "'sex' is a text or a code, of which none is the greatest; say first or last."),
    ("aggregate: {by: [patient_id], columns: {birth_date_precision: last}}", "'birth_date_precision' follows 'birth_date'; name that."),
    ("aggregate: {by: [patient_id], columns: {sex: mean}}", "must be one of 'first', 'last', 'min' or 'max'"),
    ("aggregate: {by: [patient_id], column: {sex: last}}", "'column' is not an option here. Did you mean 'columns'?"),
    ("aggregate: {by: [patient_id]}\n    deduplicate: {by: [patient_id], keep: first}", "aggregate and deduplicate exclude each other; say one of them."),
]  # fmt: skip


@pytest.mark.parametrize(("aggregate", "sentence"), MISTAKES, ids=[sentence for _, sentence in MISTAKES])
def test_a_mistake_is_told(tmp_path, aggregate, sentence):
    columns = "{patient_id: pid, sex: {column: x, recode: {M: male}}, birth_date: {column: y, date: {formats: '%Y', precision: birth_date_precision}}}"
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, f"{HEAD}  patient:\n    from: visits\n    {aggregate}\n    columns: {columns}\n")
    assert sentence in str(raised.value)


def test_results_are_not_aggregated(tmp_path):
    with pytest.raises(MappingError, match="a result, its unit and its limits belong to one record"):
        read_site(
            tmp_path,
            HEAD
            + """\
  lab_result:
    from: visits
    aggregate: {by: [patient_id]}
    columns:
      patient_id: pid
      taken_on: {column: day, date: "%Y"}
      analyte_code: {column: test, recode: {AST: ast}}
""",
        )


MERGING = {
    "aggregate": "aggregate: {by: [patient_id, visit_text], columns: {imaged_on: max}}",
    "deduplicate": "deduplicate: {by: [patient_id, visit_text], keep: first}",
}
IMAGING = """\
  imaging_visit:
    from: scans
    MERGING
    columns:
      patient_id: 번호
      visit_text: 방문
      imaged_on: {column: 날짜, date: ["%Y-%m-%d"]}
"""


@pytest.mark.parametrize(("how", "refused", "latest"), [("aggregate", 2, 2013), ("deduplicate", 3, 2012)])
def test_the_ledger_balances_though_merged_records_are_bad(tmp_path: Path, how: str, refused: int, latest: int):
    """Each person has three records of one visit; some lack the date that a row cannot be without."""
    settings = settings_in(tmp_path)
    folder = write_delivery(settings, "2026-01")
    mapping = MAPPING.replace(
        "tables:\n", '  scans: {file: "scans*.csv"}\ntables:\n' + IMAGING.replace("MERGING", MERGING[how])
    )
    (settings.mappings_dir / SITE / "mapping.yaml").write_text(mapping, encoding="utf-8")
    lines = ["번호,방문,날짜"]
    for n in range(1, 41):
        first, third = "모름" if n == 7 else "2012-01-01", "?" if n < 4 else "2012-06-01"
        lines += [f"H{n:04d},V1,{first}", f"H{n:04d},V1,2013-01-01", f"H{n:04d},V1,{third}"]
    lines += [",V1,2012-01-01", ",V1,2012-01-01"]
    (folder / "scans.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    ingest(SITE, settings=settings)

    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        ledger = con.execute(
            "SELECT source_records, contributing, produced, staged, quarantined, merged FROM audit.ledger"
            " WHERE table_name = 'imaging_visit'"
        ).fetchall()
        rules = con.execute(
            "SELECT rule, records FROM audit.ledger_rule WHERE table_name = 'imaging_visit' AND kind = 'merged'"
        ).fetchall()
        rows = con.execute(
            "SELECT count(*), min(year(imaged_on)), max(year(imaged_on)) FROM core.imaging_visit"
        ).fetchall()
        told = con.execute(
            "SELECT source_record, cost FROM quality.finding WHERE table_name = 'imaging_visit' AND rule = 'not_a_date'"
            " ORDER BY source_record"
        ).fetchall()
    engine.dispose()
    assert ledger == [(122, 122, 122, 42 - refused, refused, 80)]
    rule = {
        "aggregate": "one row for each patient_id, visit_text",
        "deduplicate": "the first of the same patient_id, visit_text",
    }
    assert rules == [(rule[how], 80)]
    assert rows == [(42 - refused, latest, latest)]
    assert told == [(3, "cell"), (6, "cell"), (9, "cell"), (19, "cell" if how == "aggregate" else "row")]
