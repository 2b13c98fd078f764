"""The ledger: two balances per source file and table part, so that no row is lost in silence.

    source records = contributing + excluded by a named rule + unused + unreadable
    produced rows  = staged + quarantined + merged by a named rule + empty slots

A record contributes once, however many slots it has; every slot is a produced row, an empty one too, and one that a
condition leaves out counts as empty, under the condition's name.

The terms come from different hands: source records from the reader's count of the bytes, contributing and produced from
the rows as inserted, staged from the rows that are left, quarantined from what was written to quarantine. A fault in any
step puts a balance off, and a load whose ledger is off is never published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import duckdb

from etl.mapping.compiler.compile import ORDINALS_PER_PART
from etl.mapping.compiler.records import EMPTY
from etl.staging.account import Account
from warehouse.insert import insert_rows


@dataclass(frozen=True)
class LedgerRow(Account):
    """The account of one source file with one part of one table; `table_name` is None when no table reads it."""

    source_id: int
    table_name: str | None
    part: int


@dataclass(frozen=True)
class MappedPart:
    """One part of one table as the plan mapped it."""

    table_name: str
    part: int
    source_ids: tuple[int, ...]


def open_ledger(con: duckdb.DuckDBPyConnection) -> None:
    """Make the ledger's work tables, empty, for one load."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE ledger_mapped (
            table_name VARCHAR, part INTEGER, source_id INTEGER, inserted BIGINT
        );
        CREATE OR REPLACE TEMP TABLE ledger_rule (
            table_name VARCHAR, part INTEGER, source_id INTEGER, kind VARCHAR, rule VARCHAR, records BIGINT
        );
        CREATE OR REPLACE TEMP TABLE ledger_slotted (
            table_name VARCHAR, part INTEGER, source_id INTEGER, contributing BIGINT
        );
        """
    )


def note_mapped(con: duckdb.DuckDBPyConnection, table_name: str, *, load_id: int) -> None:
    """Count the rows of a table as inserted, before anything is set aside."""
    con.execute(
        f"""
        INSERT INTO ledger_mapped
        SELECT '{table_name}', source_ordinal // {ORDINALS_PER_PART}, source_id, count(*)
        FROM core.{table_name} WHERE load_id = {load_id:d}
        GROUP BY source_ordinal // {ORDINALS_PER_PART}, source_id
        """
    ).fetchall()


def note_excluded(con: duckdb.DuckDBPyConnection, table_name: str, part: int, *, excluded_sql: str) -> None:
    """Count the source records that a rule of the mapping excludes (`_source_id`, `rule`)."""
    _note_rule(con, table_name, part, kind="excluded", counted_sql=excluded_sql)


def note_merged(con: duckdb.DuckDBPyConnection, table_name: str, part: int, *, merged_sql: str) -> None:
    """Count the rows that a rule of the mapping merges into another (`_source_id`, `rule`)."""
    _note_rule(con, table_name, part, kind="merged", counted_sql=merged_sql)


def note_empty(con: duckdb.DuckDBPyConnection, table_name: str, part: int, *, empty_sql: str) -> None:
    """Count the slots that the mapping foresees and the record leaves empty, or a condition leaves out (`_source_id`, `rule`)."""
    _note_rule(con, table_name, part, kind="empty", counted_sql=empty_sql)


def note_slotted(
    con: duckdb.DuckDBPyConnection, table_name: str, part: int, *, load_id: int, without_row_sql: Sequence[str]
) -> None:
    """Count the records of a part in which one record may yield several rows, each once.

    Skip this when each record yields at most one row: the distinct count is expensive and equals the row count.

    Args:
        con: the load's connection, after the part's rows are inserted and before any is set aside.
        table_name: the table.
        part: the part.
        load_id: the load.
        without_row_sql: the slots (`_source_id`, `_record`) that yielded no row, empty or merged.
    """
    inserted = (
        f"FROM core.{table_name} WHERE load_id = {load_id:d} AND source_ordinal // {ORDINALS_PER_PART} = {part:d}"
    )
    without_row = (f"SELECT _source_id, _record FROM ({query})" for query in without_row_sql)
    slots = " UNION ALL ".join([f"SELECT source_id, source_record {inserted}", *without_row])
    con.execute(
        f"""
        INSERT INTO ledger_slotted
        SELECT ?, ?, source_id, count(DISTINCT source_record) FROM ({slots}) GROUP BY source_id
        """,
        [table_name, part],
    ).fetchall()


def _note_rule(con: duckdb.DuckDBPyConnection, table_name: str, part: int, *, kind: str, counted_sql: str) -> None:
    con.execute(
        f"""
        INSERT INTO ledger_rule
        SELECT ?, ?, _source_id, ?, rule, count(*) FROM ({counted_sql}) GROUP BY _source_id, rule
        """,
        [table_name, part, kind],
    ).fetchall()


def close_ledger(
    con: duckdb.DuckDBPyConnection, parts: Sequence[MappedPart], *, load_id: int, records: Mapping[int, int]
) -> tuple[LedgerRow, ...]:
    """Draw both balances for every source file and table part, and write them to `audit.ledger`.

    Args:
        con: the load's connection, after everything refused was set aside and written to quarantine.
        parts: what was mapped.
        load_id: the load.
        records: the reader's count of records for each source_id.
    """
    rows = tuple(_draw(con, parts, load_id, records))
    names = [field.name for field in fields(LedgerRow)]
    insert_rows(
        con, "audit.ledger", ("load_id", *names), [(load_id, *(getattr(row, name) for name in names)) for row in rows]
    )
    con.execute(
        f"""
        INSERT INTO audit.ledger_rule (load_id, source_id, table_name, part, kind, rule, records)
        SELECT $load, source_id, table_name, part, kind, rule, records FROM ledger_rule WHERE kind <> 'empty' OR rule <> '{EMPTY}'
        UNION ALL
        SELECT $load, source_id, table_name, source_ordinal // $per_part, 'quarantined', broken.rule, count(*)
        FROM quality.quarantined_row, unnest(rules) AS broken(rule)
        WHERE load_id = $load AND table_name <> ''
        GROUP BY ALL
        """,
        {"load": load_id, "per_part": ORDINALS_PER_PART},
    ).fetchall()
    return rows


def find_imbalance(rows: Iterable[LedgerRow], *, named: Mapping[int, str]) -> str | None:
    """Say in one sentence which account is off and by how much; None when every balance holds.

    Args:
        rows: the ledger.
        named: a name to show for each source_id.
    """
    off = [row for row in rows if not row.is_balanced]
    if not off:
        return None
    first = off[0]
    more = f", and {len(off) - 1} more accounts are off" if len(off) > 1 else ""
    return (
        f"The ledger does not balance: {named[first.source_id]} to {first.table_name}, {first.records_off:+d} source "
        f"records and {first.rows_off:+d} rows are unexplained{more}. "
        "This is a fault of the system, not of the export: keep the delivery and report it."
    )


def _draw(
    con: duckdb.DuckDBPyConnection, parts: Sequence[MappedPart], load_id: int, records: Mapping[int, int]
) -> Iterable[LedgerRow]:
    mapped = _counts(con, "SELECT table_name, part, source_id, inserted FROM ledger_mapped")
    slotted = _counts(con, "SELECT table_name, part, source_id, contributing FROM ledger_slotted")
    counted = _counts(
        con,
        """
        SELECT table_name, part, source_id,
            coalesce(sum(records) FILTER (kind = 'excluded'), 0)::BIGINT,
            coalesce(sum(records) FILTER (kind = 'merged'), 0)::BIGINT,
            coalesce(sum(records) FILTER (kind = 'empty'), 0)::BIGINT
        FROM ledger_rule GROUP BY ALL
        """,
    )
    quarantined = _counts(
        con,
        f"""
        SELECT table_name, source_ordinal // {ORDINALS_PER_PART}, source_id, count(*)
        FROM quality.quarantined_row WHERE load_id = {load_id:d} AND table_name <> '' GROUP BY ALL
        """,
    )
    unreadable = dict(
        con.execute(
            f"""
            SELECT source_id, count(*) FROM quality.quarantined_row
            WHERE load_id = {load_id:d} AND table_name = '' GROUP BY ALL
            """
        ).fetchall()
    )
    staged = {
        (table, *key): count
        for table in {part.table_name for part in parts}
        for *key, count in con.execute(
            f"""
            SELECT source_ordinal // {ORDINALS_PER_PART}, source_id, count(*)
            FROM core.{table} WHERE load_id = {load_id:d} GROUP BY ALL
            """
        ).fetchall()
    }
    read: set[int] = set()
    for part in parts:
        for source_id in part.source_ids:
            read.add(source_id)
            key = (part.table_name, part.part, source_id)
            excluded, merged, empty = counted.get(key, (0, 0, 0))
            produced = mapped.get(key, (0,))[0] + merged + empty
            yield LedgerRow(
                source_id,
                part.table_name,
                part.part,
                source_records=records[source_id],
                contributing=slotted.get(key, (produced,))[0],
                excluded=excluded,
                unreadable=unreadable.get(source_id, 0),
                produced=produced,
                staged=staged.get(key, 0),
                quarantined=quarantined.get(key, (0,))[0],
                merged=merged,
                empty_slots=empty,
            )
    for source_id in sorted(records.keys() - read):
        lost = unreadable.get(source_id, 0)
        unused = records[source_id] - lost
        yield LedgerRow(source_id, None, 0, source_records=records[source_id], unused=unused, unreadable=lost)


def _counts(con: duckdb.DuckDBPyConnection, sql: str) -> dict[tuple[str, int, int], tuple[int, ...]]:
    """Read counts that are keyed by table, part and source."""
    return {(table, part, source_id): tuple(rest) for table, part, source_id, *rest in con.execute(sql).fetchall()}
