"""The view quality.source_finding: findings by their place in the delivery, so that one bad cell is one finding.

A date that stands once in a record may fill a column of thirty rows in three tables; quality.finding then has a line for
each of them. Whoever lists, counts or asks takes this view, in which the lines of one source cell and one rule are one.
"""

import duckdb

from warehouse.comments import set_comments
from warehouse.model.columns_named import columns_named

NAME = "quality.source_finding"
_COMMENT = (
    "One row per source cell and rule: what a person should hear of, counted once, whatever it touches. "
    "A finding of no record is one by what was found; one of no column is one by record."
)
_COLUMNS = {
    "load_id": "The load.",
    "rule": "Name of the rule, as in etl/findings.py.",
    "category": "conformance, completeness or plausibility (Kahn et al. 2016).",
    "severity": "fatal, error, warning or note.",
    "cost": "The most that it cost anywhere: the row, the cell, or none.",
    "source_id": "The file or sheet; NULL for the delivery as a whole.",
    "file": "File name in the delivery.",
    "sheet": "Sheet in the file, if it has sheets.",
    "source_record": "Number of the record in it, from 1, header not counted.",
    "source_line": "Line on which the record begins, or its row in a sheet, from 1.",
    "source_column": "Header of the column in the source; several where one value is made of several cells.",
    "cell": "The cells as Excel shows them, such as CQ9; NULL in other files.",
    "found": "What was found; the first of several.",
    "found_count": "How many different things were found in the cell, such as two codes of one list.",
    "expected": "What was expected; the first of several.",
    "rows_quarantined": "Canonical rows that are quarantined for it.",
    "cells_set_aside": "Canonical cells that are empty for it.",
    "touches": "What it touches in the model: table, column, cost, and how many rows.",
}

_SQL = f"""
CREATE OR REPLACE VIEW {NAME} AS
WITH touched AS (
    SELECT
        load_id, rule, source_id, source_record, source_column,
        CASE WHEN source_record IS NULL THEN found END AS whole_found,
        CASE WHEN source_record IS NULL AND source_column IS NULL THEN table_name END AS whole_table,
        CASE WHEN source_record IS NULL AND source_column IS NULL THEN column_name END AS whole_column,
        table_name, column_name, coalesce(cost, 'none') AS cost,
        any_value(category) AS category, any_value(severity) AS severity,
        min(source_line) AS source_line, min(source_ordinal) AS source_ordinal,
        arg_min(found, coalesce(source_ordinal, 0)) AS found, arg_min(expected, coalesce(source_ordinal, 0)) AS expected,
        list(DISTINCT found) AS all_found, count(*) AS row_count
    FROM quality.finding
    GROUP BY ALL
),

grouped AS (
    SELECT
        load_id, rule, source_id, source_record, source_column, whole_found, whole_table, whole_column,
        any_value(category) AS category, any_value(severity) AS severity,
        CASE min(CASE cost WHEN 'row' THEN 1 WHEN 'cell' THEN 2 ELSE 3 END)
            WHEN 1 THEN 'row' WHEN 2 THEN 'cell' ELSE 'none' END AS cost,
        min(source_line) AS source_line,
        arg_min(found, (coalesce(source_ordinal, 0), table_name, coalesce(column_name, ''))) AS found,
        len(list_distinct(flatten(list(all_found)))) AS found_count,
        arg_min(expected, (coalesce(source_ordinal, 0), table_name, coalesce(column_name, ''))) AS expected,
        coalesce(sum(row_count) FILTER (WHERE cost = 'row'), 0)::BIGINT AS rows_quarantined,
        coalesce(sum(row_count) FILTER (WHERE cost = 'cell'), 0)::BIGINT AS cells_set_aside,
        list(
            {{'table': table_name, 'column': column_name, 'cost': cost, 'rows': row_count}}
            ORDER BY table_name, column_name, cost
        ) FILTER (WHERE table_name <> '') AS touches
    FROM touched
    GROUP BY ALL
),

of_record AS (
    SELECT DISTINCT source_id, source_column FROM grouped WHERE source_record IS NOT NULL AND source_column IS NOT NULL
),

lettered AS (
    SELECT source_id, source_column, string_agg(letters, ',' ORDER BY position) AS letters
    FROM ({columns_named("of_record")})
    WHERE letters IS NOT NULL
    GROUP BY source_id, source_column
),

placed AS (
    SELECT
        grouped.* REPLACE (
            CASE
                WHEN grouped.source_record IS NOT NULL
                    THEN coalesce(run.from_line + grouped.source_record - run.from_record, grouped.source_line)
            END AS source_line
        )
    FROM grouped
    ASOF LEFT JOIN audit.record_run AS run
        ON grouped.source_id = run.source_id AND grouped.source_record >= run.from_record
)

SELECT
    placed.load_id, placed.rule, placed.category, placed.severity, placed.cost, placed.source_id,
    source_file.file, source_file.sheet, placed.source_record, placed.source_line, placed.source_column,
    list_aggregate(
        list_transform(string_split(lettered.letters, ','), lambda letters: letters || placed.source_line),
        'string_agg', ', '
    ) AS cell,
    placed.found, placed.found_count, placed.expected, placed.rows_quarantined, placed.cells_set_aside, placed.touches
FROM placed
LEFT JOIN audit.source_file AS source_file ON placed.source_id = source_file.source_id
LEFT JOIN lettered ON placed.source_id = lettered.source_id AND placed.source_column = lettered.source_column
"""


def make_source_finding(con: duckdb.DuckDBPyConnection) -> None:
    """Make the view again, with its comments."""
    con.execute(_SQL)
    set_comments(con, NAME, _COMMENT, _COLUMNS)
