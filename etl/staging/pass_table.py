"""Take one canonical table through the map and the gate."""

import duckdb

from etl.gate.check_rows import check_rows
from etl.gate.check_tables import check_keys, check_parents
from etl.gate.quarantine import set_aside
from etl.gate.reasons import add_problems, spare_merged
from etl.gate.unknown import note_met_patients
from etl.mapping.compiler.compile import TablePlan
from etl.mapping.compiler.over_parts import OverPartsPlan
from etl.staging.ledger import note_empty, note_excluded, note_mapped, note_merged, note_slotted
from etl.staging.merge_parts import merge_parts
from schemas.catalogue import table_facts
from warehouse.progress import Progress


def map_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    parts: tuple[TablePlan, ...],
    *,
    over_parts: OverPartsPlan | None = None,
    load_id: int,
) -> None:
    """Insert the rows of every part as the plan makes them; note what the plan leaves out and what it cannot read.

    Rows of several parts that stand for the same thing then become one, where the mapping says so (`over_parts`).
    """
    facts = table_facts(table)
    columns = ", ".join(facts.column_names)
    for plan in parts:
        if len(parts) == 1 or _yields_rows(con, plan):
            con.execute(
                f"INSERT INTO core.{table} (load_id, source_id, source_record, source_ordinal, {columns}) "
                f"SELECT {load_id:d}, _source_id, _record, _ordinal, {columns} FROM ({plan.rows})"
            ).fetchall()
        if plan.excluded is not None:
            note_excluded(con, table, plan.part, excluded_sql=plan.excluded)
        if plan.empty is not None:
            note_empty(con, table, plan.part, empty_sql=plan.empty)
        if plan.merged is not None:
            note_merged(con, table, plan.part, merged_sql=plan.merged)
        if plan.has_slots:
            without_row = [query for query in (plan.empty, plan.merged) if query is not None]
            note_slotted(con, table, plan.part, load_id=load_id, without_row_sql=without_row)
        if plan.problems is not None:
            add_problems(con, facts, plan.problems)
            if plan.patients is not None:
                note_met_patients(con, facts, plan.patients)
            if plan.merged is not None:
                spare_merged(con, facts, plan.merged)
    if over_parts is not None:
        merge_parts(con, facts, over_parts, load_id=load_id)
    note_mapped(con, table, load_id=load_id)


def gate_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    *,
    load_id: int,
    chunk_rows: int,
    progress: Progress,
) -> None:
    """Check the inserted rows of a table and set aside what fails."""
    facts = table_facts(table)
    check_rows(
        con,
        facts,
        load_id=load_id,
        chunk_rows=chunk_rows,
        advance=progress.advance,
    )
    check_keys(con, facts, load_id=load_id)
    check_parents(con, facts, load_id=load_id)
    set_aside(con, facts, load_id=load_id)


def _yields_rows(con: duckdb.DuckDBPyConnection, plan: TablePlan) -> bool:
    """Ask whether a part yields any row: an empty INSERT must not precede a large one (warehouse.insert)."""
    return con.execute(f"SELECT 1 FROM ({plan.rows}) LIMIT 1").fetchone() is not None
