"""Turn any exception that a library raises while it reads a file into one DeliveryError: the file is damaged.

The one place that guards all readers. A reader reports the faults that it knows in its own words; the others are
reported here.
What is no fault of the file is raised unchanged: a full disk, a missing permission, too little memory, a failed assertion of ours.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from etl.readers.reader import Examination, Reception
from warehouse.errors import DeliveryError, HccError
from warehouse.file.machine_faults import MACHINE_FAULTS

if TYPE_CHECKING:
    import pyarrow as pa

PANIC = "PanicException"
"""The panic of a library in Rust; it is no Exception, and each such library has a class of its own."""


@contextmanager
def damage_reported(name: str) -> Iterator[None]:
    """Run a reader's work on the file `name`; what its libraries raise becomes a DeliveryError.

    Raises:
        DeliveryError: the file is damaged.
    """
    try:
        yield
    except (HccError, MemoryError, AssertionError):
        raise
    except OSError as error:
        if error.errno in MACHINE_FAULTS:  # others come from a file that makes its reader seek beyond its end
            raise
        raise _damaged(name, error) from error
    except Exception as error:
        raise _damaged(name, error) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise _damaged(name, error) from error


def guarded(name: str, examination: Examination) -> Examination:
    """Guard the reading of the records, too, which comes after the examination."""
    return replace(examination, read_batches=_guarded_batches(name, examination.read_batches))


def _guarded_batches(
    name: str, read_batches: "Callable[[Reception], Iterator[pa.RecordBatch]]"
) -> "Callable[[Reception], Iterator[pa.RecordBatch]]":
    def read(reception: Reception) -> "Iterator[pa.RecordBatch]":
        with damage_reported(name):
            yield from read_batches(reception)

    return read


def _damaged(name: str, error: BaseException) -> DeliveryError:
    # Only the error's kind is named: its text may quote a cell.
    return DeliveryError(
        f"{name}: the file is damaged: reading it ended in an error that no whole file causes ({type(error).__name__}). "
        "Open it in the program that made it, save it again and send it again."
    )
