"""The ceilings: when so much of a delivery is refused that the delivery itself must be.

A hospital that recodes 남 to M must not become an empty hospital. Children that were refused only because their patient
was are not counted: the patients are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

SMALLEST_MASS = 5
"""Fewer refused rows or cells than this are single mistakes, whatever their share."""


@dataclass(frozen=True)
class Ceilings:
    """Shares, in percent, above which a table's refused rows or a column's refused cells refuse the delivery."""

    refused_rows_percent: float
    refused_cells_percent: float


def find_excess(con: duckdb.DuckDBPyConnection, *, load_id: int, ceilings: Ceilings) -> tuple[str, ...]:
    """Name every table and column of which more was refused than its ceiling allows, one clause each."""
    rows = _rows_in_excess(con, load_id, ceilings.refused_rows_percent)
    cells = _cells_in_excess(con, load_id, ceilings.refused_cells_percent)
    return (*rows, *cells)


def _rows_in_excess(con: duckdb.DuckDBPyConnection, load_id: int, ceiling_percent: float) -> Iterable[str]:
    refused = con.execute(
        """
        WITH refused AS (
            SELECT table_name, count(*) AS refused_rows, mode(rules[1]) AS rule
            FROM quality.quarantined_row
            WHERE load_id = $load AND table_name <> '' AND rules <> ['parent_refused'] GROUP BY table_name
        ), produced AS (
            SELECT table_name, sum(produced - empty_slots - merged)::BIGINT AS produced_rows
            FROM audit.ledger WHERE load_id = $load GROUP BY table_name
        )
        SELECT table_name, refused_rows, produced_rows, rule FROM refused JOIN produced USING (table_name)
        WHERE refused_rows >= $mass AND 100.0 * refused_rows / produced_rows > $ceiling
        ORDER BY table_name
        """,
        {"load": load_id, "mass": SMALLEST_MASS, "ceiling": ceiling_percent},
    ).fetchall()
    for table, count, total, rule in refused:
        yield f"{count:,} of {total:,} {table} rows would be quarantined (mostly {rule}; the ceiling is {ceiling_percent:g} %)"


def _cells_in_excess(con: duckdb.DuckDBPyConnection, load_id: int, ceiling_percent: float) -> Iterable[str]:
    aside = con.execute(
        """
        SELECT table_name, column_name, any_value(source_column), mode(rule),
            count(DISTINCT (source_id, source_record, source_ordinal))
        FROM quality.finding
        WHERE load_id = ? AND cost = 'cell' AND column_name IS NOT NULL GROUP BY table_name, column_name
        HAVING count(*) >= ? ORDER BY ALL
        """,
        [load_id, SMALLEST_MASS],
    ).fetchall()
    for table, column, source_column, rule, count in aside:
        filled = f"SELECT count({column}) FROM core.{table} WHERE load_id = {load_id:d}"
        ((kept,),) = con.execute(filled).fetchall()
        if 100.0 * count > ceiling_percent * (kept + count):
            yield (
                f"{count:,} of {kept + count:,} filled cells of {table}.{column} would be set aside ({rule} in column "
                f"'{source_column}'; the ceiling is {ceiling_percent:g} %)"
            )
