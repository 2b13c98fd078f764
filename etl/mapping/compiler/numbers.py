"""Parse numbers: digits with a sign, the source's decimal sign, its thousands when declared, and nothing else.

The form is checked before the cast, because casts accept texts that no laboratory writes: `1e3`, `1_000`, `inf`, `nan`.
"""

import re

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Cell, Failure, Reading
from etl.mapping.compiler.unit_by_row import convert_by_row, unit_failures
from etl.mapping.compiler.units import constant_factor
from etl.mapping.language.column_mapping import NumberFormat
from etl.mapping.language.source_form import Source

QUALIFIERS = r"<=|>=|<|>|≤|≥"


def read_number(cell: Cell) -> Reading:
    """Read a number, and its qualifier when declared, converted to the column's unit when one is named."""
    declared = cell.options.number or NumberFormat()
    decimal = declared.decimal or cell.source.decimal
    form = number_form(decimal=decimal, declared=declared, is_whole=cell.target.sql_type == "SMALLINT")
    number = number_text(cell.text, form, decimal=decimal, declared=declared)
    companions = {declared.qualifier: _qualifier(cell.text, form)} if declared.qualifier else {}
    expected = _expected(decimal, declared, cell)
    unit = cell.options.unit
    if unit is not None and unit.column is not None:
        value, is_wrong = convert_by_row(number, cell)
        failure = Failure("not_a_number", is_wrong, cell.text, expected)
        return Reading(value, (failure, *unit_failures(cell)), companions)
    value = _typed(number, cell)
    is_wrong = sql.all_of((sql.is_filled(cell.text), sql.is_empty(value)))
    return Reading(value, (Failure("not_a_number", is_wrong, cell.text, expected),), companions)


def number_form(*, decimal: str, declared: NumberFormat, is_whole: bool) -> str:
    """Write the regular expression of a number; its first group is the qualifier, its second the number."""
    digits = "[0-9]+"
    if declared.thousands:
        digits = rf"(?:[0-9]{{1,3}}(?:{re.escape(declared.thousands)}[0-9]{{3}})+|[0-9]+)"
    point = re.escape(decimal)
    number = rf"[+-]?{digits}(?:{point}0+)?" if is_whole else rf"[+-]?(?:{digits}(?:{point}[0-9]+)?|{point}[0-9]+)"
    qualifier = rf"({QUALIFIERS})?\s*" if declared.qualifier else "()"
    return f"^{qualifier}({number})$"


def number_text(text: exp.Expr, form: str, *, decimal: str, declared: NumberFormat) -> exp.Expr:
    """Cut the number out of a text and write it as SQL reads it; an empty text when there is none."""
    number = sql.call("REGEXP_EXTRACT", text, sql.text(form), exp.Literal.number(2))
    if declared.thousands:
        number = sql.call("REPLACE", number, sql.text(declared.thousands), sql.text(""))
    if decimal == ",":
        number = sql.call("REPLACE", number, sql.text(","), sql.text("."))
    return number


def _typed(number: exp.Expr, cell: Cell) -> exp.Expr:
    unit = cell.options.unit.constant if cell.options.unit else None
    factor = constant_factor(unit, cell.target.unit) if unit else None
    if factor is not None and factor != 1:
        wide = exp.Mul(this=sql.try_cast(number, "DECIMAL(18,6)"), expression=exp.Literal.number(str(factor)))
        return sql.try_cast(exp.Try(this=wide), cell.target.sql_type)
    if cell.target.sql_type == "SMALLINT":
        return sql.try_cast(sql.try_cast(number, "DECIMAL(18,6)"), "SMALLINT")
    return sql.try_cast(number, cell.target.sql_type)


def _qualifier(text: exp.Expr, form: str) -> exp.Expr:
    """Take the sign before the number; `≤` is written `<=`, as the code list has it."""
    sign = sql.call("REGEXP_EXTRACT", text, sql.text(form), exp.Literal.number(1))
    for written, code in (("≤", "<="), ("≥", ">=")):
        sign = sql.call("REPLACE", sign, sql.text(written), sql.text(code))
    return sql.call("NULLIF", sign, sql.text(""))


def _expected(decimal: str, declared: NumberFormat, cell: Cell) -> exp.Expr:
    """Say what was expected: a number of this form; or, of a cell that has the form of one, what the column can hold."""
    is_whole = cell.target.sql_type == "SMALLINT"
    what = "a whole number" if is_whole else "a number"
    example = _example(decimal, declared, is_whole=is_whole)
    form = sql.text(f"{what} such as {example}" + (f" or <{example}" if declared.qualifier else ""))
    is_of_form = sql.call(
        "REGEXP_MATCHES", cell.text, sql.text(number_form(decimal=decimal, declared=declared, is_whole=is_whole))
    )
    return sql.when(
        is_of_form, sql.text(f"{what} that the column can hold ({largest(cell.target.sql_type)} at most)")
    ).else_(form)


def largest(sql_type: str) -> str:
    """Write the largest number that a column of this type holds."""
    if sql_type == "SMALLINT":
        return f"{32_767:,}"
    digits, decimals = map(int, sql_type.removeprefix("DECIMAL(").removesuffix(")").split(","))
    return f"{10 ** (digits - decimals) - 1:,}"


def _example(decimal: str, declared: NumberFormat, *, is_whole: bool) -> str:
    example = "12" if is_whole else f"12{decimal}5"
    if not declared.thousands:
        return example
    return f"1{declared.thousands}2{example[1:]}00" if is_whole else f"1{declared.thousands}0{example}"


def check_number_format(declared: NumberFormat, source: Source) -> str | None:
    """Explain what is wrong with a number format, if anything is."""
    decimal = declared.decimal or source.decimal
    if declared.thousands == decimal:
        return f"'{decimal}' cannot be both the decimal sign and the sign between thousands."
    return None
