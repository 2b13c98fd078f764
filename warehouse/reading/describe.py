"""What the tables and columns of the warehouse mean, from their comments."""

import difflib
import re
from pathlib import Path

import duckdb

from warehouse.errors import NotFoundError
from warehouse.model.schemas import SCHEMAS, STEPS
from warehouse.reading.query import Answer, ask, reading


def describe(path: Path, name: str | None = None) -> Answer:
    """Describe every table, or those of one schema, or the columns of one table: `schema.table`, or the first of that name.

    Schemas of steps are one line each, unless they are named.

    Raises:
        NotFoundError: there is no such table, or no warehouse.
    """
    with reading(path) as con:
        tables = ask(con, _TABLES)
        if name is None:
            results = tuple(row for row in tables.rows if _schema(row[0]) not in STEPS)
            return Answer(
                tables.columns, results + tuple(_summarise(tables, schema) for schema in SCHEMAS if schema in STEPS)
            )
        if name.strip().lower() in SCHEMAS:
            return Answer(tables.columns, tuple(row for row in tables.rows if _schema(row[0]) == name.strip().lower()))
        return _describe_table(con, name, known=[row[0] for row in tables.rows])


_TABLES = f"""
SELECT schema_name || '.' || table_name AS "table", comment AS meaning
FROM (
    SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal
)
WHERE list_contains({list(SCHEMAS)!r}, schema_name)
ORDER BY list_position({list(SCHEMAS)!r}, schema_name), table_name
"""


def _schema(table: str) -> str:
    return table.partition(".")[0]


def _summarise(tables: Answer, schema: str) -> tuple[str, str]:
    """Describe a schema in one line."""
    count = sum(_schema(row[0]) == schema for row in tables.rows)
    return f"{schema}.*", f"{SCHEMAS[schema]} {count} tables; 'hcc describe {schema}' lists them."


def _describe_table(con: duckdb.DuckDBPyConnection, name: str, *, known: list[str]) -> Answer:
    full_name = _find(name.strip().lower(), known)
    rows = con.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name || '.' || table_name = ? ORDER BY column_index",
        [full_name],
    ).fetchall()
    return Answer(
        ("column", "type", "meaning"), tuple((column, kind, _with_codes(comment)) for column, kind, comment in rows)
    )


def _with_codes(comment: str | None) -> str | None:
    """Add to a column's meaning the codes of the list that it names, each with its label."""
    from schemas.code_list import code_list_names, read_code_list

    named = re.search(r"Code list: (\w+)", comment or "")
    if named is None or named[1] not in code_list_names():
        return comment
    listed = ", ".join(f"{entry.code} ({entry.label})" for entry in read_code_list(named[1]).entries)
    return f"{comment} Codes: {listed}."


def _find(name: str, known: list[str]) -> str:
    for full in known:
        if name in (full, full.split(".")[1]):
            return full
    if "." not in name:
        by_table = {full.split(".")[1]: full for full in reversed(known)}
        near = [by_table[match] for match in difflib.get_close_matches(name, by_table, n=1)]
    else:
        near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "'hcc describe' lists all."
    raise NotFoundError(f"There is no table {name} in the warehouse. {hint}")
