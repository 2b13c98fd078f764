"""Fingerprints of files as a program reads them: comments, layout and docstrings do not count.

A fingerprint of bytes is cheaper (`warehouse.fingerprint`), but it calls all work stale for a corrected comment.
"""

import ast
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import duckdb

from warehouse.fingerprint import PROJECT


def fingerprint_parsed(files: Iterable[Path]) -> str:
    """Hash names and meaning of the files, in the order of their names.

    Python is hashed as its syntax tree without docstrings, SQL as the tree that the engine makes of it, CSV as its
    cells, YAML as its data, a template without its comments; any other file as its bytes.
    """
    digest = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else file.name
        digest.update(f"{name}\0{hash_parsed(file.suffix, file.read_bytes())}\0".encode())
    return digest.hexdigest()


@cache
def hash_parsed(suffix: str, content: bytes) -> str:
    """Hash the meaning of one file's content; what cannot be parsed is hashed as it is."""
    try:
        meaning = _PARSERS.get(suffix, _as_typed)(content)
    except (SyntaxError, UnicodeDecodeError, csv.Error, duckdb.Error):
        meaning = content
    return hashlib.sha256(meaning).hexdigest()


def _python(content: bytes) -> bytes:
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # Any string that stands alone is a docstring to a reader, an attribute's too, and nothing to the machine.
            node.body = [each for each in node.body if not _is_text(each)]
    return ast.dump(tree).encode()


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _sql(content: bytes) -> bytes:
    text = content.decode("utf-8").rstrip().removesuffix(";")
    ((tree,),) = _engine().execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchall()
    if json.loads(tree).get("error"):  # not a SELECT
        return content
    return re.sub(r'"query_location(_length)?":\d+,?', "", tree).encode()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Open an engine that only parses."""
    return duckdb.connect()


def _csv(content: bytes) -> bytes:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return json.dumps(list(rows)).encode()


def _yaml(content: bytes) -> bytes:
    import yaml

    try:
        return json.dumps(yaml.safe_load(content), default=str).encode()
    except (yaml.YAMLError, TypeError):
        return content


def _template(content: bytes) -> bytes:
    return re.sub(r"\{#.*?#\}", "", content.decode("utf-8"), flags=re.DOTALL).rstrip().encode()


def _style(content: bytes) -> bytes:
    return re.sub(r"/\*.*?\*/", "", content.decode("utf-8"), flags=re.DOTALL).rstrip().encode()


def _as_typed(content: bytes) -> bytes:
    return content


_PARSERS: dict[str, Callable[[bytes], bytes]] = {
    ".py": _python,
    ".sql": _sql,
    ".csv": _csv,
    ".yaml": _yaml,
    ".html": _template,
    ".css": _style,
}
