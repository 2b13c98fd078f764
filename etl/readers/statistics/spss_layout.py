"""Check the layout of an SPSS file's dictionary before the reading library, in C, follows it: a damaged one can end the process.

The dictionary (PSPP developers' guide, "System File Format") is a header of 176 bytes, then records that each begin with
their kind: variables, value labels, documents, extensions; the last has the kind 999.
"""

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_HEADER_BYTES, _LAYOUT_AT = 176, 64
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_FLOATS, _LONG_NAMES, _VERY_LONG = 4, 13, 14
_TEXT_FORMATS, _SYSTEM_MISSING = {1, 2}, -sys.float_info.max
_WIDEST, _SEGMENT_STEP, _BLOCK, _LINE = 255, 252, 8, 80
_LONGEST_LABEL, _MOST_LABELS = 1 << 16, 1 << 20


class _OddError(ValueError):
    """The layout is not that of the format."""


@dataclass
class _Places:
    """The variables by the place (from 1) of their first block, with short name and width; and how many blocks there are."""

    names: dict[int, bytes] = field(default_factory=dict)
    widths: dict[bytes, int] = field(default_factory=dict)
    blocks: int = 0
    still_to_come: int = 0


def is_whole_dictionary(path: Path) -> bool:
    """Whether every record of the dictionary has the form of its kind, and names variables that there are."""
    try:
        with path.open("rb") as file:
            _check(file)
    except (_OddError, struct.error):
        return False
    return True


def _check(file: BinaryIO) -> None:
    header = file.read(_HEADER_BYTES)
    order = next((each for each in "<>" if struct.unpack_from(f"{each}i", header, _LAYOUT_AT)[0] in {2, 3}), None)
    if order is None:
        raise _OddError
    places = _Places()
    while (kind := _ints(file, order, 1)[0]) != _END:
        if kind == _VARIABLE:
            _check_variable(file, order, places)
        elif places.still_to_come:
            raise _OddError
        elif kind == _LABELS:
            _check_labels(file, order, places)
        elif kind == _DOCUMENT:
            _take(file, _LINE * _bounded(_ints(file, order, 1)[0], _MOST_LABELS))
        elif kind == _EXTENSION:
            _check_extension(file, order, places)
        else:
            raise _OddError


def _check_variable(file: BinaryIO, order: str, places: _Places) -> None:
    """Check one variable; a text of more than eight bytes is followed by records of width -1, one for each eight more."""
    width, has_label, missing_count, print_format, _ = _ints(file, order, 5)
    name = _take(file, _BLOCK).partition(b"\0")[0].rstrip(b" ")
    if has_label not in {0, 1} or not -3 <= missing_count <= 3 or missing_count == -1:  # noqa: PLR2004
        raise _OddError
    if has_label:
        _take(file, -(-_bounded(_ints(file, order, 1)[0], _LONGEST_LABEL) // 4) * 4)
    _take(file, _BLOCK * abs(missing_count))
    places.blocks += 1
    if width == -1 and places.still_to_come:
        places.still_to_come -= 1
    elif (print_format >> 16 & 0xFF in _TEXT_FORMATS) != (width > 0):
        raise _OddError  # the library would return a number with a format of texts as nothing
    elif 0 <= width <= _WIDEST and not places.still_to_come:
        places.names[places.blocks] = name
        places.widths[name.upper()] = width
        places.still_to_come = max(0, -(-width // _BLOCK) - 1)
    else:
        raise _OddError


def _check_labels(file: BinaryIO, order: str, places: _Places) -> None:
    """Check value labels, and the record that follows them, which names their variables by the place of their first block."""
    for _ in range(_bounded(_ints(file, order, 1)[0], _MOST_LABELS)):
        length = _take(file, _BLOCK + 1)[_BLOCK]
        _take(file, -(-(length + 1) // _BLOCK) * _BLOCK - 1)
    kind, count = _ints(file, order, 2)
    if kind != _LABELLED or not set(_ints(file, order, _bounded(count, _MOST_LABELS))) <= places.names.keys():
        raise _OddError


def _check_extension(file: BinaryIO, order: str, places: _Places) -> None:
    subtype, size, count = _ints(file, order, 3)
    if size < 0 or count < 0:
        raise _OddError
    data = _take(file, size * count)
    if subtype == _FLOATS and struct.unpack_from(f"{order}d", data)[0] != _SYSTEM_MISSING:
        raise _OddError  # the missing value that every program writes would be returned as a number
    if subtype == _LONG_NAMES:
        for short, _ in _pairs(data):
            if short.upper() not in places.widths:
                raise _OddError
    elif subtype == _VERY_LONG:
        _check_very_long([(short.upper(), int(width)) for short, width in _pairs(data) if width.isdigit()], places)


def _check_very_long(widths: list[tuple[bytes, int]], places: _Places) -> None:
    """Check that a text of more than 255 bytes has as many variables, one after the other, as it needs."""
    order = list(places.names.values())
    upper = [name.upper() for name in order]
    for short, width in widths:
        segments = -(-width // _SEGMENT_STEP)
        first = upper.index(short) if short in upper else len(upper)
        wanted = [_WIDEST] * (segments - 1) + [width - (segments - 1) * _SEGMENT_STEP]
        found = [places.widths[name] for name in upper[first : first + segments]]
        if found != wanted and width > _WIDEST:
            raise _OddError


def _pairs(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read `SHORT=value` between tabs."""
    for part in data.replace(b"\0", b"").split(b"\t"):
        if part:
            short, sign, value = part.partition(b"=")
            if not sign:
                raise _OddError
            yield short.strip(), value


def _ints(file: BinaryIO, order: str, count: int) -> tuple[int, ...]:
    return struct.unpack(f"{order}{count}i", _take(file, 4 * count))


def _take(file: BinaryIO, count: int) -> bytes:
    """Read so many bytes; a file that ends before is damaged. In parts, so that a false number does not fill memory."""
    parts, left = [], count
    while left > 0:
        part = file.read(min(left, 1 << 20))
        if not part:
            raise _OddError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _bounded(number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise _OddError
    return number
