"""SAS's special missing values, `.A` to `.Z` and `._`: reasons why a number is missing, which the library returns as empty.

In a transport file such a value is its letter and zeros, which is not a valid number of that format: a zero has no letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_CODES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_BLOCK_BYTES = 16 << 20
_FIRST_DIGIT = 0x10


@dataclass(frozen=True)
class NumberPlaces:
    """The positions of the numeric variables in a transport file.

    `first_byte` is where the records begin, `record_bytes` the length of each; `numbers` are the place of each numeric
    variable (from 0), its first byte within a record, and its length.
    """

    first_byte: int
    record_bytes: int
    numbers: tuple[tuple[int, int, int], ...]


def has_odd_number(path: Path, places: NumberPlaces, *, count: int) -> bool:
    """Whether a number's fraction begins with a zero of base 16: SAS writes none so, and the library reads it as another."""
    if not places.numbers:
        return False
    at_once = max(1, _BLOCK_BYTES // places.record_bytes)
    with path.open("rb") as file:
        file.seek(places.first_byte)
        for first in range(0, count, at_once):
            data = np.frombuffer(file.read(min(at_once, count - first) * places.record_bytes), dtype=np.uint8)
            records = data.reshape(-1, places.record_bytes)
            for _, start, length in places.numbers:
                rows = np.flatnonzero(records[:, start + 1] < _FIRST_DIGIT)
                if records[rows, start + 1 : start + length].any():
                    return True
    return False


def find_special_missing(path: Path, places: NumberPlaces, *, begin: int, count: int) -> Iterator[tuple[int, int, str]]:
    """Find the special missing values among some records: record from 0, place of the variable, code such as `.A`."""
    if not places.numbers:
        return
    at_once = max(1, _BLOCK_BYTES // places.record_bytes)
    starts = np.array([start for _, start, _ in places.numbers])
    with path.open("rb") as file:
        for first in range(begin, begin + count, at_once):
            some = min(at_once, begin + count - first)
            file.seek(places.first_byte + first * places.record_bytes)
            data = np.frombuffer(file.read(some * places.record_bytes), dtype=np.uint8)
            records = data.reshape(-1, places.record_bytes)
            suspects = np.argwhere(np.isin(records[:, starts], np.frombuffer(_CODES, dtype=np.uint8)))
            for number in np.unique(suspects[:, 1]):
                place, start, length = places.numbers[number]
                rows = suspects[suspects[:, 1] == number, 0]
                special = rows[~records[rows, start + 1 : start + length].any(axis=1)]
                for row in special:
                    yield first + int(row), place, f".{chr(records[row, start])}"
