"""Check keys within a table and references to patients, which no single row can show."""

import duckdb
import numpy as np
import pyarrow as pa

from etl.findings import RULES
from etl.gate.origins import is_origin
from schemas.catalogue import TableFacts
from warehouse.insert import insert_selected

ROWS_PER_SLICE = 8_000_000


def check_keys(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Note every row whose key came before, and where: its record and line, with the file or sheet where that is another one.

    The first sound row of a key stays.
    """
    key = ", ".join(table.key)
    repeated = _repeated_hashes(con, table, key, load_id)
    if not len(repeated):
        return
    con.register("gate_repeated", pa.table({"key_hash": repeated}))
    insert_selected(
        con,
        "gate_reason",
        f"""
        WITH suspect AS (
            SELECT t.source_id, t.source_record, t.source_ordinal, {key},
                EXISTS (
                    FROM gate_reason AS r
                    WHERE r.table_name = ? AND r.cost = 'row' AND r.source_id = t.source_id
                        AND r.source_record = t.source_record AND r.source_ordinal = t.source_ordinal
                ) AS is_refused
            FROM core.{table.name} AS t
            WHERE t.load_id = ? AND hash({key}) IN (FROM gate_repeated)
        ), ranked AS (
            SELECT source_id, source_record, source_ordinal,
                row_number() OVER same_key AS nth, first_value(source_record) OVER same_key AS first_record,
                first_value(source_id) OVER same_key AS first_source
            FROM suspect
            WINDOW same_key AS (
                PARTITION BY {key} ORDER BY is_refused, source_id, source_record, source_ordinal
            )
        ), placed AS (
            SELECT ranked.*, run.from_line + first_record - run.from_record AS first_line
            FROM (FROM ranked WHERE nth > 1) AS ranked
            ASOF LEFT JOIN audit.record_run AS run
                ON run.source_id = ranked.first_source AND ranked.first_record >= run.from_record
        )
        SELECT ?, NULL, placed.source_id, source_record, source_ordinal, NULL, 'duplicate_key',
            'record ' || first_record
            -- Formats without lines count a record as its line; below a header no record is on the line of its number.
            || CASE WHEN first_line > first_record
                THEN CASE WHEN file.sheet IS NULL THEN ' (line ' ELSE ' (row ' END || first_line || ')' ELSE '' END
            || CASE WHEN first_source <> placed.source_id
                THEN coalesce(' of ' || file.file || coalesce(', sheet ' || file.sheet, ''), '') ELSE '' END,
            ?, ?
        FROM placed
        LEFT JOIN audit.source_file AS file ON file.source_id = first_source
        """,
        parameters=[
            table.name,
            load_id,
            table.name,
            f"one row for each {', '.join(table.key)}",
            RULES["duplicate_key"].costs,
        ],
    )
    con.unregister("gate_repeated")


def check_parents(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Note every row whose patient is not in the delivery, or is there but was quarantined; the two have different reasons."""
    if table.parent is None:
        return
    insert_selected(
        con,
        "gate_reason",
        f"""
        SELECT $table, 'patient_id', t.source_id, t.source_record, t.source_ordinal, o.source_column,
            CASE WHEN t.patient_id IN (FROM gate_refused_patient) THEN 'parent_refused' ELSE 'unknown_parent' END,
            t.patient_id, 'a patient of this delivery', $cost
        FROM core.{table.name} AS t
        LEFT JOIN audit.column_origin AS o
            ON o.load_id = $load AND o.table_name = $table AND o.column_name = 'patient_id'
            AND {is_origin("o", "t.source_ordinal")}
        WHERE t.load_id = $load AND t.patient_id IS NOT NULL
            AND t.patient_id NOT IN (
                SELECT p.patient_id FROM core.{table.parent} AS p WHERE p.load_id = $load AND p.patient_id IS NOT NULL
            )
        """,
        parameters={"table": table.name, "load": load_id, "cost": RULES["unknown_parent"].costs},
    )


def _repeated_hashes(
    con: duckdb.DuckDBPyConnection, table: TableFacts, key: str, load_id: int
) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """Find the key hashes that occur more than once, slice by slice so that memory stays bounded.

    Sorting plain numbers costs a fifth of grouping by them, and the hashes themselves cost next to nothing.
    """
    counted = con.execute(f"SELECT count(*) FROM core.{table.name} WHERE load_id = {load_id:d}").fetchone()
    assert counted is not None, "an aggregate gives one row"
    slices = counted[0] // ROWS_PER_SLICE + 1
    found = []
    for each in range(slices):
        hashes = con.execute(
            f"""
            SELECT hash({key}) AS key_hash FROM core.{table.name}
            WHERE load_id = {load_id:d} AND hash({key}) % {slices} = {each}
            """
        ).fetchnumpy()["key_hash"]
        hashes.sort()
        found.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
    return np.concatenate(found)
