"""Check `unpivot` and `explode`: what they name must fit together, before any delivery is read."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from etl.mapping.compiler.column_plan import cells_read
from etl.mapping.compiler.expressions import UnsafeExpressionError, columns_in, parse_expression
from etl.mapping.compiler.records import columns_read
from etl.mapping.compiler.slots import grouped_columns, has_slots, is_reserved
from etl.mapping.compiler.texts import check_pattern
from etl.mapping.compiler.unpivot import cells_by_slot, new_columns, path_of_cell, place_of, slot_groups
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.slot_forms import Explode, Unpivot
from etl.mapping.language.table_mapping import TableMapping

Mistake = tuple[tuple[str | int, ...], str]
"""Where in the mapping, and a sentence."""


def check_slots(mapping: SiteMapping, at: tuple[str | int, ...], part: TableMapping) -> Iterator[Mistake]:
    """List what is wrong with the slots of a part; its expressions may be wrong in themselves."""
    if not has_slots(part):
        return
    if part.unpivot and part.explode:
        yield (
            (*at, "explode"),
            "'unpivot' and 'explode' do not go together; explode the columns of each group in a part of its own.",
        )
        return
    if part.unpivot is not None:
        yield from _check_unpivot(mapping, (*at, "unpivot"), part.unpivot)
        yield from _check_new_columns(mapping, at, part, unpivot=part.unpivot)
    if part.explode is not None:
        yield from _check_explode((*at, "explode"), part.explode)
    option = "unpivot" if part.unpivot else "explode"
    for name in grouped_columns(part):
        if mapping.identity.get(name) == "drop":
            yield (*at, option, "columns"), f"'{name}' is dropped under 'identity:', so nothing can read it."
    if _can_be_parsed(part):
        for name in columns_read(part):
            if is_reserved(name):
                yield (*at, option), f"a column named '{name}' cannot be read together with '{option}'."


def _check_unpivot(mapping: SiteMapping, at: tuple[str | int, ...], unpivot: Unpivot) -> Iterator[Mistake]:
    placeholders = {axis: place_of(unpivot, axis) for axis in unpivot.axes}
    patterns = [*unpivot.columns.values(), *chain(*(cells.values() for cells in unpivot.columns_by_group.values()))]
    crossed = unpivot.axes_of_groups if len(placeholders) > 1 else {}
    for axis, groups in unpivot.axes.items():
        for group, count in Counter(groups).items():
            if count > 1:
                yield (*at, "groups"), f"the group '{group}' is listed {count} times."
        if axis in crossed and not any(placeholders[axis] in pattern for pattern in patterns if pattern):
            yield (
                (*at, "groups"),
                f"no column holds {placeholders[axis]}, so its groups are all alike; leave the axis out.",
            )
    where = " or ".join(placeholders.values())
    for new, pattern in unpivot.columns.items():
        if not any(placeholder in pattern for placeholder in placeholders.values()):
            yield (
                (*at, "columns", new),
                f"'{pattern}' is the same column for every group; write {where} where the group stands.",
            )
    if unpivot.ticked is not None and unpivot.ticked not in unpivot.new_cells:
        near = did_you_mean(unpivot.ticked, unpivot.new_cells)
        yield (*at, "ticked"), f"'{unpivot.ticked}' is not one of the new columns.{near}"
    if unpivot.tick_words is not None and unpivot.ticked is None:
        yield (*at, "tick_words"), "'tick_words' goes with 'ticked'."
    for new in new_columns(unpivot):
        path = (*at, *_path_of_new(unpivot, new))
        if is_reserved(new):
            yield path, f"'{new}' is not a name for a new column; take one without '_' before it."
        if new in mapping.identity:
            yield path, f"'{new}' is a column under 'identity:'; give the new column another name."


def _path_of_new(unpivot: Unpivot, new: str) -> tuple[str, ...]:
    """Return where a new column is named, below 'unpivot'."""
    if new in unpivot.new_cells:
        return path_of_cell(unpivot, new, slot_groups(unpivot)[0])
    return ("name",) if new == unpivot.name else ("groups",)


def _check_new_columns(
    mapping: SiteMapping, at: tuple[str | int, ...], part: TableMapping, *, unpivot: Unpivot
) -> Iterator[Mistake]:
    """Compare the new columns with each other and with the record's own; the engine ignores case in names."""
    new = new_columns(unpivot)
    for name, count in Counter(name.casefold() for name in new).items():
        if count > 1:
            yield (*at, "unpivot", "columns"), f"two new columns are named '{name}'; give each its own name."
    folded = {name.casefold(): name for name in new}
    for made in unpivot.new_cells:
        for groups, behind in zip(slot_groups(unpivot), cells_by_slot(unpivot, made), strict=True):
            if behind is not None and behind.casefold() in folded:
                yield (
                    (*at, "unpivot", *path_of_cell(unpivot, made, groups)),
                    f"the new column '{folded[behind.casefold()]}' has the name of a source column; give it another name.",
                )
    if not _can_be_parsed(part):
        return
    for position, condition in enumerate(part.keep_if):
        for name in columns_in(parse_expression(condition.when)):
            if name in new:
                yield (
                    mapping.condition_path(at, part, position),
                    f"'{name}' is made by 'unpivot', and 'keep_if' asks records before that; name the record's own columns.",
                )
    named = [*chain(*part.empty_sets), *(name for options in part.columns.values() for name in cells_read(options))]
    for name in dict.fromkeys(named):
        meant = folded.get(name.casefold(), name)
        if meant != name:
            yield (*at, "unpivot", "columns"), f"'{name}' differs from the new column '{meant}' in case alone."


def _check_explode(at: tuple[str | int, ...], explode: Explode) -> Iterator[Mistake]:
    for name, count in Counter(explode.columns).items():
        if count > 1:
            yield (*at, "columns"), f"'{name}' is listed {count} times."
    if sentence := check_pattern(explode.separator, None):
        yield (*at, "separator"), sentence
    elif re.search(explode.separator, ""):
        yield (
            (*at, "separator"),
            f"'{explode.separator}' fits where nothing stands, so it would cut between any two signs; write '\\|' for a bar.",
        )


def _can_be_parsed(part: TableMapping) -> bool:
    """Return whether every expression of a part can be parsed; those that cannot are reported elsewhere."""
    texts = [condition.when for condition in (*part.keep_if, *part.then_keep_if)]
    texts += [options.expression for options in part.columns.values() if options.expression is not None]
    try:
        for text in texts:
            parse_expression(text)
    except UnsafeExpressionError:
        return False
    return True
