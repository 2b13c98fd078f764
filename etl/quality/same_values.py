"""The factor by which values changed since the last delivery: the same patient and day, another number.

A corrected cell moves one value; a changed unit moves nearly all of them by one factor, however small: 1.21 from IU/mL
to ng/mL of AFP would drown in the spread of the patients' values.
"""

import math
from collections.abc import Iterator

import duckdb

from etl.quality.scale import Quantity
from schemas.catalogue import all_tables

MOST_PATIENTS = 300
"""So many patients of a load are looked at; which ones depends on their pseudonyms alone."""

LEAST_PAIRS = 20
"""Fewer values in common say nothing."""

LEAST_SHARE = 0.6
"""Share of the values in common that must have moved by the same factor."""

SAME_FACTOR = 0.02
"""Logarithms of factors no further apart count as the same: values are reported with two or three digits."""


def read_moves(con: duckdb.DuckDBPyConnection, now: int, before: int) -> dict[Quantity, float]:
    """Read the logarithm of the factor by which most values in common moved; quantities that did not move are left out."""
    rows = con.execute(
        f"""
        WITH pair AS ({" UNION ALL ".join(_pairs(int(now), int(before)))}),
        centred AS (
            SELECT *, median(log_ratio) OVER (PARTITION BY table_name, column_name, kind) AS middle FROM pair
        )
        SELECT table_name, column_name, coalesce(kind, ''), any_value(middle)
        FROM centred
        GROUP BY ALL
        HAVING count(*) >= {LEAST_PAIRS} AND abs(any_value(middle)) > {math.log(1.05)}
            AND avg((abs(log_ratio - middle) < {SAME_FACTOR})::INTEGER) >= {LEAST_SHARE}
        """
    ).fetchall()
    return {Quantity(table, column, kind): middle for table, column, kind, middle in rows}


def _pairs(now: int, before: int) -> Iterator[str]:
    for table in all_tables():
        for column in table.measured:
            assert table.day is not None, "the model states the day of what is measured"
            yield _pair(now, before, table.name, column.name, date=table.day, kind=column.kind or "NULL")


def _pair(now: int, before: int, table: str, column: str, *, date: str, kind: str) -> str:
    """Write the logarithm of now over before for every patient, day and kind that has one value in both loads."""

    def single(load_id: int) -> str:
        return (
            f"SELECT patient_id, {date} AS day, {kind}::VARCHAR AS kind, min({column})::DOUBLE AS number "
            f"FROM core.{table} WHERE load_id = {load_id} AND {column} > 0 "
            f"AND patient_id IN (SELECT patient_id FROM core.patient WHERE load_id = {now} "
            f"ORDER BY hash(patient_id) LIMIT {MOST_PATIENTS}) "
            f"GROUP BY ALL HAVING count(*) = 1"
        )

    return (
        f"SELECT '{table}' AS table_name, '{column}' AS column_name, this.kind, ln(this.number / last.number) AS log_ratio "
        f"FROM ({single(now)}) AS this INNER JOIN ({single(before)}) AS last "
        f"ON this.patient_id = last.patient_id AND this.day = last.day AND this.kind IS NOT DISTINCT FROM last.kind"
    )
