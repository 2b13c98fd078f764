"""How long patients lived: days, event and group of one patient, and the Kaplan-Meier median of many."""

import calendar
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from oracle.chart import Chart

CUT_OFF = date(2016, 4, 1)
TWO_YEARS_DAYS = Fraction("730.5")

Survival = tuple[int | None, bool | None, str]
"""Days, whether they end in a death, and the group."""


def read_survival(chart: Chart, index: date) -> Survival:
    """Read one patient's follow-up."""
    row = (
        chart["follow_up"][0]
        if chart["follow_up"]
        else dict.fromkeys(("last_contact_on", "vital_status_code", "died_on"))
    )
    return survival_of(
        index,
        contact=row["last_contact_on"],
        status=row["vital_status_code"],
        death=row["died_on"],
        precision=row.get("died_on_precision") or "day",
    )


def survival_of(
    index: date, *, contact: date | None, status: str | None, death: date | None, precision: str
) -> Survival:
    """Tell days, event and group by trying every day on which the death can have been."""
    contact = min(contact, CUT_OFF) if contact else None
    if death is None:
        if status == "dead" or contact is None:
            alive_for = (contact - index).days if contact else 0
            return None, None, "long_term" if alive_for > TWO_YEARS_DAYS else "undetermined"
        days = (contact - index).days
        return days, False, "long_term" if days > TWO_YEARS_DAYS else "undetermined"
    if precision == "day":
        possible = [death]
        stands_for = death
    else:
        length = calendar.monthrange(death.year, death.month)[1]
        month = [death.replace(day=day) for day in range(1, length + 1)]
        possible = [day for day in month if contact is None or day >= contact] or [contact or death]
        stands_for = max(death.replace(day=15), possible[0])
    if stands_for > CUT_OFF:
        days = (CUT_OFF - index).days
        return days, False, "long_term" if days > TWO_YEARS_DAYS else "undetermined"
    days = (stands_for - index).days
    if days < 0:
        return days, True, "undetermined"
    groups = {"long_term" if (day - index).days > TWO_YEARS_DAYS else "short_term" for day in possible}
    return days, True, groups.pop() if len(groups) == 1 else "undetermined"


def kaplan_meier_median(times: Iterable[tuple[int, bool]]) -> int | None:
    """Find the first day on which the estimate of survival is at or below one half; None when it never is.

    Args:
        times: days and whether they end in an event, of every patient.
    """
    times = list(times)
    surviving = Fraction(1)
    for day in sorted({day for day, is_event in times if is_event}):
        at_risk = sum(1 for other, _ in times if other >= day)
        events = sum(1 for other, is_event in times if other == day and is_event)
        surviving *= Fraction(at_risk - events, at_risk)
        if surviving <= Fraction(1, 2):
            return day
    return None
