"""Remember what is set aside, with its patient and day, before it is gone: `quality.set_aside`.

A patient with a quarantined procedure is not a patient without one. The views read from here what they cannot know.
"""

import duckdb

from schemas.catalogue import ColumnFacts, TableFacts
from warehouse.insert import insert_selected

PATIENT = "patient_id"
_ADDRESS = "source_id, source_record, source_ordinal"


def note_met_patients(con: duckdb.DuckDBPyConnection, table: TableFacts, patients_sql: str) -> None:
    """Remember whose records become one row with others, of those that have a reason: that row has another address.

    Args:
        con: the load's connection.
        table: the canonical table.
        patients_sql: a SELECT of _source_id, _record and patient_id over the table's rows before they meet.
    """
    insert_selected(
        con,
        "gate_met_patient",
        f"""
        SELECT DISTINCT ?, _source_id, _record, patient_id FROM ({patients_sql})
        WHERE (_source_id, _record) IN (SELECT source_id, source_record FROM gate_reason WHERE table_name = ?)
        """,
        parameters=[table.name, table.name],
    )


def keep_unknown(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int) -> None:
    """Write each row that is about to be quarantined, and each cell that is about to be set aside, to `quality.set_aside`.

    The cells of the row that broke no rule are kept as JSON, empty ones as null; those that broke one are not in it. A row
    that repeats in every cell a row that stays would have said nothing more, and is left out.

    Args:
        con: the load's connection, with the rows still in `core` and their reasons in `gate_reason`.
        table: the canonical table.
        load_id: the load.
    """
    reasons = con.execute(
        "SELECT count(*) FILTER (WHERE cost IN ('row', 'cell')) FROM gate_reason WHERE table_name = ?", [table.name]
    ).fetchall()
    if reasons == [(0,)]:
        return
    insert_selected(con, "quality.set_aside BY NAME", _of_rows(table, load_id))
    insert_selected(con, "quality.set_aside BY NAME", _of_met_rows(table, load_id))


def keep_unreadable(con: duckdb.DuckDBPyConnection, *, load_id: int) -> None:
    """Write the records that could not be read at all to `quality.set_aside`: nobody knows whose they are."""
    insert_selected(
        con,
        "quality.set_aside BY NAME",
        f"""
        SELECT load_id, table_name, {_ADDRESS}, rules FROM quality.quarantined_row
        WHERE load_id = ? AND table_name = '' AND rules <> ['repeated_header']
        """,
        parameters=[load_id],
    )


def _of_rows(table: TableFacts, load_id: int) -> str:
    """Select what is set aside of the rows that are in the table."""
    name = table.name
    day = table.column(table.day) if table.day else None
    patient = f"row.{PATIENT}" if PATIENT in table.column_names else "NULL::VARCHAR"
    cells = ", ".join(f"{c.name} := row.{c.name}" for c in table.columns if c.name != PATIENT)
    same = " AND ".join(f"kept.{c.name} IS NOT DISTINCT FROM row.{c.name}" for c in table.columns)
    return f"""
        WITH reason AS (
            SELECT {_ADDRESS}, column_name, cost, rule FROM gate_reason
            WHERE table_name = '{name}' AND cost IN ('row', 'cell')
        ), bad AS (
            SELECT {_ADDRESS}, list(DISTINCT column_name) FILTER (WHERE column_name IS NOT NULL) AS columns,
                bool_or(cost = 'row') AS is_row_refused,
                list(DISTINCT rule ORDER BY rule) FILTER (WHERE cost = 'row') AS row_rules
            FROM reason GROUP BY ALL
        ), apart AS (
            SELECT {_ADDRESS}, NULL AS column_name, row_rules AS rules FROM bad WHERE is_row_refused
            UNION ALL
            SELECT {_ADDRESS}, column_name, list(DISTINCT rule ORDER BY rule)
            FROM reason ANTI JOIN (FROM bad WHERE is_row_refused) AS refused USING ({_ADDRESS})
            WHERE column_name IS NOT NULL
            GROUP BY ALL
        ), repeated AS (
            SELECT row.source_id, row.source_record, row.source_ordinal
            FROM bad
            INNER JOIN core.{name} AS row USING ({_ADDRESS})
            INNER JOIN core.{name} AS kept ON kept.load_id = row.load_id AND {same}
            LEFT JOIN bad AS kept_bad
                ON kept_bad.source_id = kept.source_id AND kept_bad.source_record = kept.source_record
                AND kept_bad.source_ordinal = kept.source_ordinal
            WHERE row.load_id = {load_id:d} AND bad.row_rules = ['duplicate_key'] AND kept_bad.is_row_refused IS NOT TRUE
        )
        SELECT {load_id:d} AS load_id, '{name}' AS table_name, apart.column_name, {patient} AS patient_id,
            {_if_sound(day) if day else "NULL::DATE"} AS day,
            apart.source_id, apart.source_record, apart.source_ordinal, apart.rules,
            json_merge_patch(  -- a NULL in the patch takes the cell out
                to_json(struct_pack({cells})),
                to_json(map(coalesce(bad.columns, []), list_transform(coalesce(bad.columns, []), lambda c: NULL::VARCHAR)))
            )::VARCHAR AS readable
        FROM apart
        INNER JOIN bad USING ({_ADDRESS})
        INNER JOIN core.{name} AS row USING ({_ADDRESS})
        ANTI JOIN repeated USING ({_ADDRESS})
        WHERE row.load_id = {load_id:d}
        """


def _of_met_rows(table: TableFacts, load_id: int) -> str:
    """Select the cells set aside of records that became one row with others: whose they are is all that is known."""
    return f"""
        SELECT DISTINCT {load_id:d} AS load_id, '{table.name}' AS table_name, reason.column_name, met.patient_id,
            reason.source_id, reason.source_record, list(DISTINCT reason.rule ORDER BY reason.rule) AS rules
        FROM gate_reason AS reason
        INNER JOIN gate_met_patient AS met USING (table_name, source_id, source_record)
        WHERE reason.table_name = '{table.name}' AND reason.cost = 'cell' AND reason.source_ordinal IS NULL
            AND reason.column_name IS NOT NULL
        GROUP BY reason.column_name, met.patient_id, reason.source_id, reason.source_record
        """


def _if_sound(column: ColumnFacts) -> str:
    return f"CASE WHEN NOT list_contains(coalesce(bad.columns, []), '{column.name}') THEN row.{column.name} END"
