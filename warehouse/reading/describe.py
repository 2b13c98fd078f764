"""What the tables and columns of the warehouse mean, from their comments."""

import difflib
from pathlib import Path

import duckdb

from warehouse.errors import NotFoundError
from warehouse.model.schemas import SCHEMAS, STEPS
from warehouse.reading.query import Answer, ask, reading

CANONICAL = ("current", "core")
"""Schemas whose tables are those of the canonical model, which declares the codes of their columns."""


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
    codes = _codes_of(full_name)
    return Answer(
        ("column", "type", "meaning"),
        tuple((name, kind, " ".join(filter(None, (comment, codes.get(name))))) for name, kind, comment in rows),
    )


def _codes_of(full_name: str) -> dict[str, str]:
    """List the codes of each column of a canonical table that holds codes, each with its label, as a sentence."""
    from schemas.catalogue import table_facts
    from schemas.code_list import read_code_list
    from schemas.tables import TABLES

    schema, table = full_name.split(".")
    if schema not in CANONICAL or table not in TABLES:
        return {}
    sentences = {}
    for column in table_facts(table).columns:
        if column.codes is not None:
            entries = read_code_list(column.codes).entries
            listed = ", ".join(
                entry.code if entry.code == entry.label else f"{entry.code} ({entry.label})" for entry in entries
            )
            sentences[column.name] = f"Codes: {listed}."
    return sentences


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
