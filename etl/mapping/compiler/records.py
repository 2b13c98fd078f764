"""Which records of a source count, and which rows they yield.

`trimmed` is the source's text in NFC, `source` has its missing codes as NULL (columns that a part reads group by group
are cleaned in its slots, of which there are far fewer columns), `kept` are the records that meet every
`keep_if`, or their slots (etl.mapping.compiler.slots), and are not empty; with `then_keep_if` these are `found`, once every
look-up has brought its columns, and `kept` those of them that it keeps. A condition that cannot be decided does not exclude
its record, and is reported.
"""

from collections.abc import Iterable
from itertools import chain

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.column_plan import cells_read
from etl.mapping.compiler.expressions import columns_in, over, parse_expression
from etl.mapping.compiler.missing import clean_text, without_missing
from etl.mapping.compiler.operation import RECORDS, Failure
from etl.mapping.compiler.slots import SLOTS, Step, grouped_columns, has_slots, is_closed, made_columns, slot_steps
from etl.mapping.language.condition import Condition
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import Deduplicate, TableMapping

ADDRESS = ("_source_id", "_record")
EMPTY = "unless_empty"
"""The rule under which a slot is empty when nothing is in it."""
FOUND = "found"
"""The CTE of the records that count once every look-up has brought its columns, where `then_keep_if` decides on them."""


def columns_read(part: TableMapping) -> tuple[str, ...]:
    """Name every source column that a part reads, in order of appearance."""
    return tuple(dict.fromkeys((*own_columns(part), *grouped_columns(part))))


def own_columns(part: TableMapping) -> tuple[str, ...]:
    """Name the source columns that a row reads by their own names; what look-ups bring is not the source's."""
    names = [name for options in part.columns.values() for name in cells_read(options)]
    names += [name for lookup in part.lookup for name in lookup.columns_here]
    names += [name for condition in part.then_keep_if for name in columns_in(parse_expression(condition.when))]
    names = [name for name in names if name not in part.brought]
    names += [name for condition in part.keep_if for name in columns_in(parse_expression(condition.when))]
    made = made_columns(part)
    return tuple(dict.fromkeys(name for name in (*names, *chain(*part.empty_sets)) if name not in made))


def looked_up_columns(part: TableMapping, source: str, *, only: int | None = None) -> tuple[str, ...]:
    """Name the columns of a source that a part looks up in; of one look-up alone where its position is given."""
    lookups = part.lookup if only is None else part.lookup[only : only + 1]
    return tuple(
        name
        for lookup in lookups
        if lookup.source == source and not lookup.is_of_table
        for name in lookup.columns_there
    )


def source_steps(mapping: SiteMapping, part: TableMapping) -> list[Step]:
    """Write the CTEs `trimmed` and `source`, with the columns that the part reads."""
    own = own_columns(part) if part.unpivot else columns_read(part)
    later = [name for name in columns_read(part) if name not in set(own)]
    view = sql.scratch(part.source, part.source)
    trimmed = [clean_text(sql.column(name, part.source)).as_(name, quoted=True) for name in own]
    known = [without_missing(sql.column(name, "trimmed"), mapping.missing).as_(name, quoted=True) for name in own]
    as_landed = [[sql.column(name, table) for name in later] for table in (part.source, "trimmed")]
    return [
        ("trimmed", exp.select(*address(), *trimmed, *as_landed[0]).from_(view, copy=False)),
        ("source", exp.select(*address(), *known, *as_landed[1]).from_("trimmed", copy=False)),
    ]


def place_steps(mapping: SiteMapping, part: TableMapping) -> list[Step]:
    """Write the CTEs that lead from records to their slots; none where a record is one slot."""
    is_counted = is_not_excluded(part) if part.keep_if else None
    return slot_steps(part, own_columns(part), is_counted, mapping.missing)


def kept_records(part: TableMapping) -> exp.Select:
    """Select the records, or their slots, that count and yield a row."""
    is_kept = [is_not_excluded(part)] if part.keep_if and not has_slots(part) else []
    is_filled = [exp.not_(exp.paren(is_empty_slot(part)))] if may_be_empty(part) else []
    select = exp.select("*").from_(_places(part))
    return select.where(sql.all_of((*is_kept, *is_filled))) if is_kept or is_filled else select


def is_not_excluded(part: TableMapping) -> exp.Expr:
    """Write whether no condition of `keep_if` is false; unknown counts as met."""
    return _is_met(part.keep_if, "source")


def kept_by_then(part: TableMapping) -> list[Step]:
    """Write the CTE of the rows that `then_keep_if` keeps of those for which every look-up is done; none without it."""
    if not part.then_keep_if:
        return []
    return [(RECORDS, exp.select("*").from_(FOUND).where(_is_met(part.then_keep_if, FOUND)))]


def last_found(part: TableMapping) -> str:
    """Name the CTE that the look-ups lead to."""
    return FOUND if part.then_keep_if else RECORDS


def may_be_empty(part: TableMapping) -> bool:
    """Return whether the part may have slots that yield no row."""
    return bool(part.empty_sets or is_closed(part))


def is_empty_slot(part: TableMapping) -> exp.Expr:
    """Write whether every column of one of the sets that matter is empty, or the slot's box is not ticked."""
    says_nothing = [sql.all_of(_says_nothing(part, name) for name in columns) for columns in part.empty_sets]
    return sql.any_of([*says_nothing, *is_closed(part)])


def _says_nothing(part: TableMapping, name: str) -> exp.Expr:
    """Write whether a cell is empty, or holds a missing code of every canonical column that takes it."""
    cell = sql.column(name, _places(part))
    taken = [set(options.missing) for options in part.columns.values() if options.column == name]
    own = set.intersection(*taken) if taken else set()
    return sql.is_empty(without_missing(cell, sorted(own)) if own else cell)


def excluded_records(part: TableMapping) -> exp.Select:
    """Select the records that a condition of `keep_if` turns away, with the first condition that does."""
    return _turned_away(part.keep_if, "source", address())


def excluded_rows(part: TableMapping, number: exp.Expr | None) -> exp.Select:
    """Select the records that a condition of `then_keep_if` turns away, with the first that does; slots with their number."""
    ordinal = [number.as_("_ordinal")] if number is not None else []
    return _turned_away(part.then_keep_if, FOUND, [*address(), *ordinal])


def _turned_away(conditions: list[Condition], table: str, places: list[exp.Expr]) -> exp.Select:
    rule = exp.Case()
    is_false = []
    for condition in conditions:
        fails = exp.Is(this=exp.paren(_condition(condition.when, table)), expression=exp.false())
        rule = rule.when(fails, sql.text(condition.rule))
        is_false.append(fails)
    return exp.select(*places, rule.as_("rule")).from_(table).where(sql.any_of(is_false))


def _is_met(conditions: list[Condition], table: str) -> exp.Expr:
    return sql.all_of(
        exp.NullSafeNEQ(this=exp.paren(_condition(condition.when, table)), expression=exp.false())
        for condition in conditions
    )


def empty_slots(part: TableMapping, number: exp.Expr) -> exp.Select:
    """Select the records, or their slots, that count but yield no row, as nothing is in them."""
    is_kept = [is_not_excluded(part)] if part.keep_if and not has_slots(part) else []
    select = exp.select(*address(), number.as_("_ordinal"), sql.text(EMPTY).as_("rule")).from_(_places(part))
    return select.where(sql.all_of((*is_kept, is_empty_slot(part))))


def undecided(mapping: SiteMapping, part: TableMapping, table: str = RECORDS) -> tuple[Failure, ...]:
    """Report where a condition of `keep_if` cannot be decided, the part's own or its source's."""
    of_source = len(mapping.sources[part.source].keep_if)
    said_by_source = _undecided(part.keep_if[:of_source], f"'keep_if' of the source {part.source}", table)
    return (*said_by_source, *_undecided(part.keep_if[of_source:], "'keep_if'", table))


def undecided_then(part: TableMapping) -> tuple[Failure, ...]:
    """Report where a condition of `then_keep_if` cannot be decided."""
    return _undecided(part.then_keep_if, "'then_keep_if'", RECORDS)


def _undecided(conditions: list[Condition], key: str, table: str) -> tuple[Failure, ...]:
    """Report which cells of a condition are empty where it cannot be decided, and the key of the mapping that states it."""
    failures = []
    for condition in conditions:
        names = columns_in(parse_expression(condition.when))
        empty: list[exp.Expr] = [sql.when(sql.is_empty(sql.column(name, table)), sql.text(name)) for name in names]
        which = sql.call("NULLIF", sql.call("CONCAT_WS", sql.text(", "), *(empty or [exp.null()])), sql.text(""))
        found = sql.call(
            "COALESCE", exp.DPipe(this=which, expression=sql.text(" empty")), sql.text("a value that does not convert")
        )
        is_unknown = sql.is_empty(exp.paren(_condition(condition.when, table)))
        stated = sql.text(f"{key}: {condition.when}")
        failures.append(Failure("condition_unknown", is_unknown, found, stated, None, names))
    return tuple(failures)


def winner_rank(deduplicate: Deduplicate, *, by_slot: bool, within: Iterable[str] = ()) -> exp.Expr:
    """Number the rows that stand for the same thing, the winner first; a row without a key is not merged.

    The order is that of `order_by`, then of the columns `within`, then of the records, and of their slots `by_slot`.
    """
    latest = deduplicate.keep == "last"
    order: list[str] = [deduplicate.order_by] if deduplicate.order_by else []
    ordered: Iterable[exp.Expr] = [
        exp.Ordered(this=sql.column(name), desc=latest, nulls_first=False)
        for name in (*order, *within, "_source_id", "_record", *(["_ordinal"] if by_slot else []))
    ]
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=[sql.column(name) for name in deduplicate.by],
        order=exp.Order(expressions=list(ordered)),
    )


def is_winner(deduplicate: Deduplicate) -> exp.Expr:
    """Write whether a ranked row is the one that stays."""
    without_key = [sql.is_empty(sql.column(name)) for name in deduplicate.by]
    return sql.any_of((exp.EQ(this=sql.column("_rank"), expression=exp.Literal.number(1)), *without_key))


def dedup_rule(deduplicate: Deduplicate) -> str:
    """Name the rule of a deduplication in the ledger."""
    order = f" by {deduplicate.order_by}" if deduplicate.order_by else ""
    return f"the {deduplicate.keep}{order} of the same {', '.join(deduplicate.by)}"


def _places(part: TableMapping) -> str:
    """Name the CTE in which every row is a place for a row."""
    return SLOTS if has_slots(part) else "source"


def _condition(text: str, table: str) -> exp.Expr:
    return exp.Try(this=over(parse_expression(text), table))


def address(table: str | None = None) -> list[exp.Expr]:
    """Name the columns that address a record."""
    return [exp.column(name, table=table) for name in ADDRESS]
