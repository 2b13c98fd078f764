"""A second reader of .sav and .zsav files, after the description of the format in the PSPP developers' guide."""

import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from tools.fuzz.case import Table
from tools.fuzz.second.calendar import kinds, typed_text
from tools.fuzz.second.delimited import UnreadableError
from tools.fuzz.second.names import plain_name
from tools.fuzz.second.spss_data import SYSTEM_MISSING, read_blocks

_EPOCH = datetime(1582, 10, 14)  # noqa: DTZ001 - SPSS has no time zones
_KINDS = kinds(day="20 23 24 29 30 38 39", month="28", moment="22 41", duration="21 25 40")
"""What the numbers of print formats stand for."""
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_MACHINE, _FLOATS, _LONG_NAMES, _VERY_LONG, _ENCODING = 3, 4, 13, 14, 20
_SEGMENT_BYTES, _SEGMENT_STEP = 255, 252


@dataclass
class _Variable:
    """A variable: 0 or the bytes of its text, its print format, the codes that are declared as missing."""

    name: bytes
    width: int
    print_format: int
    missing: tuple[float, ...] = ()
    is_range: bool = False
    blocks: int = 1


@dataclass
class _Dictionary:
    order: str
    compression: int
    bias: float
    count: int
    variables: list[_Variable] = field(default_factory=list)
    extensions: dict[int, bytes] = field(default_factory=dict)
    data_at: int = 0


def read_spss(data: bytes) -> Table:
    """Read all records; a code that is declared as missing stays a code.

    Raises:
        UnreadableError: it is damaged, or no such file.
    """
    try:
        dictionary = _read_dictionary(data)
        return _read_table(data, dictionary)
    except (struct.error, IndexError, UnicodeDecodeError, LookupError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def _read_dictionary(data: bytes) -> _Dictionary:
    order = next((order for order in "<>" if struct.unpack_from(f"{order}i", data, 64)[0] in {2, 3}), None)
    if data[:4] not in {b"$FL2", b"$FL3"} or order is None:
        raise UnreadableError("no SPSS file")
    compression, _, count, bias = struct.unpack_from(f"{order}iiid", data, 72)
    found = _Dictionary(order, compression, bias, count)
    at = 176
    while True:
        (kind,) = struct.unpack_from(f"{order}i", data, at)
        at += 4
        if kind == _VARIABLE:
            at = _read_variable(data, at, found)
        elif kind == _LABELS:
            at = _pass_labels(data, at, order)
        elif kind == _DOCUMENT:
            at += 4 + 80 * struct.unpack_from(f"{order}i", data, at)[0]
        elif kind == _EXTENSION:
            subtype, size, number = struct.unpack_from(f"{order}iii", data, at)
            found.extensions[subtype] = data[at + 12 : at + 12 + size * number]
            at += 12 + size * number
        elif kind == _END:
            found.data_at = at + 4
            return found
        else:
            raise UnreadableError(f"a record of kind {kind}")


def _read_variable(data: bytes, at: int, found: _Dictionary) -> int:
    width, has_label, missing_count, print_format, _ = struct.unpack_from(f"{found.order}5i", data, at)
    name = data[at + 20 : at + 28]
    if b"\0" in name and width >= 0:
        raise UnreadableError("a NUL within a name")
    at += 28
    if has_label:
        (length,) = struct.unpack_from(f"{found.order}i", data, at)
        at += 4 + (length + 3) // 4 * 4
    missing = struct.unpack_from(f"{found.order}{abs(missing_count)}d", data, at)
    at += 8 * abs(missing_count)
    if width < 0:
        found.variables[-1].blocks += 1
    else:
        kind = print_format >> 16 & 0xFF
        found.variables.append(
            _Variable(name.partition(b"\0")[0].rstrip(b" "), width, kind, missing, missing_count < 0)
        )
    return at


def _pass_labels(data: bytes, at: int, order: str) -> int:
    (count,) = struct.unpack_from(f"{order}i", data, at)
    at += 4
    for _ in range(count):
        at += 8 + (data[at + 8] + 1 + 7) // 8 * 8
    kind, variables = struct.unpack_from(f"{order}ii", data, at)
    if kind != _LABELLED:
        raise UnreadableError("labels of no variable")
    return at + 8 + 4 * int(variables)


def _read_table(data: bytes, found: _Dictionary) -> Table:
    encoding = _encoding(found)
    names = _pairs(found.extensions.get(_LONG_NAMES, b""))
    very_long = {short: int(width) for short, width in _pairs(found.extensions.get(_VERY_LONG, b"")).items()}
    shown: list[tuple[_Variable, int, int]] = []  # the first of its variables, how many there are, bytes of all
    place = 0
    while place < len(found.variables):
        variable = found.variables[place]
        width = very_long.get(variable.name, variable.width)
        segments = -(-width // _SEGMENT_STEP) if width > _SEGMENT_BYTES else 1
        shown.append((variable, segments, width))
        place += segments
    columns = tuple(
        plain_name(names.get(variable.name, variable.name).decode(encoding), number)
        for number, (variable, *_) in enumerate(shown, 1)
    )
    per_record = sum(variable.blocks for variable in found.variables)
    blocks = read_blocks(data, found.data_at, compression=found.compression, bias=found.bias, order=found.order)
    count = found.count if found.count >= 0 else len(blocks) // max(1, per_record)
    if len(blocks) < count * per_record:
        raise UnreadableError("the records end early")
    rows = {
        number + 1: _record(blocks[number * per_record : (number + 1) * per_record], found, shown, encoding)
        for number in range(count)
    }
    return Table(columns, rows)


def _encoding(found: _Dictionary) -> str:
    """The encoding by its name, or by the number of its code page."""
    if _ENCODING in found.extensions:
        return found.extensions[_ENCODING].decode("ascii").strip("\0 ")
    if _MACHINE not in found.extensions:
        return "latin-1"
    page = struct.unpack_from(f"{found.order}8i", found.extensions[_MACHINE])[7]
    return {65001: "utf-8", 2: "ascii", 3: "latin-1"}.get(page, f"cp{page}")


def _record(
    blocks: list[bytes], found: _Dictionary, shown: list[tuple[_Variable, int, int]], encoding: str
) -> tuple[str, ...]:
    cells, at = [], 0
    missing = {SYSTEM_MISSING, -SYSTEM_MISSING}
    if len(found.extensions.get(_FLOATS, b"")) == 24:  # noqa: PLR2004 - the file may state others
        missing |= set(struct.unpack(f"{found.order}3d", found.extensions[_FLOATS]))
    queue = iter(found.variables)
    for variable, segments, width in shown:
        parts = []
        for segment in islice(queue, segments):
            parts.append(b"".join(blocks[at : at + segment.blocks])[: segment.width or 8])
            at += segment.blocks
        if variable.width:
            cells.append(_text(b"".join(parts)[:width], encoding))
        else:
            cells.append(_number(struct.unpack(f"{found.order}d", parts[0])[0], variable, missing=missing))
    return tuple(cells)


def _text(raw: bytes, encoding: str) -> str:
    text = raw.rstrip(b" ").decode(encoding)
    if "\0" in text:
        raise UnreadableError("a NUL within a text")
    return text


def _number(number: float, variable: _Variable, *, missing: Collection[float]) -> str:
    if number in missing:
        return ""
    is_declared = number in variable.missing[2 if variable.is_range else 0 :]
    if variable.is_range:
        is_declared |= variable.missing[0] <= number <= variable.missing[1]
    kind = None if is_declared else _KINDS.get(str(variable.print_format))
    return typed_text(number, kind, epoch=_EPOCH, day_seconds=1)


def _pairs(text: bytes) -> dict[bytes, bytes]:
    """Read `SHORT=value` between tabs."""
    parts = text.replace(b"\0", b"").split(b"\t")
    return {short: value for part in parts if b"=" in part for short, _, value in [part.partition(b"=")]}
