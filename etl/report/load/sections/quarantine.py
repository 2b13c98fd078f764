"""Quarantined rows: the rows of the load that are kept apart, by table, file and reasons."""

from dataclasses import dataclass

from etl.report.load.causes import EXAMPLES
from etl.report.load.facts import LoadFacts

PLACE = 40
TITLE = "Quarantined rows"

MOST_GROUPS = 120
"""So many groups are shown on the page; the rest is counted, and all are in the JSON."""


@dataclass(frozen=True)
class Group:
    """Rows of one table that are quarantined for the same reasons."""

    table: str
    rules: tuple[str, ...]
    severity: str
    file: str | None
    count: int
    records: tuple[int, ...]
    """The first records' numbers."""


@dataclass(frozen=True)
class Quarantine:
    """All quarantined rows."""

    groups: tuple[Group, ...]
    total: int

    @property
    def most(self) -> int:
        """How many groups are shown."""
        return MOST_GROUPS


def collect(facts: LoadFacts) -> Quarantine:
    """Group the quarantined rows of the load."""
    rows = facts.con.execute(
        f"""SELECT coalesce(nullif(apart.table_name, ''), 'unreadable record'), list_sort(apart.rules) AS rules,
            any_value(apart.severity), file.file, count(*) AS times, min(apart.source_record, {EXAMPLES})
        FROM quality.quarantined_row apart LEFT JOIN audit.source_file file ON file.source_id = apart.source_id
        WHERE apart.load_id = ?
        GROUP BY apart.table_name, list_sort(apart.rules), file.file
        ORDER BY times DESC, apart.table_name, rules, file.file""",
        [facts.load.load_id],
    ).fetchall()
    groups = tuple(
        Group(table, tuple(rules or ()), severity or "error", file, count, tuple(records or ()))
        for table, rules, severity, file, count, records in rows
    )
    return Quarantine(groups, sum(group.count for group in groups))
