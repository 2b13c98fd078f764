"""Acceptances (`--accept`): a person publishes one delivery although much of it is quarantined or missing.

What was accepted is written down by table, column and rule. As long as no rule refuses more of the same delivery, a
later load of it, made by a corrected mapping or another version of the program, needs no second acceptance.
"""

import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from etl.landing.landed_file import LandedFile
from etl.loads.books import Load, previous_load
from etl.loads.size_check import missing_records, previous_records
from warehouse.fingerprint import utc_now
from warehouse.insert import insert_rows

if TYPE_CHECKING:
    import duckdb

SHRUNK = "shrunk"
"""The rule under which records are counted that the delivery before had and this one has not."""

Place = tuple[str, str, str]
"""Table, column, rule; the table is empty, and the column a source, for what shrank."""


@dataclass(frozen=True)
class Acceptance:
    """How much of a delivery was accepted to be refused or missing."""

    refused: Mapping[Place, int]
    accepted_at: datetime
    accepted_by: str | None

    def exceeded(self, refused: Mapping[Place, int]) -> str | None:
        """Say in one clause what is refused beyond what was accepted; None when nothing is."""
        for (table, column, rule), count in sorted(refused.items()):
            accepted = self.refused.get((table, column, rule), 0)
            if count > accepted:
                place = ".".join(part for part in (table, column) if part) or "a file"
                return f"{place} ({rule}): {count:,} now, {accepted:,} accepted on {self.accepted_at:%Y-%m-%d}"
        return None


def read_acceptance(con: "duckdb.DuckDBPyConnection", delivery_id: int) -> Acceptance | None:
    """Read what was accepted of a delivery; None when nobody ever accepted it."""
    rows = con.execute(
        "SELECT table_name, column_name, rule, refused, accepted_at, accepted_by FROM audit.acceptance "
        "WHERE delivery_id = ?",
        [delivery_id],
    ).fetchall()
    if not rows:
        return None
    *_, accepted_at, accepted_by = rows[0]
    return Acceptance({(table, column, rule): n for table, column, rule, n, *_ in rows}, accepted_at, accepted_by)


def write_acceptance(con: "duckdb.DuckDBPyConnection", load: Load) -> None:
    """Write down, in the caller's transaction, what a load refuses and lacks, as accepted for its delivery."""
    previous = previous_load(con, load.load_id)
    now = previous_records(con, load)
    missing = missing_records(now, previous_records(con, previous))
    refused = count_refused(con, load.load_id) | {("", source, SHRUNK): n for source, n in missing.items()}
    accepted = refused or {("", "", "nothing"): 0}  # that it was accepted is known although nothing was refused
    by, at = user_name(), utc_now()
    con.execute("DELETE FROM audit.acceptance WHERE delivery_id = ?", [load.delivery_id])
    columns = ("delivery_id", "table_name", "column_name", "rule", "refused", "accepted_at", "accepted_by")
    rows = [(load.delivery_id, *place, count, at, by) for place, count in accepted.items()]
    insert_rows(con, "audit.acceptance", columns, rows)


def count_refused(con: "duckdb.DuckDBPyConnection", load_id: int) -> dict[Place, int]:
    """Count the cells and rows that a load refuses, by table, column and rule."""
    rows = con.execute(
        "SELECT table_name, coalesce(column_name, ''), rule, count(*) FROM quality.finding "
        "WHERE load_id = ? AND cost IN ('cell', 'row') GROUP BY ALL",
        [load_id],
    ).fetchall()
    return {(table, column, rule): count for table, column, rule, count in rows}


def count_missing(landed: Sequence[LandedFile], previous: Mapping[tuple[str, str], int]) -> dict[Place, int]:
    """Count by source the records that the delivery before had and this one has not."""
    now: dict[tuple[str, str], int] = {}
    for file in landed:
        now[file.source, file.file] = now.get((file.source, file.file), 0) + file.record_count
    return {("", source, SHRUNK): count for source, count in missing_records(now, previous).items()}


def user_name() -> str:
    """Name the user who runs the program; the number where the machine knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())
