"""Readers, one per format: a file becomes records of text, each with its address.

A new format is a new file with a `Reader`, and a line here.
"""

from pathlib import Path

from etl.errors import DeliveryError
from etl.readers.delimited import DELIMITED
from etl.readers.reading import Reader

READERS: dict[str, Reader] = {
    ".csv": DELIMITED,
    ".txt": DELIMITED,
    ".tsv": DELIMITED,
}
"""The reader for each file suffix, in lower case."""


def find_reader(name: str) -> Reader:
    """Find the reader for a file by its name; DeliveryError when there is none."""
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise DeliveryError(f"{name}: no reader for this kind of file. There are readers for {', '.join(READERS)}.")
    return reader
