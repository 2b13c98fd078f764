"""Names, texts and paths as they must be written inside a DuckDB statement."""

import glob
import re
from functools import cache
from pathlib import Path

import duckdb


def quote_name(name: str) -> str:
    """Write an identifier."""
    return '"' + name.replace('"', '""') + '"'


def readable_name(name: str) -> str:
    """Write an identifier for people, in quotes only where the engine needs them."""
    is_plain = re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in _reserved()
    return name if is_plain else quote_name(name)


def quote_text(text: str | None) -> str:
    """Write a text literal; NULL for None."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def quote_path(path: Path) -> str:
    """Write the path of one existing file for a table function, which would take `[1]` or `*` for a pattern."""
    return quote_text(glob.escape(str(path.absolute())))


@cache
def _reserved() -> frozenset[str]:
    with duckdb.connect() as con:
        rows = con.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'").fetchall()
    return frozenset(name for (name,) in rows)
