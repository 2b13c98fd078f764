"""The byte layout of a SAS transport file, by which its records are counted without the reading library.

The format (SAS technical support, TS-140 for version 5, "record layout of a SAS version 8 or 9 data set" for 8) is made
of cards of 80 bytes; a namestr states each variable's length; the data are records of fixed length, padded with blanks to
a full card.
"""

import os
import struct
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from etl.readers.file_hash import looks_like
from etl.readers.statistics.special_missing import NumberPlaces
from warehouse.errors import DeliveryError

_CARD = 80
_LIBRARY, _MEMBER, _NAMES, _DATA = ("LIBRARY", "LIBV8"), ("MEMBER", "MEMBV8"), ("NAMESTR", "NAMSTV8"), ("OBS", "OBSV8")
_BLOCK_CARDS = 1 << 14
_NUMBER, _CHARACTER, _PLACE_AT = 1, 2, 84
_NUMBER_BYTES = range(2, 9)


def count_transport_records(path: Path, name: str) -> int | None:
    """Count a transport file's records by its size alone; None where blank records cannot be distinguished from padding.

    Raises DeliveryError for what is not a transport file, is cut short, or holds several data sets.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if not _is_card(file.read(_CARD), _LIBRARY):
            raise DeliveryError(
                f"{name}: this is no SAS transport file; it looks like {looks_like(path)}. Export it again."
            )
        if size % _CARD:
            raise _cut(name)
        kinds = _read_kinds(file, name)
        data_card = _find(file, _DATA, name)
        return _count(file, size - file.tell(), kinds, data_card, name)


def find_numbers(path: Path, name: str) -> NumberPlaces:
    """Find the positions of the numeric variables in a file whose records were counted."""
    with path.open("rb") as file:
        kinds = _read_kinds(file, name)
        _find(file, _DATA, name)
        starts = [0, *accumulate(width for _, width in kinds)]
        numbers = tuple(
            (place, starts[place], width) for place, (kind, width) in enumerate(kinds) if kind != _CHARACTER
        )
        return NumberPlaces(file.tell(), starts[-1], numbers)


def _read_kinds(file: BinaryIO, name: str) -> list[tuple[int, int]]:
    """Read kind and length of each variable, up to the end of their names; DeliveryError where their places disagree."""
    name_bytes = int(_find(file, _MEMBER, name)[74:78])
    variable_count = int(_find(file, _NAMES, name)[48:58])
    if not 0 < variable_count * name_bytes <= os.fstat(file.fileno()).st_size:
        raise _cut(name)
    namestrs = file.read(-(-variable_count * name_bytes // _CARD) * _CARD)
    kinds = []
    begin = 0
    for place in range(variable_count):
        kind, length = struct.unpack_from(">hxxh", namestrs, place * name_bytes)
        is_possible = kind == _CHARACTER or (kind == _NUMBER and length in _NUMBER_BYTES)
        # The library goes by the lengths alone; where the places say something else, cells would be cut wrongly.
        if not is_possible or struct.unpack_from(">i", namestrs, place * name_bytes + _PLACE_AT) != (begin,):
            raise _cut(name)
        kinds.append((kind, length))
        begin += length
    return kinds


def _count(file: BinaryIO, size: int, kinds: list[tuple[int, int]], data_card: bytes, name: str) -> int | None:
    length = sum(width for _, width in kinds)
    stated = data_card[48:63].strip()
    padding = _check_single(file, name)
    if length <= 0:
        raise _cut(name)
    if _is_card(data_card, _DATA[1:]) and stated.isdigit() and int(stated):
        if not 0 <= size - int(stated) * length < _CARD:
            raise _cut(name)
        return int(stated)
    count, rest = divmod(size, length)
    if rest > padding:  # a record begins there and does not end
        raise _cut(name)
    if all(kind == _CHARACTER for kind, _ in kinds) and length < _CARD:
        return None
    while count and rest + length < _CARD and rest + length <= padding:
        count, rest = count - 1, rest + length
    return count


def _check_single(file: BinaryIO, name: str) -> int:
    """Read on to the end; return how many blanks the file ends with. A second data set would begin with a card of its own."""
    tail = b""
    while block := file.read(_BLOCK_CARDS * _CARD):
        if b"HEADER RECORD*******MEM" in block and any(
            _is_card(block[place : place + _CARD], _MEMBER) for place in range(0, len(block), _CARD)
        ):
            raise DeliveryError(f"{name}: the file holds several data sets. Export each into a file of its own.")
        tail = block[-_CARD:]
    return len(tail) - len(tail.rstrip(b" "))


def _find(file: BinaryIO, kinds: tuple[str, ...], name: str) -> bytes:
    while card := file.read(_CARD):
        if _is_card(card, kinds):
            return card
    raise _cut(name)


def _is_card(card: bytes, kinds: tuple[str, ...]) -> bool:
    return any(card.startswith(f"HEADER RECORD*******{kind:8}HEADER RECORD!!!!!!!".encode()) for kind in kinds)


def _cut(name: str) -> DeliveryError:
    return DeliveryError(f"{name}: the SAS transport file is damaged or was cut short. Ask for it again.")
