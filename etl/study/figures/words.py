"""Every word that a figure prints itself, in English and Korean, from the table words.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "ko"]

TABLE = Path(__file__).with_name("words.csv")


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: Language

    def text(self, key: str, **values: object) -> str:
        """The words of a key, with values put in.

        Raises:
            KeyError: the table has no such key.
        """
        return _table()[key][self.language].format(**values)

    def label(self, kind: str, code: object) -> str:
        """Label of a code of one kind, such as a criterion; a code that the table does not know, as a person reads it."""
        entry = _table().get(f"{kind}.{code}")
        return entry[self.language] if entry else str(code).replace("_", " ")


@cache
def _table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}
