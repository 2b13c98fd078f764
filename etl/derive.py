"""Derive again what the warehouse makes from its loads: reference data, studies, notes, assessments, views, reports.

No load is made: rows stay as they are. What the rows depend on is the business of an ingest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.derivation.assess_again import bring_up_to_date
from etl.derivation.freshness import stale_ingredients
from etl.derivation.held import open_held
from etl.derivation.mark_fresh import mark_fresh, unmark_reports
from etl.loads.acceptance import user_name
from etl.loads.books import Load, current_loads, read_ingredients
from etl.mapping.read_mapping import read_mapping
from etl.quality.across_sites import compare_sites
from etl.receiving.ingredients import standing_ingredients
from etl.report.all_hospitals.write import write_index
from etl.report.load.write import write_report
from etl.settings import Settings
from warehouse.errors import HccError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.owner_only import owner_only
from warehouse.file.transaction import transaction
from warehouse.progress import Progress, Silent
from warehouse.reference.load import load_reference
from warehouse.reference.option_choice import choose_option
from warehouse.views.refresh import is_refreshed, refresh


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
        BusyError: another process writes to it.
        ViewError, OptionError, StudyError: a file is not valid; what was shown is shown.
        EnvironmentRefusal: a report cannot be written.
    """
    progress = progress or Silent()
    with open_held(settings, progress, make=False) as draft:
        return derive_held(draft, settings=settings, progress=progress)


@owner_only()
def set_option(name: str, value: str | None, *, settings: Settings, progress: Progress | None = None) -> Derived:
    """Choose a study option and derive everything that follows from it; None takes an earlier choice back.

    Who chose and when is recorded; the default in schemas/reference stays as it is.

    Raises:
        NotFoundError: there is no such option, or no warehouse yet.
        OptionError: the value is none of the option's own; nothing was changed.
    """
    progress = progress or Silent()
    with open_held(settings, progress, make=False) as draft:
        with raw_connection(draft.write()) as con, transaction(con):
            choose_option(con, name, value, by=user_name())
            load_reference(con)
            progress.begin("Building the views")
            refresh(con)
        return derive_held(draft, settings=settings, progress=progress, is_built=True)


def derive_held(draft: Draft, *, settings: Settings, progress: Progress, is_built: bool = False) -> Derived:
    """Derive everything again in a warehouse that is held, and publish it; see `derive`."""
    with raw_connection(draft.engine) as con:
        loads = current_loads(con)
    again, unread, fresh = [], [], []
    for load in loads:
        try:
            mapping = read_mapping(settings.mappings_dir, load.site_id)
        except HccError as error:
            unread.append(f"{load.site_id}: its load was not assessed again. {error}")
            continue
        if bring_up_to_date(draft, load, mapping, progress=progress):
            again.append(load.site_id)
        with raw_connection(draft.engine) as con:
            if not stale_ingredients(read_ingredients(con, load.load_id), standing_ingredients(mapping)):
                fresh.append(load.site_id)
    if again:
        with raw_connection(draft.write()) as con:
            compare_sites(con, [load.load_id for load in loads])
    with raw_connection(draft.engine) as con:
        is_behind = not is_refreshed(con)
    if is_behind:
        progress.begin("Building the views")
        is_built = True
        with raw_connection(draft.write()) as con, transaction(con):
            refresh(con)
    marks_reports = mark_fresh(draft, settings, fresh, are_reports_written=True)
    draft.publish()
    try:
        reports = _write_reports(draft, loads, settings=settings, progress=progress)
    except Exception:
        if marks_reports:
            unmark_reports(draft)
        raise
    return Derived(is_built, tuple(again), tuple(unread), reports)


def _write_reports(draft: Draft, loads: Sequence[Load], *, settings: Settings, progress: Progress) -> tuple[Path, ...]:
    """Write every report from what is published."""
    progress.begin("Writing the reports", total=len(loads))
    reports = []
    with raw_connection(draft.engine) as con:
        for load in loads:
            reports.append(write_report(con, load.site_id, load_id=load.load_id, reports_dir=settings.reports_dir))
            progress.advance(1)
        reports.append(write_index(con, reports_dir=settings.reports_dir))
    return tuple(reports)
