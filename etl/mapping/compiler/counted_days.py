"""Dates that are counted: so many days, weeks or months since the day in another column.

A week is seven days. A fraction of a week is rounded to the nearest day, half a day away from the anchor: such cells are days
that were divided by seven. A month is the calendar's: the same day of another month, or its last day where it is shorter
(31 January and one month are 28 February). Days and months are whole: half a month is no number of days.

With `first: 1` the anchor's own day is day 1 and the day before it day -1, as the study days of SDTM are; there is no 0, and
weeks are whole, too, as nothing is halfway between two ordinal numbers.
"""

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.numbers import number_text
from etl.mapping.compiler.operation import RECORDS, Cell, Failure
from etl.mapping.language.column_mapping import DateFormat, NumberFormat

EARLIEST, LATEST = "1900-01-01", "2099-12-31"
"""The days between which every date of the language lies."""
DAYS_PER_WEEK = 7
_WHOLE, _FRACTION = "[+-]?[0-9]{{1,6}}(?:{point}0+)?", "[+-]?[0-9]{{1,5}}(?:{point}[0-9]{{1,12}})?"
"""Six digits are more days than lie between the two."""


def count_from(anchor: exp.Expr, cell: Cell, declared: DateFormat) -> exp.Expr:
    """Write the day that a cell counts to from the day `anchor`; NULL where either cannot be read."""
    offset = _offset(cell, declared)
    if declared.unit == "weeks":
        days = exp.Mul(this=exp.paren(offset), expression=exp.Literal.number(DAYS_PER_WEEK))
        moved = sql.cast(sql.call("ROUND", days), "INTEGER")
    else:
        moved = sql.cast(offset, "INTEGER")
    if declared.unit == "months":
        moved = sql.call("TO_MONTHS", moved)
    day = sql.cast(exp.paren(exp.Add(this=anchor, expression=moved)), "DATE")
    low, high = (sql.cast(sql.text(edge), "DATE") for edge in (EARLIEST, LATEST))
    return sql.when(exp.Between(this=day, low=low, high=high), day.copy())


def counting_failures(
    cell: Cell, declared: DateFormat, *, anchor: exp.Expr, day: exp.Expr, formats: list[str]
) -> tuple[Failure, ...]:
    """Report why a filled cell has no day: it does not count, or the day that it counts from is empty or no date.

    Args:
        cell: the cell that counts.
        declared: how it does.
        anchor: the day that it counts from, read.
        day: the day that it counts to, read.
        formats: the formats of the anchor.
    """
    assert declared.since is not None and cell.since is not None
    is_filled, since = sql.is_filled(cell.text), sql.column(declared.since, RECORDS)
    leads_nowhere = sql.all_of((sql.is_filled(anchor), sql.is_empty(day)))
    no_count = sql.all_of((is_filled, sql.any_of((sql.is_empty(_offset(cell, declared)), leads_nowhere))))
    no_anchor = sql.all_of((is_filled, sql.is_empty(since)))
    no_date = sql.all_of((is_filled, sql.is_filled(since), sql.is_empty(anchor)))
    named = (declared.since,)
    return (
        Failure("no_counted_day", no_count, cell.text, sql.text(_expected(declared, cell.since))),
        Failure("no_anchor_day", no_anchor, cell.text, sql.text(cell.since), source_columns=named),
        Failure("not_a_date", no_date, since, sql.text(", ".join(formats)), source_columns=named),
    )


def precision_of_count(declared: DateFormat, precision: str) -> str:
    """Return how precisely a counted day is known when its anchor is known so precisely: whole months say no day."""
    return "month" if declared.unit == "months" and precision == "day" else precision


def _offset(cell: Cell, declared: DateFormat) -> exp.Expr:
    """Write how many units lie between the anchor and the day; NULL where the cell does not say it."""
    decimal = cell.source.decimal
    form = _FRACTION if declared.unit == "weeks" and not declared.first else _WHOLE
    point = "," if decimal == "," else r"\."
    text = number_text(cell.text, f"^()({form.format(point=point)})$", decimal=decimal, declared=NumberFormat())
    number = sql.try_cast(text, "DECIMAL(18,12)")
    if not declared.first:
        return number
    one, zero = exp.Literal.number(1), exp.Literal.number(0)
    after = sql.when(exp.GT(this=number, expression=zero), exp.Sub(this=number.copy(), expression=one))
    return after.when(exp.LT(this=number.copy(), expression=zero.copy()), number.copy())


def _expected(declared: DateFormat, since: str) -> str:
    """Say what the cell must hold, and by the hospital's name the column from whose day it counts."""
    assert declared.unit is not None
    span = f"since {since}, to a day from {EARLIEST[:4]} to {LATEST[:4]}"
    if declared.first:
        return f"a whole number of {declared.unit} {span}; the first is 1, there is no 0"
    return f"a{' number' if declared.unit == 'weeks' else ' whole number'} of {declared.unit} {span}"
