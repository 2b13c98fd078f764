"""Check the use of pseudonymised columns: comparing one with a word, or recoding or parsing it, would never find anything.

The pseudonym is made before any option of the language reads the cell. So the cell may be taken whole, concatenated with
others, tested for being empty, and compared with another pseudonymised cell. Everything else is a mistake of the mapping.
"""

from collections.abc import Iterator, Set

from sqlglot import exp

from etl.mapping.checks.lookup import origin_of
from etl.mapping.compiler.column_plan import source_columns
from etl.mapping.compiler.expressions import UnsafeExpressionError, parse_expression
from etl.mapping.compiler.unpivot import columns_behind
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]

_CARRIERS = (exp.Paren, exp.Coalesce, exp.DPipe, exp.Concat)
"""The SQL nodes whose value contains the whole cell."""
_SAMENESS = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)
_READINGS = ("missing", "split", "extract", "recode", "date", "number", "unit", "boolean")


def check_pseudonymised(mapping: SiteMapping, at: Path, part: TableMapping) -> Iterator[Mistake]:
    """List every place of a part that compares a pseudonymised column with a word, or reads a meaning out of it."""
    pseudonymised = {name for name, use in mapping.identity.items() if use == "pseudonymise"}
    opaque = _opaque_columns(part, pseudonymised)
    for position, condition in enumerate(part.keep_if):
        for name in _misread(condition.when, pseudonymised, may_be_value=False):
            yield mapping.condition_path(at, part, position), _refusal(name)
    for position, condition in enumerate(part.then_keep_if):
        for name in _misread(condition.when, opaque, may_be_value=False):
            yield (*at, "then_keep_if", position), _refusal(name)
    for canonical, options in part.columns.items():
        yield from _check_column((*at, "columns", canonical), options, opaque)
    for name in opaque & {part.unpivot.ticked if part.unpivot else None}:
        yield (*at, "unpivot", "ticked"), _refusal(name)
    for name in part.explode.columns if part.explode else ():
        if name in opaque:
            yield (*at, "explode", "columns"), _refusal(name)
    for position, lookup in enumerate(part.lookup):
        for name in pseudonymised & {lookup.order_by.column if lookup.order_by and not lookup.is_of_table else None}:
            yield (*at, "lookup", position, "order_by"), _refusal(name)
        if lookup.effective is None:
            continue
        there = set() if lookup.is_of_table else pseudonymised & {lookup.effective.begins, lookup.effective.ends}
        for day in sorted(there | opaque & {lookup.effective.date}):
            yield (*at, "lookup", position, "effective"), _refusal(day)


def _opaque_columns(part: TableMapping, pseudonymised: Set[str]) -> Set[str]:
    """Name what a row of the part may read that holds a pseudonym: own columns, those of slots, those of look-ups."""
    brought = {name for name in part.brought if origin_of(part, name) in pseudonymised}
    made = set()
    if part.unpivot is not None:
        made = {name for name in part.unpivot.new_cells if pseudonymised & set(columns_behind(part.unpivot, name))}
    return pseudonymised - part.brought.keys() | brought | made


def _check_column(path: Path, options: ColumnMapping, opaque: Set[str]) -> Iterator[Mistake]:
    if options.expression is not None:
        for name in _misread(options.expression, opaque, may_be_value=True):
            yield (*path, "expression"), _refusal(name)
        carried = _carried(options.expression, opaque)
    else:
        carried = [name for name in source_columns(options) if name in opaque]
    for reading in _READINGS:
        if carried and getattr(options, reading) not in (None, []):
            yield (*path, reading), _refusal(carried[0])
    for option, read in (("unit", options.unit and options.unit.column), ("date", options.date and options.date.since)):
        if read in opaque:
            yield (*path, option), _refusal(str(read))


def _misread(text: str, opaque: Set[str], *, may_be_value: bool) -> list[str]:
    """Name the pseudonymised columns of which an expression asks more than whether they are empty or the same."""
    return [
        column.name
        for column in _columns(text, opaque)
        if not (_is_asked_fairly(column, opaque) or (may_be_value and _is_value(column)))
    ]


def _carried(text: str, opaque: Set[str]) -> list[str]:
    """Name the pseudonymised columns that are, or are part of, what an expression gives."""
    return [column.name for column in _columns(text, opaque) if _is_value(column)]


def _columns(text: str, opaque: Set[str]) -> list[exp.Column]:
    try:
        tree = parse_expression(text)
    except UnsafeExpressionError:
        return []  # reported where the expression itself is checked
    return [column for column in tree.find_all(exp.Column, bfs=False) if column.name in opaque]


def _is_asked_fairly(column: exp.Column, opaque: Set[str]) -> bool:
    """Return whether a column is in IS NULL, or is compared with another pseudonymised column."""
    whole = _outermost(column)
    asks = whole.parent
    if isinstance(asks, exp.Is):
        return isinstance(asks.expression, exp.Null)
    sides = [_bare(side) for side in (asks.this, asks.expression)] if isinstance(asks, _SAMENESS) else []
    return bool(sides) and all(isinstance(side, exp.Column) and side.name in opaque for side in sides)


def _is_value(column: exp.Column) -> bool:
    """Return whether a column's whole cell is, or is part of, the expression's value, through CASE, COALESCE or concatenation."""
    return _outermost(column, through_arms=True).parent is None


def _outermost(node: exp.Expr, *, through_arms: bool = False) -> exp.Expr:
    while node.parent is not None:
        is_arm = isinstance(node.parent, exp.If | exp.Case) and node.arg_key in {"true", "false", "default", "ifs"}
        if not (isinstance(node.parent, _CARRIERS) or (through_arms and is_arm)):
            break
        node = node.parent
    return node


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _refusal(name: str) -> str:
    return (
        f"'{name}' is pseudonymised under 'identity:' before this reads it, so no word, number or pattern is ever found in "
        f"it; list a word that is no patient under 'missing:' at the head and ask \"{name} IS NOT NULL\", or ask another "
        "column."
    )
