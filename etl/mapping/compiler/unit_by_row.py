"""Units by row: each number is converted from the unit in another column of its row to the canonical unit.

What the mapping's list leaves is read by rule (㎝). A number without a unit, or with one that neither knows, is set aside.
"""

from decimal import Decimal

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import RECORDS, Cell, Failure
from etl.mapping.compiler.units import constant_factor, known_units
from etl.mapping.language.lookup_forms import Unit
from etl.mapping.unit_spelling import UNIT_OF


def convert_by_row(number: exp.Expr, cell: Cell) -> tuple[exp.Expr, exp.Expr]:
    """Convert a number by the unit in its row.

    Returns:
        the converted value, NULL without a known unit; and whether the cell is wrong whatever its unit, or becomes too
        large by it.
    """
    unit, word = _unit_of(cell)
    factors = {code.strip(): constant_factor(meant, cell.target.unit) for code, meant in unit.recode.items()}
    plain = sql.try_cast(number, "DECIMAL(18,6)")
    by_rule = {code: constant_factor(code, cell.target.unit) for code in known_units(cell.target.unit or "")}
    value = exp.Case(
        this=word.copy(),
        ifs=[_arm(code, factor, plain, cell) for code, factor in factors.items()],
        default=exp.Case(
            this=_by_rule(word), ifs=[_arm(code, factor, plain, cell) for code, factor in by_rule.items()]
        ),
    )
    is_known = sql.any_of((sql.one_of(word, factors), sql.one_of(_by_rule(word), by_rule)))
    is_too_large = sql.all_of((sql.is_filled(plain), is_known, sql.is_empty(value)))
    is_wrong = sql.all_of((sql.is_filled(cell.text), sql.any_of((sql.is_empty(plain), is_too_large))))
    return value, is_wrong


def unit_failures(cell: Cell) -> tuple[Failure, ...]:
    """Report when a number's unit is missing or not listed."""
    unit, word = _unit_of(cell)
    assert unit.column is not None
    listed = [code.strip() for code in unit.recode]
    expected = sql.text(", ".join(listed))
    is_known = sql.any_of(
        (
            sql.one_of(word, listed),
            sql.call("COALESCE", sql.one_of(_by_rule(word), known_units(cell.target.unit or "")), exp.false()),
        )
    )
    unlisted = sql.all_of((sql.is_filled(cell.text), sql.is_filled(word), exp.not_(exp.paren(is_known))))
    absent = sql.all_of((sql.is_filled(cell.text), sql.is_empty(word)))
    return (
        Failure("unlisted_unit", unlisted, word, expected, source_columns=(unit.column,)),
        Failure("no_unit", absent, sql.empty("VARCHAR"), expected, source_columns=(unit.column,)),
    )


def _by_rule(word: exp.Expr) -> exp.Expr:
    return sql.call(UNIT_OF, word, sql.empty("VARCHAR"))


def _unit_of(cell: Cell) -> tuple[Unit, exp.Expr]:
    unit = cell.options.unit
    assert unit is not None
    assert unit.column is not None
    return unit, sql.column(unit.column, RECORDS)


def _arm(code: str, factor: Decimal | None, number: exp.Expr, cell: Cell) -> exp.If:
    assert factor is not None, "the check of names refuses a unit that cannot be converted"
    product = exp.Try(this=exp.Mul(this=number.copy(), expression=exp.Literal.number(str(factor))))
    return exp.If(this=sql.text(code), true=sql.try_cast(number if factor == 1 else product, cell.target.sql_type))
