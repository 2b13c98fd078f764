"""The glossary: one row for each word, in both languages, with a meaning."""

import re
from collections import Counter

import pytest

from tools.documents.site_hooks import ROOT

TEXT = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!word \|)(?!-)([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", TEXT, flags=re.MULTILINE)


def repeated(words: list[str]) -> list[str]:
    """Words that have two rows, whatever follows them in brackets."""
    plain = [re.sub(r" \([^)]*\)$", "", word).lower() for word in words]
    return sorted(word for word, count in Counter(plain).items() if count > 1)


def test_every_line_of_a_table_is_read() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| word |")]
    assert len(lines) == len(ROWS) > 130


def test_a_word_has_one_row() -> None:
    assert repeated([word for word, _, _ in ROWS]) == []


def test_a_word_with_two_rows_is_found() -> None:
    assert repeated(["reading", "row", "Reading (of a text)"]) == ["reading"]


@pytest.mark.parametrize(("word", "korean", "meaning"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_has_one_word_in_two_languages(word: str, korean: str, meaning: str) -> None:
    assert "," not in word
    assert "," not in korean
    assert meaning.endswith(".")
