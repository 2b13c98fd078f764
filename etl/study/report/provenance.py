"""Where the numbers come from: loads, options, versions, the study file, the seed."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.study.report.document import Block, Cell, Column, Facts, Part, Quiet, Row, Section, Sourced, Table
from etl.study.report.outline import Outline
from etl.study.report.setting import label_cell

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class State:
    """What the results of a study were computed from.

    Attributes:
        is_current: they were computed from what the warehouse holds now.
        is_synthetic: a current load is synthetic; True also when the warehouse does not say.
        computed_at: when (UTC); None when they never were.
        loads: the loads that they were computed from.
        options_md5: MD5 of the options.
        versions: of the program's libraries, by name.
        seed: of everything that was drawn.
    """

    is_current: bool
    is_synthetic: bool
    computed_at: dt.datetime | None
    loads: str
    options_md5: str
    versions: dict[str, str]
    seed: int | None


def read_state(con: "duckdb.DuckDBPyConnection", study_id: str) -> State:
    """Read what the results of a study were computed from."""
    state = con.execute(
        "SELECT is_current, computed_at, loads, options_md5 FROM analysis.study_state WHERE study_id = ?", [study_id]
    ).fetchone() or (False, None, "", "")
    run = con.execute("SELECT loads, versions, seed FROM study.run WHERE study_id = ?", [study_id]).fetchone()
    synthetic = con.execute(
        "SELECT bool_or(load.is_synthetic) FROM audit.site AS site "
        "JOIN audit.load AS load ON site.current_load_id = load.load_id"
    ).fetchone()
    is_synthetic = synthetic is None or synthetic[0] is None or bool(synthetic[0])
    loads, versions, seed = run or (state[2], "{}", None)
    return State(
        bool(state[0]), is_synthetic, state[1], loads or "", state[3] or "", json.loads(versions or "{}"), seed
    )


def options_section(con: "duckdb.DuckDBPyConnection") -> Section:
    """List every option of the study with its value."""
    rows = con.execute("SELECT name, value, unit, description FROM reference.study_option ORDER BY name").fetchall()
    columns = (
        Column("Option", is_number=False),
        Column("Value", is_number=False),
        Column("Unit or choices", is_number=False, is_quiet=True),
        Column("What it decides", is_number=False),
    )
    set_rows = tuple(
        Row((label_cell(name), Cell((value or "",)), Cell((unit or "",)), Cell((description or "",))))
        for name, value, unit, description in rows
    )
    table = Table("options", "", "Options of the study", columns, set_rows)
    lead = "Where the publication is silent, each choice is an option with a name; these were in force."
    return Section("options", "Options", lead, (table,))


def provenance_section(con: "duckdb.DuckDBPyConnection", state: State, *, outline: Outline) -> Section:
    """Say which loads, versions and files the numbers come from."""
    facts: list[tuple[str, tuple[Part, ...]]] = [
        ("Computed", (f"{state.computed_at:%Y-%m-%d %H:%M} UTC" if state.computed_at else "never",)),
        ("Results", ("current" if state.is_current else "not current: loads, options or the study file have changed",)),
        ("Loads used", (state.loads or "none",)),
        ("Study file and printed figures", ("SHA-256 ", Quiet(outline.definition_sha256 or "unknown"))),
        ("Options", ("MD5 ", Quiet(state.options_md5 or "unknown"))),
        (
            "Libraries",
            (", ".join(f"{name} {version}" for name, version in sorted(state.versions.items())) or "unknown",),
        ),
        ("Seed", ("none" if state.seed is None else str(state.seed),)),
    ]
    loads = con.execute(
        "SELECT site.site_id, site.hospital, load.load_id, load.delivery, load.assessment, load.code_version, "
        "load.mapping_version, load.published_at, load.is_synthetic FROM audit.site AS site "
        "JOIN audit.load AS load ON site.current_load_id = load.load_id ORDER BY site.site_id"
    ).fetchall()
    columns = (
        Column("Hospital", is_number=False),
        Column("Load"),
        Column("Delivery", is_number=False),
        Column("Assessment", is_number=False),
        Column("Program", is_number=False),
        Column("Mapping"),
        Column("Published", is_number=False),
        Column("Data", is_number=False),
    )
    rows = tuple(
        Row(
            (
                label_cell(f"{hospital} ({site_id})"),
                Cell((Sourced(str(load_id), str(load_id), "audit.load"),)),
                Cell((delivery or "",)),
                Cell(((assessment or "not assessed").replace("_", " "),)),
                Cell((code or "",)),
                Cell((Sourced(str(mapping), str(mapping), "audit.load"),)) if mapping is not None else Cell(),
                Cell((f"{published:%Y-%m-%d %H:%M} UTC" if published else "",)),
                Cell(("synthetic" if is_synthetic else "real",)),
            )
        )
        for site_id, hospital, load_id, delivery, assessment, code, mapping, published, is_synthetic in loads
    )
    blocks: tuple[Block, ...] = (Facts(tuple(facts)), Table("loads", "", "Loads in the warehouse", columns, rows))
    return Section("provenance", "Provenance", "Which data, programs and files made this page.", blocks)
