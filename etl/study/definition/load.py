"""Load study files into the warehouse: reference.study... holds their rows, for the views to read."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.audit.figure import Figure
from etl.study.audit.read_figures import read_figures
from etl.study.definition.check_columns import check_columns
from etl.study.definition.read_study import Definition, known_studies, read_study
from etl.study.definition.rows import study_rows
from warehouse.fingerprint import read_derived, write_derived
from warehouse.insert import insert_rows
from warehouse.model.study_tables import DEFINITIONS
from warehouse.parsed import fingerprint_parsed

if TYPE_CHECKING:
    import duckdb


def load_studies(con: "duckdb.DuckDBPyConnection", studies_dir: Path) -> bool:
    """Load every study file in the caller's transaction; return whether anything had changed.

    Raises:
        StudyError: a file is not valid; nothing is loaded.
    """
    if are_loaded(con, studies_dir):
        return False
    definitions = [read_study(studies_dir, name) for name in known_studies(studies_dir)]
    for definition in definitions:
        check_columns(con, definition)
    write_definitions(con, definitions)
    write_derived(con, "studies", fingerprint=studies_fingerprint(studies_dir))
    return True


def are_loaded(con: "duckdb.DuckDBPyConnection", studies_dir: Path) -> bool:
    """Return whether the warehouse holds the study files as they are, so that `load_studies` would write nothing."""
    return (read_derived(con, "studies") or ("",))[0] == studies_fingerprint(studies_dir)


def write_definitions(con: "duckdb.DuckDBPyConnection", definitions: list[Definition]) -> None:
    """Replace the rows of reference.study... by those of these studies."""
    rows = [row for each in definitions for row in study_rows(each, published_figures(each))]
    for table, kind in DEFINITIONS.items():
        names = tuple(field.name for field in fields(kind))
        of_table = [tuple(getattr(row, name) for name in names) for row in rows if type(row) is kind]
        con.execute(f"DELETE FROM reference.{table}")
        insert_rows(con, f"reference.{table}", names, of_table)


def studies_fingerprint(studies_dir: Path) -> str:
    """Hash the study files, the printed figures, and the programs that read them, as parsed."""
    files = [*studies_dir.glob("*.yaml"), *studies_dir.glob("published/*.csv"), *Path(__file__).parent.glob("*.py")]
    files += [*Path(__file__).parents[1].glob("audit/*figure*.py"), *Path(__file__).parents[1].glob("published/*.py")]
    return fingerprint_parsed(files)


def published_figures(definition: Definition) -> tuple[Figure, ...]:
    """Read the printed figures of a study; none when its file names none.

    Raises:
        DeliveryError: the file of printed figures cannot be read; the message names the line.
    """
    path = definition.published_path
    return read_figures(path) if path is not None else ()
