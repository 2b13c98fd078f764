"""A transaction: commit all of a block or roll it back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run a block in one transaction of its own; an exception rolls it back."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a failed commit has rolled back by itself; the first failure is reported
            con.rollback()
        raise
