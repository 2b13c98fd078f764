"""Unpivot: columns that repeat in groups (a visit, a test, a box to tick) become one slot for each group.

Where two axes cross in the header (tests within visits), every group of one with every group of the other is a slot.
"""

from collections.abc import Iterable
from itertools import product

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.missing import clean_text, without_missing
from etl.mapping.compiler.operation import Failure
from etl.mapping.language.slot_forms import TICK_WORDS, Unpivot

GROUP = "{group}"
"""The placeholder of the group in the name of a source column; for the group of an axis it is the axis in braces."""

SLOT = "_slot"
"""The number of a slot in its record, from 1."""


def spread_groups(unpivot: Unpivot, records: str, own: Iterable[str]) -> exp.Select:
    """Select one slot per record and group, in the order of the groups, cells as they were landed.

    Args:
        unpivot: the groups and the columns of each.
        records: the CTE of the records.
        own: the columns of the record itself that every slot has, too.
    """
    kept = (sql.column(name, records) for name in ("_source_id", "_record", *own))
    places = slot_groups(unpivot)
    numbers = (exp.Literal.number(number) for number, _ in enumerate(places, start=1))
    select = exp.select(*kept, _down(numbers).as_(SLOT)).from_(records, copy=False)
    for axis, groups in zip(unpivot.axes, zip(*places, strict=True), strict=True):
        select = select.select(_down(map(sql.text, groups)).as_(axis, quoted=True), copy=False)
    for new in unpivot.new_cells:
        cells = (sql.column(name, records) if name else sql.empty("VARCHAR") for name in cells_by_slot(unpivot, new))
        select = select.select(_down(cells).as_(new, quoted=True), copy=False)
    return select


def clean_slots(unpivot: Unpivot, spread: str, own: Iterable[str], *, missing: Iterable[str]) -> exp.Select:
    """Trim the cells of slots and normalise them to NFC, missing codes to NULL; the record's own columns are clean."""
    kept = (sql.column(name, spread) for name in ("_source_id", "_record", *own, SLOT, *unpivot.axes))
    codes = tuple(missing)
    cells = (
        without_missing(clean_text(sql.column(new, spread)), codes).as_(new, quoted=True) for new in unpivot.new_cells
    )
    return exp.select(*kept, *cells).from_(spread, copy=False)


def new_columns(unpivot: Unpivot) -> tuple[str, ...]:
    """Name the columns that a slot has and its record has not."""
    return (*unpivot.axes, *unpivot.new_cells)


def slot_groups(unpivot: Unpivot) -> list[tuple[str, ...]]:
    """List the slots of a record in their order, each by its group on every axis; the last axis changes first."""
    return [*product(*unpivot.axes.values())]


def place_of(unpivot: Unpivot, axis: str) -> str:
    """Write the placeholder of an axis' group in the name of a source column."""
    return GROUP if unpivot.name is not None and not unpivot.columns_by_group else f"{{{axis}}}"


def columns_behind(unpivot: Unpivot, name: str) -> tuple[str, ...]:
    """Name the source columns behind a column of the slots, of the groups that have one."""
    return tuple(column for column in cells_by_slot(unpivot, name) if column is not None)


def cells_by_slot(unpivot: Unpivot, name: str) -> tuple[str | None, ...]:
    """Name the source column behind a column of the slots, slot by slot; None where its group has none.

    The column that names the group is taken from the headers, so the first header of a group stands for it.
    """
    return tuple(_column_of(unpivot, name, groups) for groups in slot_groups(unpivot))


def path_of_cell(unpivot: Unpivot, new: str, groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return where in the mapping the source column of a slot's cell is named, below 'unpivot'."""
    return ("columns_by_group", groups[-1], new) if unpivot.columns_by_group else ("columns", new)


def is_unticked(unpivot: Unpivot, slots: str) -> exp.Expr:
    """Write whether the box of a slot is not ticked; a word that is neither is not a tick."""
    assert unpivot.ticked is not None
    words = unpivot.tick_words or TICK_WORDS
    ticked = sql.one_of(sql.column(unpivot.ticked, slots), (word.strip() for word in words.true))
    return exp.NullSafeNEQ(this=exp.paren(ticked), expression=exp.true())


def unknown_tick(unpivot: Unpivot, slots: str) -> Failure:
    """Report a box that holds neither of the words for ticked and not ticked."""
    assert unpivot.ticked is not None
    words = unpivot.tick_words or TICK_WORDS
    known = (*words.true, *words.false)
    cell = sql.column(unpivot.ticked, slots)
    is_unknown = exp.not_(sql.one_of(cell, (word.strip() for word in known)))
    return Failure("not_a_boolean", is_unknown, cell, sql.text(", ".join(known)), source_columns=(unpivot.ticked,))


def _column_of(unpivot: Unpivot, name: str, groups: tuple[str, ...]) -> str | None:
    """Name the source column behind a column of one slot, given its group on every axis."""
    cells = unpivot.columns_by_group[groups[-1]] if unpivot.columns_by_group else unpivot.columns
    in_names = {axis: group for axis, group in zip(unpivot.axes, groups, strict=True) if _is_in_names(unpivot, axis)}
    pattern = cells.get(name)
    if name in unpivot.axes:
        written = [each for new in unpivot.new_cells if (each := cells[new]) is not None]
        with_place = (each for each in written if name in in_names and place_of(unpivot, name) in each)
        pattern = next(with_place, written[0])
    if pattern is None:
        return None
    for axis, group in in_names.items():
        pattern = pattern.replace(place_of(unpivot, axis), group)
    return pattern


def _is_in_names(unpivot: Unpivot, axis: str) -> bool:
    """Return whether the groups of an axis stand in the names of source columns, and not under 'columns_by_group'."""
    return not unpivot.columns_by_group or axis in unpivot.axes_of_groups


def _down(values: Iterable[exp.Expr]) -> exp.Expr:
    """Unnest values into rows; lists of one length unnest in parallel."""
    return sql.call("UNNEST", exp.Array(expressions=list(values)))
