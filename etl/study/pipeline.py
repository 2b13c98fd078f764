"""The way of a study, from its file to its report; only this file knows the order.

    define -> refresh -> compute -> store -> compare -> report

The study file's rows go into the warehouse, the views count tables and curves from them, libraries compute what SQL
does not, the numbers are stored, the printed figures of the publication are compared with them, and the report prints
what the warehouse holds.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.derivation.held import open_held
from etl.settings import Settings
from etl.study.analyses.patients import Patients
from etl.study.analyses.run import run_analyses
from etl.study.analyses.store import add_results, write_results
from etl.study.definition.load import load_studies
from etl.study.definition.read_study import Definition, read_study
from etl.study.freeze.folder import frozen_folder
from etl.study.freeze.open_frozen import open_frozen
from etl.study.freeze.results import compare_results
from etl.study.published.compare_study import compare_published
from etl.study.report.write import write_study_report
from warehouse.errors import RefusedError
from warehouse.file.connect import raw_connection
from warehouse.file.transaction import transaction
from warehouse.progress import Progress
from warehouse.views.refresh import is_refreshed, refill, refresh

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Studied:
    """What a run of a study came to."""

    study_id: str
    numbers: int
    report: Path
    folder: Path
    differing: tuple[str, ...] = ()
    """Of a frozen data set, the numbers that differ from those that were frozen, a sentence each."""


def run_study(name: str, *, settings: Settings, progress: Progress) -> Studied:
    """Compute a study from the warehouse, store its numbers and write its report.

    Raises:
        NotFoundError: there is no such study, or no warehouse yet.
        StudyError: a study file is not valid.
        BusyError: another process writes to the warehouse.
    """
    definition = read_study(settings.studies_dir, name)
    with open_held(settings, progress, make=False) as draft:
        with raw_connection(draft.write()) as con:
            progress.begin("Bringing the views up to date")
            with transaction(con):
                if load_studies(con, settings.studies_dir) or not is_refreshed(con):
                    refresh(con)
            numbers = compute(con, definition, progress=progress)
        draft.publish()
        progress.begin("Writing the report")
        with raw_connection(draft.engine) as con:
            written = write_study_report(con, definition.name, reports_dir=settings.reports_dir)
    return Studied(definition.name, numbers, written.html, written.folder)


def run_frozen(frozen: str, *, settings: Settings, progress: Progress, name: str | None = None) -> Studied:
    """Compute a study from a frozen data set, and write its report next to those of the warehouse.

    Args:
        frozen: the frozen data set.
        settings: where things lie.
        progress: where steps are reported.
        name: the study that the caller expects in it; any when not given.

    Raises:
        NotFoundError: there is no such frozen data set.
        RefusedError: one of its files was touched, or it is of another study.
    """
    folder = frozen_folder(settings.frozen_dir, frozen)
    progress.begin("Opening the frozen data set")
    with open_frozen(folder, threads=settings.threads, memory_limit=settings.memory_limit) as (con, definition):
        if name not in (None, definition.name):
            raise RefusedError(f"The frozen data set {folder} is of the study '{definition.name}', not of '{name}'.")
        numbers = compute(con, definition, progress=progress)
        progress.begin("Writing the report")
        reports_dir = settings.reports_dir / "frozen" / frozen
        written = write_study_report(con, definition.name, reports_dir=reports_dir)
        differing = compare_results(con, definition.name, folder=folder)
    return Studied(definition.name, numbers, written.html, written.folder, tuple(differing))


def compute(con: "duckdb.DuckDBPyConnection", definition: Definition, *, progress: Progress) -> int:
    """Compute and store every number of a study whose views are up to date; return how many there are."""
    sheets, _ = run_analyses(Patients(con, definition.study), progress.begin)
    progress.begin("Storing the results")
    with transaction(con):
        numbers = write_results(con, definition, sheets)
        refill(con, reading="study")
        numbers += add_results(con, definition, [compare_published(con, definition)])
        refill(con, reading="study")
    return numbers
