"""The gate's work table: every reason to quarantine a row or set a cell aside, before it becomes a finding."""

import duckdb

from etl.gate.write_findings import rules_table
from schemas.catalogue import TableFacts, all_tables
from warehouse.insert import insert_rows, insert_selected


def open_gate(con: duckdb.DuckDBPyConnection) -> None:
    """Make the gate's work tables, empty, for one load."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE gate_reason (
            table_name VARCHAR, column_name VARCHAR, source_id INTEGER, source_record BIGINT, source_ordinal INTEGER,
            source_column VARCHAR, rule VARCHAR, found VARCHAR, expected VARCHAR, cost VARCHAR
        );
        CREATE OR REPLACE TEMP TABLE gate_refused_patient (patient_id VARCHAR);
        CREATE OR REPLACE TEMP TABLE gate_met_patient (
            table_name VARCHAR, source_id INTEGER, source_record BIGINT, patient_id VARCHAR
        );
        CREATE OR REPLACE TEMP TABLE gate_column (table_name VARCHAR, column_name VARCHAR, cost VARCHAR);
        """
    )
    columns = [(table.name, column.name, column.cost) for table in all_tables() for column in table.columns]
    insert_rows(con, "gate_column", ("table_name", "column_name", "cost"), columns)


def add_problems(con: duckdb.DuckDBPyConnection, table: TableFacts, problems_sql: str) -> None:
    """Take over what the plan could not parse, recode or convert, with the cost that its rule or its column states.

    A problem without an ordinal is of a record that becomes one row with others: it costs its cell, never that row.
    """
    insert_selected(
        con,
        "gate_reason",
        f"""
        SELECT ?, p.column_name, p._source_id, p._record, p._ordinal, p.source_column, p.rule, p.found, p.expected,
            CASE WHEN known.cost IS NOT NULL THEN known.cost WHEN c.cost IS NULL THEN 'none'
                WHEN p._ordinal IS NULL THEN 'cell' ELSE c.cost END
        FROM ({problems_sql}) AS p
        LEFT JOIN {rules_table("known")} ON known.rule = p.rule
        LEFT JOIN gate_column AS c ON c.table_name = ? AND c.column_name = p.column_name
        """,
        parameters=[table.name, table.name],
    )


def spare_merged(con: duckdb.DuckDBPyConnection, table: TableFacts, merged_sql: str) -> None:
    """Let a bad cell of a row that was merged into another cost its cell alone: there is no row of its own to refuse."""
    con.execute(
        f"""
        UPDATE gate_reason SET cost = 'cell'
        WHERE table_name = ? AND cost = 'row' AND (source_id, source_record, source_ordinal) IN (
            SELECT _source_id, _record, _ordinal FROM ({merged_sql})
        )
        """,
        [table.name],
    ).fetchall()


def spare_met(con: duckdb.DuckDBPyConnection, table: TableFacts, *, is_put_together: bool) -> None:
    """Let a bad cell of the rows in `met_row` cost that cell alone: they became one row, whose other cells are sound.

    Where the row that stays is put together, no bad cell belongs to it: its value may come from another record.
    """
    which, change = (
        ("", "cost = if(cost = 'row', 'cell', cost), source_ordinal = NULL")
        if is_put_together
        else ("WHERE _rank > 1", "cost = if(cost = 'row', 'cell', cost)")
    )
    con.execute(
        f"""
        UPDATE gate_reason SET {change}
        WHERE table_name = ? AND (source_id, source_record, source_ordinal) IN (
            SELECT (_source_id, _record, _ordinal) FROM met_row {which}
        )
        """,
        [table.name],
    ).fetchall()
