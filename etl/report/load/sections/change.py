"""Change since the last delivery: rows, patients, units, scales and codes."""

from dataclasses import dataclass

import duckdb

from etl.findings import rules_found_by
from etl.loads.books import previous_load
from etl.report.load.facts import LoadFacts
from etl.report.load.model import Cause

PLACE = 90
TITLE = "Change since the last delivery"


@dataclass(frozen=True)
class Change:
    """What differs from the delivery that was shown before; nothing where there is none, or its rows are gone."""

    previous_load_id: int | None = None
    previous_delivery: str | None = None
    rows: tuple[tuple[str, int, int], ...] = ()
    """Table, rows then, rows now."""
    new_patients: int = 0
    absent_patients: int = 0
    causes: tuple[Cause, ...] = ()
    """Findings about units, scales and codes."""


def collect(facts: LoadFacts) -> Change | None:
    """Compare with the delivery that was shown before this one, while its rows are still kept; None for a refused load."""
    con, load = facts.con, facts.load
    if load.state == "refused":
        return None
    previous = previous_load(con, load.load_id)
    if previous is None:
        return Change()
    then, now = _count_staged(con, previous.load_id), _count_staged(con, load.load_id)
    patients = con.execute(
        """SELECT
            count(*) FILTER (WHERE previous.patient_id IS NULL), count(*) FILTER (WHERE this.patient_id IS NULL)
        FROM (SELECT patient_id FROM core.patient WHERE load_id = ?) this
        FULL JOIN (SELECT patient_id FROM core.patient WHERE load_id = ?) previous USING (patient_id)""",
        [load.load_id, previous.load_id],
    ).fetchone()
    assert patients is not None, "an aggregate has one row"
    rows = tuple((table, then.get(table, 0), now.get(table, 0)) for table in sorted(then.keys() | now.keys()))
    causes = tuple(cause for cause in facts.causes if cause.rule in rules_found_by("changes"))
    new, absent = patients
    return Change(previous.load_id, previous.delivery, rows, new, absent, causes)


def _count_staged(con: duckdb.DuckDBPyConnection, load_id: int) -> dict[str, int]:
    """Count a load's staged rows by canonical table."""
    rows = con.execute(
        """SELECT table_name, sum(staged)::BIGINT
        FROM audit.ledger WHERE load_id = ? AND table_name IS NOT NULL GROUP BY ALL""",
        [load_id],
    ).fetchall()
    return dict(rows)
