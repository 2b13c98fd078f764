"""The engine's settings for a file of any length: bounded memory, and a folder of its own for what does not fit.

The engine makes the folder when it first needs it, and removes it when it closes. What a killed process has left is removed
by the next one.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_PREFIX = "hcc-scratch-"


def bounded(*, memory_limit: str, threads: int) -> Mapping[str, str]:
    """Return settings under which what exceeds the memory goes to the folder for temporary files."""
    place = Path(tempfile.gettempdir())
    for folder in place.glob(f"{_PREFIX}*"):
        _remove_if_dead(folder)
    return {
        "memory_limit": memory_limit,
        "threads": str(threads),
        "temp_directory": str(place / f"{_PREFIX}{os.getpid()}"),
    }


def _remove_if_dead(folder: Path) -> None:
    import psutil

    process_id = folder.name.removeprefix(_PREFIX)
    with suppress(OSError):  # somebody else's, or gone meanwhile
        is_own = not folder.is_symlink() and (os.name == "nt" or folder.stat().st_uid == os.getuid())
        if is_own and process_id.isdecimal() and not psutil.pid_exists(int(process_id)):
            shutil.rmtree(folder)
