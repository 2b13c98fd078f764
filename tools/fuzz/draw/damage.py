"""Damage bytes, the parts of a zip archive, and the XML in them."""

import io
import random
import re
import zipfile
from collections.abc import Callable

_BYTES = b"\0\n\r\"',;\t \x80\xff<&AZaz09"


def damage_bytes(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Change a few bytes, cut some out, repeat some, or cut the end off; return the bytes and what was done."""
    if not data:
        return b"\0", "filled"
    changed = bytearray(data)
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(changed)) if changed else 0
        span = min(chance.choice((1, 1, 2, 4, 8, 80, 300)), len(changed) - at)
        how = chance.choice(("flip", "flip", "set", "set", "cut", "repeat", "swap", "end"))
        if how == "flip" and changed:
            changed[at] ^= 1 << chance.randrange(8)
        elif how == "set" and changed:
            changed[at] = chance.choice(_BYTES)
        elif how == "cut":
            del changed[at : at + span]
        elif how == "repeat":
            changed[at:at] = changed[at : at + span]
        elif how == "swap":
            other = chance.randrange(len(changed)) if changed else 0
            changed[at : at + span], changed[other : other + span] = (
                changed[other : other + span],
                changed[at : at + span],
            )
        elif how == "end" and chance.random() < 0.3:  # noqa: PLR2004
            del changed[at:]
        done.append(f"{how} at {at}")
    return bytes(changed), ", ".join(done)


def damage_package(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Damage one part of a zip archive and pack it again, so that every checksum is right."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [(part.filename, package.read(part)) for part in package.infolist()]
    place = chance.randrange(len(parts))
    if chance.random() < 0.6:  # noqa: PLR2004 - the parts that are read
        place = chance.choice([at for at, (name, _) in enumerate(parts) if _MATTERS.search(name)] or [place])
    name, part = parts[place]
    change = chance.choice(_PART_CHANGES)
    changed, what = change(part, chance)
    parts[place] = name, changed
    if chance.random() < 0.04:  # noqa: PLR2004
        del parts[place]
        what = "left out"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in parts:
            package.writestr(each, content)
    return packed.getvalue(), f"{name}: {what}"


_MATTERS = re.compile(r"sheet\d+\.xml$|workbook\.xml|sharedStrings|styles|rels$")
_ATTRIBUTE = re.compile(rb'\b([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(rb"<(\w+)\b[^>]*?(?:/>|>[^<]*</\1>)")
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"2",
    b"99",
    b"1048577",
    b"4294967296",
    b"1e400",
    b"NaN",
    b"",
    b"x",
    b"1.5",
    b"60",
    b"0.4",
)


def _change_attribute(part: bytes, chance: random.Random) -> tuple[bytes, str]:
    # Of a cell whose kind does not fit its content, each reader makes what it likes; so with blanks that are not kept.
    found = [each for each in _ATTRIBUTE.finditer(part) if each[1] not in {b"t", b"xml:space"}]
    if not found:
        return damage_bytes(part, chance)
    one, other = chance.choice(found), chance.choice(found)
    value = chance.choice((other[2], chance.choice(_NUMBERS), one[2][::-1]))
    return part[: one.start(2)] + value + part[one.end(2) :], f"{one[1].decode()}={value.decode('latin-1')}"


def _change_element(part: bytes, chance: random.Random) -> tuple[bytes, str]:
    found = list(_ELEMENT.finditer(part))
    if not found:
        return damage_bytes(part, chance)
    one, other = chance.choice(found), chance.choice(found)
    # Of two texts or values in one cell, which no program writes, each reader takes what it likes.
    how = "left out" if one[1] in {b"t", b"v"} else chance.choice(("left out", "twice", "moved"))
    content = {"left out": b"", "twice": one[0] * 2, "moved": other[0]}[how]
    return part[: one.start()] + content + part[one.end() :], f"{one[1].decode()} {how}"


def _change_value(part: bytes, chance: random.Random) -> tuple[bytes, str]:
    found = list(re.finditer(rb"<v>([^<]*)</v>", part))
    if not found:
        return damage_bytes(part, chance)
    one = chance.choice(found)
    value = chance.choice((*_NUMBERS, b"2010-01-02", b"-0.5", b"0.1", b"45000", b"1e15", b"&lt;", b"#N/A", b"TRUE"))
    return part[: one.start(1)] + value + part[one.end(1) :], f"a value is {value.decode()}"


_PART_CHANGES: tuple[Callable[[bytes, random.Random], tuple[bytes, str]], ...] = (
    damage_bytes, _change_attribute, _change_attribute, _change_element, _change_value,
)  # fmt: skip
