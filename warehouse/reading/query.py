"""Asking the warehouse: read-only, and with no way to a file, another database or the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import QueryError
from warehouse.file.connect import is_locked, open_warehouse, raw_connection
from warehouse.file.damage import is_damage
from warehouse.model.schemas import SCHEMAS

_ROWS_AT_ONCE = 20_000


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
            _find_tables_by_name(con)
            if not is_locked(con):  # else this process reads it already, under the same lock
                con.execute("SET enable_external_access = false")
                con.execute("SET lock_configuration = true")
            yield con
    finally:
        engine.dispose()


def search_path(con: duckdb.DuckDBPyConnection) -> str:
    """Name the schemas in which a table without a schema is looked for, as DuckDB's setting wants them.

    The first that has it counts, in the order in which a statistician meets them: `cohort` is `analysis.cohort`,
    `patient` is `current.patient`. Only schemas that are there: an older warehouse may lack some.
    """
    there = {name for (name,) in con.execute("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal").fetchall()}
    return ",".join(name for name in SCHEMAS if name in there)


def _find_tables_by_name(con: duckdb.DuckDBPyConnection) -> None:
    path = search_path(con)
    if path:
        con.execute(f"SET search_path = '{path}'")


@dataclass(frozen=True)
class LongAnswer:
    """The columns' names and the rows of an answer of any length, which are to be taken once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Answer one SQL statement on a connection from `reading`.

    Raises:
        QueryError: the statement is wrong, is not one statement, or does more than read.
    """
    answer = ask_long(con, sql)
    return Answer(answer.columns, tuple(answer.rows))


def ask_long(con: duckdb.DuckDBPyConnection, sql: str) -> LongAnswer:
    """Answer one SQL statement as `ask` does, and fetch its rows in parts as they are taken.

    Raises:
        QueryError: the statement is wrong, is not one statement, or does more than read; a cell that cannot be computed may
            raise it later, when its row is taken.
    """
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise QueryError(
            f"The question holds bytes that are no UTF-8, the first after {error.start} characters. "
            "Set the terminal to UTF-8, or save the file of the question as UTF-8."
        ) from error
    with _asking():
        statements = con.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"One SQL statement was expected, and {len(statements)} were found. Ask them one by one.")
        if not _is_reading(statements[0]):
            raise QueryError("Only statements that read can be asked: SELECT, FROM, WITH, DESCRIBE, SHOW, EXPLAIN.")
        result = con.execute(statements[0])
    return LongAnswer(tuple(column[0] for column in result.description or ()), _fetch(result))


def _fetch(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while True:
        with _asking():
            rows = result.fetchmany(_ROWS_AT_ONCE)
        if not rows:
            return
        yield from rows


@contextmanager
def _asking() -> Iterator[None]:
    """Turn what the engine says of a question into a sentence; a file at fault passes: see raw_connection."""
    try:
        yield
    except duckdb.Error as error:
        if is_damage(error) or isinstance(error, duckdb.IOException):
            raise
        raise QueryError(_first_sentence(error)) from error


def _is_reading(statement: duckdb.Statement) -> bool:
    try:
        return statement.type in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    except ValueError:  # a kind of statement that DuckDB's own list of kinds does not have, such as UPDATE EXTENSIONS
        return False


def _first_sentence(error: duckdb.Error) -> str:
    """Keep what DuckDB says and leave out its drawing of the place."""
    lines = (line.strip() for line in str(error).split("\nLINE ")[0].splitlines())
    return " ".join(filter(None, lines))
