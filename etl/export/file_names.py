"""Names as a format allows them: of columns, and of sheets. What collides after it was shortened is made distinct."""

import re
from collections.abc import Collection, Iterable

LONGEST_SHEET_NAME = 31
"""Characters of the name of a sheet in Excel."""


def column_names(names: Iterable[str], *, longest: int, reserved: Collection[str]) -> list[str]:
    """Write names in ASCII letters, digits and _, beginning with a letter, none twice whatever its case.

    Args:
        names: the columns' own names.
        longest: how many characters a name may have.
        reserved: names, in small letters, that the program keeps for itself.
    """
    taken: set[str] = set()
    return [_distinct(_plain(name), longest=longest, taken=taken, reserved=reserved, by="_") for name in names]


def sheet_names(names: Iterable[str], *, reserved: Collection[str]) -> list[str]:
    """Shorten names to those of sheets: 31 characters, without brackets, slashes, colons, wildcards and apostrophes."""
    taken: set[str] = set()
    kept = {*reserved, "history"}
    return [
        _distinct(re.sub(r"[\[\]:*?/\\']", "_", name), longest=LONGEST_SHEET_NAME, taken=taken, reserved=kept, by=" ")
        for name in names
    ]


def _plain(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return plain if re.match("[A-Za-z]", plain) else f"v{plain}"


def _distinct(name: str, *, longest: int, taken: set[str], reserved: Collection[str], by: str) -> str:
    candidate, number = name[:longest], 1
    while candidate.lower() in taken or candidate.lower() in reserved:
        number += 1
        end = f"{by}{number}"
        candidate = name[: longest - len(end)] + end
    taken.add(candidate.lower())
    return candidate
