"""Freeze a study: write the locked analysis data set, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.definition.read_study import Definition
from etl.study.freeze.codebook import write_codebook
from etl.study.freeze.folder import new_folder, write_private
from etl.study.freeze.inputs import find_inputs
from etl.study.freeze.manifest import write_manifest
from etl.study.freeze.package import write_package
from etl.study.freeze.provenance import holds_synthetic, write_provenance
from etl.study.freeze.results import write_results_file
from etl.study.freeze.tables import write_table
from warehouse.errors import RefusedError
from warehouse.fingerprint import read_derived
from warehouse.model.upgrade import upgrade_fingerprint
from warehouse.views.refresh import is_refreshed

if TYPE_CHECKING:
    import duckdb

STUDIES = "studies"


def freeze(con: "duckdb.DuckDBPyConnection", definition: Definition, *, folder: Path) -> Path:
    """Write the tables that a study's results rest on, the study file, the codebook, the results and all hashes.

    Of one state of the warehouse, the files always have the same bytes.

    Args:
        con: the warehouse; reading is enough.
        definition: the study.
        folder: the folder to make, see `frozen_folder`.

    Returns:
        The folder.

    Raises:
        RefusedError: the folder is there already, or the study's results are not those of the present warehouse.
        BusyError: another process freezes.
        EnvironmentRefusal: the folder cannot be written.
    """
    _refuse_stale(con, definition)
    inputs = find_inputs()
    with new_folder(folder) as draft:
        tables = [write_table(con, name, folder=draft) for name in (*inputs.given, *inputs.others)]
        _copy_study(definition, draft / STUDIES)
        write_codebook(con, definition.study, tables=tables, folder=draft)
        write_provenance(con, definition, folder=draft)
        write_results_file(con, definition.name, folder=draft)
        write_package(definition.study, tables=tables, folder=draft, is_synthetic=holds_synthetic(con))
        write_manifest(draft)
    return folder


def _refuse_stale(con: "duckdb.DuckDBPyConnection", definition: Definition) -> None:
    """Refuse to freeze what does not belong together: tables, study file and results of different states."""
    if (read_derived(con, "upgrade") or ("",))[0] != upgrade_fingerprint() or not is_refreshed(con):
        reason = "its tables were built from other data or by another version of the program"
    else:
        row = con.execute(
            "SELECT state.is_current, study.definition_sha256 FROM analysis.study_state AS state "
            "INNER JOIN reference.study AS study USING (study_id) WHERE study_id = ?",
            [definition.name],
        ).fetchone()
        if row is None:
            reason = "the study was not loaded"
        elif row[1] != definition.sha256:
            reason = "the study file was changed since"
        elif not row[0]:
            reason = "its statistics were not computed, or from other data, options or definitions"
        else:
            return
    raise RefusedError(
        f"The warehouse does not hold the present results of the study '{definition.name}': {reason}. "
        "Run 'make study' first."
    )


def _copy_study(definition: Definition, folder: Path) -> None:
    write_private(folder / definition.path.name, definition.path.read_bytes())
    if definition.published_path is not None:
        write_private(
            folder / definition.published_path.relative_to(definition.path.parent),
            definition.published_path.read_bytes(),
        )
