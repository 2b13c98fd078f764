"""One patient's chart: the rows of every canonical table that speak of one patient, as plain Python values.

The study's oracle reads charts and nothing else. It is written from the definitions of the study, slowly and plainly:
dates, exact decimals and fractions, dicts and loops. It shares no code with the SQL rules or with the synthetic study.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Chart = dict[str, list[Row]]
Person = tuple[str, str]

DAYS_PER_MONTH = Fraction(304375, 10000)


def charts(tables: Mapping[str, Iterable[Row]]) -> dict[Person, Chart]:
    """Sort the rows of all tables by person, who is (site_id, patient_id); every chart knows every table."""
    every: dict[Person, Chart] = {}
    for row in tables["patient"]:
        every[row["site_id"], row["patient_id"]] = defaultdict(list)
    for name, rows in tables.items():
        for row in rows:
            every[row["site_id"], row["patient_id"]][name].append({column: plain(row[column]) for column in row})
    return every


def plain(value: Any) -> Any:
    """Turn a cell into None, a bool, an int, a text, a date or an exact decimal, whatever library it came from."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if value != value or str(value) == "NaT":  # noqa: PLR0124
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    return value.item() if hasattr(value, "item") else value


def months(days: int) -> Fraction:
    """Turn days into months of 30.4375 days."""
    return days / DAYS_PER_MONTH


def before(day: date, days: int) -> date:
    """Go back some days."""
    return day - timedelta(days=days)
