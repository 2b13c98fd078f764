"""The columns of an export, declared: what each header takes from the canonical rows, and how it is written."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from etl.synthetic.rendering import numbers, texts, words

Column = Callable[[pd.DataFrame], list[str]]
"""Makes the cells of one column from canonical rows."""
DateWriter = Callable[[pd.Series, pd.Series | None], list[str]]
"""Writes dates, given how precisely each is known."""


def write_columns(rows: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Write canonical rows as records of text, one column per header."""
    return pd.DataFrame({header: write(rows) for header, write in columns.items()})


def text(name: str) -> Column:
    """Take a text as it is."""
    return lambda rows: texts(rows[name])


def code(name: str, dictionary: Mapping[Any, str]) -> Column:
    """Take a code in the hospital's words."""
    return lambda rows: words(rows[name], dictionary)


def number(name: str, decimals: int = 0) -> Column:
    """Take a number with a fixed count of decimals."""
    return lambda rows: numbers(rows[name], decimals)


def day(name: str, write: DateWriter, precision: str | None = None) -> Column:
    """Take a date, written as precisely as the column `precision` says."""
    return lambda rows: write(rows[name], rows[precision] if precision else None)


def where_empty(column: Column, word: str) -> Column:
    """Write a word where a column has nothing."""
    return lambda rows: [cell or word for cell in column(rows)]
