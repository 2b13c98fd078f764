"""Units: constant ones (cm to mm) for any column, and the stage that harmonises every site's laboratory results alike.

A result retains what the hospital reported (reported_value, reported_unit) and gains the factor, the common unit and the
value in it, by the table reference.unit_conversion. Limits of normal stay in the reported unit.
"""

from dataclasses import replace
from decimal import Decimal

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Failure
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import ColumnFacts, Harmonisation

_CONSTANT = {
    ("cm", "mm"): Decimal(10),
    ("m", "mm"): Decimal(1000),
    ("g", "mg"): Decimal(1000),
    ("ug", "mg"): Decimal("0.001"),
    ("m", "cm"): Decimal(100),
    ("mm", "cm"): Decimal("0.1"),
    ("g", "kg"): Decimal("0.001"),
    ("um", "mm"): Decimal("0.001"),
    ("[in_i]", "mm"): Decimal("25.4"),
    ("[in_i]", "cm"): Decimal("2.54"),
    ("[ft_i]", "cm"): Decimal("30.48"),
    ("[lb_av]", "kg"): Decimal("0.45359237"),
}
_NO_UNIT = "1"
_CONVERSION = "conversion"


def constant_factor(unit: str, target: str | None) -> Decimal | None:
    """Find the factor that converts a number from one unit to another; None when they do not fit."""
    return Decimal(1) if unit == target else _CONSTANT.get((unit, target or ""))


def known_units(target: str) -> tuple[str, ...]:
    """Name the units from which a number is converted to this one."""
    return (target, *(unit for unit, into in _CONSTANT if into == target))


def target_with_unit(target: ColumnFacts, part: TableMapping) -> ColumnFacts:
    """Set the unit to which a part converts a canonical column: its own, or the constant in the column of its unit."""
    companion = part.columns.get(target.unit_column or "")
    if target.unit is not None or companion is None or companion.constant is None:
        return target
    return replace(target, unit=str(companion.constant))


def conversion_join(analyte: exp.Expr, unit: exp.Expr) -> exp.Join:
    """Join a result with its conversion; a result without a unit fits an analyte that has none (INR, pH)."""
    return exp.Join(
        this=exp.table_("unit_conversion", db="reference", alias=_CONVERSION),
        side="LEFT",
        on=sql.all_of(
            (
                exp.EQ(this=sql.column("analyte_code", _CONVERSION), expression=analyte.copy()),
                exp.EQ(
                    this=sql.column("from_unit", _CONVERSION),
                    expression=sql.call("COALESCE", unit, sql.text(_NO_UNIT)),
                ),
            )
        ),
    )


def derived_columns(harmonisation: Harmonisation, table: str) -> dict[str, exp.Expr]:
    """Write the factor, the value and the common unit of the rows of `table` that are joined with their conversion."""
    reported_value = sql.column(harmonisation.reported_value, table)
    factor = sql.column("factor", _CONVERSION)
    return {
        harmonisation.factor: factor,
        harmonisation.value: _harmonised(reported_value, factor),
        harmonisation.unit: sql.column("to_unit", _CONVERSION),
    }


ANALYTE = "analyte_code as mapped"
"""The analyte of a suspect record, for the list of units that would have fitted."""


def unit_failures(
    value: exp.Expr, analyte: exp.Expr, unit: exp.Expr, *, unit_text: exp.Expr, column: str
) -> tuple[Failure, ...]:
    """Write when a number cannot be harmonised: its unit is missing, or does not fit the analyte.

    A unit that is written but not listed is reported where it is recoded, and not a second time here.

    Args:
        value: the reported number.
        analyte: what was measured.
        unit: its unit, recoded.
        unit_text: its unit as the hospital wrote it.
        column: the canonical column of the reported unit.
    """
    factor = sql.column("factor", _CONVERSION)
    is_result = (sql.is_filled(value), sql.is_filled(analyte))
    is_missing = sql.all_of((*is_result, sql.is_empty(factor), sql.is_empty(unit_text)))
    does_not_fit = sql.all_of((*is_result, sql.is_filled(unit), sql.is_empty(_harmonised(value, factor))))
    return (
        Failure("unit_missing", is_missing, sql.empty("VARCHAR"), _fitting(), column=column),
        Failure("unit_does_not_fit", does_not_fit, unit_text, _fitting(), column=column),
    )


def _harmonised(value: exp.Expr, factor: exp.Expr) -> exp.Expr:
    """Multiply only where the factor is not one, because wide decimals are slow; a product too wide becomes NULL."""
    product = exp.Mul(this=sql.cast(value, "DECIMAL(38,12)"), expression=factor.copy())
    is_same = exp.EQ(this=factor.copy(), expression=exp.Literal.number(1))
    return sql.when(is_same, value).else_(sql.try_cast(exp.Try(this=product), "DECIMAL(18,6)"))


def _fitting() -> exp.Expr:
    """List the units that fit an analyte; a scalar subquery, evaluated for suspect records only."""
    units = sql.call("STRING_AGG", sql.column("from_unit", "fitting"), sql.text(", "))
    is_of_analyte = exp.EQ(this=sql.column("analyte_code", "fitting"), expression=sql.column(ANALYTE, "kept"))
    table = exp.table_("unit_conversion", db="reference", alias="fitting")
    return exp.Subquery(this=exp.select(units).from_(table).where(is_of_analyte))
