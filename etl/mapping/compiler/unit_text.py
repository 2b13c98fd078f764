"""Units in a mapping: what no list of the mapping recodes is read by rule, for every column that holds a unit.

The mapping's own list goes first, so that a hospital's odd word stays what the mapping says it is.
"""

from dataclasses import replace

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Cell, Failure, Reading
from etl.mapping.unit_spelling import UNIT_OF


def read_unit_text(cell: Cell, reading: Reading, analyte: exp.Expr | None) -> Reading:
    """Read by rule what the mapping's list leaves; a text that is no unit by rule either stays reported.

    Args:
        cell: the cell of the unit.
        reading: what the mapping makes of it, by its list or as it is.
        analyte: what was measured, where the table has a column for it.
    """
    unit = sql.call(UNIT_OF, cell.text, analyte or sql.empty("VARCHAR"))
    if cell.options.recode is None:
        is_unknown = sql.all_of((sql.is_filled(cell.text), sql.is_empty(unit)))
        expected = sql.text("a unit, such as mg/dL or 10^3/uL")
        return replace(reading, value=unit, failures=(Failure("unlisted_code", is_unknown, cell.text, expected),))
    value = reading.value
    for failure in reading.failures:  # of a list, each is that the text is not in it
        value = sql.when(failure.is_met, sql.call("COALESCE", unit, value)).else_(value)
    return replace(reading, value=value, failures=tuple(_not_by_rule(failure, unit) for failure in reading.failures))


def _not_by_rule(failure: Failure, unit: exp.Expr) -> Failure:
    """Report as unlisted only what the rule does not read either."""
    return replace(failure, is_met=sql.all_of((failure.is_met, sql.is_empty(unit))))
