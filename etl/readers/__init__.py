"""Readers, one per file format: each turns a file into records of text with their addresses.

A new format is a new file with a `Reader`, and a line here.
"""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from etl.readers.guard import damage_reported, guarded
from etl.readers.numbered import numbered
from etl.readers.reader import Examination, Reader
from etl.readers.source import SourceFiles, misplaced_options, taken_options
from etl.readers.statistics.sas_transport import TRANSPORT
from etl.readers.statistics.spss import SPSS
from etl.readers.text.delimited import DELIMITED
from etl.readers.workbook.workbook import WORKBOOK
from warehouse.errors import DeliveryError

READERS: dict[str, Reader] = {
    ".csv": DELIMITED,
    ".txt": DELIMITED,
    ".tsv": DELIMITED,
    ".xlsx": WORKBOOK,
    ".sav": SPSS,
    ".zsav": SPSS,
    ".xpt": TRANSPORT,
}
"""The reader for each file suffix, in lower case."""


def examine_file(
    path: Path, source: SourceFiles, advance: Callable[[int], None]
) -> tuple[Mapping[str, Any], Examination]:
    """Examine a file as a mapping's source says; return the options that decide what is read, and what was found.

    Raises DeliveryError when there is no reader for it, when the source sets an option that the format does not take, or when
    the file is not what it claims to be.
    """
    name = unicodedata.normalize("NFC", path.name)
    reader = find_reader(name)
    for sentence in misplaced_options(source, reader, Path(name).suffix.lower()).values():
        raise DeliveryError(f"{name}: {sentence}")
    with damage_reported(name):
        examination = reader.examine(path, name, source, advance)
    if source.record_number is not None:
        examination = numbered(examination, source.record_number, name)
    return taken_options(source, reader), guarded(name, examination)


def takes(source: SourceFiles, option: str) -> bool:
    """Return whether the format of every file of a source, as far as their names say it, honours an option."""
    readers = [READERS.get(Path(name).suffix.lower()) for name in source.file]
    return all(reader is not None and option in reader.takes for reader in readers)


def find_reader(name: str) -> Reader:
    """Find the reader for a file by its name; DeliveryError when there is none."""
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise DeliveryError(f"{name}: no reader for this kind of file. There are readers for {', '.join(READERS)}.")
    return reader
