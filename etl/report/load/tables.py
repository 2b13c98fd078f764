"""Completeness and distributions of a load's tables."""

from typing import Any

import duckdb

from etl.report.judgement import FAILS, JUDGEMENT
from etl.report.load.histograms import Histogram, read_histograms
from etl.report.load.model import Bar, ColumnShare, Plot, Table, TablePlots, TableShares
from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from schemas.code_list import read_code_list

MOST_BARS = 12
SHORT_LIST = 8


def collect_tables(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[Table, ...]:
    """Describe every canonical table of a load."""
    low = {
        tuple(row)
        for row in con.execute(
            "SELECT table_name, column_name FROM quality.expectation_result "
            f"WHERE load_id = ? AND category = 'completeness' AND {JUDGEMENT} = '{FAILS}'",
            [load_id],
        ).fetchall()
    }
    never = {
        tuple(row)
        for row in con.execute(
            "SELECT table_name, column_name FROM quality.finding WHERE load_id = ? AND rule = 'never_filled'", [load_id]
        ).fetchall()
    }
    return tuple(_describe(con, table, load_id=load_id, low=low, never=never) for table in all_tables())


def _describe(
    con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int, low: set[Any], never: set[Any]
) -> Table:
    facts = _first_pass(con, table, load_id)
    rows = facts["rows"]
    shares = []
    for column in table.columns:
        filled = facts[f"{column.name}.filled"]
        shares.append(
            ColumnShare(
                column.name,
                column.title,
                filled,
                100.0 * filled / rows if rows else 0.0,
                column.expected_percent,
                (table.name, column.name) in low,
                (table.name, column.name) in never,
            )
        )
    plots = [] if rows == 0 else _plots(con, table, load_id=load_id, facts=facts)
    title = table.title.capitalize()
    return Table(
        TableShares(table.name, title, table.grain, rows, tuple(shares)),
        TablePlots(table.name, title, rows, tuple(plots)),
    )


def _first_pass(con: duckdb.DuckDBPyConnection, table: TableFacts, load_id: int) -> dict[str, Any]:
    """Count, bound and tally every column at once."""
    parts = ["count(*) as rows"]
    for column in table.columns:
        parts.append(f'count({column.name}) as "{column.name}.filled"')
        if column.is_category:
            parts.append(f'histogram({column.name}::VARCHAR) AS "{column.name}.tally"')
        elif column.sql_type == "DATE":
            parts.append(f"histogram(date_trunc('month', {column.name})::DATE) AS \"{column.name}.tally\"")
    answer = con.execute(f"SELECT {', '.join(parts)} FROM core.{table.name} WHERE load_id = ?", [load_id])
    names = [entry[0] for entry in answer.description or []]
    row = answer.fetchone()
    assert row is not None, "an aggregate has one row"
    return dict(zip(names, row, strict=True))


def _is_number(column: ColumnFacts) -> bool:
    """Return whether a column's numbers can share one axis: they are all about one thing."""
    return column.sql_type.startswith(("DECIMAL", "SMALLINT")) and column.kind is None


def _plots(con: duckdb.DuckDBPyConnection, table: TableFacts, *, load_id: int, facts: dict[str, Any]) -> list[Plot]:
    plots = []
    for column in table.columns:
        filled = facts[f"{column.name}.filled"]
        if filled == 0:
            continue
        if column.is_category:
            plots.append(_codes(column, facts[f"{column.name}.tally"], filled))
        elif column.sql_type == "DATE":
            plots.append(_dates(column, facts[f"{column.name}.tally"], filled))
        elif _is_number(column):
            plots += _numbers(con, table, column, load_id=load_id)
    for column in table.measured:
        if column.kind is not None:
            plots += _numbers(con, table, column, load_id=load_id)
    return plots


def _codes(column: ColumnFacts, tally: dict[str, int], filled: int) -> Plot:
    labels = {"true": ("Yes", "예"), "false": ("No", "아니오")}
    if column.codes is not None:
        labels = {entry.code: (entry.label, entry.label_ko) for entry in read_code_list(column.codes).entries}
    ordered = sorted(tally.items(), key=lambda item: -item[1])
    if len(labels) <= SHORT_LIST:  # a short list is read in its own order: stages, classes, grades
        order = list(labels)
        ordered.sort(key=lambda item: order.index(item[0]) if item[0] in labels else len(order))
    bars = [Bar(*labels.get(code, (code, "")), code, count) for code, count in ordered[:MOST_BARS]]
    left = ordered[MOST_BARS:]
    note = f"{len(left):,} more codes with {sum(count for _, count in left):,} rows." if left else ""
    return Plot("codes", column.title, column.name, "", filled, bars=tuple(bars), note=note)


def _dates(column: ColumnFacts, tally: dict[Any, int], filled: int) -> Plot:
    """Count by month; by year where the months would not fit."""
    months = {month.year * 12 + month.month - 1: count for month, count in tally.items()}
    first, last = min(months), max(months)
    step = 1 if last - first < 72 else 3 if last - first < 240 else 12  # noqa: PLR2004
    counts = [0] * ((last - first) // step + 1)
    for month, count in months.items():
        counts[(month - first) // step] += count
    by = {1: "month", 3: "quarter", 12: "year"}[step]
    ends = [f"{month // 12}-{month % 12 + 1:02}" for month in (first, last)]
    return Plot(
        "dates",
        column.title,
        column.name,
        "",
        filled,
        counts=tuple(counts),
        first=ends[0],
        last=ends[1],
        note=f"by {by}",
    )


def _numbers(con: duckdb.DuckDBPyConnection, table: TableFacts, column: ColumnFacts, *, load_id: int) -> list[Plot]:
    """Draw one histogram, or one for each analyte or observation."""
    labels = {}
    if column.kind is not None:
        codes = table.column(column.kind).codes
        assert codes is not None, "kinds are coded"
        labels = {entry.code: f"{entry.label} · {entry.label_ko}" for entry in read_code_list(codes).entries}
    return [
        _histogram(
            histogram,
            title=labels.get(histogram.kind, histogram.kind) or column.title,
            subtitle=f"{column.name} of {histogram.kind}" if histogram.kind else column.name,
        )
        for histogram in read_histograms(con, table, column, load_id=load_id, kind=column.kind)
    ]


def _histogram(histogram: Histogram, *, title: str, subtitle: str) -> Plot:
    first, last = (_show(end) for end in histogram.bins.ends)
    # A ratio has no unit; some titles carry theirs.
    unit = "" if histogram.unit == "1" or title.endswith(f", {histogram.unit}") else histogram.unit
    note = f"median {_show(histogram.median)}" + (", logarithmic axis" if histogram.is_log else "")
    return Plot(
        "numbers",
        title,
        subtitle,
        unit,
        sum(histogram.counts),
        counts=histogram.counts,
        first=first,
        last=last,
        note=note,
    )


def _show(number: float) -> str:
    if number == 0 or abs(number) >= 1000:  # noqa: PLR2004
        return f"{number:,.0f}"
    return f"{number:.3g}"
