"""Files of a report appear whole or not at all."""

import os
import threading
from pathlib import Path

import psutil


def write_whole(path: Path, text: str) -> None:
    """Write a file under a temporary name, on the disk for certain, then give it its own.

    Raises:
        OSError: the disk or the folder does not let us; what was there stays.
    """
    _remove_drafts_of_the_dead(path)
    temporary = path.with_name(f".{path.name}.{threading.get_ident()}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_drafts_of_the_dead(path: Path) -> None:
    """Remove what a killed process has left; a process that lives keeps its own."""
    for draft in path.parent.glob(f".{path.name}.*.tmp"):
        process_id = draft.name.split(".")[-2]
        if process_id.isdecimal() and not psutil.pid_exists(int(process_id)):
            draft.unlink(missing_ok=True)
