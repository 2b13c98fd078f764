"""File permissions: everything is written readable by its owner alone, whatever the shell's umask, as it holds patients."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_OTHERS = 0o077


def write_for_owner_only() -> None:
    """Make every file and folder that this process makes from now on for its owner alone."""
    os.umask(_OTHERS)


@contextmanager
def owner_only() -> Iterator[None]:
    """Do the same for a while, for programs that use ours; the umask is the whole process's, its other threads' too."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)
