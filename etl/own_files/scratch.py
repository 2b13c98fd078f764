"""A folder for what does not fit into memory: for its owner alone, under a name that nobody can guess, and removed at the end.

Rows of patients are spilled there, so it is no folder that somebody else may have made before. What a killed process has
left is removed by the next one that works in the same place; a lock says who is alive, as numbers of processes repeat.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = ".hcc-scratch-"
_LOCK, _SPILLED = "lock", "spilled"


@contextmanager
def bounded(*, memory_limit: str, threads: int, output: Path | None) -> Iterator[Mapping[str, str]]:
    """Lend the engine's settings for a file of any length: bounded memory, and a folder for what exceeds it.

    Args:
        memory_limit: as DuckDB takes it, such as 2GB.
        threads: how many.
        output: the file that is written; the folder lies next to it, else where the system has temporary files.

    Raises:
        OSError: the folder cannot be made.
    """
    is_next_to_it = output is not None and output.parent.is_dir() and os.access(output.parent, os.W_OK)
    place = output.parent if output is not None and is_next_to_it else Path(tempfile.gettempdir())
    with scratch_folder(place) as folder:
        yield {
            "memory_limit": memory_limit,
            "threads": str(threads),
            "temp_directory": str(folder / _SPILLED),  # the engine makes it when it first needs it
        }


@contextmanager
def scratch_folder(place: Path) -> Iterator[Path]:
    """Lend a new folder in a place, which its owner alone can open.

    Raises:
        OSError: it cannot be made.
    """
    for folder in place.glob(f"{_PREFIX}*"):
        _remove_if_dead(folder)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    try:
        with FileLock(folder / _LOCK, mode=0o600):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_dead(folder: Path) -> None:
    """Remove the folder of a dead process; one without a lock is somebody else's, or is just being made."""
    with suppress(OSError, Timeout):  # gone meanwhile, or its process lives
        is_own = not folder.is_symlink() and (os.name == "nt" or folder.stat().st_uid == os.getuid())
        if is_own and (folder / _LOCK).is_file():
            with FileLock(folder / _LOCK, timeout=0, mode=0o600):
                for path in folder.iterdir():
                    if path.name != _LOCK:
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
            shutil.rmtree(folder)
