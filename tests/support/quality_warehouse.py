"""A small warehouse with one staged delivery, built from the model itself, for the tests of quality and report."""

import datetime as dt
from pathlib import Path

import duckdb
import sqlalchemy as sa

from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from schemas.code_list import read_code_list
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.model.upgrade import upgrade

KOREAN = {"patient": "환자기본", "lab_result": "검사결과", "adverse_event": "이상반응", "treatment_course": "항암치료"}


def build_warehouse(path: Path, *, patients: int = 60, results: int = 40) -> sa.Engine:
    """Build a warehouse whose load 1 of site snuh is staged: lifelike, seeded, and without a plausibility defect.

    Args:
        path: the database file to make.
        patients: rows of the patients' table; other tables follow from it.
        results: laboratory results per patient.
    """
    engine = open_warehouse(path)
    upgrade(engine)
    with raw_connection(engine) as con:
        con.execute("insert into audit.site (site_id, hospital) values ('snuh', 'Seoul National University Hospital')")
        stage_load(con, 1, patients=patients, results=results)
    return engine


def stage_load(con: duckdb.DuckDBPyConnection, load_id: int, *, patients: int = 60, results: int = 40) -> None:
    """Stage one more load of site snuh."""
    now = dt.datetime(2026, 11, 20, 9, 30) + dt.timedelta(days=load_id)  # noqa: DTZ001
    con.execute(
        "insert into audit.load "
        "values (?, 'snuh', ?, 'staged', 'f' || ?, 'm', 1, '0.1.0', '0001', true, false, null, null, ?, ?, null, "
        "?, nullif(?, 0), null)",
        [load_id, f"2026-{10 + load_id}", "ab12" * 16, now, now, load_id, load_id - 1],
    )
    for position, table in enumerate(all_tables()):
        source_id = load_id * 100 + position
        rows = _row_count(table, patients, results)
        _fill(con, table, load_id=load_id, source_id=source_id, rows=rows, patients=patients)
        con.execute(
            "insert into audit.source_file values (?, ?, ?, ?, null, ?, ?, ?)",
            [
                source_id,
                load_id,
                table.name,
                f"{KOREAN.get(table.name, table.name)}_202611.csv",
                "c0ffee42" * 8,
                rows * 90,
                rows,
            ],
        )
        con.execute(
            "insert into audit.ledger values (?, ?, ?, 0, ?, ?, 0, 0, 0, ?, ?, 0, 0, 0)",
            [load_id, source_id, table.name, rows, rows, rows, rows],
        )
        con.execute("insert into audit.source_column values (?, 1, '연구등록번호', 'pseudonymised', null)", [source_id])


def _row_count(table: TableFacts, patients: int, results: int) -> int:
    one_per_patient = {"patient", "tumour_baseline", "follow_up", "treatment_course"}
    if table.name in one_per_patient:
        return patients
    return {"lab_result": patients * results, "reference_range": 45}.get(table.name, patients * 5)


def _fill(
    con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int, source_id: int, rows: int, patients: int
) -> None:
    columns = ", ".join(f"({_value(table, c, patients=patients)})::{c.sql_type} as {c.name}" for c in table.columns)
    select = (
        f"select {load_id}::integer as load_id, {source_id}::integer as source_id, (i + 1)::bigint as source_record, "
        f"1::integer as source_ordinal, {columns} from range({rows}) t(i)"
    )
    con.execute(f"insert into core.{table.name} by name {select}")


def _value(table: TableFacts, column: ColumnFacts, *, patients: int) -> str:  # noqa: PLR0911, PLR0912
    """Write the SQL of one synthetic value; `i` is the row's number."""
    text = f"'{column.name}'"
    person = f"(i % {patients})"
    roll = f"(hash(i, {text}) % 100)::integer"
    filled = 100 if column.required else (column.expected_percent or 72) + 3
    index_date = f"(date '2009-01-01' + (hash({person}, 'index') % 1500)::integer)"
    if column.name == "patient_id":
        return f"'p' || lpad({person}::varchar, 15, '0')"
    if column.name == "observation_code":
        return "case i % 3 when 0 then 'ecog' when 1 then 'weight' else 'ascites' end"
    if column.name == "value_code" and table.name == "observation":
        return "case i % 3 when 2 then 'none' end"
    if column.name == "value_number":
        return f"case i % 3 when 0 then {roll} % 3 when 1 then 45 + {roll} * 0.5 end"
    if column.name == "unit" and table.name == "observation":
        return "case i % 3 when 1 then 'kg' else '1' end"
    if column.name == "analyte_code" and table.name == "lab_result":
        return "(['alt', 'ast', 'albumin', 'bilirubin_total', 'inr', 'platelets', 'afp'])[i % 7 + 1]"
    if column.name == "value" and table.name == "lab_result":
        middles = "([42, 55, 3.6, 1.1, 1.15, 148, 320])[i % 7 + 1]"
        return f"case when {roll} < {filled} then round({middles} * (0.6 + 0.008 * {roll}), 2) end"
    if column.name == "drug_code":
        return "'sorafenib'"
    if column.name == "role_code" and table.name == "treatment_course":
        return "'study'"
    if column.name == "birth_date":
        return f"date '1935-01-01' + (hash(i, {text}) % 14000)::integer"
    if column.name == "vital_status_code":
        return "case when i % 5 = 0 then 'alive' else 'dead' end"
    if column.name.endswith("_precision"):
        return f"case when {roll} < 90 then 'day' end"
    if column.name == "valid_to":
        return "date '2020-01-01'"
    if column.name in {"upper_limit", "whole_diameter_mm", "largest_diameter_mm"}:
        return f"200 + {roll}"
    if column.name == "dose_mg":
        return "(i % 3) * 200"
    if column.name in {"is_interruption", "child_pugh_reported_points", "reported_value"}:
        return "null"
    if column.name == "died_on":
        return f"case when i % 5 > 0 then {index_date} + 900 + ({roll} * 6)::integer end"
    if column.codes is not None:
        codes = [entry.code.replace("'", "''") for entry in read_code_list(column.codes).entries]
        listed = "[" + ", ".join(f"'{code}'" for code in codes) + "]"
        value = f"({listed})[(hash(i, {text}) % {len(codes)})::integer + 1]"
    elif column.sql_type == "DATE":
        late = {"stopped_on": 200, "ended_on": 200, "last_contact_on": 890, "cured_on": 200}.get(column.name, 0)
        value = f"{index_date} + {late} + ({roll} % 90)::integer"
        if column.name in {"diagnosed_on", "bclc_assessed_on", "child_pugh_assessed_on"}:
            value = f"{index_date} - 20 - {roll}::integer"
    elif column.sql_type == "BOOLEAN":
        value = f"{roll} % 4 = 0"
    elif column.sql_type == "SMALLINT":
        low = column.checks.get("greater_than_or_equal_to", {}).get("min_value", 0)
        high = column.checks.get("less_than_or_equal_to", {}).get("max_value", 100)
        value = f"{low} + (hash(i, {text}) % ({high} - {low} + 1))::integer"
    elif column.sql_type.startswith("DECIMAL"):
        value = "1" if column.name == "unit_factor" else f"10 + {roll}"
    elif column.name == "kcd_code":
        value = "'C22.0'"
    else:
        value = "(['손발증후군', 'Diarrhoea', '피로', 'Rash'])[i % 4 + 1]"
    return f"case when {roll} < {filled} then {value} end"


HOSTILE = "<script>document.body.dataset.owned = 1</script>\"'><img src=x onerror=alert(1)> \u202egnp.exe 남자 مرحبا"
"""A cell that tries a script, an attribute, a turned direction of writing, Korean and Arabic."""


def plant_findings(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    """Write findings and refused rows as reading, mapping and the gate would."""
    patients, labs = load_id * 100, load_id * 100 + 8
    findings = [
        ("patient", "sex", patients, 212, 213, "성별", "unlisted_code", "conformance", "error", "cell", "X", "남, 여"),
        (
            "patient",
            "sex",
            patients,
            219,
            221,
            "성별",
            "unlisted_code",
            "conformance",
            "error",
            "cell",
            HOSTILE,
            "남, 여",
        ),
        (
            "patient",
            "birth_date",
            patients,
            9,
            10,
            "생년월일",
            "not_a_date",
            "conformance",
            "error",
            "cell",
            "2013-13-04",
            "%Y-%m-%d",
        ),
        ("lab_result", "unit", labs, 31, 32, "단위", "unit_missing", "completeness", "warning", "none", None, "mg/dL"),
        (
            "lab_result",
            "patient_id",
            labs,
            77,
            78,
            "연구등록번호",
            "unknown_parent",
            "conformance",
            "error",
            "row",
            None,
            None,
        ),
        ("", None, labs, None, None, "비고", "unused_column", "completeness", "note", "none", None, None),
    ]
    for table, column, source, record, line, header, rule, category, severity, cost, found, expected in findings:
        con.execute(
            "insert into quality.finding values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
            [load_id, table, column, source, record, line, header, rule, category, severity, cost, found, expected],
        )
    con.execute(
        "insert into quality.quarantined_row values (?, 'lab_result', ?, 77, 78, 1, ['unknown_parent'], 'error')",
        [load_id, labs],
    )
    con.execute(
        "insert into quality.raw_record values (?, ?, 77, ?)",
        [load_id, labs, '{"검사코드": "ALT", "결과": "<b>31</b>"}'],
    )
    con.execute(
        "update audit.ledger set staged = staged - 1, quarantined = 1 where load_id = ? and table_name = 'lab_result'",
        [load_id],
    )
    con.execute(
        "insert into audit.ledger_rule values (?, ?, 'lab_result', 0, 'quarantined', 'unknown_parent', 1)",
        [load_id, labs],
    )
