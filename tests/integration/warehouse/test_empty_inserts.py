"""An INSERT of no rows is skipped where rows go into the warehouse in bulk, so that it cannot precede a large one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.gate.reasons import open_gate
from etl.mapping.compiler.compile import TablePlan
from etl.staging.ledger import open_ledger
from etl.staging.pass_table import map_table
from schemas.catalogue import table_facts
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.insert import insert_rows, insert_selected


class Recorder:
    """A connection that writes down every statement."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.statements: list[str] = []

    def execute(self, statement: str, *args: Any) -> duckdb.DuckDBPyConnection:
        self.statements.append(statement)
        return self.con.execute(statement, *args)

    def inserts_into(self, table: str) -> int:
        return sum(f"INSERT INTO {table} " in statement for statement in self.statements)


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[Recorder]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        open_gate(connection)
        open_ledger(connection)
        yield Recorder(connection)
    engine.dispose()


def part(index: int, records: int) -> TablePlan:
    """Plan a part of `patient` that yields so many rows."""
    columns = ", ".join(
        f"'p' || i AS {column.name}" if column.name == "patient_id" else f"NULL AS {column.name}"
        for column in table_facts("patient").columns
    )
    rows = (
        f"SELECT 1 AS _source_id, i AS _record, {index * 1000 + 1} AS _ordinal, {columns} FROM range({records}) AS r(i)"
    )
    return TablePlan(
        "patient",
        index,
        "people",
        False,
        rows=rows,
        problems=None,
        excluded=None,
        empty=None,
        merged=None,
        patients=None,
    )


@pytest.mark.parametrize(("records", "inserts"), [((0, 3), 1), ((3, 0), 1), ((2, 3), 2), ((0, 0), 0)])
def test_a_part_that_yields_no_row_does_not_reach_its_table(
    con: Recorder, records: tuple[int, int], inserts: int
) -> None:
    map_table(con, "patient", tuple(part(index, count) for index, count in enumerate(records)), load_id=1)
    assert con.inserts_into("core.patient") == inserts
    assert con.con.execute("SELECT count(*) FROM core.patient").fetchall() == [(sum(records),)]
    inserted = con.con.execute("SELECT coalesce(sum(inserted), 0) FROM ledger_mapped").fetchall()
    assert inserted == [(sum(records),)]


def test_selected_rows_are_inserted_and_counted(con: Recorder) -> None:
    con.con.execute("CREATE TEMP TABLE known_rule (rule VARCHAR, category VARCHAR, severity VARCHAR)")
    query = "SELECT 'refused', ? || i FROM range(?) AS r(i)"
    assert insert_selected(con, "known_rule (severity, rule)", query, parameters=["made up ", 3]) == 3
    found = "SELECT rule, category, severity FROM known_rule WHERE rule LIKE 'made up%' ORDER BY rule"
    assert con.con.execute(found).fetchall() == [(f"made up {i}", None, "refused") for i in range(3)]


def test_rows_may_be_selected_by_name_and_from_the_table_itself(con: Recorder) -> None:
    con.con.execute("CREATE TEMP TABLE number (n INTEGER, square INTEGER)")
    insert_rows(con, "number", ("n", "square"), [(1, 1), (2, 4)])
    assert insert_selected(con, "number BY NAME", "SELECT square * 4 AS square, n * 2 AS n FROM number") == 2
    assert con.con.execute("SELECT n, square FROM number ORDER BY ALL").fetchall() == [(1, 1), (2, 4), (2, 4), (4, 16)]


def test_no_statement_reaches_the_table_when_nothing_is_selected(con: Recorder) -> None:
    assert insert_selected(con, "no.such_table", "SELECT 1 WHERE false") == 0
    insert_rows(con, "no.such_table", ("n",), [])
    assert con.con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'selected_row'").fetchall() == [
        (0,)
    ]
