"""Plain words in docstrings: a short list of quaint phrases, each with the words that a newcomer would search for."""

import ast
import re
from pathlib import Path

import pytest

PLAIN = {
    # what is not to be written: what is
    r"witness": "cross-check, byte scan",
    r"goodbyes?": "exit, shutdown",
    r"dear": "expensive",
    r"for ever": "forever, deadlock",
    r"(held|hold|holds) against": "compared with",
    r"make-believe": "synthetic",
    r"hears? of": "is notified of, knows",
    r"whoever listens": "a listener",
    r"the books (have|had|say)": "the audit tables",
    r"beside": "next to, companion",
    r"told": "reported",
}
LATER: tuple[str, ...] = ()
"""Rooms that have not been gone through yet."""
MODULES = [
    path
    for folder in ("schemas", "warehouse", "etl", "benchmarks", "tools")
    for path in sorted(Path(folder).rglob("*.py"))
    if not any(path.is_relative_to(room) for room in LATER)
]


def quaint(program: str) -> list[str]:
    """List the quaint phrases in a program's docstrings, each with its line and what to write."""
    found = []
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = " ".join((ast.get_docstring(node) or "").split())
            line = getattr(node, "lineno", 1)
            found += [
                f"line {line}: {match.group()!r}; write: {better}"
                for phrase, better in PLAIN.items()
                for match in re.finditer(rf"\b{phrase}\b", text, re.IGNORECASE)
            ]
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_docstrings_are_in_plain_words(path: Path) -> None:
    assert quaint(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ('"""The witness: counts records."""', ["line 1: 'witness'; write: cross-check, byte scan"]),
        ('def f():\n    """Compute it; this is\n    dear."""', ["line 1: 'dear'; write: expensive"]),
        ('"""An export held\nagainst its dictionary."""', ["line 1: 'held against'; write: compared with"]),
        ('"""Endear nobody, and witnessed nothing."""', []),
        ('WORD = "dear"', []),
    ],
)
def test_a_quaint_phrase_is_found_in_docstrings_only(program: str, found: list[str]) -> None:
    assert quaint(program) == found
