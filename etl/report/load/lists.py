"""Every finding and every quarantined row of a load, as plain dictionaries for tables and --json."""

from typing import Any

import duckdb

from etl.findings import RULES, SEVERITIES, Audience
from etl.mapping.language.near_name import did_you_mean
from etl.report.load.for_hospital import word_for_hospital
from etl.report.sentences import Address, Paid, write_sentence
from schemas.tables import TABLES
from warehouse.errors import NotFoundError


def list_findings(
    con: duckdb.DuckDBPyConnection,
    site_id: str,
    *,
    load_id: int | None = None,
    rule: str | None = None,
    limit: int | None = None,
    audience: Audience | None = None,
) -> list[dict[str, Any]]:
    """List a load's findings, most severe first, then by address; one bad cell is one of them, with all that it touches.

    Args:
        con: the warehouse.
        site_id: the hospital.
        load_id: the load; the site's newest when not given.
        rule: only findings of this rule.
        limit: at most so many.
        audience: only findings about which this audience can do something; the hospital's are as
            `etl.report.load.for_hospital` words them.

    Raises:
        NotFoundError: the site has no such load, or there is no such rule.
    """
    if rule is not None and rule not in RULES:
        raise NotFoundError(f"There is no rule '{rule}'.{did_you_mean(rule, RULES)} Rules: {', '.join(sorted(RULES))}.")
    rules = None if audience is None else [each.name for each in RULES.values() if getattr(each, audience.field)]
    rows = _read(
        con,
        f"""SELECT severity, file, sheet, source_record AS record, source_line AS line, cell, source_column, rule,
            category, cost, found, found_count, expected, rows_quarantined, cells_set_aside, touches
        FROM quality.source_finding
        WHERE load_id = $load AND ($rule IS NULL OR rule = $rule) AND ($rules IS NULL OR list_contains($rules, rule))
        ORDER BY list_position({list(SEVERITIES)}, severity), source_id, source_record, source_column, rule, found, touches
        {_limit(limit)}""",
        {"load": (load := find_load(con, site_id, load_id=load_id)), "rule": rule, "rules": rules},
    )
    if audience is Audience.HOSPITAL:
        return word_for_hospital(con, rows, site_id=site_id, load_id=load)
    for row in rows:
        touches = row["touches"] = row["touches"] or []
        # What no file holds, such as a column that nothing fills, stands in a table of the model.
        first = touches[0] if row["file"] is None and touches else {"table": None, "column": None}
        column = row["source_column"] or first["column"]
        place = (row["file"] or first["table"], row["sheet"], row["record"], row["line"], column, row["cell"])
        known = RULES.get(row["rule"])
        row["sentence"] = write_sentence(
            row["rule"],
            address=Address(*place),
            found=row["found"],
            expected=row["expected"],
            paid=Paid(
                row["rows_quarantined"],
                row["cells_set_aside"],
                tuple(dict.fromkeys(touch["table"] for touch in touches if touch["cost"] != "none")),
            ),
            found_count=row["found_count"],
        )
        row["for_hospital"] = known.for_hospital if known else ""
        row["for_data_manager"] = known.for_data_manager if known else ""
    return rows


def list_quarantined(
    con: duckdb.DuckDBPyConnection,
    site_id: str,
    *,
    load_id: int | None = None,
    table: str | None = None,
    limit: int | None = None,
    with_cells: bool = False,
) -> list[dict[str, Any]]:
    """List a load's quarantined rows by address, each with every rule it broke.

    Args:
        con: the warehouse.
        site_id: the hospital.
        load_id: the load; the site's newest when not given.
        table: only rows of this canonical table.
        limit: at most so many.
        with_cells: give the cells of its source record too, under `raw`: they are a patient's.

    Raises:
        NotFoundError: the site has no such load, or there is no such table.
    """
    if table is not None and table not in TABLES:
        raise NotFoundError(
            f"There is no canonical table '{table}'.{did_you_mean(table, TABLES)} Tables: {', '.join(sorted(TABLES))}."
        )
    raw = ", raw.raw" if with_cells else ""
    return _read(
        con,
        f"""SELECT file.file, file.sheet, refused.source_record AS record,
            coalesce(run.from_line + refused.source_record - run.from_record, refused.source_line) AS line,
            refused.table_name AS table, refused.rules, refused.severity{raw}
        FROM quality.quarantined_row refused
        ASOF LEFT JOIN audit.record_run run
            ON run.source_id = refused.source_id AND refused.source_record >= run.from_record
        LEFT JOIN audit.source_file file ON file.source_id = refused.source_id
        LEFT JOIN quality.raw_record raw ON raw.load_id = refused.load_id
            AND raw.source_id = refused.source_id AND raw.source_record = refused.source_record
        WHERE refused.load_id = ? AND (? IS NULL OR refused.table_name = ?)
        ORDER BY refused.source_id, refused.source_record, refused.source_ordinal, refused.table_name
        {_limit(limit)}""",
        [find_load(con, site_id, load_id=load_id), table, table],
    )


def find_load(con: duckdb.DuckDBPyConnection, site_id: str, *, load_id: int | None = None) -> int:
    """Find a site's load: the one asked for, else the newest that came as far as a verdict and was not taken back.

    Raises:
        NotFoundError: there is none such.
    """
    row = con.execute(
        """SELECT max(load_id) FROM audit.load
        WHERE site_id = ? AND (load_id = ? OR (? IS NULL AND state IN ('staged', 'published', 'refused')))""",
        [site_id, load_id, load_id],
    ).fetchone()
    if row is None or row[0] is None:
        wanted = f"no load {load_id}" if load_id is not None else "no load yet"
        raise NotFoundError(
            f"{site_id} has {wanted} in this warehouse. See 'hcc status'; run 'make ingest SITE={site_id}'."
        )
    return int(row[0])


def reported_sites(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Name the sites that have a load with a verdict, in order."""
    rows = con.execute(
        "SELECT DISTINCT site_id FROM audit.load WHERE state IN ('staged', 'published', 'refused') ORDER BY site_id"
    ).fetchall()
    return [site_id for (site_id,) in rows]


def _limit(limit: int | None) -> str:
    return "" if limit is None else f"LIMIT {int(limit)}"


def _read(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | dict[str, Any]) -> list[dict[str, Any]]:
    answer = con.execute(query, parameters)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
