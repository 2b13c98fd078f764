"""Explode: a cell that lists several things becomes one slot for each; parallel lists are paired part by part."""

from collections.abc import Iterable

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.missing import without_missing
from etl.mapping.compiler.operation import Failure
from etl.mapping.compiler.unpivot import SLOT
from etl.mapping.language.slot_forms import Explode

MOST_PARTS = 999
"""More parts than this have no slot number; the cell then stays whole."""

SPLIT = "split"
"""The CTE of the records with the parts of their cells in lists, `_parts_1` for the first of the columns."""


def split_cells(explode: Explode, records: str, own: Iterable[str], *, missing: Iterable[str]) -> exp.Select:
    """Select the records with the parts of every exploded cell as a list; a missing part is NULL.

    Of a single column only the parts that are not empty are listed; in parallel lists every part keeps its place.
    """
    lists = (
        _parts(sql.column(name, records), explode, missing).as_(_list_name(number))
        for number, name in enumerate(explode.columns, start=1)
    )
    kept = (sql.column(name, records) for name in ("_source_id", "_record", *own))
    return exp.select(*kept, *lists).from_(records, copy=False)


def spread_parts(explode: Explode, own: Iterable[str]) -> exp.Select:
    """Select one slot per record and part, and one where there is no part; the columns then hold the part."""
    kept = (sql.column(name, SPLIT) for name in ("_source_id", "_record", *own) if name not in explode.columns)
    one = exp.Literal.number(1)
    slots = sql.call("GREATEST", *_lengths(explode), one)
    count = sql.when(_is_too_long(explode), one).else_(slots)
    numbers = sql.call("RANGE", one, exp.Add(this=count, expression=one.copy()))
    select = exp.select(*kept, sql.call("UNNEST", numbers).as_(SLOT)).from_(SPLIT, copy=False)
    for number, name in enumerate(explode.columns, start=1):
        whole = exp.Array(expressions=[sql.column(name, SPLIT)])
        parts = sql.when(_is_too_long(explode), whole).else_(exp.column(_list_name(number), table=SPLIT))
        select = select.select(sql.call("UNNEST", parts).as_(name, quoted=True), copy=False)
    return select


def odd_lists(explode: Explode) -> tuple[Failure, ...]:
    """Report lists that are too long for slots, and parallel lists of unequal length.

    A cell that is empty altogether is a missing value and not a list of another length.
    """
    lengths = _lengths(explode)
    counts = [
        exp.DPipe(this=sql.text(f"{name} "), expression=sql.cast(sql.call("COALESCE", length, _zero()), "VARCHAR"))
        for name, length in zip(explode.columns, lengths, strict=True)
    ]
    found = sql.call("CONCAT_WS", sql.text(", "), *counts)
    columns = tuple(explode.columns)
    most = sql.text(f"at most {MOST_PARTS} parts")
    too_many = Failure("too_many_parts", _is_too_long(explode), found, most, source_columns=columns)
    if len(columns) == 1:
        return (too_many,)
    is_uneven = exp.NEQ(this=sql.call("LEAST", *lengths), expression=sql.call("GREATEST", *lengths))
    uneven = sql.all_of((is_uneven, exp.not_(exp.paren(_is_too_long(explode)))))
    same = sql.text("as many parts in each")
    return too_many, Failure("uneven_parts", uneven, found, same, source_columns=columns)


def _parts(cell: exp.Expr, explode: Explode, missing: Iterable[str]) -> exp.Expr:
    part = exp.column("part")
    pieces = sql.call("REGEXP_SPLIT_TO_ARRAY", cell, sql.text(explode.separator))
    known = sql.call("LIST_TRANSFORM", pieces, _each(without_missing(sql.call("TRIM", part), missing)))
    return sql.call("LIST_FILTER", known, _each(sql.is_filled(part))) if len(explode.columns) == 1 else known


def _each(value: exp.Expr) -> exp.Expr:
    return exp.Lambda(this=value, expressions=[exp.to_identifier("part")])


def _lengths(explode: Explode) -> list[exp.Expr]:
    """Count the parts of every cell; NULL for a cell that is empty altogether."""
    lists = (_list_name(number) for number, _ in enumerate(explode.columns, start=1))
    return [sql.call("LEN", exp.column(name, table=SPLIT)) for name in lists]


def _is_too_long(explode: Explode) -> exp.Expr:
    longest = sql.call("GREATEST", *_lengths(explode), _zero())
    return exp.GT(this=longest, expression=exp.Literal.number(MOST_PARTS))


def _list_name(number: int) -> str:
    return f"_parts_{number}"


def _zero() -> exp.Expr:
    return exp.Literal.number(0)
