"""Rows from Python, or from a query, into a table; an INSERT of no rows is skipped.

After an empty INSERT, DuckDB 2.0.0 hides the rows of a later large one from joins and groups of the same transaction.
The engine that we require does not; skipping the empty INSERT costs little and does not rely on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows into `schema.table`, each a value for every column named; nothing happens when there are none.

    The rows go as one list per column: row by row, DuckDB takes a millisecond each.
    """
    values = [list(column) for column in zip(*rows, strict=True)]
    if values:
        lists = ", ".join(["unnest(?)"] * len(columns))
        con.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {lists}", values).fetchall()


def insert_selected(
    con: duckdb.DuckDBPyConnection,
    into: str,
    select: str,
    *,
    parameters: Sequence[Any] | Mapping[str, Any] | None = None,
) -> int:
    """Insert the rows that a query selects; nothing happens when it selects none.

    The query runs once, into a temporary table: this is for findings and the like, of which there are few or none, not
    for the rows of a delivery.

    Args:
        con: a connection.
        into: the table, with BY NAME or its columns in brackets: a table of the warehouse may have them in any order.
        select: the query; it may read the table.
        parameters: the query's parameters, if any.

    Returns:
        The number of rows inserted.
    """
    made = con.execute(f"CREATE OR REPLACE TEMP TABLE selected_row AS {select}", parameters).fetchone()
    assert made is not None, "the engine reports how many rows it wrote"
    count = int(made[0])
    if count:
        con.execute(f"INSERT INTO {into} FROM temp.selected_row").fetchall()
    con.execute("DROP TABLE temp.selected_row")
    return count
