"""Read the counts on which the verdicts on loads rest, and judge each load that came as far as a verdict."""

from collections.abc import Iterable
from typing import Any

import duckdb

from etl.report.cause_key import CAUSE_KEY
from etl.report.judgement import FAILS, HOLDS, JUDGEMENT, NOTHING_TO_JUDGE
from etl.report.verdict import LoadCounts, Quarantined, Verdict, judge_load

JUDGED = ("staged", "published", "withdrawn", "refused")
"""States of a load with a verdict."""

_COUNTS = {
    "rows_loaded": """
        SELECT load_id, sum(staged)::BIGINT FROM audit.ledger
        WHERE load_id NOT IN (SELECT load_id FROM audit.load WHERE state = 'refused') GROUP BY load_id""",
    "rows_quarantined": "SELECT load_id, count(*) FROM quality.quarantined_row GROUP BY load_id",
    "cells_set_aside": "SELECT load_id, count(*) FROM quality.source_finding WHERE cells_set_aside > 0 GROUP BY load_id",
    "questions": f"""
        SELECT load_id, count(DISTINCT ({CAUSE_KEY}))
        FROM quality.source_finding WHERE severity <> 'note' GROUP BY load_id""",
    "held": f"{{expectations}} AND {JUDGEMENT} = '{HOLDS}' GROUP BY load_id",
    "failed": f"{{expectations}} AND {JUDGEMENT} = '{FAILS}' AND severity <> 'note' GROUP BY load_id",
    "nothing_to_judge": f"{{expectations}} AND {JUDGEMENT} = '{NOTHING_TO_JUDGE}' GROUP BY load_id",
}
"""Each count by load."""

_PLACES = """
    SELECT load_id, table_name, sum(quarantined)::BIGINT AS quarantined, sum(quarantined + staged)::BIGINT
    FROM audit.ledger WHERE table_name IS NOT NULL GROUP BY ALL HAVING sum(quarantined) > 0
    UNION ALL
    SELECT ledger.load_id, any_value(file.file), max(unreadable), max(source_records)
    FROM audit.ledger AS ledger INNER JOIN audit.source_file AS file ON ledger.source_id = file.source_id
    GROUP BY ledger.load_id, ledger.source_id HAVING max(unreadable) > 0
    ORDER BY ALL"""


def read_verdict(con: duckdb.DuckDBPyConnection, load_id: int) -> Verdict:
    """Read the verdict on one load, whatever its state; a load of which nothing is left is not assessed."""
    return judge_load(read_counts(con, [load_id])[load_id])


def read_verdicts(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int] | None = None) -> dict[int, Verdict]:
    """Read the verdicts on loads by their numbers; loads of which nothing is there, or not yet, are left out.

    Args:
        con: the warehouse, for reading.
        load_ids: the loads; all when None.
    """
    counts = read_counts(con, load_ids)
    return {load_id: judge_load(each) for load_id, each in counts.items() if each.state in JUDGED}


def read_counts(con: duckdb.DuckDBPyConnection, load_ids: Iterable[int] | None) -> dict[int, LoadCounts]:
    """Read the counts on which verdicts rest, by load; see `read_verdicts`."""
    states = con.execute(
        "SELECT load_id, state, refusal FROM audit.load WHERE $loads IS NULL OR list_contains($loads, load_id)",
        {"loads": None if load_ids is None else list(load_ids)},
    ).fetchall()
    facts: dict[int, dict[str, Any]] = {
        load_id: {"state": state, "refusal": refusal, "places": ()} for load_id, state, refusal in states
    }
    expectations = "SELECT load_id, count(*) FROM quality.expectation_result WHERE TRUE"
    for name, query in _COUNTS.items():
        for load_id, count in _of(con, query.format(expectations=expectations), facts):
            facts[load_id][name] = count
    for load_id, *place in _of(con, _PLACES, facts):
        facts[load_id]["places"] += (Quarantined(*place),)
    return {load_id: LoadCounts(**of_load) for load_id, of_load in facts.items()}


def _of(con: duckdb.DuckDBPyConnection, query: str, load_ids: Iterable[int]) -> list[Any]:
    return con.execute(f"FROM ({query}) WHERE list_contains(?, load_id)", [list(load_ids)]).fetchall()
