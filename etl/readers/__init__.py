"""Readers, one per format: a file becomes records of text, each with its address.

A new format is a new file with a `Reader`, and a line here.
"""

from etl.readers.delimited import DELIMITED
from etl.readers.reading import Reader

READERS: dict[str, Reader] = {
    ".csv": DELIMITED,
    ".txt": DELIMITED,
    ".tsv": DELIMITED,
}
"""The reader for each file suffix, in lower case."""
