"""Missing codes: they become NULL before anything else reads a cell."""

from collections.abc import Iterable

from sqlglot import exp

from etl.mapping.compiler import sql


def clean_text(value: exp.Expr) -> exp.Expr:
    """Trim a cell and normalise it to Unicode NFC."""
    return sql.call("NFC_NORMALIZE", sql.call("TRIM", value))


def without_missing(value: exp.Expr, codes: Iterable[str]) -> exp.Expr:
    """Turn an empty cell and every missing code into NULL; the cell must be clean."""
    known = dict.fromkeys(("", *(code.strip() for code in codes)))
    return sql.when(sql.one_of(value, known), exp.null()).else_(value.copy())
