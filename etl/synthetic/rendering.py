"""How values become the text of an export."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

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


def plain_numbers(values: pd.Series) -> list[str]:
    """Write numbers with as many decimals as each needs, six at most; an absent one is empty."""
    return [
        "" if value != value else f"{value:.6f}".rstrip("0").rstrip(".")  # noqa: PLR0124
        for value in values.to_numpy(dtype=float).tolist()
    ]


def words(codes: pd.Series, dictionary: Mapping[Any, str]) -> list[str]:
    """Write codes in the hospital's words; an absent one is empty."""
    return ["" if pd.isna(code) else dictionary[code] for code in codes.tolist()]


def texts(values: pd.Series) -> list[str]:
    """Write texts as they are; an absent one is empty."""
    return ["" if pd.isna(value) else str(value) for value in values.tolist()]
