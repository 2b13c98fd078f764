"""Findings are written by one function, which takes from the rule whatever the finding does not say itself."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.findings import RULES
from etl.gate.write_findings import COLUMNS, Found, read_found, write_findings, write_found
from warehouse.file.connect import open_warehouse, raw_connection


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def _written(con: duckdb.DuckDBPyConnection, names: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT {names} FROM quality.finding ORDER BY ALL").fetchall()


def test_a_finding_is_graded_by_its_rule(con: duckdb.DuckDBPyConnection) -> None:
    count = write_findings(con, "SELECT 'duplicate_key' AS rule, 3 AS source_id, 'patient' AS table_name", load_id=7)
    assert count == 1
    row = _written(con, "load_id, table_name, column_name, source_id, source_record, rule, category, severity, cost")
    assert row == [(7, "patient", None, 3, None, "duplicate_key", "conformance", "error", "row")]


def test_what_a_column_costs_is_said_by_the_finding(con: duckdb.DuckDBPyConnection) -> None:
    assert RULES["not_a_number"].costs == "column"
    write_findings(con, "SELECT 'cell' AS cost, 'not_a_number' AS rule", load_id=7)
    assert _written(con, "rule, cost, table_name") == [("not_a_number", "cell", "")]


def test_a_rule_that_is_not_declared_is_refused_and_not_dropped(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="no rule rule_of_nobody"):
        write_findings(con, "SELECT 'rule_of_nobody' AS rule", load_id=7)
    with pytest.raises(duckdb.Error, match="no rule NULL"):
        write_findings(con, "SELECT 'x' AS found", load_id=7)
    assert _written(con, "rule") == []


def test_earlier_findings_of_the_same_load_and_rules_are_replaced(con: duckdb.DuckDBPyConnection) -> None:
    found = [
        Found("unit_changed", "lab_result", "reported_unit", found="g/L", expected="g/dL"),
        Found("unused_file", ""),
    ]
    assert write_found(con, found, load_id=7) == 2
    assert write_found(con, found[:1], load_id=8) == 1
    assert write_found(con, [], load_id=7, replaces=("unit_changed", "codes_changed")) == 0
    assert _written(con, "load_id, rule, found, cost") == [
        (7, "unused_file", None, "none"),
        (8, "unit_changed", "g/L", "none"),
    ]


def test_findings_are_read_back_as_they_were_written(con: duckdb.DuckDBPyConnection) -> None:
    found = (Found("unit_changed", "lab_result", "reported_unit", None, "단위", "g/L", "g/dL"),)
    write_found(con, found, load_id=7)
    assert read_found(con, 7, ("unit_changed",)) == found
    assert read_found(con, 7, ("codes_changed",)) == ()


def test_the_table_has_the_columns_that_a_finding_may_give(con: duckdb.DuckDBPyConnection) -> None:
    described = con.execute("DESCRIBE quality.finding").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    assert kinds == COLUMNS | {"load_id": "INTEGER", "category": "VARCHAR", "severity": "VARCHAR"}
