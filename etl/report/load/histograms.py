"""Histograms of a load's numbers: the values of a column are counted once, and bins chosen by how the numbers are written."""

from dataclasses import dataclass

import duckdb

from etl.report.load.bins import SCALE, STEPS, Bins, find_step, linear_bins, log_bins
from schemas.catalogue import ColumnFacts, TableFacts


@dataclass(frozen=True)
class Histogram:
    """Numbers of one kind: how many lie in each bin, but for the outermost half percent that lies beyond the bins."""

    kind: str
    unit: str
    median: float
    bins: Bins
    counts: tuple[int, ...]
    is_log: bool


def read_histograms(
    con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, *, load_id: int, kind: str | None = None
) -> list[Histogram]:
    """Count a column's numbers in bins, by kind where the column holds several, the most frequent first; none when empty."""
    unit = column.unit_column or f"'{column.unit or ''}'"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted_value AS
        SELECT coalesce({kind or "''"}, '') AS kind, round({column.name}::DOUBLE * {SCALE})::BIGINT AS number,
            any_value({unit}) AS unit, count(*) AS row_count
        FROM core.{table.name} WHERE load_id = ? AND {column.name} IS NOT NULL GROUP BY ALL
        """,
        [load_id],
    ).fetchall()
    kept_by = ", ".join(f"sum(row_count) FILTER (number % {step} = 0)" for step in STEPS)
    rows = con.execute(
        f"""
        WITH placed AS (
            SELECT *, sum(row_count) OVER (PARTITION BY kind ORDER BY number) AS up_to,
                sum(row_count) OVER (PARTITION BY kind) AS of_kind
            FROM counted_value
        )
        SELECT kind, any_value(unit), sum(row_count)::BIGINT,
            min(number) FILTER (up_to >= 0.005 * of_kind), min(number) FILTER (up_to >= 0.995 * of_kind),
            (min(number) FILTER (2 * up_to >= of_kind) + min(number) FILTER (2 * up_to > of_kind)) / 2.0,
            [coalesce(kept, 0)::BIGINT for kept in [{kept_by}]]
        FROM placed GROUP BY kind ORDER BY 3 DESC, kind
        """
    ).fetchall()
    found = []
    for of_kind, of_unit, count, low, high, median, kept in rows:
        step = find_step(dict(zip(STEPS, kept, strict=True)), count)
        is_log = low > 0 and high > 50 * low and high > 8 * median and kind is not None  # skewed
        bins = log_bins(low, high, step) if is_log else linear_bins(low, high, step)
        found.append((of_kind, of_unit or "", median / SCALE, bins, is_log))
    return _count(con, found)


def _count(con: duckdb.DuckDBPyConnection, found: list[tuple[str, str, float, Bins, bool]]) -> list[Histogram]:
    edges = [
        (kind, number, first, last)
        for kind, _, _, bins, _ in found
        for number, (first, last) in enumerate(zip(bins.edges, bins.lasts, strict=False))
    ]
    if not edges:
        return []
    counts = {(kind, number): 0 for kind, number, _, _ in edges}
    for kind, number, count in con.execute(
        """
        SELECT bin.kind, bin.number, sum(value.row_count)::BIGINT
        FROM counted_value AS value
        ASOF JOIN (
            SELECT unnest(?::VARCHAR[]) AS kind, unnest(?::INTEGER[]) AS number, unnest(?::BIGINT[]) AS first_number,
                unnest(?::BIGINT[]) AS last_number
        ) AS bin ON value.kind = bin.kind AND value.number >= bin.first_number
        WHERE value.number <= bin.last_number
        GROUP BY ALL
        """,
        [list(each) for each in zip(*edges, strict=True)],
    ).fetchall():
        counts[kind, number] = count
    con.execute("DROP TABLE temp.counted_value")
    return [
        Histogram(kind, unit, median, bins, tuple(counts[kind, number] for number in range(len(bins.lasts))), is_log)
        for kind, unit, median, bins, is_log in found
    ]
