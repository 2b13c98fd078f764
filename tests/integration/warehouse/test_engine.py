"""The engine itself: rows that a transaction inserted are seen by every statement of that transaction."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

ROWS = 122_880
"""The rows of one row group."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A table to insert into and the rows for it; two threads, as a warehouse has."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(
            f"""
            CREATE TABLE source AS SELECT i AS id, 'kind ' || i % 3 AS kind FROM range({ROWS}) AS r(i);
            CREATE TABLE target (id BIGINT, kind VARCHAR);
            """
        )
        yield connection


def insert_nothing_then_much(con: duckdb.DuckDBPyConnection) -> None:
    con.begin()
    con.execute("INSERT INTO target SELECT id, kind FROM source WHERE id < 0").fetchall()
    con.execute("INSERT INTO target SELECT id, kind FROM source").fetchall()
    assert con.execute("SELECT count(*) FROM target").fetchall() == [(ROWS,)]


def test_a_group_sees_the_rows_of_its_own_transaction_after_an_empty_insert(con: duckdb.DuckDBPyConnection) -> None:
    insert_nothing_then_much(con)
    groups = con.execute("SELECT kind, count(*) FROM target GROUP BY kind ORDER BY kind").fetchall()
    assert groups == [("kind 0", ROWS // 3), ("kind 1", ROWS // 3), ("kind 2", ROWS // 3)]


def test_a_join_sees_the_rows_of_its_own_transaction_after_an_empty_insert(con: duckdb.DuckDBPyConnection) -> None:
    insert_nothing_then_much(con)
    joined = con.execute("SELECT count(*) FROM target JOIN source USING (id, kind)").fetchall()
    assert joined == [(ROWS,)]


def test_an_update_and_a_delete_reach_the_rows_of_their_own_transaction_after_an_empty_insert(
    con: duckdb.DuckDBPyConnection,
) -> None:
    insert_nothing_then_much(con)
    assert con.execute("UPDATE target SET kind = 'other' WHERE id < 10").fetchall() == [(10,)]
    assert con.execute("DELETE FROM target WHERE id < 5").fetchall() == [(5,)]
    con.commit()
    left = con.execute("SELECT kind = 'other', count(*) FROM target GROUP BY ALL ORDER BY ALL").fetchall()
    assert left == [(False, ROWS - 10), (True, 5)]


def test_the_project_requires_an_engine_without_the_fault() -> None:
    facts = tomllib.loads(Path(__file__).parents[3].joinpath("pyproject.toml").read_text(encoding="utf-8"))
    (required,) = [line for line in facts["project"]["dependencies"] if re.match(r"duckdb\b(?!-)", line)]
    lowest = re.search(r">=\s*([\d.]+)", required)
    assert lowest is not None
    assert tuple(int(part) for part in lowest[1].split(".")) >= (2, 0, 1)
