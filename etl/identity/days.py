"""Dates and times written in digits: an identifier begins with a day of birth, and a time stamp looks like a number."""

from datetime import date

OUR_YEARS = range(30)
"""Two-digit years in which the events of a study may lie; 30 to 99 are years of birth alone."""


def is_day(yymmdd: str) -> bool:
    """Return whether YYMMDD is a day of any century: 000229 is one, 000230 is not."""
    try:
        date(2000 + int(yymmdd[:2]) % 4, int(yymmdd[2:4]), int(yymmdd[4:6]))
    except ValueError:
        return False
    return True


def is_of_our_time(digits: str) -> bool:
    """Return whether two digits are a year in which the events of a study may lie."""
    return int(digits[:2]) in OUR_YEARS


def is_time_of_day(digits: str) -> bool:
    """Return whether four or six digits are HHMM or HHMMSS."""
    return int(digits[:2]) < 24 and all(int(digits[at : at + 2]) < 60 for at in range(2, len(digits), 2))  # noqa: PLR2004


def is_time_stamp(digits: str) -> bool:
    """Return whether ten digits are yymmddHHMM, or twelve yyyymmddHHMM, of our time."""
    if len(digits) == 12:  # noqa: PLR2004
        return digits[:2] in {"19", "20"} and is_day(digits[2:8]) and is_time_of_day(digits[8:])
    return is_of_our_time(digits) and is_day(digits[:6]) and is_time_of_day(digits[6:])
