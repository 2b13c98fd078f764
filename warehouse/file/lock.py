"""The write lock of the warehouse, a file next to it: one writer at a time; a second one can name the process it waits for."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import BusyError, EnvironmentRefusal
from warehouse.file.holders import Holder, shorten_command

POLL_SECONDS = 0.2


@contextmanager
def hold_warehouse(path: Path, *, wait_seconds: float, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the warehouse for writing; wait for another writer, and say for whom.

    The operating system frees the lock when its holder ends, however it ends; the file next to it that names the holder
    is only a note.

    Args:
        path: the warehouse file; the lock stands next to it as <name>.lock.
        wait_seconds: how long to wait for another writer.
        say: receives one sentence that names the writer for whom we wait.

    Raises:
        BusyError: the other writer did not end in time.
        EnvironmentRefusal: the folder cannot be written.
    """
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, path, wait_seconds=wait_seconds, say=say)
    except OSError as error:
        if isinstance(error, Timeout):
            raise BusyError(
                f"The warehouse {path} is still held by {_name_writer(path)}, after {wait_seconds:.0f} s of waiting. "
                "Wait until it has ended and try again."
            ) from error
        raise EnvironmentRefusal(
            f"The lock next to the warehouse {path} cannot be written ({error.strerror}). "
            "Make the folder writable, or set HCC_DATA_DIR to another folder."
        ) from error
    try:
        _write_note(path)
        yield
    finally:
        _note_path(path).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, path: Path, *, wait_seconds: float, say: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Waiting for the warehouse, which is held by {_name_writer(path)} (at most {wait_seconds:.0f} s) ...")
        lock.acquire(timeout=wait_seconds, poll_interval=POLL_SECONDS)


def _write_note(path: Path) -> None:
    note = {
        "pid": os.getpid(),
        "command": shorten_command([sys.executable, *sys.argv]),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    _note_path(path).write_text(json.dumps(note), encoding="utf-8")


def _name_writer(path: Path) -> str:
    with suppress(OSError, ValueError, KeyError):  # not written yet, or just removed
        note = json.loads(_note_path(path).read_text(encoding="utf-8"))
        return f"{Holder(note['pid'], note['command'])}, since {note['started_at']}"
    return "another process"


def _note_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock.json")
