"""Make one row of the rows of several parts that stand for the same thing, before the gate sees them."""

import duckdb

from etl.gate.reasons import spare_met
from etl.gate.unknown import PATIENT, note_met_patients
from etl.mapping.compiler.compile import ORDINALS_PER_PART
from etl.mapping.compiler.over_parts import OverPartsPlan
from etl.staging.ledger import note_merged
from schemas.catalogue import TableFacts

_ADDRESS = "(source_id, source_record, source_ordinal)"


def merge_parts(con: duckdb.DuckDBPyConnection, table: TableFacts, plan: OverPartsPlan, *, load_id: int) -> None:
    """Bring the rows of one key to one row; the others leave the table, and the ledger counts them as merged.

    Args:
        con: the connection whose open transaction holds the rows of all parts.
        table: the canonical table.
        plan: which rows meet, which of them stays, and what it then holds.
        load_id: the load.
    """
    columns = ", ".join(table.column_names)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW part_rows AS
        SELECT source_id AS _source_id, source_record AS _record, source_ordinal AS _ordinal,
            source_ordinal // {ORDINALS_PER_PART} AS _part, {columns}
        FROM core.{table.name} WHERE load_id = {load_id:d}
        """
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE met_row AS {plan.met}").fetchall()
    if con.execute("SELECT count(*) FROM met_row").fetchall() == [(0,)]:
        return
    if PATIENT in table.column_names:
        note_met_patients(con, table, "SELECT * FROM part_rows SEMI JOIN met_row USING (_source_id, _record, _ordinal)")
    if plan.rows is not None:
        con.execute(f"CREATE OR REPLACE TEMP TABLE merged_row AS {plan.rows}").fetchall()
        values = ", ".join(f"{name} = merged.{name}" for name in table.column_names)
        con.execute(
            f"""
            UPDATE core.{table.name} AS t SET {values} FROM merged_row AS merged
            WHERE t.load_id = ? AND t.source_id = merged._source_id AND t.source_record = merged._record
                AND t.source_ordinal = merged._ordinal
            """,
            [load_id],
        ).fetchall()
    for (part,) in con.execute("SELECT DISTINCT _part FROM met_row WHERE _rank > 1 ORDER BY _part").fetchall():
        rule = plan.rule.replace("'", "''")
        merged = f"SELECT _source_id, '{rule}' AS rule FROM met_row WHERE _rank > 1 AND _part = {part:d}"
        note_merged(con, table.name, part, merged_sql=merged)
    con.execute(
        f"""
        DELETE FROM core.{table.name}
        WHERE load_id = ? AND {_ADDRESS} IN (SELECT (_source_id, _record, _ordinal) FROM met_row WHERE _rank > 1)
        """,
        [load_id],
    ).fetchall()
    spare_met(con, table, is_put_together=plan.rows is not None)
