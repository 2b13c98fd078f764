"""The records of an SPSS file as blocks of eight bytes: as they are, by codes of a byte each, or in zlib blocks of such codes."""

import struct
import sys
import zlib

SYSTEM_MISSING = -sys.float_info.max
_PLAIN, _CODED, _ZLIB = 0, 1, 2
_PADDING, _END, _AS_IT_IS, _BLANK, _MISSING = 0, 252, 253, 254, 255


def read_blocks(data: bytes, at: int, *, compression: int, bias: float, order: str) -> list[bytes]:
    """Return the blocks, from the place where the dictionary ends."""
    if compression == _PLAIN:
        return [data[place : place + 8] for place in range(at, len(data) - 7, 8)]
    if compression == _CODED:
        return _decode(data[at:], bias, order)
    if compression == _ZLIB:
        return _decode(_inflate(data, at, order), bias, order)
    raise ValueError(f"compression {compression}")


def _inflate(data: bytes, at: int, order: str) -> bytes:
    _, trailer, length = struct.unpack_from(f"{order}qqq", data, at)
    (count,) = struct.unpack_from(f"{order}i", data, trailer + 20)
    if length != 24 + 24 * count:
        raise ValueError("the trailer has another length than it states")
    parts = []
    for number in range(count):
        _, begin, size, packed = struct.unpack_from(f"{order}qqii", data, trailer + 24 + 24 * number)
        try:
            part = zlib.decompress(data[begin : begin + packed])
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if len(part) != size:
            raise ValueError("a block has another size than is stated")
        parts.append(part)
    return b"".join(parts)


def _decode(data: bytes, bias: float, order: str) -> list[bytes]:
    blocks: list[bytes] = []
    at = 0
    while at + 8 <= len(data):
        codes, at = data[at : at + 8], at + 8
        for code in codes:
            if code == _END:
                return blocks
            if code == _AS_IT_IS:
                if at + 8 > len(data):
                    return blocks
                blocks.append(data[at : at + 8])
                at += 8
            elif code == _BLANK:
                blocks.append(b" " * 8)
            elif code == _MISSING:
                blocks.append(struct.pack(f"{order}d", SYSTEM_MISSING))
            elif code != _PADDING:
                blocks.append(struct.pack(f"{order}d", code - bias))
    return blocks
