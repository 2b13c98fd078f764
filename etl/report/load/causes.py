"""Findings by cause: a thousand cells with one unlisted code are one question."""

from typing import Any

import duckdb

from etl.findings import RULES, SEVERITIES
from etl.report.load.model import Cause, Example
from etl.report.sentences import Address, write_sentence

EXAMPLES = 12
"""So many first addresses of each cause are shown; all of them are in the JSON and in `hcc findings`."""


def collect_causes(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[Cause, ...]:
    """Group a load's findings by rule, file and column; the most severe and largest first."""
    rows = con.execute(
        f"""SELECT finding.rule, any_value(finding.category), any_value(finding.severity),
            coalesce(finding.cost, 'none'), file.file, file.sheet, finding.table_name, finding.column_name,
            finding.source_column, count(*) AS findings,
            min({{
                'record': finding.source_record, 'line': finding.source_line,
                'found': finding.found, 'expected': finding.expected
            }}, {EXAMPLES}) AS examples
        FROM quality.finding finding LEFT JOIN audit.source_file file ON file.source_id = finding.source_id
        WHERE finding.load_id = ?
        GROUP BY finding.rule, coalesce(finding.cost, 'none'), file.file, file.sheet, finding.table_name,
            finding.column_name, finding.source_column
        ORDER BY list_position({list(SEVERITIES)}, any_value(finding.severity)),
            findings DESC, finding.rule, file.file, finding.table_name,
            finding.column_name, finding.source_column""",
        [load_id],
    ).fetchall()
    return tuple(_cause(row) for row in rows)


def _cause(row: tuple[Any, ...]) -> Cause:
    rule, category, severity, cost, file, sheet, table, column, source_column, count, raw_examples = row
    examples = tuple(Example(**example) for example in raw_examples or ())
    first = examples[0] if examples else Example(None, None, None, None)
    address = Address(file or table, sheet, first.record, first.line, source_column or column)
    sentence = write_sentence(rule, address=address, found=first.found, expected=first.expected, cost=cost, count=count)
    advice = RULES[rule].advice if rule in RULES else ""
    return Cause(
        rule, category, severity, cost, file, sheet, table, column, source_column, count, sentence, advice, examples
    )
