"""Connections of the commands to the warehouse: read-only, or a locked draft to write with its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from etl.commands.show import print_on_stderr
from warehouse.errors import BusyError, NotFoundError

if TYPE_CHECKING:
    import duckdb

    from etl.settings import Settings
    from warehouse.file.draft import Draft
    from warehouse.progress import Progress


@contextmanager
def asking(settings: "Settings") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Lend a read-only connection to the warehouse; report first when files differ from what it was built from.

    Raises:
        NotFoundError: there is no warehouse yet.
    """
    from etl.derivation.freshness import stale_sentence
    from warehouse.reading.query import reading

    with reading(settings.warehouse_path) as con:
        sentence = stale_sentence(con, settings)
        if sentence is not None:
            print_on_stderr(sentence, style="yellow")
        yield con


def report_what_differs(settings: "Settings") -> None:
    """Report when files differ from what the warehouse was built from; for a command whose answer does not need it open.

    A warehouse that does not exist, or that another process writes to, is ignored.
    """
    with suppress(NotFoundError, BusyError), asking(settings):
        pass


@contextmanager
def writing(settings: "Settings", progress: "Progress") -> Iterator["Draft"]:
    """Lock an existing warehouse, and lend a draft of it, brought up to date; see `warehouse.file.draft.writing_draft`.

    Raises:
        NotFoundError: there is no warehouse yet.
        BusyError: another process writes.
    """
    from warehouse.file.draft import writing_draft
    from warehouse.model.upgrade import upgrade

    with writing_draft(
        settings.warehouse_path,
        wait_seconds=settings.lock_wait_seconds,
        say=progress.say,
        threads=settings.threads,
        memory_limit=settings.memory_limit,
        make=False,
    ) as draft:
        upgrade(draft.write())
        yield draft
