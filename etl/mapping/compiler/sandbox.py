"""A sandbox database without data, files or network, to try a mapping's patterns and expressions before any data is read."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb


def try_query(query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query that reads nothing but its parameters.

    Raises:
        duckdb.Error: the engine refuses it.
    """
    return _engine().execute(query, parameters).fetchall()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Open it once: that takes as long as a hundred tries."""
    return duckdb.connect(config={"enable_external_access": False})
