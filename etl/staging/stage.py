"""Stage a landed delivery: map, gate and ledger in one transaction, at the end of which the load is staged or refused.

Rows are mapped straight into their final tables and gated there, uncommitted and typed as they will be kept: what was
checked is what is kept, and a kill leaves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from etl.delivery.folder import unmatched_files, unread_entries
from etl.gate.ceilings import Ceilings, find_excess
from etl.gate.labels import keep_labels, note_undeclared_missing
from etl.gate.notes import keep_notes, note_unread_entries, note_unused_files, note_unused_sheets
from etl.gate.origins import keep_origins
from etl.gate.quarantine import keep_reasons
from etl.gate.reasons import open_gate
from etl.gate.unknown import keep_unreadable
from etl.gate.write_findings import write_findings
from etl.landing.landed_file import (
    LandedFile,
    expose,
    raw_rows_sql,
    reading_findings,
    unreadable_cells,
    unreadable_rows,
)
from etl.loads.acceptance import count_refused, read_acceptance
from etl.loads.books import mark_staged, new_load, next_source_id, refuse
from etl.mapping.checks.absent_columns import absent_columns
from etl.mapping.compiler.compile import create_code_tables
from etl.mapping.compiler.over_parts import compile_over_parts
from etl.mapping.compiler.source_columns import ColumnNote, check_columns, used_columns
from etl.mapping.compiler.undated_columns import undated_columns
from etl.mapping.language.site_mapping import SiteMapping
from etl.receiving.arrival import Arrival, columns_of
from etl.settings import Settings
from etl.staging.ledger import MappedPart, close_ledger, find_imbalance, open_ledger
from etl.staging.pass_table import gate_table, map_table
from warehouse.file.transaction import transaction
from warehouse.insert import insert_rows, insert_selected
from warehouse.progress import Progress


@dataclass(frozen=True)
class Staged:
    """What staging came to; `refusal` is the sentence that says why the load was refused, None when it stands."""

    load_id: int
    refusal: str | None


def stage(
    con: duckdb.DuckDBPyConnection, arrival: Arrival, *, delivery_id: int, settings: Settings, progress: Progress
) -> Staged:
    """Bring a landed delivery into `core` under a new load; commit it as staged, or as refused with its findings.

    Args:
        con: a connection to the warehouse without an open transaction.
        arrival: the landed delivery.
        delivery_id: the delivery in `audit.delivery`.
        settings: ceilings and chunk size.
        progress: is notified of every table.

    Raises:
        DeliveryError: the mapping reads a column that was not delivered.
    """
    files = dict(enumerate(arrival.landed, start=next_source_id(con)))
    notes = check_columns(arrival.mapping, columns_of(arrival.landed, of="header"))
    notes += absent_columns(arrival.mapping, _headers(arrival.landed))
    plans = arrival.plans  # before anything is written: the mapping may read a column that was not delivered
    expose(con, list(files.items()))
    create_code_tables(con, arrival.mapping)
    with transaction(con):
        load_id = _open_load(con, arrival, files, delivery_id=delivery_id)
        keep_origins(con, arrival.mapping, load_id=load_id)
        keep_labels(con, files)
        open_gate(con)
        open_ledger(con)
        for table, parts in plans.items():
            progress.begin(f"Mapping and checking {table}")
            over_parts = compile_over_parts(arrival.mapping, table)
            map_table(con, table, parts, over_parts=over_parts, load_id=load_id)
            gate_table(con, table, load_id=load_id, chunk_rows=settings.chunk_rows, progress=progress)
        progress.begin("Drawing the ledger")
        _keep_findings(con, arrival, files, notes=notes, load_id=load_id)
        refusal = _find_refusal(con, arrival, files, load_id=load_id, delivery_id=delivery_id, settings=settings)
        if refusal:
            refuse(con, load_id, refusal)
        else:
            mark_staged(con, load_id)
    return Staged(load_id, refusal)


def _headers(landed: tuple[LandedFile, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    """List the columns of each file, by source and file name."""
    headers: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in landed:
        headers.setdefault(file.source, {})[file.file] = file.header
    return headers


def _open_load(
    con: duckdb.DuckDBPyConnection, arrival: Arrival, files: Mapping[int, LandedFile], *, delivery_id: int
) -> int:
    """Write the load, its files and what becomes of their columns to the audit tables."""
    mapping = arrival.mapping
    load_id = new_load(
        con,
        mapping.site,
        hospital=mapping.hospital,
        delivery=arrival.delivery.name,
        fingerprint=arrival.fingerprint,
        mapping_sha256=mapping.sha256,
        mapping_version=mapping.version,
        code_version=arrival.ingredients["programs"],
        is_synthetic=arrival.delivery.is_synthetic,
        is_accepted=arrival.is_accepted,
        delivery_id=delivery_id,
        ingredients=arrival.ingredients,
    )
    insert_rows(
        con,
        "audit.source_file",
        ("source_id", "load_id", "source", "file", "sheet", "sha256", "size_bytes", "record_count"),
        [
            (source_id, load_id, file.source, file.file, file.sheet, file.sha256, file.size_bytes, file.record_count)
            for source_id, file in files.items()
        ],
    )
    used = {source: used_columns(mapping, source) for source in {file.source for file in files.values()}}
    uses = [
        (
            source_id,
            position,
            name,
            file.column_use.get(name) or _use(mapping, file.source, name, used=used[file.source]),
            file.letters[position - 1],
        )
        for source_id, file in files.items()
        for position, name in enumerate(file.header, start=1)
    ]
    insert_rows(con, "audit.source_column", ("source_id", "position", "name", "use", "letters"), uses)
    for source_id, file in files.items():
        insert_selected(con, "audit.record_run BY NAME", file.runs_sql(source_id))
    return load_id


def _use(mapping: SiteMapping, source: str, column: str, *, used: frozenset[str]) -> str:
    """Say what the mapping makes of a column that identity leaves alone."""
    if column in used:
        return "mapped"
    return "ignored" if column in mapping.ignored_columns(source) else "unused"


def _keep_findings(
    con: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    files: Mapping[int, LandedFile],
    *,
    notes: tuple[ColumnNote, ...],
    load_id: int,
) -> None:
    """Write every finding and every quarantined row into `quality`: of reading, of the mapping's columns, of the gate."""
    landed = list(files.items())
    undated = {source: undated_columns(arrival.mapping, source) for source in arrival.mapping.sources}
    write_findings(con, reading_findings(landed, undated_of=undated), load_id=load_id)
    unreadable = f"SELECT {load_id:d} AS load_id, * FROM ({unreadable_rows(landed)})"
    insert_selected(con, "quality.quarantined_row BY NAME", unreadable)
    keep_unreadable(con, load_id=load_id)
    cells = f"SELECT {load_id:d} AS load_id, * FROM ({unreadable_cells(landed)})"
    insert_selected(con, "quality.raw_record BY NAME", cells)
    unused = note_unused_files(unmatched_files(arrival.delivery, arrival.mapping.sources))
    unread = note_unread_entries(unread_entries(arrival.delivery))
    noted = [
        *unused,
        *unread,
        *note_unused_sheets(arrival.landed),
        *note_undeclared_missing(con, arrival.mapping, files),
    ]
    keep_notes(con, [*notes, *noted], load_id=load_id, files=files)
    addresses = "SELECT DISTINCT source_id AS _source_id, source_record AS _record FROM gate_reason"
    raw_rows = (
        raw_rows_sql(source, columns, addresses=addresses) for source, columns in columns_of(arrival.landed).items()
    )
    keep_reasons(con, load_id=load_id, raw_rows_sql=" UNION ALL ".join(raw_rows))


def _find_refusal(
    con: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    files: Mapping[int, LandedFile],
    *,
    load_id: int,
    delivery_id: int,
    settings: Settings,
) -> str | None:
    """Draw the ledger and compare the load with its ceilings; say why it must be refused, None when it need not.

    What exceeds a ceiling passes when a person accepts it now, or accepted as much of the same delivery before.
    """
    parts = [
        MappedPart(
            table, plan.part, tuple(source_id for source_id, file in files.items() if file.source == plan.source)
        )
        for table, table_plans in arrival.plans.items()
        for plan in table_plans
    ]
    records = {source_id: file.record_count for source_id, file in files.items()}
    ledger = close_ledger(con, parts, load_id=load_id, records=records)
    imbalance = find_imbalance(ledger, named={source_id: file.file for source_id, file in files.items()})
    if imbalance or arrival.is_accepted:
        return imbalance
    excess = find_excess(con, load_id=load_id, ceilings=_ceilings(arrival.mapping, settings))
    if not excess:
        return None
    acceptance = read_acceptance(con, delivery_id)
    exceeded = acceptance.exceeded(count_refused(con, load_id)) if acceptance else None
    if acceptance and exceeded is None:
        con.execute("UPDATE audit.load SET is_accepted = TRUE WHERE load_id = ?", [load_id])
        return None
    beyond = f" It was accepted before, but more is quarantined or set aside now: {exceeded}." if exceeded else ""
    before, between, after = (" ", "", " ") if len(excess) == 1 else ("\n  ", ";\n  ", "\n")  # a line for each cause
    return (
        f"{arrival.mapping.site} {arrival.delivery.name}:{before}{between.join(excess)}.{beyond}{after}"
        "Extend the mapping or correct the export; --accept publishes it all the same."
    )


def _ceilings(mapping: SiteMapping, settings: Settings) -> Ceilings:
    """Take the ceilings of the site where its mapping states them, else the general ones."""
    own = mapping.ceilings
    rows = own.refused_rows_percent if own else None
    cells = own.refused_cells_percent if own else None
    return Ceilings(
        settings.refused_rows_ceiling_percent if rows is None else rows,
        settings.refused_cells_ceiling_percent if cells is None else cells,
    )
