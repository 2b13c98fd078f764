"""Labels of columns and of codes, as long as a format allows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.export.formats import Limits

_END_OF_SENTENCE = re.compile(r"(?<=\.)(?<!e\.g\.)(?<!i\.e\.) (?=[A-Z])")
_CUT = "..."

NO_YES = {"en": ("no", "yes"), "ko": ("아니오", "예")}
"""Labels of 0 and 1, the cells of a column that says yes or no."""


@dataclass(frozen=True)
class LabelledCode:
    """A code of a list, with its labels and its number from 1, which stands for it in a Stata file."""

    code_list: str
    code: str
    number: int
    label: str
    label_ko: str | None
    source: str | None

    def in_language(self, language: str) -> str:
        """Give the label in English (en) or Korean (ko); the English one where there is no other."""
        return (self.label_ko if language == "ko" else None) or self.label


CodeLists = Mapping[str, Sequence[LabelledCode]]


def label_of(comment: str, limits: Limits | None = None) -> str:
    """Take the first sentence of what a column means, cut to what a format holds."""
    label = _END_OF_SENTENCE.split(comment, maxsplit=1)[0]
    return label if limits is None else cut(label, limits.label_bytes, limits.label_characters)


def cut(text: str, most_bytes: int, most_characters: int | None = None) -> str:
    """Cut a text to so many bytes of UTF-8 and so many characters, between characters, and mark that it was cut."""
    longest = most_bytes if most_characters is None else most_characters
    if len(text) <= longest and len(text.encode()) <= most_bytes:
        return text
    kept = text[: longest - len(_CUT)].encode()[: most_bytes - len(_CUT)].decode(errors="ignore")
    return kept + _CUT
