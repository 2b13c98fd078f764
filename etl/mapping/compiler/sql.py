"""Helper functions for building SQL trees: columns, literals, calls, types.

A tree is not changed once it is made, so trees share their parts; a function that must change one (`moved`) changes a copy.
"""

from collections.abc import Iterable
from functools import cache, reduce

from sqlglot import exp


def column(name: str, table: str | None = None) -> exp.Column:
    """Name a column, always quoted."""
    return exp.column(name, table=table, quoted=True)


def text(value: str) -> exp.Literal:
    """Write a text literal."""
    return exp.Literal.string(value)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """Call one of DuckDB's functions, by the very name given."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(value: exp.Expr, sql_type: str) -> exp.Expr:
    """Cast a value that is known to fit."""
    return exp.Cast(this=value, to=_data_type(sql_type).copy())


def try_cast(value: exp.Expr, sql_type: str) -> exp.Expr:
    """Cast a value that may not fit; NULL when it does not."""
    return exp.TryCast(this=value, to=_data_type(sql_type).copy(), safe=True)


def empty(sql_type: str) -> exp.Expr:
    """Write NULL as a type."""
    return cast(exp.null(), sql_type)


def is_empty(value: exp.Expr) -> exp.Expr:
    """Write whether a value is NULL."""
    return exp.Is(this=value, expression=exp.null())


def is_filled(value: exp.Expr) -> exp.Expr:
    """Write whether a value is not NULL."""
    return exp.Is(this=value, expression=exp.not_(exp.null()))


def when(condition: exp.Expr, value: exp.Expr) -> exp.Case:
    """Take a value under a condition; NULL otherwise. Further arms with `.when`, the rest with `.else_`."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)])


def all_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """Join conditions by AND."""
    return reduce(lambda left, right: exp.And(this=left, expression=right), map(_wrapped, conditions))


def any_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """Join conditions by OR."""
    return reduce(lambda left, right: exp.Or(this=left, expression=right), map(_wrapped, conditions))


def one_of(value: exp.Expr, choices: Iterable[str]) -> exp.Expr:
    """Write whether a text is one of several."""
    return exp.In(this=value, expressions=[text(choice) for choice in choices])


def scratch(name: str, alias: str) -> exp.Table:
    """Name a source's view in the scratch catalog."""
    return exp.table_(name, db="delivery", quoted=True, alias=exp.to_identifier(alias, quoted=True))


def code_table(name: str, alias: str) -> exp.Table:
    """Name a site's code list in the scratch catalog."""
    return exp.table_(
        exp.to_identifier(name, quoted=True),
        db="codes",
        catalog="delivery",
        alias=exp.to_identifier(alias, quoted=True),
    )


def lookup_table(name: str, alias: str) -> exp.Table:
    """Name a site's table to look up in, in the scratch catalog."""
    return exp.table_(
        exp.to_identifier(name, quoted=True),
        db="lookup",
        catalog="delivery",
        alias=exp.to_identifier(alias, quoted=True),
    )


def moved(tree: exp.Expr, table: str) -> exp.Expr:
    """Read the columns of an expression from another table; those of a subquery stay."""
    moved_tree = tree.copy()
    for column_node in list(moved_tree.find_all(exp.Column)):
        if column_node.find_ancestor(exp.Select) is None or column_node.table == "kept":
            column_node.set("table", exp.to_identifier(table, quoted=True))
    return moved_tree


@cache
def _data_type(sql_type: str) -> exp.DataType:
    return exp.DataType.build(sql_type, dialect="duckdb")


def _wrapped(condition: exp.Expr) -> exp.Expr:
    return exp.paren(condition) if isinstance(condition, exp.Connector) else condition
