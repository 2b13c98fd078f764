"""Check what a column's cells are said to mean: it must fit the canonical column, and every value written must be one."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from etl.mapping.compiler.dates import check_format, stated_formats
from etl.mapping.compiler.numbers import check_number_format
from etl.mapping.compiler.recode import same_but_for_case, scalar_text
from etl.mapping.compiler.units import constant_factor, known_units
from etl.mapping.language.column_mapping import ColumnMapping, Scalar
from etl.mapping.language.near_name import did_you_mean, list_nearest
from etl.mapping.language.source_form import Source
from schemas.catalogue import ColumnFacts
from schemas.code_list import read_code_list

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_meaning(source: Source, target: ColumnFacts, path: Path, options: ColumnMapping) -> Iterator[Mistake]:
    """List what does not fit between a canonical column and the date, number, recode or boolean that it is read as."""
    where = f"'{path[1]}.{target.name}'"
    kind = target.sql_type
    is_number = kind == "SMALLINT" or kind.startswith("DECIMAL")
    if options.date is not None and kind != "DATE":
        yield (*path, "date"), f"{where} is not a date."
    if (options.number is not None or options.unit is not None) and not is_number:
        yield (*path, "number"), f"{where} is not a number."
    if options.boolean is not None and kind != "BOOLEAN":
        yield (*path, "boolean"), f"{where} is not true or false."
    is_read = options.date is not None or (options.recode is None and (options.column or options.coalesce))
    if kind == "DATE" and is_read and not stated_formats(source, options):
        since = options.date.since if options.date else None
        what = (
            f"counts from the day in '{since}'; say the 'formats' of that day"
            if since
            else "is a date; say its formats"
        )
        yield path, f'{where} {what}, such as {"formats" if since else "date"}: ["%Y-%m-%d"].'
    if kind == "BOOLEAN" and not (options.boolean or options.recode) and (options.column or options.coalesce):
        yield path, f"{where} is true or false; say which words mean what, such as boolean: {{true: [Y], false: [N]}}."
    for date_format in options.date.formats if options.date else ():
        if sentence := check_format(date_format):
            yield (*path, "date"), sentence
    if options.number is not None and (sentence := check_number_format(options.number, source)):
        yield (*path, "number"), sentence
    yield from _check_recode(target, path, options)


def check_unit(target: ColumnFacts, path: Path, options: ColumnMapping) -> Iterator[Mistake]:
    """List the units of a column that cannot be converted to the canonical one."""
    for unit in filter(None, (options.unit.constant, *options.unit.recode.values())) if options.unit else ():
        if constant_factor(unit, target.unit) is None:
            unit_column = target.unit_column and f"a column whose unit stands in '{target.unit_column}'"
            into = target.unit or unit_column or "a column without a unit"
            known = f" Known: {', '.join(known_units(target.unit))}." if target.unit else ""
            yield (*path, "unit"), f"'{unit}' cannot be converted to {into}.{known}"


def check_target(target: ColumnFacts, value: Scalar) -> str | None:
    """Explain why a canonical value written in a mapping does not fit its column, if it does not."""
    written = scalar_text(value)
    if target.codes is not None:
        codes = [entry.code for entry in read_code_list(target.codes).entries]
        if written not in codes:
            # Units that look alike differ by a factor: a list is safer than a guess.
            near = "" if target.is_unit else did_you_mean(written, codes)
            return (
                f"'{written}' is not a code of the list '{target.codes}'.{near} It has {list_nearest(written, codes)}."
            )
    elif target.sql_type == "BOOLEAN" and written not in {"true", "false"}:
        return f"'{written}' is neither true nor false."
    elif target.sql_type == "SMALLINT":
        return _why_no_number(written, "a whole number", most=_SMALLINT, is_whole=True)
    elif target.sql_type.startswith("DECIMAL"):
        digits, decimals = map(int, target.sql_type.removeprefix("DECIMAL(").removesuffix(")").split(","))
        return _why_no_number(written, "a number", most=Decimal(10) ** (digits - decimals) - 1, is_whole=False)
    elif target.sql_type == "DATE" and not _is_iso_date(written):
        return f"'{written}' is not a date; write it as 2010-03-05."
    return None


def _check_recode(target: ColumnFacts, path: Path, options: ColumnMapping) -> Iterator[Mistake]:
    if options.default is not None and (sentence := check_target(target, options.default)):
        yield (*path, "default"), sentence
    if isinstance(options.recode, dict):
        for code, earlier in same_but_for_case(options.recode) if options.ignore_case else ():
            yield (
                (*path, "recode", code),
                f"'{code}' and '{earlier}' are the same under 'ignore_case'; list one of them.",
            )
        for code, value in options.recode.items():
            if value is not None and (sentence := check_target(target, value)):
                yield (*path, "recode", code), sentence


_SMALLINT = Decimal(32_767)


def _why_no_number(written: str, what: str, *, most: Decimal, is_whole: bool) -> str | None:
    """Explain why a text is not a number of a column that holds numbers up to `most`; None when it is one."""
    number = _decimal(written)
    if number is None or (is_whole and number != number.to_integral_value()):
        return f"'{written[:40]}' is not {what}."
    return f"'{written[:40]}' is beyond what the column holds (up to {most:,})." if abs(number) > most else None


def _decimal(written: str) -> Decimal | None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_iso_date(written: str) -> bool:
    if not re.fullmatch(r"(19|20)\d{2}-\d{2}-\d{2}", written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
