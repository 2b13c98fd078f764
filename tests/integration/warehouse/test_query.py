"""Asking the warehouse: answers, one clear sentence for what is wrong, and no way out of it."""

from datetime import datetime
from pathlib import Path

import pytest
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import publish_by_hand, stage_by_hand

from etl.loads.books import refuse
from warehouse.errors import NotFoundError, QueryError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.reading.describe import describe
from warehouse.reading.query import run_query
from warehouse.reading.status import read_status


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with three loads; nothing here can change it, so one serves all."""
    warehouse_path = tmp_path_factory.mktemp("asked") / "warehouse.duckdb"
    copy_new_warehouse(warehouse_path)
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "a"}]}, delivery="2026-10")
        publish_by_hand(con, {"patient": [{"patient_id": "b"}]}, delivery="2026-11")
        refuse(con, stage_by_hand(con, {}, delivery="2026-12"), "Too much was refused.")
        con.execute("CREATE TABLE core.secret (resident_number VARCHAR)")
    engine.dispose()
    return warehouse_path


@pytest.mark.parametrize(
    ("sql", "columns", "rows"),
    [
        ("SELECT count(*) AS n FROM analysis.cohort", ("n",), ((1,),)),
        ("FROM analysis.cohort SELECT patient_id;", ("patient_id",), (("b",),)),
        ("WITH x AS (SELECT 1 AS n) SELECT n FROM x WHERE n > 1", ("n",), ()),
        ("SELECT patient_id FROM cohort", ("patient_id",), (("b",),)),
        ("SELECT patient_id FROM patient", ("patient_id",), (("b",),)),  # current.patient, not core.patient
        ("-- only a comment before\nSELECT 1 AS n", ("n",), ((1,),)),
    ],
)
def test_it_answers(path: Path, sql: str, columns: tuple[str, ...], rows: tuple[object, ...]) -> None:
    answer = run_query(path, sql)
    assert (answer.columns, answer.rows) == (columns, rows)


@pytest.mark.parametrize(
    "sql", ["DESCRIBE analysis.cohort", "SHOW ALL TABLES", "EXPLAIN SELECT 1", "SUMMARIZE analysis.cohort"]
)
def test_it_explains_itself(path: Path, sql: str) -> None:
    assert run_query(path, sql).rows


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "SELECT os_month FROM analysis.cohort",
            r'^Binder Error: Referenced column "os_month" not found .*"os_months"',
        ),
        ("SELEC 1", "^Parser Error: syntax error"),
        ("UPDATE EXTENSIONS", "^Only statements that read can be asked"),
        ("SELECT '\udcff'", "^The question holds bytes that are no UTF-8, the first after 8 characters"),
        ("SELECT * FROM analysis.cohrt", "^Catalog Error: Table with name cohrt does not exist"),
        ("", "^One SQL statement was expected, and 0 were found"),
        ("SELECT 1; SELECT 2", "^One SQL statement was expected, and 2 were found"),
    ],
)
def test_a_wrong_question_gets_one_sentence(path: Path, sql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        run_query(path, sql)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "COPY core.patient TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/out.duckdb' AS out",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "PRAGMA database_list",
        "CREATE TABLE core.x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "INSERT INTO audit.site VALUES ('x', 'x', 1)",
        "WITH x AS (INSERT INTO audit.site VALUES ('x', 'x', 1) RETURNING *) SELECT * FROM x",
        "UPDATE audit.site SET hospital = ''",
        "DELETE FROM core.patient",
        "DROP TABLE core.patient",
        "CALL pragma_version()",
        "EXPLAIN ANALYZE DELETE FROM core.patient",
        "SELECT * FROM query('DELETE FROM core.patient')",
        "CHECKPOINT",
        "BEGIN",
        "USE core",
    ],
)
def test_it_can_only_read_the_warehouse(path: Path, tmp_path: Path, sql: str) -> None:
    before = path.read_bytes()
    with pytest.raises(QueryError):
        run_query(path, sql.format(folder=tmp_path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == []
    assert [file.name for file in path.parent.iterdir()] == ["warehouse.duckdb"]


def test_it_knows_the_time(path: Path) -> None:
    ((now,),) = run_query(path, "SELECT now()").rows
    assert isinstance(now, datetime)


def test_describe_lists_the_codes_of_a_column(path: Path) -> None:
    meanings = {name: meaning for name, _, meaning in describe(path, "current.patient").rows}
    assert meanings["sex"].endswith("Codes: male (Male), female (Female).")


def test_describe_lists_tables_in_the_order_a_statistician_meets_them(path: Path) -> None:
    answer = describe(path)
    assert answer.columns == ("table", "meaning")
    assert answer.rows[0][0] == "analysis.cohort"
    assert answer.rows[0][1].startswith("One row per patient: everything that the study asks of one. Start here.")
    assert ("current.patient", "One row per patient, of each hospital's current load.") in answer.rows


def test_describe_shows_the_columns_of_one(path: Path) -> None:
    columns = ("site_id", "VARCHAR", "The hospital; the person is (site_id, patient_id).")
    assert describe(path, "analysis.cohort").rows[0] == columns
    assert describe(path, "Cohort").rows[0] == columns
    assert describe(path, "patient").rows == describe(path, "current.patient").rows


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("analysis.cohrt", r"Did you mean analysis\.cohort\?"),
        ("cohrt", r"Did you mean analysis\.cohort\?"),
        ("lab_results", r"Did you mean current\.lab_result\?"),
        ("zzz", "'hcc describe' lists all"),
    ],
)
def test_describe_suggests_the_near_name(path: Path, name: str, hint: str) -> None:
    with pytest.raises(NotFoundError, match=f"There is no table {name} in the warehouse. {hint}"):
        describe(path, name)


def test_status_lists_the_loads_newest_first(path: Path) -> None:
    answer = read_status(path)
    shown = [(row[1], row[3], row[4], row[-1]) for row in answer.rows]
    assert answer.columns[:5] == ("site_id", "load_id", "delivery", "state", "is_current")
    assert shown == [
        (3, "refused", False, "Too much was refused."),
        (2, "published", True, None),
        (1, "published", False, None),
    ]


@pytest.mark.parametrize("ask", [describe, read_status, lambda path: run_query(path, "SELECT 1")])
def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path, ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFoundError, match="Run 'make ingest SITE=snuh' first"):
        ask(tmp_path / "warehouse.duckdb")
