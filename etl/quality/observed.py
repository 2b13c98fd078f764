"""Findings about a column as a whole: they have no record, and the source's column is looked up."""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from etl.findings import RULES
from warehouse.insert import insert_rows


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
    con.execute("DELETE FROM quality.finding WHERE load_id = ? AND list_contains(?, rule)", [load_id, list(replaces)])
    origins = {
        (table, column): source_column
        for table, column, source_column in con.execute(
            "SELECT table_name, column_name, any_value(source_column) FROM audit.column_origin WHERE load_id = ? "
            "GROUP BY ALL HAVING count(DISTINCT source_column) = 1",  # of several, none is the one
            [load_id],
        ).fetchall()
    }
    columns = (
        "load_id", "table_name", "column_name", "source_column", "rule", "category", "severity", "cost", "found",
        "expected",
    )  # fmt: skip
    rows = [
        (
            load_id,
            each.table,
            each.column,
            origins.get((each.table, each.column)),
            each.rule,
            RULES[each.rule].category,
            RULES[each.rule].severity,
            "none",
            each.found,
            each.expected,
        )
        for each in observed
    ]
    insert_rows(con, "quality.finding", columns, rows)
    return len(rows)
