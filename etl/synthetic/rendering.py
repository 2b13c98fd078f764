"""How values become the text of an export."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from schemas.code_list import read_code_list

_LENGTHS = {"day": 10, "month": 7, "year": 4}


def iso_dates(dates: pd.Series, precisions: pd.Series | None = None) -> list[str]:
    """Write dates as yyyy-mm-dd, or as yyyy-mm or yyyy where no more is known; an absent one is empty."""
    texts = np.datetime_as_string(dates.to_numpy().astype("datetime64[D]")).tolist()
    if precisions is None:
        return ["" if text == "NaT" else text for text in texts]
    return [
        "" if text == "NaT" else text[: _LENGTHS[precision]] for text, precision in zip(texts, precisions, strict=True)
    ]


def numbers(values: pd.Series, decimals: int) -> list[str]:
    """Write numbers with a fixed count of decimals; an absent one is empty."""
    return ["" if value != value else f"{value:.{decimals}f}" for value in values.to_numpy(dtype=float).tolist()]  # noqa: PLR0124


def cell_numbers(values: pd.Series, decimals: int = 6) -> list[str]:
    """Write numbers as a typed cell gives them back: rounded, and no zero behind the last decimal that counts."""
    rounded = np.round(values.to_numpy(dtype=float), decimals) + 0.0  # no sign before a zero
    return ["" if value != value else np.format_float_positional(value, trim="-") for value in rounded.tolist()]  # noqa: PLR0124


def words(codes: pd.Series, dictionary: Mapping[Any, str]) -> list[str]:
    """Write codes in the hospital's words; an absent one is empty."""
    return ["" if pd.isna(code) else dictionary[code] for code in codes.tolist()]


def texts(values: pd.Series) -> list[str]:
    """Write texts as they are; an absent one is empty."""
    return ["" if pd.isna(value) else str(value) for value in values.tolist()]


def with_every_observation(wide: pd.DataFrame) -> pd.DataFrame:
    """Add an empty column for every kind of observation that a small sample does not have."""
    absent = [entry.code for entry in read_code_list("observation").entries if entry.code not in wide]
    return wide.assign(**dict.fromkeys(absent))
