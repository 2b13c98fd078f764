"""Findings by cause: a thousand cells with one unlisted code are one question."""

from typing import Any

import duckdb

from etl.findings import RULES, SEVERITIES
from etl.report.cause_key import WHOLE
from etl.report.load.model import Cause, Example, Touched
from etl.report.sentences import Address, Paid, write_sentence

EXAMPLES = 12
"""So many first addresses of each cause are shown; all of them are in the JSON and in `hcc findings`."""


def collect_causes(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[Cause, ...]:
    """Group a load's findings by rule, file and source column; the most severe and largest first."""
    rows = con.execute(
        f"""
        WITH of_load AS (SELECT *, {WHOLE} AS whole FROM quality.source_finding WHERE load_id = $load),
        touched AS (
            SELECT rule, file, sheet, source_column, whole, touch.table AS table_name, touch.column AS column_name,
                touch.cost AS cost, sum(touch.rows)::BIGINT AS row_count
            FROM (SELECT rule, file, sheet, source_column, whole, unnest(touches) AS touch FROM of_load)
            GROUP BY ALL
        ),
        touching AS (
            SELECT rule, file, sheet, source_column, whole, list(
                {{'table': table_name, 'column': column_name, 'cost': cost, 'rows': row_count}}
                ORDER BY table_name, column_name, cost
            ) AS touches
            FROM touched GROUP BY ALL
        ),
        cause AS (
            SELECT rule, any_value(category) AS category, any_value(severity) AS severity,
                CASE WHEN bool_or(cost = 'row') THEN 'row' WHEN bool_or(cost = 'cell') THEN 'cell' ELSE 'none' END AS cost,
                file, sheet, source_column, whole, count(*) AS findings,
                sum(rows_quarantined)::BIGINT AS rows_quarantined, sum(cells_set_aside)::BIGINT AS cells_set_aside,
                min({{
                    'record': source_record, 'line': source_line, 'cell': cell, 'found': found, 'expected': expected,
                    'found_count': found_count
                }}, {EXAMPLES}) AS examples
            FROM of_load GROUP BY ALL
        )
        SELECT cause.* EXCLUDE (whole), touching.touches
        FROM cause LEFT JOIN touching
            ON touching.rule = cause.rule AND touching.file IS NOT DISTINCT FROM cause.file
            AND touching.sheet IS NOT DISTINCT FROM cause.sheet
            AND touching.source_column IS NOT DISTINCT FROM cause.source_column
            AND touching.whole IS NOT DISTINCT FROM cause.whole
        ORDER BY list_position({list(SEVERITIES)}, severity), findings DESC, cause.rule, cause.file, cause.sheet,
            cause.source_column, touching.touches
        """,
        {"load": load_id},
    ).fetchall()
    return tuple(_cause(row) for row in rows)


def _cause(row: tuple[Any, ...]) -> Cause:
    *head, count, rows, cells, raw_examples, raw_touches = row
    rule, category, severity, cost, file, sheet, source_column = head
    touches = tuple(Touched(**touch) for touch in raw_touches or ())
    first = raw_examples[0]
    examples = tuple(Example(**{k: v for k, v in each.items() if k != "found_count"}) for each in raw_examples)
    known = RULES.get(rule)
    sentence = write_sentence(
        rule,
        address=_address(file, sheet, source_column, first=examples[0], touches=touches),
        found=first["found"],
        expected=first["expected"],
        paid=Paid(rows, cells, tables_of(touches)),
        count=count,
        found_count=first["found_count"],
    )
    return Cause(
        rule,
        category,
        severity,
        cost,
        file,
        sheet,
        source_column,
        count,
        sentence,
        known.for_hospital if known else "",
        known.for_data_manager if known else "",
        examples,
        touches,
    )


def tables_of(touches: tuple[Touched, ...]) -> tuple[str, ...]:
    """Name the tables in which findings cost something."""
    return tuple(dict.fromkeys(touch.table for touch in touches if touch.cost != "none"))


def _address(
    file: str | None, sheet: str | None, source_column: str | None, *, first: Example, touches: tuple[Touched, ...]
) -> Address:
    """Place a cause; what no file holds, such as a column that nothing fills, stands in a table of the model."""
    if file is None and touches:
        return Address(touches[0].table, None, first.record, first.line, source_column or touches[0].column)
    return Address(file, sheet, first.record, first.line, source_column, first.cell)
