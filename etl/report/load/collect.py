"""Collect what a report says from the warehouse."""

import duckdb

from etl.findings import SEVERITIES
from etl.loads.attempts import read_turned_away
from etl.loads.books import previous_load
from etl.report.load.causes import collect_causes, collect_refused
from etl.report.load.clinical import collect_clinical
from etl.report.load.distributions import collect_tables
from etl.report.load.model import (
    Cause,
    Change,
    Expectation,
    LedgerLine,
    LedgerRule,
    Load,
    Report,
    SourceFile,
    StudyOption,
    Table,
    Verdict,
)
from etl.staging.account import COUNTS
from warehouse.errors import NotFoundError


def collect_report(con: duckdb.DuckDBPyConnection, site_id: str, *, load_id: int) -> Report:
    """Read everything about one load.

    Raises:
        NotFoundError: the site has no such load.
    """
    load = _read_load(con, site_id, load_id=load_id)
    causes = collect_causes(con, load_id)
    refused, refused_total = collect_refused(con, load_id)
    expectations = _read_expectations(con, load_id)
    tables = collect_tables(con, load_id, expectations=expectations)
    verdict, title, sentence = _judge(
        load, causes=causes, refused_total=refused_total, expectations=expectations, tables=tables
    )
    return Report(
        load=load,
        verdict=verdict,
        verdict_title=title,
        verdict_sentence=sentence,
        files=_read_files(con, load_id),
        ledger=_read_ledger(con, load_id),
        ledger_rules=_read_ledger_rules(con, load_id),
        causes=causes,
        refused=refused,
        refused_total=refused_total,
        finding_counts=_count_findings(causes),
        tables=tables,
        expectations=expectations,
        clinical=collect_clinical(con, site_id) if load.is_current else None,
        change=_read_change(con, load),
        options=_read_options(con),
        turned_away=read_turned_away(con).get(site_id),
    )


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


def _judge(
    load: Load,
    *,
    causes: tuple[Cause, ...],
    refused_total: int,
    expectations: tuple[Expectation, ...],
    tables: tuple[Table, ...],
) -> tuple[Verdict, str, str]:
    """Answer 'may I trust this delivery?' in a word, a heading and a sentence."""
    rows = sum(table.rows for table in tables)
    if load.state == "refused":
        reason = load.refusal or "The load was refused."
        return "refused", "Refused", f"{reason} Nothing was published."
    failed = [result for result in expectations if not result.is_success and result.severity != "note"]
    asked = [cause for cause in causes if cause.severity != "note"]
    cells = sum(cause.count for cause in causes if cause.cost == "cell")
    if not expectations:
        return "questions", "Loaded, not assessed", f"{rows:,} rows were loaded, but nobody has judged them yet."
    if not (failed or asked or refused_total):
        return (
            "clean",
            "Clean",
            f"All {rows:,} rows were loaded, and every one of {len(expectations):,} expectations holds.",
        )
    parts = [
        _count(refused_total, "row was refused", "rows were refused"),
        _count(cells, "cell was set aside", "cells were set aside"),
        _count(len(failed), "expectation does not hold", "expectations do not hold"),
    ]
    told = _join([part for part in parts if part]) or "No row was refused"
    questions = _count(len(asked), "question goes", "questions go")
    ending = f" {questions} to the hospital." if questions else ""
    return "questions", "Usable, with questions", f"{rows:,} rows were loaded. {told}.{ending}"


def _count(count: int, one: str, many: str) -> str:
    return "" if count == 0 else f"{count:,} {one if count == 1 else many}"


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""


def _read_files(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[SourceFile, ...]:
    uses: dict[int, dict[str, tuple[str, ...]]] = {}
    for source_id, use, names in con.execute(
        """SELECT source_id, use, list(name ORDER BY position) FROM audit.source_column
        WHERE source_id IN (SELECT source_id FROM audit.source_file WHERE load_id = ?)
        GROUP BY ALL ORDER BY ALL""",
        [load_id],
    ).fetchall():
        uses.setdefault(source_id, {})[use] = tuple(names)
    rows = con.execute(
        """SELECT source_id, source, file, sheet, sha256, size_bytes, record_count
        FROM audit.source_file WHERE load_id = ? ORDER BY source_id""",
        [load_id],
    ).fetchall()
    return tuple(
        SourceFile(source, file, sheet, sha256, size_bytes, record_count, uses.get(source_id, {}))
        for source_id, source, file, sheet, sha256, size_bytes, record_count in rows
    )


def _read_ledger(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[LedgerLine, ...]:
    rows = con.execute(
        f"""SELECT coalesce(file.source, ''), coalesce(file.file, ''), ledger.table_name, ledger.part,
            {", ".join(f"ledger.{name}" for name in COUNTS)}
        FROM audit.ledger ledger LEFT JOIN audit.source_file file ON file.source_id = ledger.source_id
        WHERE ledger.load_id = ? ORDER BY ledger.source_id, ledger.table_name, ledger.part""",
        [load_id],
    ).fetchall()
    return tuple(LedgerLine(*row[:4], **dict(zip(COUNTS, row[4:], strict=True))) for row in rows)


def _read_ledger_rules(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[LedgerRule, ...]:
    rows = con.execute(
        """SELECT coalesce(file.file, ''), rule.table_name, rule.kind, rule.rule, rule.records
        FROM audit.ledger_rule rule LEFT JOIN audit.source_file file ON file.source_id = rule.source_id
        WHERE rule.load_id = ? AND rule.records > 0 ORDER BY rule.kind, rule.records DESC""",
        [load_id],
    ).fetchall()
    return tuple(LedgerRule(*row) for row in rows)


def _read_expectations(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[Expectation, ...]:
    rows = con.execute(
        """SELECT table_name, column_name, expectation, category, severity, threshold_percent, element_count,
            unexpected_count, unexpected_percent, is_success, description
        FROM quality.expectation_result WHERE load_id = ?""",
        [load_id],
    ).fetchall()
    return tuple(Expectation(*row) for row in rows)


def _count_findings(causes: tuple[Cause, ...]) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
    for cause in causes:
        counts[cause.severity] = counts.get(cause.severity, 0) + cause.count
    return counts


def _read_change(con: duckdb.DuckDBPyConnection, load: Load) -> Change | None:
    """Compare with the delivery that was shown before this one, while its rows are still kept."""
    previous = previous_load(con, load.load_id)
    if previous is None or load.state == "refused":
        return None
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
    return Change(previous.load_id, previous.delivery, rows, *patients)


def _count_staged(con: duckdb.DuckDBPyConnection, load_id: int) -> dict[str, int]:
    """Count a load's staged rows by canonical table."""
    rows = con.execute(
        """SELECT table_name, sum(staged)::BIGINT
        FROM audit.ledger WHERE load_id = ? AND table_name IS NOT NULL GROUP BY ALL""",
        [load_id],
    ).fetchall()
    return dict(rows)


def _read_options(con: duckdb.DuckDBPyConnection) -> tuple[StudyOption, ...]:
    rows = con.execute(
        """SELECT name, value::VARCHAR, coalesce(unit, ''), coalesce(description, ''),
            coalesce(default_value, value, ''), chosen_by, chosen_at
        FROM reference.study_option ORDER BY name"""
    ).fetchall()
    return tuple(StudyOption(*row) for row in rows)
