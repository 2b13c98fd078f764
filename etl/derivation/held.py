"""Open the warehouse for writing: lock it, make a draft and bring that up to date; only publishing it changes what is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import duckdb

from etl.loads.publish import discard_orphans, has_orphans
from etl.settings import Settings
from etl.study.definition.load import are_loaded, load_studies
from warehouse.errors import HccError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft, writing_draft
from warehouse.file.transaction import transaction
from warehouse.model.upgrade import is_upgraded, upgrade
from warehouse.progress import Progress
from warehouse.reference.load import is_reference_loaded, load_reference


@contextmanager
def open_held(settings: Settings, progress: Progress, *, make: bool = True) -> Iterator[Draft]:
    """Hold the warehouse for writing, brought up to date and rid of loads that were never published.

    The draft becomes the newest version at the end; after an exception nothing of it does that was not published before.

    Args:
        settings: where things lie and how much may be used.
        progress: is notified of every step.
        make: make a warehouse when there is none.

    Raises:
        NotFoundError: there is no warehouse, and none is to be made.
        BusyError: another process writes for too long.
        StudyError: a study file is not valid.
        EnvironmentRefusal: the folder, the file or the disk does not let us.
    """
    with writing_draft(
        settings.warehouse_path,
        wait_seconds=settings.lock_wait_seconds,
        say=progress.say,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        make=make,
    ) as draft:
        progress.begin("Bringing the warehouse up to date")
        _bring_up_to_date(draft, settings)
        yield draft


def publish_record(draft: Draft, record: Callable[[Draft], None], *, settings: Settings) -> None:
    """Publish a record of what failed, without the loads that the failed run has staged.

    Where the draft itself is spoilt or has filled the disk, a fresh one takes the record alone; where that cannot be
    either, nothing is written: the failure is what the user must know of.

    Args:
        draft: the held warehouse.
        record: writes the record to the draft.
        settings: where things lie.
    """
    try:
        if draft.is_written:
            with raw_connection(draft.engine) as con:
                discard_orphans(con)
        record(draft)
        draft.publish()
    except (HccError, OSError, duckdb.Error):
        with suppress(HccError, OSError, duckdb.Error):
            draft.discard()
            _bring_up_to_date(draft, settings)
            record(draft)
            draft.publish()


def _bring_up_to_date(draft: Draft, settings: Settings) -> None:
    """Write what is not up to date; nothing, and so without a copy of the file, when all is."""
    with raw_connection(draft.engine) as con:
        is_up_to_date = is_upgraded(con) and is_reference_loaded(con) and are_loaded(con, settings.studies_dir)
        if is_up_to_date and not has_orphans(con):
            return
    engine = draft.write()
    upgrade(engine)
    with raw_connection(engine) as con:
        discard_orphans(con)
        with transaction(con):
            load_reference(con)
            load_studies(con, settings.studies_dir)
