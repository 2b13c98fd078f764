"""Aggregates: the rows of one key become one row, on canonical, typed values.

The row has the address of its first record. A column has the first value that is filled, or the one that `columns` states;
what was read along with a value (a date's precision, a number's sign) follows it, so that no value gets another one's sign.
Rows in which a column of the key is empty are not merged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.column_plan import filled_columns
from etl.mapping.compiler.records import ADDRESS
from etl.mapping.language.lookup_forms import Aggregate
from etl.mapping.language.near_name import did_you_mean, list_nearest
from etl.mapping.language.table_mapping import Deduplicate, TableMapping
from schemas.catalogue import TableFacts
from schemas.code_list import read_code_list

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]
"""Where in the mapping, and a sentence."""

ROW = (*ADDRESS, "_ordinal")


def key_rank(aggregate: Aggregate, *, within: Sequence[str] = ()) -> exp.Expr:
    """Number the rows of a key in the order of their records; in that of the columns `within` first."""
    order: list[exp.Expr] = [exp.Ordered(this=sql.column(name), nulls_first=False) for name in (*within, *ROW)]
    keys: list[exp.Expr] = [sql.column(name) for name in aggregate.by]
    return exp.Window(this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=order))


def as_deduplicate(aggregate: Aggregate) -> Deduplicate:
    """Convert an aggregate to the deduplication in which the first record of a key wins: the others are merged into it."""
    return Deduplicate(by=aggregate.by, keep="first")


def aggregate_rule(aggregate: Aggregate) -> str:
    """Name the rule of an aggregate in the ledger."""
    return f"one row for each {', '.join(aggregate.by)}"


def aggregated_rows(facts: TableFacts, parts: Sequence[TableMapping], aggregate: Aggregate) -> exp.Select:
    """Select one row for each key from the ranked rows of these parts, in the model's columns."""
    rank = sql.column("_rank")
    address = [sql.call("ARG_MIN", sql.column(name), rank).as_(name) for name in ROW]
    leaders = _leaders(facts, parts)
    columns = []
    for name in facts.column_names:
        if name in aggregate.by:
            value: exp.Expr = sql.column(name)
        elif name in leaders:
            value = _follower(name, leaders[name], aggregate.columns.get(leaders[name], "first"))
        elif name in aggregate.greatest:
            value = _greatest(name, aggregate.greatest[name])
        else:
            value = _leader(name, aggregate.columns.get(name, "first"))
        columns.append(value.as_(name, quoted=True))
    keys: list[exp.Expr] = [sql.column(name) for name in aggregate.by]
    alone = sql.when(sql.any_of(map(sql.is_empty, keys)), sql.call("ROW", *(sql.column(name) for name in ROW)))
    return exp.select(*address, *columns).from_("ranked").group_by(*keys, alone)


def check_aggregate(
    facts: TableFacts, path: Path, aggregate: Aggregate | None, *, parts: Sequence[TableMapping]
) -> Iterator[Mistake]:
    """List what an aggregate over these parts names that does not exist or cannot be put together."""
    if aggregate is None:
        return
    if facts.harmonisation:
        yield path, "a result, its unit and its limits belong to one record; say 'deduplicate' instead of 'aggregate'."
    leaders = _leaders(facts, parts)
    filled = set().union(*(_filled(facts, part) for part in parts))
    for name in (*aggregate.by, *aggregate.columns, *aggregate.greatest):
        if name not in facts.column_names:
            yield path, f"'{facts.name}.{name}' is not a canonical column.{did_you_mean(name, facts.column_names)}"
        elif name not in filled:
            yield path, f"nothing fills '{facts.name}.{name}' here, so it cannot be aggregated."
    for option in ("columns", "greatest"):
        for name in getattr(aggregate, option):
            if name in aggregate.by:
                yield (*path, option, name), f"'{name}' is part of the key; it is the same in every row."
            elif name in leaders:
                yield (*path, option, name), f"'{name}' follows '{leaders[name]}'; name that."
    yield from _check_order(facts, path, aggregate)


def check_key(facts: TableFacts, path: Path, by: Sequence[str], *, parts: Sequence[TableMapping]) -> Iterator[Mistake]:
    """List the columns of a key over all parts that one of them does not fill: its rows would match none of the others."""
    for name in by:
        for part in parts:
            if name in facts.column_names and name not in _filled(facts, part):
                yield (
                    path,
                    f"the part from '{part.source}' does not fill '{facts.name}.{name}', so its rows meet no others.",
                )


def _check_order(facts: TableFacts, path: Path, aggregate: Aggregate) -> Iterator[Mistake]:
    """List columns that have no greatest value, and orders of codes that leave one out."""
    for name, how in aggregate.columns.items():
        if how in {"min", "max"} and name in facts.column_names and facts.column(name).sql_type == "VARCHAR":
            sentence = f"'{name}' is a text or a code, of which none is the greatest; say first or last."
            yield (*path, "columns", name), f"{sentence} Codes are put in an order under 'greatest'."
    for name, codes in aggregate.greatest.items():
        at = (*path, "greatest", name)
        if name in aggregate.columns:
            yield at, f"'{name}' stands under 'columns', too; say one of them."
        known = facts.column(name).codes if name in facts.column_names else None
        if known is None:
            if name in facts.column_names:
                yield at, f"'{name}' holds no codes; say min, max, first or last under 'columns'."
            continue
        listed = [entry.code for entry in read_code_list(known).entries]
        for code, count in Counter(codes).items():
            if code not in listed:
                near, there = did_you_mean(code, listed), list_nearest(code, listed)
                yield at, f"'{code}' is not a code of the list '{known}'.{near} It has {there}."
            elif count > 1:
                yield at, f"the code '{code}' is listed {count} times."
        if absent := [code for code in listed if code not in codes]:
            yield at, f"the order leaves out {', '.join(absent)}; list every code, the least first."


def _filled(facts: TableFacts, part: TableMapping) -> set[str]:
    return {name for column, options in part.columns.items() for name in filled_columns(facts.name, column, options)}


def _leaders(facts: TableFacts, parts: Sequence[TableMapping]) -> Mapping[str, str]:
    """Pair each column that was read along with another with that other."""
    return {
        companion: name
        for part in parts
        for name, options in part.columns.items()
        for companion in filled_columns(facts.name, name, options)
        if companion != name
    }


def _greatest(name: str, codes: Sequence[str]) -> exp.Expr:
    """Take the code that comes last in the stated order."""
    order = exp.Array(expressions=[sql.text(code) for code in codes])
    return sql.call("ARG_MAX", sql.column(name), sql.call("LIST_POSITION", order, sql.column(name)))


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
    """Take the cell of the row whose value the leading column takes, empty or not."""
    order = [exp.Ordered(this=sql.column("_rank"), desc=how == "last", nulls_first=False)]
    if how in {"min", "max"}:
        order.insert(0, exp.Ordered(this=sql.column(leader), desc=how == "max", nulls_first=False))
    first = exp.First(this=exp.Order(this=sql.column(name), expressions=order))
    return exp.Filter(this=first, expression=exp.Where(this=sql.is_filled(sql.column(leader))))
