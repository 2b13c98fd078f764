"""Record every attempt to bring a delivery in, the failed ones too, outside the transaction that failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from warehouse.errors import BusyError, EnvironmentRefusal, HccError, NotFoundError
from warehouse.file.machine_faults import MACHINE_FAULTS
from warehouse.fingerprint import utc_now

if TYPE_CHECKING:
    import duckdb

Outcome = Literal["published", "in already", "turned away"]

UNRECORDED = (BusyError, NotFoundError)
"""Nothing was tried: another process holds the warehouse, or there is no such hospital or delivery."""


@dataclass(frozen=True)
class Attempt:
    """What was tried, and what came of it."""

    site_id: str
    delivery: str | None
    delivery_fingerprint: str | None
    outcome: Outcome
    exit_code: int
    sentence: str
    load_id: int | None = None


@dataclass(frozen=True)
class TurnedAway:
    """The newest attempt of a hospital, when it failed: a delivery waits that is not shown."""

    site_id: str
    delivery: str | None
    attempted_at: datetime
    exit_code: int
    sentence: str
    is_shown: bool
    """The delivery is the one that is shown, by an earlier load."""

    @property
    def headline(self) -> str:
        """Say in one line what was turned away and when."""
        named = f" ({self.delivery})" if self.delivery else ""
        what = f"The delivery that is shown{named}, brought in again," if self.is_shown else f"A newer delivery{named}"
        return f"{what} was turned away on {self.attempted_at:%Y-%m-%d %H:%M} UTC (exit code {self.exit_code})."

    @property
    def line(self) -> str:
        """Say everything in one line, for the terminal."""
        return f"{self.site_id}: {self.headline} {' '.join(self.sentence.split())}"


def failed_attempt(
    site_id: str, error: Exception, *, delivery: str | None, delivery_fingerprint: str | None
) -> Attempt | None:
    """Describe an attempt that failed; None when nothing was tried at all.

    The text of a foreign exception may quote a patient's cell, so only its kind is kept.
    """
    if isinstance(error, UNRECORDED):
        return None
    if isinstance(error, HccError):
        code, sentence = error.exit_code, str(error)
    elif isinstance(error, OSError) and error.errno in MACHINE_FAULTS:
        code, sentence = EnvironmentRefusal.exit_code, f"The machine refused ({error.strerror})."
    else:
        code, sentence = 1, f"Something unforeseen went wrong ({type(error).__name__})."
    return Attempt(site_id, delivery, delivery_fingerprint, "turned away", code, sentence)


def write_attempt(con: "duckdb.DuckDBPyConnection", attempt: Attempt) -> None:
    """Write an attempt to `audit.attempt`; a statement of its own, or part of the caller's transaction."""
    con.execute(
        """
        INSERT INTO audit.attempt (
            attempt_id, attempted_at, site_id, delivery, delivery_fingerprint, outcome, exit_code, sentence, load_id
        )
        SELECT coalesce(max(attempt_id), 0) + 1, $at, $site_id, $delivery, $fingerprint, $outcome, $exit_code, $sentence,
            $load_id
        FROM audit.attempt
        """,
        {
            "at": utc_now(),
            "site_id": attempt.site_id,
            "delivery": attempt.delivery,
            "fingerprint": attempt.delivery_fingerprint,
            "outcome": attempt.outcome,
            "exit_code": attempt.exit_code,
            "sentence": attempt.sentence,
            "load_id": attempt.load_id,
        },
    )


def repeats_last(con: "duckdb.DuckDBPyConnection", attempt: Attempt) -> bool:
    """Return whether the newest attempt on record of the hospital brought in the same delivery, as the same load.

    Such a repetition is not recorded: it would copy the whole warehouse for the time of day at which nothing happened.
    """
    newest = con.execute(
        "SELECT delivery, delivery_fingerprint, exit_code, load_id FROM audit.attempt "
        "WHERE site_id = ? ORDER BY attempt_id DESC LIMIT 1",
        [attempt.site_id],
    ).fetchone()
    return newest == (attempt.delivery, attempt.delivery_fingerprint, 0, attempt.load_id)


def sites_turned_away(con: "duckdb.DuckDBPyConnection", *, since: datetime) -> frozenset[str]:
    """Read which hospitals have an attempt on record that failed since a time (UTC)."""
    rows = con.execute(
        "SELECT DISTINCT site_id FROM audit.attempt WHERE outcome = 'turned away' AND attempted_at >= ?", [since]
    ).fetchall()
    return frozenset(site_id for (site_id,) in rows)


def read_turned_away(con: "duckdb.DuckDBPyConnection") -> dict[str, TurnedAway]:
    """Read, by hospital, the newest attempt where it failed and nothing has succeeded since.

    A warehouse from before attempts were recorded has none.
    """
    there = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'audit' AND table_name = 'attempt'"
    if con.execute(there).fetchone() == (0,):
        return {}
    rows = con.execute(
        """
        SELECT
            attempt.site_id, attempt.delivery, attempt.attempted_at, attempt.exit_code, attempt.sentence,
            coalesce(attempt.delivery_fingerprint = delivery.fingerprint, FALSE)
        FROM audit.attempt AS attempt
        LEFT JOIN audit.site AS site ON attempt.site_id = site.site_id
        LEFT JOIN audit.load AS load ON site.current_load_id = load.load_id
        LEFT JOIN audit.delivery AS delivery ON load.delivery_id = delivery.delivery_id
        QUALIFY row_number() OVER (PARTITION BY attempt.site_id ORDER BY attempt.attempt_id DESC) = 1
            AND attempt.outcome = 'turned away'
        ORDER BY attempt.site_id
        """
    ).fetchall()
    return {row[0]: TurnedAway(*row) for row in rows}
