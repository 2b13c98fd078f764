"""Parse expressions: scalar SQL restricted to an allow-list.

An expression is parsed, and every node of its tree must be on the list below: literals, operators, a few dozen scalar
functions, and columns of the one source that is being read. There is no way to name a file, another table, a setting
or a query, because nothing that could is on the list.
"""

import unicodedata
from functools import lru_cache

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from etl.mapping.compiler.expression_limits import find_excess
from etl.mapping.compiler.sandbox import try_query

LONGEST = 2000
DEEPEST = 60

_VALUES = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren)
_OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.In, exp.Between, exp.Like, exp.ILike, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe, exp.Case, exp.If,
)  # fmt: skip
_FUNCTIONS = (
    exp.Coalesce, exp.Nullif, exp.Upper, exp.Lower, exp.Trim, exp.Length, exp.Substring, exp.Left, exp.Right, exp.Replace,
    exp.SplitPart, exp.Concat, exp.Contains, exp.StartsWith, exp.EndsWith, exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace,
    exp.Abs, exp.Round, exp.Greatest, exp.Least, exp.Year, exp.Month, exp.Day,
)  # fmt: skip
_DUCKDB_NAMES = {
    exp.StartsWith: "starts_with", exp.EndsWith: "ends_with", exp.RegexpLike: "regexp_matches", exp.SplitPart: "split_part",
}  # fmt: skip
"""Where sqlglot's name is another."""
_CASTS = (exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam)
_TYPES = {
    exp.DType.VARCHAR, exp.DType.TEXT, exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.DECIMAL,
    exp.DType.DOUBLE, exp.DType.DATE, exp.DType.BOOLEAN,
}  # fmt: skip
_ALLOWED = frozenset((*_VALUES, *_OPERATORS, *_FUNCTIONS, *_CASTS))


class UnsafeExpressionError(ValueError):
    """An expression holds something that is not part of the language; the message names it."""


def parse_expression(text: str) -> exp.Expr:
    """Parse and guard a scalar expression; its columns come out unqualified.

    Raises:
        UnsafeExpressionError: it cannot be parsed, or holds something that is not on the list.
    """
    return _parse(text).copy()


@lru_cache(maxsize=1024)
def _parse(text: str) -> exp.Expr:
    if len(text) > LONGEST:
        raise UnsafeExpressionError(f"the expression is longer than {LONGEST} characters")
    try:
        trees = sqlglot.parse(unicodedata.normalize("NFC", text), dialect="duckdb")
    except (SqlglotError, RecursionError):
        raise UnsafeExpressionError("the expression is not valid SQL") from None
    if len(trees) != 1 or trees[0] is None:
        raise UnsafeExpressionError("write one expression, without ';'")
    tree = trees[0]
    for node in tree.walk():
        _check_node(node)
        node.comments = None
    if excess := find_excess(tree):
        raise UnsafeExpressionError(excess)
    _try_on_empty_cells(tree)
    return tree


def columns_in(tree: exp.Expr) -> tuple[str, ...]:
    """Name the source columns that an expression reads, in order of appearance."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))


def over(tree: exp.Expr, table: str) -> exp.Expr:
    """Read an expression's columns from a table, every name quoted."""
    return tree.transform(
        lambda node: exp.column(node.name, table=table, quoted=True) if isinstance(node, exp.Column) else node
    )


def _check_node(node: exp.Expr) -> None:
    if node.depth > DEEPEST:
        raise UnsafeExpressionError("the expression is nested too deeply")
    if type(node) not in _ALLOWED:
        raise UnsafeExpressionError(f"{_name_of(node)} is not allowed in an expression{_instead(node)}")
    if isinstance(node, exp.Column) and len(node.parts) > 1:
        raise UnsafeExpressionError(f"'{node.sql('duckdb')}' names another table; name this source's columns alone")
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Identifier):
        raise UnsafeExpressionError(f"{_name_of(node.this)} is not allowed in an expression")
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest") or node.args.get("field")):
        raise UnsafeExpressionError("IN takes a list of values in an expression")
    if isinstance(node, exp.Cast) and (node.args.get("format") or node.to.this not in _TYPES):
        types = ", ".join(sorted(kind.value for kind in _TYPES))
        raise UnsafeExpressionError(
            f"a cast to {node.to.sql('duckdb')} is not allowed in an expression; the types are {types}"
        )


def _name_of(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return f"the function {node.name.lower()}()"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Case):
        return f"the function {node.sql_name().lower()}()"
    return {
        "Subquery": "a query",
        "Select": "a query",
        "Star": "*",
        "Placeholder": "a parameter",
        "Lambda": "a lambda",
    }.get(type(node).__name__, f"'{type(node).__name__}'")


def _instead(node: exp.Expr) -> str:
    """Name the functions that are allowed where another one was written; nothing where it was no function."""
    if not isinstance(node, exp.Anonymous | exp.Func):
        return ""
    return f"; the functions are {', '.join(sorted(_function_names()))}"


def _function_names() -> set[str]:
    """Name the functions as DuckDB does."""
    return {_DUCKDB_NAMES.get(function, function.sql_name().lower()) for function in _FUNCTIONS}


def _try_on_empty_cells(tree: exp.Expr) -> None:
    """Let the engine run the expression over a record of empty cells: what fails there fails on every record."""
    columns = [exp.cast(exp.null(), "VARCHAR").as_(name, quoted=True) for name in columns_in(tree)] or [
        exp.null().as_("nothing")
    ]
    record = exp.select(*columns).subquery("source")
    written = [exp.select(node.copy()) for node in tree.walk() if _is_written_out(node)]
    try:
        for query in (exp.select(over(tree, "source")).from_(record), *written):
            try_query(query.sql("duckdb"))
    except (duckdb.ConversionException, duckdb.OutOfRangeException):
        raise UnsafeExpressionError(
            "a value written in the expression does not convert to the type that it is used as; every record would fail"
        ) from None
    except duckdb.Error:
        raise UnsafeExpressionError("the engine refuses the expression; check the types of its arguments") from None


def _is_written_out(node: exp.Expr) -> bool:
    """Return whether a node is made of literals alone: over empty cells the engine may skip it."""
    is_computed = isinstance(node, (*_CASTS[:2], *_OPERATORS, *_FUNCTIONS)) and not isinstance(node, exp.If)
    return is_computed and node.find(exp.Column) is None
