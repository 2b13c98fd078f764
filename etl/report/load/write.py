"""Write a load's report: reports/<site>.html for people, reports/<site>.json for programs."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import duckdb

from etl.report.load.clinical import list_clinical
from etl.report.load.collect import collect_report
from etl.report.load.lists import list_findings, list_quarantined
from etl.report.load.render import render_report
from warehouse.errors import EnvironmentRefusal
from warehouse.file.whole_file import write_whole


def write_report(
    con: duckdb.DuckDBPyConnection, site_id: str, *, load_id: int, reports_dir: Path, with_cells: bool = False
) -> Path:
    """Write the page and, next to it, the same as JSON with every finding, quarantined row and question; return the page.

    The JSON names the quarantined rows by their addresses; their cells, which are patients', only when `with_cells` asks.
    A refused load writes <site>.refused.html, so that the report of what is published stays. Each file appears whole
    or not at all.

    Raises:
        NotFoundError: the site has no such load.
        EnvironmentRefusal: the folder cannot be written.
    """
    report = collect_report(con, site_id, load_id=load_id)
    stem = f"{site_id}.refused" if report.load.state == "refused" else site_id
    everything = {
        "load": dataclasses.asdict(report.load),
        "verdict": report.verdict.grade,
        "verdict_sentence": report.verdict.sentence,
        "turned_away": dataclasses.asdict(report.turned_away) if report.turned_away else None,
        **{section.name: dataclasses.asdict(section.data) for section in report.sections},
        "findings": list_findings(con, site_id, load_id=load_id),
        "quarantined": list_quarantined(con, site_id, load_id=load_id, with_cells=with_cells),
        "clinical_questions": list_clinical(con, site_id) if report.load.is_current else [],
    }
    page = reports_dir / f"{stem}.html"
    try:
        reports_dir.mkdir(parents=True, exist_ok=True)
        write_whole(reports_dir / f"{stem}.json", json.dumps(everything, ensure_ascii=False, default=_plain))
        write_whole(page, render_report(report))
        if report.load.state == "published" and not _is_refused_since(con, site_id, load_id):
            _remove_refusal(site_id, reports_dir)
    except OSError as error:
        raise EnvironmentRefusal(
            f"{reports_dir}: the report cannot be written ({error.strerror}). "
            f"Free the disk or the folder, then 'hcc report {site_id}'."
        ) from error
    return page


def _is_refused_since(con: duckdb.DuckDBPyConnection, site_id: str, load_id: int) -> bool:
    newer = "SELECT count(*) FROM audit.load WHERE site_id = ? AND load_id > ? AND state = 'refused'"
    return con.execute(newer, [site_id, load_id]).fetchone() != (0,)


def _remove_refusal(site_id: str, reports_dir: Path) -> None:
    """Remove the report of an earlier refusal, which a published load has answered."""
    for suffix in ("html", "json"):
        (reports_dir / f"{site_id}.refused.{suffix}").unlink(missing_ok=True)


def _plain(value: Any) -> str:
    """Write dates, times and decimals as text."""
    return str(value)
