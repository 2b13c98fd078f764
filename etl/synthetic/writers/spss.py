"""SPSS .sav files with their dictionary: variable labels, value labels, user-missing values, dates."""

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyreadstat

from etl.synthetic.writers.held_files import MADE_AT, HeldFiles
from etl.synthetic.writers.variables import Variable, as_days, as_numbers

_FIRST_DAY, _SECONDS_A_DAY = date(1582, 10, 14), 86_400
"""SPSS keeps a date as seconds since the first day of the Gregorian calendar."""
_CREATED_AT, _CREATED_BYTES = 92, 17
"""Where the header names the day and time of creation ('29 Apr 16', '09:00:00'), and in how many bytes."""


class SpssFiles(HeldFiles):
    """The .sav files of one delivery.

    A variable has one type for all its cells: one in which a single cell is no number, or no date, is written as
    text, as SPSS does when somebody types a word into it; it then has no value labels and no user-missing values.
    """

    def _write_file(self, path: Path, records: pd.DataFrame, variables: dict[str, Variable]) -> None:
        columns: dict[str, pd.Series] = {}
        formats: dict[str, str] = {}
        for name, variable in variables.items():
            columns[name], formats[name] = _typed(records[name].tolist(), variable)
        numeric = {name: variable for name, variable in variables.items() if formats.get(name, "").startswith("F")}
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            path,
            column_labels={name: variable.label for name, variable in variables.items() if variable.label},
            variable_value_labels={
                name: {float(code): label for code, label in variable.value_labels.items()}
                for name, variable in numeric.items()
                if variable.value_labels
            },
            missing_ranges={
                name: [float(code) for code in variable.user_missing]
                for name, variable in numeric.items()
                if variable.user_missing
            },
            variable_format={name: given for name, given in formats.items() if given},
        )
        _set_creation(path)


def _typed(cells: list[str], variable: Variable) -> tuple[pd.Series, str]:
    """Give a column its type, and the SPSS format that goes with it; text has none of its own."""
    if variable.kind == "number" and (numbers := as_numbers(cells)) is not None:
        return pd.Series(numbers, dtype="float64"), f"F8.{variable.decimals}"
    if variable.kind == "date" and (days := as_days(cells, since=_FIRST_DAY)) is not None:
        return pd.Series(days, dtype="float64") * _SECONDS_A_DAY, "DATE11"
    return pd.Series(cells, dtype="object"), ""


def _set_creation(path: Path) -> None:
    made = datetime.fromisoformat(MADE_AT)
    stamp = f"{made:%d %b %y%H:%M:%S}".encode("ascii")
    assert len(stamp) == _CREATED_BYTES, "the header's fields have fixed widths"
    with path.open("r+b") as file:
        file.seek(_CREATED_AT)
        file.write(stamp)
