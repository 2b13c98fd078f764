"""The gate's work table: every reason against a row or a cell, before it becomes a finding."""

import duckdb

from etl.findings import RULES
from schemas.catalogue import TableFacts, all_tables

COSTLESS_RULES = ("condition_unknown", "unit_missing")
"""Rules that tell of something odd but take nothing away: the cell is kept as it is."""

ROW_RULES = ("duplicate_key", "parent_refused", "unknown_parent")
"""Rules about a whole row: they cost the row, whatever the column."""


def open_gate(con: duckdb.DuckDBPyConnection) -> None:
    """Make the gate's work tables, empty, for one load."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE gate_reason (
            table_name VARCHAR, column_name VARCHAR, source_id INTEGER, source_record BIGINT, source_ordinal INTEGER,
            source_column VARCHAR, rule VARCHAR, found VARCHAR, expected VARCHAR, cost VARCHAR
        );
        CREATE OR REPLACE TEMP TABLE gate_refused_patient (patient_id VARCHAR);
        CREATE OR REPLACE TEMP TABLE gate_rule (rule VARCHAR, category VARCHAR, severity VARCHAR);
        CREATE OR REPLACE TEMP TABLE gate_column (table_name VARCHAR, column_name VARCHAR, cost VARCHAR);
        """
    )
    rules = [(rule.name, rule.category, rule.severity) for rule in RULES.values()]
    columns = [(table.name, column.name, column.cost) for table in all_tables() for column in table.columns]
    # One statement with three lists: row by row, DuckDB takes a millisecond each.
    three_lists = "SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])"
    con.execute(f"INSERT INTO gate_rule {three_lists}", [list(each) for each in zip(*rules, strict=True)]).fetchall()
    con.execute(
        f"INSERT INTO gate_column {three_lists}", [list(each) for each in zip(*columns, strict=True)]
    ).fetchall()


def add_problems(con: duckdb.DuckDBPyConnection, table: TableFacts, problems_sql: str) -> None:
    """Take over what the plan could not parse, recode or convert, with the cost that the column states."""
    con.execute(
        f"""
        INSERT INTO gate_reason
        SELECT ?, p.column_name, p._source_id, p._record, p._ordinal, p.source_column, p.rule, p.found, p.expected,
            CASE WHEN p.rule IN {COSTLESS_RULES} THEN 'none' ELSE coalesce(c.cost, 'none') END
        FROM ({problems_sql}) AS p
        LEFT JOIN gate_column AS c ON c.table_name = ? AND c.column_name = p.column_name
        """,
        [table.name, table.name],
    ).fetchall()
