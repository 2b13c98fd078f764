"""Slots: the places in a record where a row can be. Without `unpivot` and `explode` a record is one slot.

`counted` are the records that count, `slots` their places, each with its number `_slot`. What can be wrong with a record
or with a slot is reported here, before empty slots are skipped.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.explode import SPLIT, odd_lists, split_cells, spread_parts
from etl.mapping.compiler.operation import Failure
from etl.mapping.compiler.unpivot import (
    SLOT,
    cells_by_slot,
    clean_slots,
    columns_behind,
    is_unticked,
    new_columns,
    path_of_cell,
    slot_groups,
    spread_groups,
    unknown_tick,
)
from etl.mapping.language.table_mapping import TableMapping

COUNTED, SPREAD, SLOTS = "counted", "spread", "slots"
PLACE = ("_source_id", "_record", SLOT)
"""The columns that address a slot."""

_RESERVED = re.compile(r"_(source_id|record|line|slot|ordinal|parts_[0-9]+)", re.IGNORECASE)

Step = tuple[str, exp.Select]


@dataclass(frozen=True)
class StepFailures:
    """Failure conditions to evaluate on one CTE, and the slot number to report them under."""

    step: str
    slot: exp.Expr
    failures: tuple[Failure, ...]


def has_slots(part: TableMapping) -> bool:
    """Return whether a record of this part has several slots."""
    return part.unpivot is not None or part.explode is not None


def is_reserved(name: str) -> bool:
    """Return whether a name is one that the compiler uses itself."""
    return _RESERVED.fullmatch(name) is not None


def made_columns(part: TableMapping) -> tuple[str, ...]:
    """Name the columns that the part makes and the source does not hold."""
    return new_columns(part.unpivot) if part.unpivot else ()


def grouped_columns(part: TableMapping) -> tuple[str, ...]:
    """Name the source columns that the part reads slot by slot."""
    if part.unpivot is not None:
        return tuple(name for new in part.unpivot.new_cells for name in columns_behind(part.unpivot, new))
    return tuple(part.explode.columns) if part.explode else ()


def places_named(part: TableMapping) -> list[tuple[tuple[str, ...], str]]:
    """List where in the part the columns that it reads slot by slot are named."""
    if part.unpivot is not None:
        return [
            (("unpivot", *path_of_cell(part.unpivot, new, groups)), name)
            for new in part.unpivot.new_cells
            for groups, name in zip(slot_groups(part.unpivot), cells_by_slot(part.unpivot, new), strict=True)
            if name is not None
        ]
    return [(("explode", "columns"), name) for name in grouped_columns(part)]


def columns_by_slot(part: TableMapping, names: Iterable[str]) -> list[str]:
    """Name the source columns behind some columns of a row, slot by slot; one text where all slots have the same."""
    names = tuple(names)
    made = made_columns(part)
    if part.unpivot is None or not set(names) & set(made):
        return [", ".join(names)]
    groups = range(len(slot_groups(part.unpivot)))
    behind = [cells_by_slot(part.unpivot, name) if name in made else (name,) * len(groups) for name in names]
    return [", ".join(dict.fromkeys(filter(None, (columns[group] for columns in behind)))) for group in groups]


def column_names(part: TableMapping, names: Iterable[str], table: str) -> exp.Expr:
    """Write the source columns behind some columns of a row as a text, those of the row's own slot."""
    first, *others = (sql.text(text) for text in columns_by_slot(part, names))
    if not others:
        return first
    return sql.call("LIST_EXTRACT", exp.Array(expressions=[first, *others]), exp.column(SLOT, table=table))


def slot_steps(
    part: TableMapping, own: Iterable[str], is_counted: exp.Expr | None, missing: Iterable[str]
) -> list[Step]:
    """Write the CTEs from the records to their slots; none where a record is one slot.

    Args:
        part: the part.
        own: the columns of the record itself that its rows read.
        is_counted: the condition under which a record counts; None when all do.
        missing: the codes that mean 'missing'.
    """
    if not has_slots(part):
        return []
    counted = exp.select("*").from_("source")
    steps = [(COUNTED, counted.where(is_counted) if is_counted is not None else counted)]
    if part.unpivot is not None:
        own = tuple(own)
        return [
            *steps,
            (SPREAD, spread_groups(part.unpivot, COUNTED, own)),
            (SLOTS, clean_slots(part.unpivot, SPREAD, own, missing=missing)),
        ]
    assert part.explode is not None
    return [
        *steps,
        (SPLIT, split_cells(part.explode, COUNTED, own, missing=missing)),
        (SLOTS, spread_parts(part.explode, own)),
    ]


def is_closed(part: TableMapping) -> list[exp.Expr]:
    """List the conditions other than `unless_empty` under which a slot is empty."""
    return [is_unticked(part.unpivot, SLOTS)] if part.unpivot and part.unpivot.ticked else []


def slot_failures(part: TableMapping, of_record: Callable[[str], tuple[Failure, ...]]) -> list[StepFailures]:
    """List the failures to report of records (at their first slot) and of slots, whether they are empty or not."""
    if not has_slots(part):
        return []
    step = SPLIT if part.explode else COUNTED
    first = exp.Literal.number(1)
    failed = [StepFailures(step, first, (*of_record(step), *(odd_lists(part.explode) if part.explode else ())))]
    if part.unpivot and part.unpivot.ticked:
        failed.append(StepFailures(SLOTS, exp.column(SLOT), (unknown_tick(part.unpivot, SLOTS),)))
    return [each for each in failed if each.failures]


def ordinal(part: TableMapping, first: int) -> exp.Expr:
    """Write the ordinal of a row whose part begins at `first`."""
    if not has_slots(part):
        return exp.Literal.number(first)
    return exp.Add(this=exp.Literal.number(first - 1), expression=exp.column(SLOT)) if first > 1 else exp.column(SLOT)
