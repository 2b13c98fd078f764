"""Findings about a column as a whole: they have no record, and the source's column is looked up."""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from etl.gate.write_findings import Found, write_found


@dataclass(frozen=True)
class Observed:
    """One thing seen in a canonical column; `found` and `expected` complete the rule's sentence."""

    rule: str
    table: str
    column: str
    found: str
    expected: str


def keep_observed(
    con: duckdb.DuckDBPyConnection, observed: Collection[Observed], *, load_id: int, replaces: Collection[str]
) -> int:
    """Write what was seen in a load, in place of its findings of the rules in `replaces`; return how many there are.

    Runs inside the caller's transaction.
    """
    origins = {
        (table, column): source_column
        for table, column, source_column in con.execute(
            "SELECT table_name, column_name, any_value(source_column) FROM audit.column_origin WHERE load_id = ? "
            "GROUP BY ALL HAVING count(DISTINCT source_column) = 1",  # of several, none is the one
            [load_id],
        ).fetchall()
    }
    found = [
        Found(
            each.rule,
            each.table,
            column_name=each.column,
            source_column=origins.get((each.table, each.column)),
            found=each.found,
            expected=each.expected,
        )
        for each in observed
    ]
    return write_found(con, found, load_id=load_id, replaces=replaces)
