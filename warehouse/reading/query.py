"""Asking the warehouse: read-only, and with no way to a file, another database or the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import QueryError
from warehouse.file.connect import is_locked, open_warehouse, raw_connection


@dataclass(frozen=True)
class Answer:
    """The columns' names and the rows of an answer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def run_query(path: Path, sql: str) -> Answer:
    """Answer one SQL statement that reads.

    Raises:
        QueryError: the statement is wrong, is not one statement, or does more than read.
        NotFoundError: there is no warehouse.
    """
    with reading(path) as con:
        return ask(con, sql)


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection that can read the newest version of the warehouse and nothing else."""
    engine = open_warehouse(path, read_only=True)
    try:
        with raw_connection(engine) as con:
            if not is_locked(con):  # else this process reads it already, under the same lock
                con.execute("SET enable_external_access = false")
                con.execute("SET lock_configuration = true")
            yield con
    finally:
        engine.dispose()


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Answer one SQL statement on a connection from `reading`.

    Raises:
        QueryError: the statement is wrong, is not one statement, or does more than read.
    """
    try:
        statements = con.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"One SQL statement was expected, and {len(statements)} were found. Ask them one by one.")
        if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
            raise QueryError("Only statements that read can be asked: SELECT, FROM, WITH, DESCRIBE, SHOW, EXPLAIN.")
        result = con.execute(statements[0])
        columns = tuple(column[0] for column in result.description or ())
        return Answer(columns, tuple(result.fetchall()))
    except duckdb.Error as error:
        raise QueryError(_first_sentence(error)) from error


def _first_sentence(error: duckdb.Error) -> str:
    """Keep what DuckDB says and leave out its drawing of the place."""
    lines = (line.strip() for line in str(error).split("\nLINE ")[0].splitlines())
    return " ".join(filter(None, lines))
