"""Quarantine: move bad rows out of their table, set bad cells to NULL, and write the reasons of both."""

import duckdb

from etl.gate.unknown import keep_unknown
from etl.gate.write_findings import rules_table, write_findings
from schemas.catalogue import TableFacts


def set_aside(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Delete the quarantined rows of a table and empty its cells set aside; remember whose they are."""
    keep_unknown(con, table, load_id=load_id)
    refused = "SELECT source_id, source_record, source_ordinal FROM gate_reason WHERE table_name = ? AND cost = 'row'"
    if con.execute(f"SELECT count(*) FROM ({refused})", [table.name]).fetchall() != [(0,)]:
        if table.name == "patient":
            con.execute(
                f"""
                INSERT INTO gate_refused_patient
                SELECT patient_id FROM core.patient
                WHERE load_id = ? AND (source_id, source_record, source_ordinal) IN ({refused})
                """,
                [load_id, table.name],
            ).fetchall()
        con.execute(
            f"""
            DELETE FROM core.{table.name}
            WHERE load_id = ? AND (source_id, source_record, source_ordinal) IN ({refused})
            """,
            [load_id, table.name],
        ).fetchall()
    cells = con.execute(
        "SELECT DISTINCT column_name FROM gate_reason WHERE table_name = ? AND cost = 'cell' AND column_name IS NOT NULL",
        [table.name],
    ).fetchall()
    for (column,) in cells:
        con.execute(
            f"""
            UPDATE core.{table.name} SET {table.column(column).name} = NULL
            WHERE load_id = ? AND (source_id, source_record, source_ordinal) IN (
                SELECT source_id, source_record, source_ordinal FROM gate_reason
                WHERE table_name = ? AND column_name = ? AND cost = 'cell'
            )
            """,
            [load_id, table.name, column],
        ).fetchall()


def keep_reasons(con: duckdb.DuckDBPyConnection, *, load_id: int, raw_rows_sql: str) -> None:
    """Write every reason to `quality.finding`, every quarantined row to `quality.quarantined_row`, and its record's cells once.

    Args:
        con: the load's connection.
        load_id: the load.
        raw_rows_sql: a SELECT of _source_id, _record, _line and raw (a JSON object of the landed cells) over the
            records that `gate_reason` names.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE gate_address AS
        SELECT s._source_id AS source_id, s._record AS source_record, s._line AS source_line, s.raw
        FROM ({raw_rows_sql}) AS s
        """
    ).fetchall()
    write_findings(
        con,
        """
        SELECT r.*, a.source_line
        FROM gate_reason AS r
        LEFT JOIN gate_address AS a USING (source_id, source_record)
        """,
        load_id=load_id,
    )
    con.execute(
        f"""
        INSERT INTO quality.quarantined_row (
            load_id, table_name, source_id, source_record, source_line, source_ordinal, rules, severity
        )
        SELECT ?, r.table_name, r.source_id, r.source_record, any_value(a.source_line), r.source_ordinal,
            list(DISTINCT r.rule ORDER BY r.rule),
            CASE WHEN bool_or(known.severity = 'error') THEN 'error' ELSE 'warning' END
        FROM gate_reason AS r
        JOIN {rules_table("known")} USING (rule)
        LEFT JOIN gate_address AS a USING (source_id, source_record)
        GROUP BY r.table_name, r.source_id, r.source_record, r.source_ordinal
        HAVING bool_or(r.cost = 'row')
        """,
        [load_id],
    ).fetchall()
    con.execute(
        """
        INSERT INTO quality.raw_record (load_id, source_id, source_record, raw)
        SELECT ?, source_id, source_record, raw FROM gate_address
        SEMI JOIN (FROM gate_reason WHERE cost = 'row') AS refused USING (source_id, source_record)
        """,
        [load_id],
    ).fetchall()
