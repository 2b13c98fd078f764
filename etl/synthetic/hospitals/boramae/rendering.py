"""How Boramae writes days: as Excel's serial number where the day is known, else in Korean words."""

import numpy as np
import pandas as pd

_DAY_ZERO = np.datetime64("1899-12-30")
"""The day before Excel's first, and one more for the 29 February 1900 that never was."""


def serial_days(dates: pd.Series, precisions: pd.Series | None = None) -> list[str]:
    """Write days as serial numbers, a month as 2012년 10월, a year as 1996년; an absent one is empty.

    A bare 1996 would be a serial number too, of a day in 1905.
    """
    days = dates.to_numpy().astype("datetime64[D]")
    known = ["day"] * len(days) if precisions is None else precisions.tolist()
    return [_text(day, precision) for day, precision in zip(days, known, strict=True)]


def _text(day: np.datetime64, precision: str) -> str:
    if np.isnat(day):
        return ""
    if precision == "day":
        return str((day - _DAY_ZERO).astype(int))
    year, month = str(day).split("-")[:2]
    return f"{year}년" if precision == "year" else f"{year}년 {int(month)}월"
