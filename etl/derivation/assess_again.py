"""Bring a published load up to date without making its rows again: its notes about columns, and its assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.findings import rules_found_by
from etl.gate.notes import keep_notes
from etl.loads.books import Load, keep_site, read_ingredients, write_ingredients
from etl.mapping.compiler.source_columns import check_columns, used_columns
from etl.mapping.language.site_mapping import SiteMapping
from etl.quality.assess import assess
from etl.quality.fingerprint import assessment_fingerprint
from etl.receiving.ingredients import NOTES, standing_ingredients
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.transaction import transaction
from warehouse.progress import Progress

if TYPE_CHECKING:
    import duckdb

BY_IDENTITY = ("dropped", "pseudonymised", "masked")
"""Uses of a column on which no part of the mapping but `identity` has a say."""


@dataclass(frozen=True)
class KnownFile:
    """A file of a load, as the audit tables have it."""

    source: str
    file: str
    header: tuple[str, ...]


def bring_up_to_date(draft: Draft, load: Load, mapping: SiteMapping, *, progress: Progress) -> bool:
    """Note again what the mapping says of columns, and assess again where rules have changed; return whether anything had.

    Args:
        draft: the held warehouse; it is written to only where something is not up to date.
        load: a published load.
        mapping: the site's present mapping.
        progress: is notified of the assessment, and when the load would be refused today.
    """
    is_noted = _note_again(draft, load, mapping)
    if load.assessed_by == assessment_fingerprint(mapping.not_collected, mapping.expectations):
        return is_noted
    progress.begin(f"Assessing {load.site_id} again")
    engine = draft.write()
    assessment = assess(
        engine, load.load_id, progress=progress, not_collected=mapping.not_collected, expectations=mapping.expectations
    )
    with raw_connection(engine) as con:
        con.execute(
            "UPDATE audit.load SET assessment = ? WHERE load_id = ?",
            ["clean" if assessment.is_clean else "with_failures", load.load_id],
        )
        write_assessed_by(con, load.load_id, mapping)
    if assessment.is_fatal:
        progress.say(
            f"{load.site_id}: load {load.load_id} stays shown, but by the present rules it would be refused: "
            f"{' '.join(assessment.fatal)}"
        )
    return True


def write_assessed_by(con: "duckdb.DuckDBPyConnection", load_id: int, mapping: SiteMapping) -> None:
    """Write down by which rules a load was assessed."""
    con.execute(
        "UPDATE audit.load SET assessed_by = ? WHERE load_id = ?",
        [assessment_fingerprint(mapping.not_collected, mapping.expectations), load_id],
    )


def _note_again(draft: Draft, load: Load, mapping: SiteMapping) -> bool:
    """Write the findings about columns and the uses of columns again, when the mapping says other things of them.

    A mapping whose meaning changed is left to the next ingest: its columns may not be those of this load.
    """
    present = standing_ingredients(mapping)
    with raw_connection(draft.engine) as con:
        known = read_ingredients(con, load.load_id)
        if known.get(NOTES) == present[NOTES] or known.get("mapping") != present["mapping"]:
            return False
    with raw_connection(draft.write()) as con:
        files = _read_files(con, load.load_id)
        headers: dict[str, dict[str, None]] = {}
        for file in files.values():
            headers.setdefault(file.source, {}).update(dict.fromkeys(file.header))
        notes = check_columns(mapping, {source: tuple(names) for source, names in headers.items()})
        with transaction(con):
            keep_notes(con, notes, load_id=load.load_id, files=files, replaces=rules_found_by("headers"))
            _write_uses(con, files, mapping)
            keep_site(con, load.site_id, hospital=mapping.hospital)
            con.execute("UPDATE audit.load SET mapping_version = ? WHERE load_id = ?", [mapping.version, load.load_id])
            write_ingredients(con, load.load_id, {NOTES: present[NOTES]})
    return True


def _read_files(con: "duckdb.DuckDBPyConnection", load_id: int) -> dict[int, KnownFile]:
    rows = con.execute(
        """
        SELECT file.source_id, file.source, file.file, list(name ORDER BY position)
        FROM audit.source_file AS file INNER JOIN audit.source_column AS col ON file.source_id = col.source_id
        WHERE file.load_id = ? GROUP BY ALL ORDER BY file.source_id
        """,
        [load_id],
    ).fetchall()
    return {source_id: KnownFile(source, file, tuple(header)) for source_id, source, file, header in rows}


def _write_uses(con: "duckdb.DuckDBPyConnection", files: Mapping[int, KnownFile], mapping: SiteMapping) -> None:
    for source_id, file in files.items():
        used, ignored = used_columns(mapping, file.source), mapping.ignored_columns(file.source)
        con.execute(
            """
            UPDATE audit.source_column
            SET use = CASE
                WHEN list_contains(?, name) THEN 'mapped' WHEN list_contains(?, name) THEN 'ignored' ELSE 'unused' END
            WHERE source_id = ? AND NOT list_contains(?, use)
            """,
            [list(used), list(ignored), source_id, list(BY_IDENTITY)],
        )
