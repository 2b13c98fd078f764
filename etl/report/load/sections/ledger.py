"""The ledger: what became of every record that came and of every row made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from etl.report.load.facts import LoadFacts
from etl.staging.account import COUNTS, Account

PLACE = 20
TITLE = "Ledger"

FLOWS = (
    ("Records read", ("contributing", "excluded", "unused", "unreadable"), "source_records"),
    ("Rows produced", ("staged", "quarantined", "merged", "empty_slots"), "produced"),
)
"""The two balances: their name, their parts, and the total that the parts must reach."""


@dataclass(frozen=True)
class LedgerLine(Account):
    """One source read by one part of one table; table is None when no table reads it."""

    source: str
    file: str
    table: str | None
    part: int | None


@dataclass(frozen=True)
class LedgerRule:
    """How many records one named rule excluded, quarantined or merged."""

    file: str
    table: str | None
    kind: str
    rule: str
    records: int


@dataclass(frozen=True)
class Ledger:
    """The accounts of the load, and what each rule took."""

    lines: tuple[LedgerLine, ...]
    rules: tuple[LedgerRule, ...]

    @property
    def flows(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """The two balances over all lines: name, total, and parts with their counts."""
        return [_flow(self.lines, *flow) for flow in FLOWS]


def collect(facts: LoadFacts) -> Ledger:
    """Read the ledger of the load."""
    return Ledger(_read_lines(facts.con, facts.load.load_id), _read_rules(facts.con, facts.load.load_id))


def _read_lines(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[LedgerLine, ...]:
    rows = con.execute(
        f"""SELECT coalesce(file.source, ''), coalesce(file.file, ''), ledger.table_name, ledger.part,
            {", ".join(f"ledger.{name}" for name in COUNTS)}
        FROM audit.ledger ledger LEFT JOIN audit.source_file file ON file.source_id = ledger.source_id
        WHERE ledger.load_id = ? ORDER BY ledger.source_id, ledger.table_name, ledger.part""",
        [load_id],
    ).fetchall()
    return tuple(LedgerLine(*row[:4], **dict(zip(COUNTS, row[4:], strict=True))) for row in rows)


def _read_rules(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[LedgerRule, ...]:
    rows = con.execute(
        """SELECT coalesce(file.file, ''), rule.table_name, rule.kind, rule.rule, rule.records
        FROM audit.ledger_rule rule LEFT JOIN audit.source_file file ON file.source_id = rule.source_id
        WHERE rule.load_id = ? AND rule.records > 0 ORDER BY rule.kind, rule.records DESC""",
        [load_id],
    ).fetchall()
    return tuple(LedgerRule(*row) for row in rows)


def _flow(
    lines: Sequence[LedgerLine], name: str, parts: Sequence[str], total: str
) -> tuple[str, int, list[tuple[str, int]]]:
    sums = [(part.replace("_", " "), sum(getattr(line, part) for line in lines)) for part in parts]
    return name, sum(getattr(line, total) for line in lines), sums
