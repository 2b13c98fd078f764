"""Numbers that stand for days, moments and durations, in the formats of SPSS and SAS."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tools.fuzz.second.names import number_text

DAY, MONTH, MOMENT, DURATION = "day", "month", "moment", "duration"


def typed_text(number: float, kind: str | None, *, epoch: datetime, day_seconds: int) -> str:
    """Write a number as what it stands for; beyond the calendar it stays a number.

    Args:
        number: the number in the file.
        kind: what it stands for; None for itself.
        epoch: the moment that 0 is.
        day_seconds: how many seconds 1 is in a column of days.
    """
    if kind is None:
        return number_text(number)
    try:
        if kind == DURATION:
            return _duration_text(timedelta(seconds=round(number, 6)))
        moment = epoch + number * timedelta(seconds=1 if kind == MOMENT else day_seconds)
    except (OverflowError, ValueError):
        return number_text(number)
    if kind == MONTH:
        return f"{moment:%Y-%m}"
    if kind == DAY or (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


def kinds(**names: str) -> Mapping[str, str]:
    """Turn words of names by kind into the kind of each name."""
    return {name: kind for kind, words in names.items() for name in words.split()}


def _duration_text(span: timedelta) -> str:
    sign = "-" if span < timedelta() else ""
    span = abs(span)
    seconds = span.days * 86_400 + span.seconds
    fraction = f".{span.microseconds:06}" if span.microseconds else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"
