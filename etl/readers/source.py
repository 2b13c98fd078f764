"""The options of a mapping's source that change how a file is read, and which of them go with which format."""

from typing import Any

from etl.readers.reader import Reader

DEFAULTS: dict[str, Any] = {
    "encoding": "utf-8",
    "delimiter": ",",
    "sheet": None,
    "header_rows": 1,
    "skip_rows": 0,
    "dictionary": None,
}
"""Every such option, and what it is when nothing is said."""

_WHY_NOT = {
    "encoding": "the file states its encoding itself",
    "delimiter": "only delimited text has delimiters",
    "sheet": "only a workbook has sheets",
    "header_rows": "the names of its columns are not in rows",
    "skip_rows": "it has no rows above its header",
    "dictionary": "only a REDCap export in delimited text has a data dictionary beside it",
}


def read_options(source: Any, *names: str) -> dict[str, Any]:
    """Take options by name from a mapping's source."""
    return {name: getattr(source, name, DEFAULTS[name]) for name in names}


def misplaced_options(source: Any, reader: Reader, suffix: str) -> dict[str, str]:
    """Say, by option, why the format of a file does not take it."""
    stated = read_options(source, *(DEFAULTS.keys() - reader.takes))
    return {
        name: f"'{name}' does not go with a {suffix} file: {_WHY_NOT[name]}. Remove it from mapping.yaml."
        for name, value in sorted(stated.items())
        if value != DEFAULTS[name]
    }
