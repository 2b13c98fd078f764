"""SAS transport files (.xpt, version 5), one data set a file, named after it."""

import re
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyreadstat

from etl.synthetic.writers.held_files import MADE_AT, HeldFiles
from etl.synthetic.writers.variables import Variable, as_numbers

LONGEST_TEXT_BYTES = 200
LONGEST_LABEL = 40
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_STAMP = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
_STAMPS = 4
"""How often the headers name a moment: the library and the data set, each created and modified."""


class SasFiles(HeldFiles):
    """The .xpt files of one delivery; text is UTF-8.

    A variable in which one cell is no number is written as text. What version 5 cannot hold (longer names, labels or
    texts) is a ValueError.
    """

    def _write_file(self, path: Path, records: pd.DataFrame, variables: dict[str, Variable]) -> None:
        for name, variable in variables.items():
            if not _NAME.fullmatch(name) or len(variable.label) > LONGEST_LABEL:
                raise ValueError(f"{path.name}: version 5 cannot name a variable '{name}', '{variable.label}'")
        pyreadstat.write_xport(
            pd.DataFrame(
                {name: _typed(records[name].tolist(), variable, path.name) for name, variable in variables.items()}
            ),
            path,
            column_labels={name: variable.label for name, variable in variables.items() if variable.label},
            table_name=path.stem.upper(),
            file_format_version=5,
        )
        _set_moments(path)


def _typed(cells: list[str], variable: Variable, file: str) -> pd.Series:
    if variable.kind == "number" and (numbers := as_numbers(cells)) is not None:
        return pd.Series(numbers, dtype="float64")
    if any(len(cell.encode()) > LONGEST_TEXT_BYTES for cell in cells):
        raise ValueError(f"{file}: version 5 cannot hold a text of more than {LONGEST_TEXT_BYTES} bytes")
    return pd.Series(cells, dtype="object")


def _set_moments(path: Path) -> None:
    stamp = f"{datetime.fromisoformat(MADE_AT):%d%b%y:%H:%M:%S}".upper().encode("ascii")
    path.write_bytes(_STAMP.sub(stamp, path.read_bytes(), count=_STAMPS))
