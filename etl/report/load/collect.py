"""Collect what a report says from the warehouse: the load, the verdict on it, and every section."""

from dataclasses import dataclass

import duckdb

from etl.loads.attempts import TurnedAway, read_turned_away
from etl.report.load.facts import LoadFacts
from etl.report.load.model import Load
from etl.report.load.sections import Section, collect_sections
from etl.report.read_verdicts import read_counts
from etl.report.verdict import LoadCounts, Verdict, judge_load
from warehouse.errors import NotFoundError


@dataclass(frozen=True)
class Report:
    """Everything that the page shows."""

    load: Load
    verdict: Verdict
    counts: LoadCounts
    """What the verdict rests on."""
    sections: tuple[Section, ...]
    """In the order of the page."""
    turned_away: TurnedAway | None = None
    """The newest attempt to bring in a delivery of this hospital, where it failed."""


def collect_report(con: duckdb.DuckDBPyConnection, site_id: str, *, load_id: int) -> Report:
    """Read everything about one load.

    Raises:
        NotFoundError: the site has no such load.
    """
    load = _read_load(con, site_id, load_id=load_id)
    counts = read_counts(con, [load_id])[load_id]
    sections = collect_sections(LoadFacts(con, load, counts))
    return Report(load, judge_load(counts), counts, sections, turned_away=read_turned_away(con).get(site_id))


def _read_load(con: duckdb.DuckDBPyConnection, site_id: str, *, load_id: int) -> Load:
    row = con.execute(
        """SELECT load.load_id, load.site_id, coalesce(site.hospital, load.site_id), load.delivery, load.state,
            coalesce(site.current_load_id = load.load_id, FALSE), coalesce(load.is_synthetic, FALSE),
            coalesce(load.is_accepted, FALSE), load.assessment, load.refusal, load.fingerprint, load.mapping_sha256,
            load.mapping_version, load.code_version, load.schema_revision, load.started_at, load.staged_at,
            load.published_at
        FROM audit.load load LEFT JOIN audit.site site ON site.site_id = load.site_id
        WHERE load.site_id = ? AND load.load_id = ?""",
        [site_id, load_id],
    ).fetchone()
    if row is None:
        raise NotFoundError(f"{site_id} has no load {load_id} in this warehouse. See 'hcc status'.")
    return Load(*row)
