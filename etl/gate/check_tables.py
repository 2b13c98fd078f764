"""Check what no single row can show: keys within a table, and references to patients."""

import duckdb

from schemas.catalogue import TableFacts


def check_keys(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Note every row whose key came before; the first sound row of a key stays.

    Keys are first counted by their hash alone, which is all that a large table without duplicates costs.
    """
    key = ", ".join(table.key)
    hashes = f"SELECT hash({key}) AS key_hash FROM core.{table.name} WHERE load_id = {load_id:d}"
    suspects = con.execute(
        f"CREATE OR REPLACE TEMP TABLE gate_suspect AS {hashes} GROUP BY key_hash HAVING count(*) > 1"
    ).fetchall()
    if suspects == [(0,)]:
        return
    con.execute(
        f"""
        INSERT INTO gate_reason
        WITH suspect AS (
            SELECT t.source_id, t.source_record, t.source_ordinal, {key},
                EXISTS (
                    FROM gate_reason AS r
                    WHERE r.table_name = ? AND r.cost = 'row' AND r.source_id = t.source_id
                        AND r.source_record = t.source_record AND r.source_ordinal = t.source_ordinal
                ) AS is_refused
            FROM core.{table.name} AS t
            WHERE t.load_id = ? AND hash({key}) IN (FROM gate_suspect)
        ), ranked AS (
            SELECT source_id, source_record, source_ordinal,
                row_number() OVER same_key AS nth, first_value(source_record) OVER same_key AS first_record
            FROM suspect
            WINDOW same_key AS (
                PARTITION BY {key} ORDER BY is_refused, source_id, source_record, source_ordinal
            )
        )
        SELECT ?, NULL, source_id, source_record, source_ordinal, NULL, 'duplicate_key',
            'record ' || first_record, ?, 'row'
        FROM ranked WHERE nth > 1
        """,
        [table.name, load_id, table.name, f"one row for each {', '.join(table.key)}"],
    ).fetchall()


def check_parents(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Note every row whose patient is not in the delivery, or is there but was refused; the two are told apart."""
    if table.parent is None:
        return
    con.execute(
        f"""
        INSERT INTO gate_reason
        SELECT ?, 'patient_id', t.source_id, t.source_record, t.source_ordinal, NULL,
            CASE WHEN t.patient_id IN (FROM gate_refused_patient) THEN 'parent_refused' ELSE 'unknown_parent' END,
            t.patient_id, 'a patient of this delivery', 'row'
        FROM core.{table.name} AS t
        WHERE t.load_id = ? AND t.patient_id IS NOT NULL
            AND t.patient_id NOT IN (
                SELECT p.patient_id FROM core.{table.parent} AS p WHERE p.load_id = ? AND p.patient_id IS NOT NULL
            )
        """,
        [table.name, load_id, load_id],
    ).fetchall()
