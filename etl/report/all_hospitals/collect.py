"""Collect what the page of all hospitals says: each hospital's current load, and what was refused since."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from etl.findings import CATEGORIES, RULES, SEVERITIES, rules_found_by
from etl.loads.attempts import TurnedAway, read_turned_away
from etl.report.all_hospitals.side_by_side import (
    Dates,
    Fillings,
    Spread,
    collect_dates,
    collect_fillings,
    collect_spreads,
)
from etl.report.judgement import HOLDS, JUDGEMENT, NOTHING_TO_JUDGE
from etl.report.load.clinical import count_clinical
from etl.report.read_verdicts import read_verdicts
from etl.report.sentences import Address, write_sentence
from etl.report.verdict import Verdict

STANDING_OUT = rules_found_by("changes", "sites")
"""Rules about columns as wholes: a hospital that they are about stands out from its last delivery or from the others."""


@dataclass(frozen=True)
class Refusal:
    """A delivery that came after the one that is shown, and was refused."""

    delivery: str
    verdict: Verdict


@dataclass(frozen=True)
class Unlisted:
    """A code that a hospital sends and its mapping does not list, with how often it came."""

    column: str
    found: str
    count: int


@dataclass(frozen=True)
class StandingOut:
    """One way in which a hospital's load differs from its last delivery or from the others, and what to do about it."""

    severity: str
    sentence: str
    for_hospital: str
    for_data_manager: str


@dataclass(frozen=True)
class Gaps:
    """The columns of a hospital's export that are not used, and those of the model that it does not fill."""

    unused_columns: tuple[str, ...]
    unused_files: tuple[str, ...]
    unlisted: tuple[Unlisted, ...]
    not_collected: tuple[str, ...]
    never_filled: tuple[str, ...]


@dataclass(frozen=True)
class SiteLine:
    """One hospital: the load that is shown, in figures; `delivery` is None while nothing of it is published."""

    site_id: str
    hospital: str
    verdict: Verdict
    is_synthetic: bool
    delivery: str | None
    published_at: dt.datetime | None
    refusal: Refusal | None
    records: int
    loaded: int
    quarantined: int
    cells_set_aside: int
    by_severity: Mapping[str, int]
    by_category: Mapping[str, int]
    expectations_judged: int
    expectations_held: int
    clinical_questions: int
    standing_out: tuple[StandingOut, ...]
    gaps: Gaps


@dataclass(frozen=True)
class Together:
    """Everything that the page shows."""

    sites: tuple[SiteLine, ...]
    fillings: Fillings
    spreads: tuple[Spread, ...]
    dates: Dates
    turned_away: tuple[TurnedAway, ...] = ()
    """By hospital the newest attempt to bring in a delivery, where it failed."""


def collect_together(con: duckdb.DuckDBPyConnection) -> Together:
    """Read every hospital's current load and newest refusal."""
    fillings = collect_fillings(con)
    return Together(
        _read_sites(con, fillings),
        fillings,
        collect_spreads(con),
        collect_dates(con),
        turned_away=tuple(read_turned_away(con).values()),
    )


def _read_sites(con: duckdb.DuckDBPyConnection, fillings: Fillings) -> tuple[SiteLine, ...]:
    rows = con.execute(
        f"""
        SELECT site.site_id, site.hospital, load.load_id, load.delivery, load.published_at,
            coalesce(load.is_synthetic, newest.is_synthetic), newest.delivery, newest.load_id,
            (SELECT coalesce(sum(record_count), 0)::BIGINT FROM audit.source_file file
                WHERE file.load_id = load.load_id),
            (SELECT coalesce(sum(staged), 0)::BIGINT FROM audit.ledger ledger WHERE ledger.load_id = load.load_id),
            (SELECT count(*) FROM quality.quarantined_row refused WHERE refused.load_id = load.load_id),
            (SELECT count(*) FROM quality.expectation_result result
                WHERE result.load_id = load.load_id AND {JUDGEMENT} <> '{NOTHING_TO_JUDGE}'),
            (SELECT count(*) FROM quality.expectation_result result
                WHERE result.load_id = load.load_id AND {JUDGEMENT} = '{HOLDS}')
        FROM audit.site AS site
        LEFT JOIN audit.load AS load ON load.load_id = site.current_load_id
        LEFT JOIN (
            SELECT site_id, max_by(delivery, load_id) AS delivery,
                max_by(is_synthetic, load_id) AS is_synthetic, max(load_id) AS load_id
            FROM audit.load WHERE state = 'refused' GROUP BY site_id
        ) AS newest ON newest.site_id = site.site_id AND newest.load_id > coalesce(load.load_id, 0)
        WHERE load.load_id IS NOT NULL OR newest.load_id IS NOT NULL
        ORDER BY site.site_id
        """
    ).fetchall()
    findings = _count_findings(con)
    standing_out = _read_standing_out(con)
    gaps = _Gaps(con, fillings)
    asked = count_clinical(con)
    verdicts = read_verdicts(con)
    return tuple(
        _site(
            row,
            verdicts=verdicts,
            findings=findings[row[2]],
            asked=asked.get(row[0], 0),
            standing_out=standing_out[row[2]],
            gaps=gaps,
        )
        for row in rows
    )


def _site(
    row: tuple[Any, ...],
    *,
    verdicts: Mapping[int, Verdict],
    findings: list[Any],
    asked: int,
    standing_out: list[StandingOut],
    gaps: "_Gaps",
) -> SiteLine:
    site_id, hospital, load_id, delivery, published_at, is_synthetic, refused, refused_id, *figures = row
    records, loaded, quarantined, judged, held = figures
    by_severity: dict[str, int] = {
        name: sum(n for severity, _, _, n in findings if severity == name) for name in SEVERITIES
    }
    by_category: dict[str, int] = {
        name: sum(n for _, category, _, n in findings if category == name) for name in CATEGORIES
    }
    return SiteLine(
        site_id,
        hospital or site_id,
        verdicts[refused_id if load_id is None else load_id],
        is_synthetic,
        delivery,
        published_at,
        Refusal(refused, verdicts[refused_id]) if refused_id is not None else None,
        records,
        loaded,
        quarantined,
        sum(n for _, _, is_set_aside, n in findings if is_set_aside),
        by_severity,
        by_category,
        judged,
        held,
        asked,
        tuple(standing_out),
        gaps.of(load_id, site_id),
    )


def _count_findings(con: duckdb.DuckDBPyConnection) -> defaultdict[int | None, list[Any]]:
    counts: defaultdict[int | None, list[Any]] = defaultdict(list)
    for load_id, *counted in con.execute(
        "SELECT load_id, severity, category, cells_set_aside > 0, count(*) FROM quality.source_finding "
        "WHERE load_id IN (SELECT current_load_id FROM audit.site) GROUP BY ALL"
    ).fetchall():
        counts[load_id].append(counted)
    return counts


def _read_standing_out(con: duckdb.DuckDBPyConnection) -> defaultdict[int | None, list[StandingOut]]:
    standing_out: defaultdict[int | None, list[StandingOut]] = defaultdict(list)
    for load_id, table, column, severity, rule, found, expected in con.execute(
        "SELECT load_id, table_name, coalesce(source_column, column_name), severity, rule, found, expected "
        "FROM quality.finding WHERE list_contains(?, rule) AND load_id IN (SELECT current_load_id FROM audit.site) "
        "ORDER BY ALL",
        [list(STANDING_OUT)],
    ).fetchall():
        sentence = write_sentence(rule, address=Address(table, column=column), found=found, expected=expected)
        known = RULES[rule]
        standing_out[load_id].append(StandingOut(severity, sentence, known.for_hospital, known.for_data_manager))
    return standing_out


class _Gaps:
    """Reads the gaps of every load at once, and returns those of one."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fillings: Fillings) -> None:
        self._fillings = fillings
        self._notes: defaultdict[tuple[int | None, str], list[str]] = defaultdict(list)
        self._unlisted: defaultdict[int | None, list[Unlisted]] = defaultdict(list)
        for load_id, rule, note in con.execute(
            """
            SELECT DISTINCT finding.load_id, rule, CASE rule
                WHEN 'unused_file' THEN found
                WHEN 'unused_column' THEN concat_ws(': ', file.file, finding.source_column)
                ELSE concat_ws('.', table_name, column_name) END AS note
            FROM quality.finding AS finding LEFT JOIN audit.source_file AS file USING (source_id)
            WHERE rule IN ('unused_file', 'unused_column', 'never_filled')
                AND finding.load_id IN (SELECT current_load_id FROM audit.site)
            ORDER BY ALL
            """
        ).fetchall():
            self._notes[load_id, rule].append(note)
        for load_id, *unlisted in con.execute(
            """
            SELECT load_id, concat_ws('.', table_name, column_name), coalesce(found, ''),
                count(DISTINCT (source_id, source_record, source_column)) AS times
            FROM quality.finding
            WHERE rule = 'unlisted_code' AND load_id IN (SELECT current_load_id FROM audit.site)
            GROUP BY ALL ORDER BY load_id, times DESC, 2, 3
            """
        ).fetchall():
            self._unlisted[load_id].append(Unlisted(*unlisted))
        self._mapped = {
            (load_id, f"{table}.{column}")
            for load_id, table, column in con.execute(
                "SELECT load_id, table_name, column_name FROM audit.column_origin"
            ).fetchall()
        }

    def of(self, load_id: int | None, site_id: str) -> Gaps:
        """Return the gaps of a site's current load; what is empty, unmapped and not noted counts as not collected."""
        if load_id is None:
            return Gaps((), (), (), (), ())
        never = self._notes[load_id, "never_filled"]
        empty = [name for name in self._fillings.empty_columns(site_id) if (load_id, name) not in self._mapped]
        noted = {*never, *(name for name in empty if name.partition(".")[0] in never)}
        return Gaps(
            tuple(self._notes[load_id, "unused_column"]),
            tuple(self._notes[load_id, "unused_file"]),
            tuple(self._unlisted[load_id]),
            tuple(name for name in empty if name not in noted),
            tuple(never),
        )
