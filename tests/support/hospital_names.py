"""Where a program's text names a hospital, examples for the reader apart."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable
from pathlib import Path

from etl.mapping.language.yaml_lines import read_yaml

SHARED_WORDS = {"hospital", "medical", "center", "university", "national", "cancer", "korea"}
"""Words of hospitals' names that name none of them."""

_EXAMPLES = re.compile(r"\bExample:.*|\be\.g\.[^\n]*", flags=re.DOTALL)
_COMMANDS = re.compile(r"\b(?:make [a-z-]+ SITE=|hcc [a-z-]+ )\w+")


def hospital_names(mappings: Path) -> frozenset[str]:
    """List what may not be named: the folders, and of the hospitals' own names the words that tell them apart."""
    names = set()
    for path in mappings.glob("[!_]*/mapping.yaml"):
        hospital = read_yaml(path.read_text(encoding="utf-8")).data["hospital"]
        words = re.findall(r"[^\W\d_]{4,}", hospital.lower())
        names |= {path.parent.name, *words}
    return frozenset(names - SHARED_WORDS)


def named_in_python(source: str, names: Iterable[str]) -> list[str]:
    """List the names in a Python file, each as `line: name`.

    Examples may name a hospital: a docstring's, from 'Example:' to its end or after an 'e.g.', and a command to type
    that a message quotes.
    """
    docstrings = _docstring_lines(source)
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text = token.string
        if token.start[0] in docstrings:
            text = _EXAMPLES.sub("", text)
        elif token.type not in {tokenize.NAME, tokenize.COMMENT}:
            text = _COMMANDS.sub("", text)
        found += [f"{token.start[0]}: {name}" for name in _named(text, names)]
    return found


def named_in_text(text: str, names: Iterable[str]) -> list[str]:
    """List the names in a file of another kind, each as `line: name`; there is no example in it."""
    return [f"{number}: {name}" for number, line in enumerate(text.splitlines(), 1) for name in _named(line, names)]


def _named(text: str, names: Iterable[str]) -> list[str]:
    """Find whole words, also those within `a_name` or `aName`'s underscores."""
    words = set(re.findall(r"[^\W_]+", text.lower()))
    return sorted({name for name in names if name in words})


def _docstring_lines(source: str) -> frozenset[int]:
    """Give the lines on which a docstring begins."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    return frozenset(
        body[0].lineno
        for body in bodies
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    )
