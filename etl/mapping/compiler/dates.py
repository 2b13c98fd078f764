"""Parse dates: by the formats that the mapping lists, in their order, never by guessing.

Each format becomes a form (a regular expression) and a parse. The form is stricter than the parse: a year has four
digits and lies between 1900 and 2099, so `10.3.5` is never the year 10, and nothing may follow the date. Excel's serial
days are formats of their own (excel_dates.py), and a cell may count from the day in another column (counted_days.py).
"""

import re

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.counted_days import count_from, counting_failures, precision_of_count
from etl.mapping.compiler.excel_dates import EXCEL_FORMATS, parse_serial_day
from etl.mapping.compiler.operation import RECORDS, Cell, Failure, Reading
from etl.mapping.language.column_mapping import ColumnMapping, DateFormat
from etl.mapping.language.source_form import Source

_TOKEN = re.compile(r"%-?[A-Za-z%]|.", re.DOTALL)
_FORMS = {
    "%Y": r"(?:19|20)[0-9]{2}",
    "%m": r"[0-9]{1,2}",
    "%-m": r"[0-9]{1,2}",
    "%d": r"[0-9]{1,2}",
    "%-d": r"[0-9]{1,2}",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}",
    "%H": r"[0-9]{1,2}",
    "%I": r"[0-9]{1,2}",
    "%M": r"[0-9]{1,2}",
    "%S": r"[0-9]{1,2}",
    "%f": r"[0-9]{1,9}",
    "%p": r"[AaPp][Mm]",
    "%%": "%",
}
_MONTHS = {"%m", "%-m", "%b", "%B"}
_DAYS = {"%d", "%-d"}
ISO = "%Y-%m-%d"


def read_date(cell: Cell) -> Reading:
    """Read a date; with `precision`, the column named there states whether day, month or year is known."""
    declared = cell.options.date or DateFormat()
    formats = stated_formats(cell.source, cell.options) or [ISO]
    if declared.since is not None:
        return _counted(cell, declared, sql.column(declared.since, RECORDS), formats=formats)
    dates = [_parse(cell.text, date_format) for date_format in formats]
    value = _first(dates)
    is_wrong = sql.all_of((sql.is_filled(cell.text), sql.is_empty(value)))
    failure = Failure("not_a_date", is_wrong, cell.text, sql.text(", ".join(formats)))
    companions = {}
    if declared.precision:
        companions[declared.precision] = _precision(dates, [precision_of(date_format) for date_format in formats])
    return Reading(value, (failure,), companions)


def _counted(cell: Cell, declared: DateFormat, anchor_text: exp.Expr, *, formats: list[str]) -> Reading:
    """Read a cell that counts from the day in another column, which has these formats."""
    anchors = [_parse(anchor_text, date_format) for date_format in formats]
    anchor = _first(anchors)
    day = count_from(anchor, cell, declared)
    failures = counting_failures(cell, declared, anchor=anchor, day=day, formats=formats)
    companions = {}
    if declared.precision:
        known = [precision_of_count(declared, precision_of(date_format)) for date_format in formats]
        companions[declared.precision] = sql.when(sql.is_filled(day), _precision(anchors, known))
    return Reading(day, failures, companions)


def stated_formats(source: Source, options: ColumnMapping) -> list[str]:
    """Name the formats of a column: its own, else those of its source; the value of an expression does not use the source's."""
    if options.date is not None and options.date.formats:
        return options.date.formats
    return source.dates if options.date is not None or options.expression is None else []


def parse_date(text: exp.Expr, formats: list[str]) -> exp.Expr:
    """Read a date by the first format that fits; NULL when none does."""
    return _first([_parse(text, date_format) for date_format in formats])


def precision_of(date_format: str) -> str:
    """Return how precise a date of this format is: day, month or year."""
    if date_format in EXCEL_FORMATS:
        return "day"
    tokens = set(_TOKEN.findall(date_format))
    return "day" if tokens & _DAYS else "month" if tokens & _MONTHS else "year"


def check_format(date_format: str) -> str | None:
    """Explain what is wrong with a format, if anything is."""
    if date_format in EXCEL_FORMATS:
        return None
    tokens = _TOKEN.findall(date_format)
    unknown = [token for token in tokens if token.startswith("%") and token not in _FORMS]
    if "%y" in unknown:
        return f"'{date_format}' reads a two-digit year, whose century would be a guess; write %Y."
    if unknown:
        return f"'{date_format}' holds {unknown[0]}, which is not among {' '.join(_FORMS)}."
    if tokens.count("%Y") != 1:
        return f"'{date_format}' must hold the year (%Y) once."
    if set(tokens) & _DAYS and not set(tokens) & _MONTHS:
        return f"'{date_format}' has a day but no month."
    return None


def form_of(date_format: str) -> str:
    """Write the regular expression that a text of this format fits; parts without a sign between have two digits."""
    tokens = _TOKEN.findall(date_format)
    form = ""
    for index, token in enumerate(tokens):
        neighbours = tokens[max(index - 1, 0) : index] + tokens[index + 1 : index + 2]
        touches = any(neighbour in _FORMS and neighbour != "%%" for neighbour in neighbours)
        part = _FORMS.get(token, re.escape(token))
        form += "[0-9]{2}" if touches and part == "[0-9]{1,2}" else part
    return form


def _first(dates: list[exp.Expr]) -> exp.Expr:
    return dates[0] if len(dates) == 1 else sql.call("COALESCE", *dates)


def _parse(text: exp.Expr, date_format: str) -> exp.Expr:
    """Cut the date out by its form (an empty text where there is none), then parse it; faster than a CASE."""
    if date_format in EXCEL_FORMATS:
        return parse_serial_day(text, date_format)
    date = sql.call("REGEXP_EXTRACT", text, sql.text(f"^{form_of(date_format)}$"))
    return sql.cast(sql.call("TRY_STRPTIME", date, sql.text(date_format)), "DATE")


def _precision(dates: list[exp.Expr], precisions: list[str]) -> exp.Expr:
    case = exp.Case()
    for date, precision in zip(dates, precisions, strict=True):
        case = case.when(sql.is_filled(date), sql.text(precision))
    return case
