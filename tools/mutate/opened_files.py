"""A plugin of pytest that writes down which files of the tree a test run opened: SQL and data have no coverage.

The list goes to the file that the variable OPENED_FILES names, one path a line.
"""

import os
import sys
from pathlib import Path
from typing import Any

SUFFIXES = (".sql", ".csv", ".yaml", ".html", ".css")

_TREE = f"{Path.cwd()}{os.sep}"
_opened: set[str] = set()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith(SUFFIXES):
        path = os.path.realpath(str(arguments[0]))
        if path.startswith(_TREE):
            _opened.add(path.removeprefix(_TREE))


sys.addaudithook(_note)


def pytest_unconfigure() -> None:
    """Write the list at the end of the run."""
    Path(os.environ["OPENED_FILES"]).write_text("\n".join(sorted(_opened)), encoding="utf-8")
