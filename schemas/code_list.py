"""Code lists: the closed vocabularies of the canonical model, one CSV file each."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DIRECTORY = Path(__file__).parent / "codelists"


@dataclass(frozen=True)
class Code:
    """One entry: the code that is stored, what it means in English and Korean, and where it comes from."""

    code: str
    label: str
    label_ko: str
    source: str


@dataclass(frozen=True)
class CodeList:
    """A closed vocabulary; `entries` keeps the order of the file, which is the order of display."""

    name: str
    entries: tuple[Code, ...]


@cache
def read_code_list(name: str) -> CodeList:
    """Read schemas/codelists/<name>.csv.

    Raises:
        FileNotFoundError: there is no such code list.
    """
    with (DIRECTORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return CodeList(name, tuple(Code(**row) for row in csv.DictReader(file)))


def code_list_names() -> tuple[str, ...]:
    """Name every code list, in alphabetical order."""
    return tuple(sorted(path.stem for path in DIRECTORY.glob("*.csv")))
