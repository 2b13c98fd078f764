"""Aggregates: the rows of one key become one row, on canonical, typed values.

The row keeps the address of its first record. A column keeps the first value that is filled, or what `columns` says; what
was read beside a value (a date's precision, a number's sign) follows it, so that no value is given another one's sign.
Rows in which a column of the key is empty stand alone.
"""

from collections.abc import Iterator

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.column_plan import filled_columns
from etl.mapping.compiler.records import ADDRESS
from etl.mapping.language.lookup_forms import Aggregate
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import Deduplicate, TableMapping
from schemas.catalogue import TableFacts

ROW = (*ADDRESS, "_ordinal")


def key_rank(aggregate: Aggregate) -> exp.Expr:
    """Number the rows of a key in the order of their records."""
    order: list[exp.Expr] = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in ROW]
    keys: list[exp.Expr] = [sql.column(name) for name in aggregate.by]
    return exp.Window(this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=order))


def as_deduplicate(aggregate: Aggregate) -> Deduplicate:
    """See an aggregate as the deduplication in which the first record of a key wins: the others are merged into it."""
    return Deduplicate(by=aggregate.by, keep="first")


def aggregate_rule(aggregate: Aggregate) -> str:
    """Name the rule of an aggregate in the ledger."""
    return f"one row for each {', '.join(aggregate.by)}"


def aggregated_rows(facts: TableFacts, part: TableMapping, aggregate: Aggregate) -> exp.Select:
    """Select one row for each key from the ranked rows, in the model's columns."""
    rank = sql.column("_rank")
    address = [sql.call("ARG_MIN", sql.column(name), rank).as_(name) for name in ROW]
    leaders = _leaders(facts, part)
    columns = []
    for name in facts.column_names:
        if name in aggregate.by:
            value: exp.Expr = sql.column(name)
        elif name in leaders:
            value = _follower(name, leaders[name], aggregate.columns.get(leaders[name], "first"))
        else:
            value = _leader(name, aggregate.columns.get(name, "first"))
        columns.append(value.as_(name, quoted=True))
    keys: list[exp.Expr] = [sql.column(name) for name in aggregate.by]
    alone = sql.when(sql.any_of(map(sql.is_empty, keys)), sql.call("ROW", *(sql.column(name) for name in ROW)))
    return exp.select(*address, *columns).from_("ranked").group_by(*keys, alone)


def check_aggregate(facts: TableFacts, at: tuple[str | int, ...], part: TableMapping) -> Iterator[
    tuple[tuple[str | int, ...], str]
]:  # fmt: skip
    """List what an aggregate names that does not exist or cannot be put together."""
    aggregate = part.aggregate
    if aggregate is None:
        return
    path = (*at, "aggregate")
    if facts.harmonisation:
        yield path, "a result, its unit and its limits belong to one record; say 'deduplicate' instead of 'aggregate'."
    filled = {name for column, options in part.columns.items() for name in filled_columns(facts.name, column, options)}
    leaders = _leaders(facts, part)
    for name in (*aggregate.by, *aggregate.columns):
        if name not in facts.column_names:
            yield path, f"'{facts.name}.{name}' is not a canonical column.{did_you_mean(name, facts.column_names)}"
        elif name not in filled:
            yield path, f"nothing fills '{facts.name}.{name}' here, so it cannot be aggregated."
    for name, how in aggregate.columns.items():
        if name in aggregate.by:
            yield (*path, "columns", name), f"'{name}' is part of the key; it is the same in every row."
        elif name in leaders:
            yield (*path, "columns", name), f"'{name}' follows '{leaders[name]}'; name that."
        elif how in {"min", "max"} and name in facts.column_names and facts.column(name).sql_type == "VARCHAR":
            yield (
                (*path, "columns", name),
                f"'{name}' is a text or a code, of which none is the greatest; say first or last.",
            )


def _leaders(facts: TableFacts, part: TableMapping) -> dict[str, str]:
    """Pair each column that was read beside another with that other."""
    return {
        beside: name
        for name, options in part.columns.items()
        for beside in filled_columns(facts.name, name, options)
        if beside != name
    }


def _leader(name: str, how: str) -> exp.Expr:
    column, rank = sql.column(name), sql.column("_rank")
    match how:
        case "first":
            return sql.call("ARG_MIN", column, rank)
        case "last":
            return sql.call("ARG_MAX", column, rank)
        case _:
            return sql.call(how.upper(), column)


def _follower(name: str, leader: str, how: str) -> exp.Expr:
    """Take what stands beside the value that the leader keeps, empty or not."""
    order = [exp.Ordered(this=sql.column("_rank"), desc=how == "last", nulls_first=False)]
    if how in {"min", "max"}:
        order.insert(0, exp.Ordered(this=sql.column(leader), desc=how == "max", nulls_first=False))
    first = exp.First(this=exp.Order(this=sql.column(name), expressions=order))
    return exp.Filter(this=first, expression=exp.Where(this=sql.is_filled(sql.column(leader))))
