"""Write findings to `quality.finding`: the one place that does, with category, severity and cost from the finding's rule."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import duckdb

from etl.findings import RULES
from warehouse.insert import insert_selected
from warehouse.quoting import quote_text

COLUMNS = {
    "table_name": "VARCHAR",
    "column_name": "VARCHAR",
    "source_id": "INTEGER",
    "source_record": "BIGINT",
    "source_line": "BIGINT",
    "source_ordinal": "INTEGER",
    "source_column": "VARCHAR",
    "rule": "VARCHAR",
    "cost": "VARCHAR",
    "found": "VARCHAR",
    "expected": "VARCHAR",
}
"""What a query of findings may say of each; what it leaves out is NULL."""


@dataclass(frozen=True)
class Found:
    """One finding that Python made, for `write_found`; the columns of `quality.finding` that it leaves out are NULL."""

    rule: str
    table_name: str
    column_name: str | None = None
    source_id: int | None = None
    source_column: str | None = None
    found: str | None = None
    expected: str | None = None


def write_findings(
    con: duckdb.DuckDBPyConnection,
    select: str,
    *,
    load_id: int,
    replaces: Collection[str] = (),
    parameters: Sequence[Any] | Mapping[str, Any] | None = None,
) -> int:
    """Write the findings that a query selects, in the caller's transaction.

    Args:
        con: a connection to the warehouse.
        select: a query with `rule` and any of `COLUMNS`, by name. A `cost` that is not given is the rule's own.
        load_id: the load that the findings are of.
        replaces: rules whose earlier findings of this load are deleted first.
        parameters: the query's parameters.

    Returns:
        The number of findings written.

    Raises:
        duckdb.InvalidInputException: a finding names a rule that etl.findings does not declare.
    """
    if replaces:
        con.execute(
            "DELETE FROM quality.finding WHERE load_id = ? AND list_contains(?, rule)", [load_id, list(replaces)]
        ).fetchall()
    nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
    return insert_selected(
        con,
        "quality.finding BY NAME",
        f"""
        SELECT {load_id:d}::INTEGER AS load_id, each.* REPLACE (
                coalesce(table_name, '') AS table_name,
                CASE WHEN known.category IS NULL THEN error('no rule ' || coalesce(rule, 'NULL')) ELSE rule END AS rule,
                coalesce(each.cost, known.cost) AS cost
            ), known.category, known.severity
        FROM (SELECT {nothing} WHERE FALSE UNION ALL BY NAME ({select})) AS each
        LEFT JOIN {rules_table("known")} USING (rule)
        """,
        parameters=parameters,
    )


def write_found(
    con: duckdb.DuckDBPyConnection, found: Iterable[Found], *, load_id: int, replaces: Collection[str] = ()
) -> int:
    """Write findings that Python made, in the caller's transaction; return how many there are. See `write_findings`."""
    values = [list(column) for column in zip(*map(astuple, found), strict=True)]
    names = [field.name for field in fields(Found)]
    lists = ", ".join(f"unnest({'?' if values else '[]'})::{COLUMNS[name]} AS {name}" for name in names)
    return write_findings(con, f"SELECT {lists}", load_id=load_id, replaces=replaces, parameters=values or None)


def read_found(con: duckdb.DuckDBPyConnection, load_id: int, rules: Collection[str]) -> tuple[Found, ...]:
    """Read a load's findings of these rules back, to write them for another load; they must be of no single record."""
    names = ", ".join(field.name for field in fields(Found))
    found = con.execute(
        f"SELECT {names} FROM quality.finding WHERE load_id = ? AND list_contains(?, rule) ORDER BY ALL",
        [load_id, list(rules)],
    ).fetchall()
    return tuple(Found(*each) for each in found)


def rules_table(alias: str) -> str:
    """Write the rules as a table for a query: rule, category, severity and cost, NULL where the column decides it."""
    rows = ", ".join(
        f"({quote_text(rule.name)}, {quote_text(rule.category)}, {quote_text(rule.severity)}, "
        f"{'NULL' if rule.costs == 'column' else quote_text(rule.costs)})"
        for rule in RULES.values()
    )
    return f"(VALUES {rows}) AS {alias} (rule, category, severity, cost)"
