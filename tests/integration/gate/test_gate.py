"""The gate on a real warehouse: what is refused, what is emptied, and that every reason is kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.gate.ceilings import Ceilings, find_excess
from etl.gate.check_rows import check_rows
from etl.gate.check_tables import check_keys, check_parents
from etl.gate.quarantine import keep_reasons, set_aside
from etl.gate.reasons import add_problems, open_gate
from etl.staging.ledger import MappedPart, close_ledger, find_imbalance, note_excluded, note_mapped, open_ledger
from schemas.catalogue import table_facts
from warehouse.file.connect import open_warehouse, raw_connection

RAW_ROWS = (
    "SELECT 1 AS _source_id, i AS _record, i + 1 AS _line, '{\"n\": ' || i || '}' AS raw FROM range(1, 1001) AS t(i)"
)


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        open_gate(connection)
        open_ledger(connection)
        yield connection
    engine.dispose()


def insert(con: duckdb.DuckDBPyConnection, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows as record 1, 2, ... of source 1, each with the values named and NULL elsewhere."""
    for record, row in enumerate(rows, start=1):
        values = {"load_id": 1, "source_id": 1, "source_record": record, "source_ordinal": 1, **row}
        con.execute(
            f"INSERT INTO core.{table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            [*values.values()],
        )


def gate(con: duckdb.DuckDBPyConnection, table: str, problems: str | None = None) -> None:
    facts = table_facts(table)
    note_mapped(con, table, load_id=1)
    if problems:
        add_problems(con, facts, problems)
    check_rows(con, facts, load_id=1, chunk_rows=1000, advance=lambda _count: None)
    check_keys(con, facts, load_id=1)
    check_parents(con, facts, load_id=1)
    set_aside(con, facts, load_id=1)


def reasons(con: duckdb.DuckDBPyConnection) -> set[tuple[Any, ...]]:
    return set(con.execute("SELECT table_name, source_record, column_name, rule, cost FROM gate_reason").fetchall())


def test_a_bad_cell_is_emptied_and_its_row_stays(con: duckdb.DuckDBPyConnection) -> None:
    insert(
        con,
        "patient",
        {"patient_id": "a", "sex": "male", "age_reported_years": 400},
        {"patient_id": "b", "age_reported_years": 60},
    )
    gate(con, "patient")
    assert reasons(con) == {("patient", 1, "age_reported_years", "out_of_range", "cell")}
    rows = con.execute("SELECT patient_id, sex, age_reported_years FROM core.patient ORDER BY ALL").fetchall()
    assert rows == [("a", "male", None), ("b", None, 60)]
    found = con.execute("SELECT found, expected FROM gate_reason").fetchall()
    assert found == [("400", "120 or less")]


def test_a_row_keeps_every_reason_against_it(con: duckdb.DuckDBPyConnection) -> None:
    insert(
        con,
        "observation",
        {"patient_id": "a", "observed_on": None, "observation_code": "nonsense", "value_number": -3, "unit": "kg"},
    )
    gate(con, "observation")
    assert reasons(con) == {
        ("observation", 1, "observed_on", "missing_required", "row"),
        ("observation", 1, "observation_code", "not_in_code_list", "row"),
        ("observation", 1, "value_number", "out_of_range", "cell"),
        ("observation", 1, "patient_id", "unknown_parent", "row"),
    }
    keep_reasons(con, load_id=1, raw_rows_sql=RAW_ROWS)
    refused = con.execute(
        "SELECT source_record, source_line, rules, severity, raw "
        "FROM quality.quarantined_row JOIN quality.raw_record USING (load_id, source_id, source_record)"
    ).fetchall()
    assert refused == [
        (1, 2, ["missing_required", "not_in_code_list", "out_of_range", "unknown_parent"], "error", '{"n": 1}')
    ]
    assert con.execute("SELECT count(*) FROM core.observation").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM quality.finding").fetchall() == [(4,)]


def test_a_parse_failure_is_told_once(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"})
    insert(con, "lab_result", {"patient_id": "a", "taken_on": None, "analyte_code": "alt"})
    gate(con, "patient")
    problem = """SELECT 1 AS _source_id, 1 AS _record, 1 AS _ordinal, 'taken_on' AS column_name, '검사일자' AS source_column,
        'not_a_date' AS rule, '2013-13-04' AS found, '%Y-%m-%d' AS expected"""
    gate(con, "lab_result", problem)
    assert reasons(con) == {("lab_result", 1, "taken_on", "not_a_date", "row")}


def test_what_costs_nothing_takes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"})
    insert(
        con,
        "lab_result",
        {"patient_id": "a", "taken_on": date(2010, 1, 1), "analyte_code": "alt", "reported_unit": "U/L"},
    )
    gate(con, "patient")
    problem = """SELECT 1 AS _source_id, 1 AS _record, 1 AS _ordinal, 'reported_unit' AS column_name, '단위' AS source_column,
        'unit_missing' AS rule, NULL AS found, 'U/L' AS expected"""
    gate(con, "lab_result", problem)
    assert reasons(con) == {("lab_result", 1, "reported_unit", "unit_missing", "none")}
    assert con.execute("SELECT reported_unit FROM core.lab_result").fetchall() == [("U/L",)]


def test_the_first_sound_row_of_a_key_stays(con: duckdb.DuckDBPyConnection) -> None:
    insert(
        con, "patient", {"patient_id": "a", "sex": "male"}, {"patient_id": "a", "sex": "female"}, {"patient_id": "b"}
    )
    gate(con, "patient")
    assert reasons(con) == {("patient", 2, None, "duplicate_key", "row")}
    assert con.execute("SELECT found FROM gate_reason").fetchall() == [("record 1",)]
    assert con.execute("SELECT patient_id, sex FROM core.patient ORDER BY ALL").fetchall() == [
        ("a", "male"),
        ("b", None),
    ]


def test_a_refused_row_does_not_make_its_twin_a_duplicate(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"})
    gate(con, "patient")
    sound = {"patient_id": "a", "drug_code": "sorafenib", "started_on": date(2010, 1, 1)}
    insert(con, "exposure", {**sound, "dose_mg": 400}, {**sound, "dose_mg": 800})
    refusal = """SELECT 1 AS _source_id, 1 AS _record, 1 AS _ordinal, 'drug_code' AS column_name, '약제명' AS source_column,
        'unlisted_code' AS rule, 'x' AS found, 'codes/drugs.csv' AS expected"""
    gate(con, "exposure", refusal)
    assert reasons(con) == {
        ("exposure", 1, "drug_code", "unlisted_code", "row"),
        ("exposure", 1, None, "duplicate_key", "row"),
    }
    assert con.execute("SELECT dose_mg FROM core.exposure").fetchall() == [(800,)]


def test_a_child_of_a_refused_patient_is_told_apart_from_an_orphan(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"}, {"patient_id": "x" * 65})
    gate(con, "patient")
    insert(con, "follow_up", {"patient_id": "a"}, {"patient_id": "x" * 65}, {"patient_id": "z"})
    gate(con, "follow_up")
    told = {row for row in reasons(con) if row[0] == "follow_up"}
    assert told == {
        ("follow_up", 2, "patient_id", "wrong_form", "row"),
        ("follow_up", 2, "patient_id", "parent_refused", "row"),
        ("follow_up", 3, "patient_id", "unknown_parent", "row"),
    }


def close(con: duckdb.DuckDBPyConnection, records: int, *parts: str) -> Any:
    keep_reasons(con, load_id=1, raw_rows_sql=RAW_ROWS)
    return close_ledger(con, [MappedPart(part, 0, (1,)) for part in parts], load_id=1, records={1: records})


def test_the_ledger_balances_and_names_its_rules(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"}, {"patient_id": "a"}, {"patient_id": "b"})
    gate(con, "patient")
    note_excluded(con, "patient", 0, excluded_sql="SELECT 1 AS _source_id, 4 AS _record, '결과 <> 1' AS rule")
    (row,) = close(con, 4, "patient")
    assert (row.contributing, row.excluded, row.produced, row.staged, row.quarantined) == (3, 1, 3, 2, 1)
    assert find_imbalance([row], named={1: "환자기본.csv"}) is None
    rules = con.execute("SELECT kind, rule, records FROM audit.ledger_rule ORDER BY ALL").fetchall()
    assert rules == [("excluded", "결과 <> 1", 1), ("quarantined", "duplicate_key", 1)]


@pytest.mark.parametrize(
    ("fault", "off"),
    [
        ("DELETE FROM core.patient WHERE source_record = 3", "+0 source records and +1 rows"),
        (
            "INSERT INTO core.patient SELECT * FROM core.patient WHERE source_record = 3",
            "+0 source records and -1 rows",
        ),
        ("DELETE FROM quality.quarantined_row", "+0 source records and +1 rows"),
    ],
)
def test_a_row_that_goes_astray_puts_the_ledger_off(con: duckdb.DuckDBPyConnection, fault: str, off: str) -> None:
    insert(con, "patient", {"patient_id": "a"}, {"patient_id": "a"}, {"patient_id": "b"})
    gate(con, "patient")
    keep_reasons(con, load_id=1, raw_rows_sql=RAW_ROWS)
    con.execute(fault)
    rows = close_ledger(con, [MappedPart("patient", 0, (1,))], load_id=1, records={1: 3})
    told = find_imbalance(rows, named={1: "환자기본.csv"})
    assert told is not None
    assert f"환자기본.csv to patient, {off} are unexplained." in told


def test_a_record_that_the_reader_counted_and_nobody_mapped_puts_the_ledger_off(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", {"patient_id": "a"})
    gate(con, "patient")
    told = find_imbalance(close(con, 2, "patient"), named={1: "환자기본.csv"})
    assert told is not None
    assert "+1 source records and +0 rows" in told


def test_a_source_that_no_table_reads_is_unused(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = close(con, 7)
    assert (row.table_name, row.source_records, row.unused, row.is_balanced) == (None, 7, 7, True)


def test_too_much_refused_is_named_and_single_mistakes_are_not(con: duckdb.DuckDBPyConnection) -> None:
    insert(con, "patient", *({"patient_id": f"p{i}"} for i in range(20)))
    problems = """SELECT 1 AS _source_id, i AS _record, 1 AS _ordinal, 'sex' AS column_name, '성별' AS source_column,
        'unlisted_code' AS rule, 'M' AS found, '남, 여' AS expected FROM range(1, 21) AS t(i)"""
    gate(con, "patient", problems)
    insert(con, "follow_up", *({"patient_id": f"q{i}"} for i in range(4)))
    gate(con, "follow_up")
    close(con, 20, "patient", "follow_up")
    excess = find_excess(con, load_id=1, ceilings=Ceilings(10, 20))
    assert excess == (
        "20 of 20 filled cells of patient.sex would be set aside (unlisted_code in column '성별'; the ceiling is 20 %)",
    )


def test_failures_are_told_without_a_cap_across_chunks(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        INSERT INTO core.patient (load_id, source_id, source_record, source_ordinal, patient_id, age_reported_years)
        SELECT 1, 1, i, 1, 'p' || i, CASE WHEN i % 2 = 0 THEN 200 ELSE 50 END FROM range(1, 5001) AS t(i)
        """
    ).fetchall()
    gate(con, "patient")
    told = con.execute("SELECT count(*), min(source_record), max(source_record) FROM gate_reason").fetchall()
    assert told == [(2500, 2, 5000)]
    assert con.execute("SELECT count(*) FROM core.patient WHERE age_reported_years IS NULL").fetchall() == [(2500,)]
