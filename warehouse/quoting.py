"""Names, texts and paths as they must be written inside a DuckDB statement."""

import glob
from pathlib import Path


def quote_name(name: str) -> str:
    """Write an identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str | None) -> str:
    """Write a text literal; NULL for None."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def quote_path(path: Path) -> str:
    """Write the path of one existing file for a table function, which would take `[1]` or `*` for a pattern."""
    return quote_text(glob.escape(str(path.absolute())))
