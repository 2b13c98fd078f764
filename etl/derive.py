"""Derive again what the warehouse makes from its loads: reference data, studies, notes, assessments, views, reports.

No load is made: rows stay as they are. What the rows depend on is the business of an ingest.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.derivation.assess_again import bring_up_to_date
from etl.derivation.freshness import mark_fresh, stale_ingredients
from etl.loads.acceptance import user_name
from etl.loads.books import current_loads, read_ingredients
from etl.mapping.read_mapping import read_mapping
from etl.pipeline import open_held
from etl.quality.across_sites import compare_sites
from etl.receiving.ingredients import standing_ingredients
from etl.report.all_hospitals.write import write_index
from etl.report.fingerprint import write_reports_fingerprint
from etl.report.load.write import write_report
from etl.settings import Settings
from warehouse.errors import HccError, NotFoundError
from warehouse.file.connect import raw_connection
from warehouse.file.owner_only import owner_only
from warehouse.file.transaction import transaction
from warehouse.progress import Progress, Silent
from warehouse.reference.load import load_reference
from warehouse.reference.option_choice import choose_option
from warehouse.views.refresh import is_refreshed, refresh

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True)
class Derived:
    """What was derived again."""

    is_refreshed: bool
    """The views were built."""
    assessed: tuple[str, ...]
    """The hospitals whose load was noted or assessed again."""
    unread: tuple[str, ...]
    """One sentence for each hospital whose mapping cannot be read, so that its load could not be assessed again."""
    reports: tuple[Path, ...]


@owner_only()
def derive(*, settings: Settings, progress: Progress | None = None) -> Derived:
    """Bring everything up to date that follows from the loads, and write the reports; no new load.

    Raises:
        NotFoundError: there is no warehouse yet.
        BusyError: another process holds it.
        ViewError, OptionError, StudyError: a file is not valid; what was shown is shown.
        EnvironmentRefusal: a report cannot be written.
    """
    progress = progress or Silent()
    _check_there(settings)
    with open_held(settings, progress) as engine:
        return derive_held(engine, settings=settings, progress=progress)


@owner_only()
def set_option(name: str, value: str | None, *, settings: Settings, progress: Progress | None = None) -> Derived:
    """Choose a study option and derive everything that follows from it; None takes an earlier choice back.

    Who chose and when is recorded; the default in schemas/reference stays as it is.

    Raises:
        NotFoundError: there is no such option, or no warehouse yet.
        OptionError: the value is none of the option's own; nothing was changed.
    """
    progress = progress or Silent()
    _check_there(settings)
    with open_held(settings, progress) as engine:
        with raw_connection(engine) as con, transaction(con):
            choose_option(con, name, value, by=user_name())
            load_reference(con)
            progress.begin("Building the views")
            refresh(con)
        return derive_held(engine, settings=settings, progress=progress, is_built=True)


def derive_held(engine: "sa.Engine", *, settings: Settings, progress: Progress, is_built: bool = False) -> Derived:
    """Derive everything again in a warehouse that is held; see `derive`."""
    with raw_connection(engine) as con:
        loads = current_loads(con)
    again, unread, fresh = [], [], []
    for load in loads:
        try:
            mapping = read_mapping(settings.mappings_dir, load.site_id)
        except HccError as error:
            unread.append(f"{load.site_id}: its load was not assessed again. {error}")
            continue
        if bring_up_to_date(engine, load, mapping, progress=progress):
            again.append(load.site_id)
        with raw_connection(engine) as con:
            if not stale_ingredients(read_ingredients(con, load.load_id), standing_ingredients(mapping)):
                fresh.append(load.site_id)
    with raw_connection(engine) as con:
        if again:
            compare_sites(con, [load.load_id for load in loads])
        if not is_refreshed(con):
            progress.begin("Building the views")
            is_built = True
            with transaction(con):
                refresh(con)
        progress.begin("Writing the reports", total=len(loads))
        reports = []
        for load in loads:
            reports.append(write_report(con, load.site_id, load_id=load.load_id, reports_dir=settings.reports_dir))
            progress.advance(1)
        reports.append(write_index(con, reports_dir=settings.reports_dir))
        write_reports_fingerprint(con)
        mark_fresh(con, settings, fresh)
    return Derived(is_built, tuple(again), tuple(unread), tuple(reports))


def _check_there(settings: Settings) -> None:
    if not settings.warehouse_path.exists():
        raise NotFoundError(f"There is no warehouse yet ({settings.warehouse_path}). Bring in a delivery first.")
