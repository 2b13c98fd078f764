"""A second reader of SAS transport files, after TS-140 (version 5) and "record layout of a SAS version 8 or 9 data set"."""

import re
import struct
from dataclasses import dataclass
from datetime import datetime

from tools.fuzz.case import Table
from tools.fuzz.second.calendar import kinds, typed_text
from tools.fuzz.second.delimited import UnreadableError
from tools.fuzz.second.names import plain_name

_EPOCH = datetime(1960, 1, 1)  # noqa: DTZ001 - SAS has no time zones
_CARD = 80
_FLOAT_BITS = 53
_MISSING = re.compile(rb"[A-Z_]\0*")
_KINDS = kinds(
    day="DATE DDMMYY MMDDYY YYMMDD DDMMYYB DDMMYYD DDMMYYN DDMMYYP DDMMYYS MMDDYYB MMDDYYD MMDDYYN MMDDYYP MMDDYYS "
    "YYMMDDB YYMMDDD YYMMDDN YYMMDDP YYMMDDS WEEKDATE WEEKDATX WORDDATE WORDDATX JULIAN E8601DA B8601DA IS8601DA MINGUO NENGO",
    month="MONYY YYMM YYMMD YYMMN YYMMP YYMMS MMYY YYMON",
    moment="DATETIME DATEAMPM MDYAMPM E8601DT B8601DT IS8601DT",
    duration="TIME TIMEAMPM TOD HHMM MMSS E8601TM B8601TM IS8601TM",
)


@dataclass(frozen=True)
class _Variable:
    """A variable: its name and format, whether it is text, and where it lies in a record."""

    name: str
    is_text: bool
    begin: int
    length: int
    kind: str | None


def read_transport(data: bytes, *, encoding: str = "utf-8") -> Table:
    """Read the only data set; a special missing value is its code, such as `.A`.

    Raises:
        UnreadableError: it is damaged, or no such file.
    """
    try:
        return _read(data, encoding)
    except (struct.error, IndexError, UnicodeDecodeError, LookupError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def _read(data: bytes, encoding: str) -> Table:
    cards = [data[at : at + _CARD] for at in range(0, len(data), _CARD)]
    if not cards or len(cards[-1]) != _CARD or not _is(cards[0], "LIBRARY", "LIBV8"):
        raise UnreadableError("no transport file, or cut short")
    members = [place for place, card in enumerate(cards) if _is(card, "MEMBER", "MEMBV8")]
    names = next(place for place, card in enumerate(cards) if _is(card, "NAMESTR", "NAMSTV8"))
    records = next(place for place, card in enumerate(cards) if _is(card, "OBS", "OBSV8"))
    if len(members) != 1:
        raise UnreadableError("several data sets")
    is_newer = _is(cards[records], "OBSV8", "OBSV8")
    size, count = int(cards[members[0]][74:78]), int(cards[names][48:58] if is_newer else cards[names][54:58])
    described = b"".join(cards[names + 1 : records])
    variables = [_variable(described[size * place : size * (place + 1)], encoding, is_newer) for place in range(count)]
    body = b"".join(cards[records + 1 :])
    length = sum(variable.length for variable in variables)
    if length <= 0:
        raise UnreadableError("records without a length")
    stated = cards[records][48:63].strip()
    if is_newer and stated.isdigit() and int(stated):
        number = int(stated)
        if not 0 <= len(body) - number * length < _CARD:
            raise UnreadableError("another number of records than is stated")
    else:
        number = _count(body, length, is_text=all(variable.is_text for variable in variables))
    rows = {place + 1: _record(body[place * length :][:length], variables, encoding) for place in range(number)}
    return Table(tuple(plain_name(each.name, place) for place, each in enumerate(variables, start=1)), rows)


def _count(body: bytes, length: int, *, is_text: bool) -> int:
    """Count the records; what is blank and lies within the last card is its filling."""
    number, rest = divmod(len(body), length)
    if body[number * length :].strip(b" "):
        raise UnreadableError("a record begins and does not end")
    room = _CARD if is_text else _CARD - 1  # of texts alone, a blank record cannot be distinguished from filling
    while number and rest + length <= room and not body[(number - 1) * length :].strip(b" "):
        number, rest = number - 1, rest + length
    return number


def _variable(described: bytes, encoding: str, is_newer: bool) -> _Variable:
    kind, _, length, _ = struct.unpack_from(">4h", described)
    short, form = described[8:16], described[56:64]
    (begin,) = struct.unpack_from(">i", described, 84)
    long = described[88:120].rstrip(b" \0") if is_newer else b""
    name = (long or short).rstrip(b" \0").decode(encoding)
    shown_as = re.sub(r"[0-9.]+$", "", form.decode("latin-1").strip().upper())
    return _Variable(name, kind == 2, begin, length, _KINDS.get(shown_as))  # noqa: PLR2004 - 1 is a number


def _record(record: bytes, variables: list[_Variable], encoding: str) -> tuple[str, ...]:
    cells = []
    for variable in variables:
        raw = record[variable.begin : variable.begin + variable.length]
        if variable.is_text and b"\0" in raw.rstrip(b" \0"):
            raise UnreadableError("a NUL within a text")
        cells.append(raw.rstrip(b" \0").decode(encoding) if variable.is_text else _number(raw, variable.kind))
    return tuple(cells)


def _number(raw: bytes, kind: str | None) -> str:
    """Read a number of IBM's mainframes: a sign, the power of 16 above 64, and a fraction of up to 56 bits."""
    if raw[:1] == b"." and not raw[1:].strip(b"\0"):
        return ""
    if _MISSING.fullmatch(raw):
        return f".{chr(raw[0])}"
    padded = raw.ljust(8, b"\0")
    fraction = int.from_bytes(padded[1:8], "big")
    beyond = max(0, fraction.bit_length() - _FLOAT_BITS)  # SAS writes none; of a damaged one they are cut off
    fraction = fraction >> beyond << beyond
    number = float(fraction) * 16.0 ** ((padded[0] & 0x7F) - 64 - 14)
    return typed_text(-number if padded[0] & 0x80 else number, kind, epoch=_EPOCH, day_seconds=86_400)


def _is(card: bytes, *kinds_of_card: str) -> bool:
    return any(card.startswith(f"HEADER RECORD*******{each:8}HEADER RECORD!!!!!!!".encode()) for each in kinds_of_card)
