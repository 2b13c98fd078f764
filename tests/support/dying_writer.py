"""A writer that kills itself before the n-th time that it opens, makes, renames, syncs or removes a file of the warehouse."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

from support.warehouse_door import door

from warehouse.file.connect import raw_connection

WATCHED = {"open", "os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"}


def run_dying(path: Path, death: int, *, is_compacted: bool) -> bool:
    """Write and publish `second` in a process that dies before its n-th step; return whether it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.dying_writer", "psutil"])
    process = context.Process(target=_write, args=(path, death, is_compacted))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in {0, -signal.SIGKILL}, f"neither killed nor done: exit code {code}"
    return code != 0


def _write(path: Path, death: int, is_compacted: bool) -> None:
    step = _die_before(path.parent, death)
    with door(path) as draft:
        with raw_connection(draft.write()) as con:
            con.execute("CREATE SCHEMA IF NOT EXISTS audit")
            con.execute("CREATE TABLE IF NOT EXISTS audit.site (site_id VARCHAR, hospital VARCHAR)")
            con.execute("DELETE FROM audit.site")
            con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('hill', 'second')")
            step()
        if is_compacted:
            draft.compact()
            step()
    os._exit(0)


def _die_before(folder: Path, death: int) -> Any:
    """Count the steps of this process from here on; the function that is returned counts one, too."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1
        if steps == death:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in WATCHED and any(str(folder) in str(argument) for argument in arguments[:2]):
            count()

    sync = os.fsync

    def counted_sync(handle: int) -> None:
        count()
        sync(handle)

    sys.addaudithook(watch)
    os.fsync = counted_sync
    return count
