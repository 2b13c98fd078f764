"""Parse Excel's serial dates: a number of days as a date. A fraction is a time of day and is cut off.

The system of 1900 counts from 1900-01-01 as day 1 and has a 29 February 1900 that never existed (day 60, which is no date
here); the system of 1904 counts from 1904-01-01 as day 0. Days after 2099 are no dates, as in every other format.
"""

from sqlglot import exp

from etl.mapping.compiler import sql

EXCEL, EXCEL_1904 = "excel", "excel1904"
EXCEL_FORMATS = (EXCEL, EXCEL_1904)
_FORM = "^([0-9]{1,5})([.,][0-9]+)?$"
_SPANS = {
    EXCEL: ((61, 73050, "1899-12-30"), (1, 59, "1899-12-31")),
    EXCEL_1904: ((0, 71588, "1904-01-01"),),
}
"""First and last day number of a span, and the date from which its days are counted."""


def parse_serial_day(text: exp.Expr, date_format: str) -> exp.Expr:
    """Read a serial day; NULL when the text is not one."""
    day = sql.try_cast(sql.call("REGEXP_EXTRACT", text, sql.text(_FORM), exp.Literal.number(1)), "INTEGER")
    case = exp.Case()
    for first, last, origin in _SPANS[date_format]:
        is_within = exp.Between(this=day.copy(), low=exp.Literal.number(first), high=exp.Literal.number(last))
        case = case.when(is_within, exp.Add(this=sql.cast(sql.text(origin), "DATE"), expression=day.copy()))
    return case
