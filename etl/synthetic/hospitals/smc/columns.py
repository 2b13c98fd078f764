"""What a column of SMC's files is: its name and dictionary entry, and how it writes a canonical column."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from etl.synthetic.hospitals.smc.codes import NOT_DONE, UNKNOWN, Codes
from etl.synthetic.rendering import cell_numbers, iso_dates, texts, words
from etl.synthetic.writers.variables import Variable

_MISSING_LABELS = {UNKNOWN: "미상", NOT_DONE: "미시행 또는 해당 없음"}


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Attributes:
        name: the SPSS variable's name.
        variable: its entry in the file's dictionary.
        render: makes its cells from canonical rows.
    """

    name: str
    variable: Variable
    render: Callable[[pd.DataFrame], list[str]]


def text(name: str, label: str, source: str) -> Column:
    """A text as it is."""
    return Column(name, Variable(label), lambda rows: texts(rows[source]))


def day(name: str, label: str, source: str) -> Column:
    """A date; an absent one is system-missing. A date known to the month or year holds its first day."""
    return Column(name, Variable(label, "date"), lambda rows: iso_dates(rows[source]))


def number(name: str, label: str, source: str, *, decimals: int = 0, missing: str | None = None) -> Column:
    """A number; an absent one is system-missing, or the user-missing value when there is one."""
    return Column(
        name,
        Variable(label, "number", decimals, _missing_labels(missing), (missing,) if missing else ()),
        lambda rows: [cell or missing or "" for cell in cell_numbers(pd.to_numeric(rows[source]))],
    )


def coded(name: str, label: str, source: str, codes: Codes, *, missing: str | None = None) -> Column:
    """A numeric code with value labels; an absent one is system-missing, or the user-missing value."""
    dictionary = {canonical: code for canonical, (code, _) in codes.items()}
    return Column(
        name,
        Variable(label, "number", 0, dict(codes.values()) | _missing_labels(missing), (missing,) if missing else ()),
        lambda rows: [cell or missing or "" for cell in words(rows[source], dictionary)],
    )


def _missing_labels(missing: str | None) -> dict[str, str]:
    return {missing: _MISSING_LABELS[missing]} if missing else {}
