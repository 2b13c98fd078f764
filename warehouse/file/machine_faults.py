"""What the machine may refuse, a full disk, a quota, a broken drive: each with what it is called and what to do about it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import EnvironmentRefusal

_FREE_SPACE = "Free some space and run the same command again."
_CHECK_DISK = "Have the disk checked, or bring the network drive back; then run the same command again."
_LARGER_FILES = (
    "Raise the limit (ulimit -f), or choose a folder on a file system that takes larger files; "
    "then run the same command again."
)
_NOTHING = "Nothing was published."
_OTHER_FOLDER = "Check who owns the folder, or set HCC_DATA_DIR and HCC_REPORTS_DIR to folders that can be written."
MACHINE_FAULTS = {
    errno.ENOSPC: ("The disk is full", _FREE_SPACE),
    errno.EDQUOT: ("The disk quota is used up", _FREE_SPACE),
    errno.EROFS: ("The file system is read-only", _OTHER_FOLDER),
    errno.EACCES: ("The right to read or write is missing", _OTHER_FOLDER),
    errno.EPERM: ("The right to read or write is missing", _OTHER_FOLDER),
    errno.EIO: ("The disk reported an error", _CHECK_DISK),
    errno.ESTALE: ("The network drive was disconnected", _CHECK_DISK),
    errno.EMFILE: (
        "This program may open no more files",
        "Raise the limit (ulimit -n) and run the same command again.",
    ),
    errno.ENFILE: ("The machine may open no more files", "End other programs and run the same command again."),
    errno.ENOMEM: ("The machine has no memory left", "End other programs and run the same command again."),
    errno.EFBIG: ("The file grew larger than is allowed", _LARGER_FILES),
}
"""By the number of the error: the fault, and the advice."""


class MachineFault(EnvironmentRefusal):
    """The machine refused: a full disk, a missing right, a broken drive."""


def explain_machine_fault(error: BaseException) -> str | None:
    """Explain an error of the machine in one sentence; None for any other.

    DuckDB has no number for it, but ends its message with the system's own words.
    """
    if isinstance(error, OSError):
        number, place = error.errno, error.filename
    else:
        words = str(error)
        number = next((each for each in MACHINE_FAULTS if words.rstrip().endswith(f": {os.strerror(each)}")), None)
        place = None
    if number not in MACHINE_FAULTS:
        return None
    fault, advice = MACHINE_FAULTS[number]
    return f"{fault}{f' ({place})' if place else ''}. {advice}"


def machine_fault(error: BaseException) -> MachineFault | None:
    """Make the refusal of an error of the machine; None for any other."""
    sentence = explain_machine_fault(error)
    return None if sentence is None else MachineFault(sentence)


@contextmanager
def before_publication() -> Iterator[None]:
    """Run a step that comes before anything is published: a fault of the machine says so, for then it may be relied on.

    Raises:
        MachineFault: the machine refused.
    """
    try:
        yield
    except Exception as error:
        fault = error if isinstance(error, MachineFault) else machine_fault(error)
        if fault is None or _NOTHING in str(fault):
            raise
        raise MachineFault(f"{fault} {_NOTHING}") from error
