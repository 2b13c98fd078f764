"""Compare a mapping with the delivered columns: columns that the mapping does not use, and columns that are missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from etl.mapping.compiler.column_plan import cells_read, filled_columns
from etl.mapping.compiler.expressions import columns_in, parse_expression
from etl.mapping.compiler.records import columns_read, looked_up_columns
from etl.mapping.compiler.slots import made_columns, places_named
from etl.mapping.language.near_name import did_you_mean, list_nearest
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import all_tables
from warehouse.errors import DeliveryError

ALL = "*"


@dataclass(frozen=True)
class ColumnNote:
    """A finding about a column of a source or of the canonical model; `rule` names it in etl.findings."""

    rule: str
    table: str | None
    column: str | None
    source: str | None
    source_column: str | None
    found: str
    expected: str
    file: str | None = None
    """The one file that it is about; None for every file of the source that has the column."""


def check_columns(
    mapping: SiteMapping, columns_of: Mapping[str, tuple[str, ...]], *, tables: Iterable[str] | None = None
) -> tuple[ColumnNote, ...]:
    """Compare a mapping with the columns that were delivered.

    Args:
        mapping: the site's mapping.
        columns_of: the columns that were delivered, by source, without those that `identity` drops.
        tables: only these canonical tables; all when None.

    Returns:
        what is worth a finding: unused_column, unused_source, never_filled.

    Raises:
        DeliveryError: the mapping reads columns that were not delivered; every one is named, with its line.
    """
    wanted = tuple(mapping.tables) if tables is None else tuple(tables)
    absent = [sentence for table in wanted for sentence in _absent_columns(mapping, table, columns_of)]
    if absent:
        raise DeliveryError("\n".join(dict.fromkeys(absent)))
    return (*_unused(mapping, columns_of), *never_filled(mapping)) if tables is None else ()


def never_filled(mapping: SiteMapping) -> tuple[ColumnNote, ...]:
    """List the canonical columns that the mapping neither fills nor names under `not_collected`."""
    notes = []
    for facts in all_tables():
        declared = mapping.not_collected.get(facts.name, [])
        if ALL in declared:
            continue
        filled = {
            column
            for part in mapping.tables.get(facts.name, [])
            for name, options in part.columns.items()
            for column in filled_columns(facts.name, name, options)
        }
        names = [name for name in facts.column_names if name not in filled and name not in declared]
        if not filled and not declared:
            notes.append(ColumnNote("never_filled", facts.name, None, None, None, "the whole table", "a mapping"))
            continue
        notes += [ColumnNote("never_filled", facts.name, name, None, None, name, "a mapping") for name in names]
    return tuple(notes)


def used_columns(mapping: SiteMapping, source: str) -> frozenset[str]:
    """Name the columns of a source that some table reads, or looks up in."""
    parts = [part for parts in mapping.tables.values() for part in parts]
    read = {name for part in parts if part.source == source for name in columns_read(part)}
    return frozenset(read | {name for part in parts for name in looked_up_columns(part, source)})


def known_columns(mapping: SiteMapping) -> dict[str, frozenset[str]]:
    """Name, by source, the columns that the mapping names: used, ignored, or identifying."""
    return {
        source: used_columns(mapping, source) | mapping.ignored_columns(source) | frozenset(mapping.identity)
        for source in mapping.sources
    }


def identity_columns(mapping: SiteMapping) -> dict[str, frozenset[str]]:
    """Name, by source, the columns under `identity` that some table reads."""
    return {source: used_columns(mapping, source) & mapping.identity.keys() for source in mapping.sources}


def _absent_columns(mapping: SiteMapping, table: str, columns_of: Mapping[str, tuple[str, ...]]) -> list[str]:
    sentences = []
    for index, part in enumerate(mapping.tables.get(table, [])):
        delivered = columns_of.get(part.source, ())
        made = made_columns(part)
        file = mapping.sources[part.source].file_text
        taken = {column.casefold() for column in delivered}
        sentences += [
            f"{mapping.address('tables', table, index, 'unpivot')}: the source '{part.source}' ({file}) has a column "
            f"'{name}' itself; give the new column another name."
            for name in made
            if name.casefold() in taken
        ]
        sentences += [
            _absence(mapping, path, part.source, name, delivered, made=made)
            for path, name in _places(mapping, table, index, part)
            if name not in delivered
        ]
        for position, lookup in enumerate(part.lookup):
            there = columns_of.get(lookup.source, ())
            path = ("tables", table, index, "lookup", position)
            sentences += [
                _absence(mapping, path, lookup.source, name, there)
                for name in looked_up_columns(part, lookup.source, only=position)
                if name not in there
            ]
    return sentences


def _absence(
    mapping: SiteMapping,
    path: tuple[str | int, ...],
    source: str,
    name: str,
    delivered: Collection[str],
    *,
    made: Collection[str] = (),
) -> str:
    """Say that a source has no such column, and what it has; a column that the mapping makes may be the one meant."""
    near, file = did_you_mean(name, (*delivered, *made)), mapping.sources[source].file_text
    return (
        f"{mapping.address(*path)}: the source '{source}' ({file}) has no column '{name}'.{near} "
        f"It has {list_nearest(name, delivered)}."
    )


def _places(
    mapping: SiteMapping, table: str, index: int, part: TableMapping
) -> list[tuple[tuple[str | int, ...], str]]:
    """List where each source column is named."""
    at: tuple[str | int, ...] = ("tables", table, index)
    places = [
        ((*at, "columns", canonical), name)
        for canonical, options in part.columns.items()
        for name in cells_read(options)
        if name not in part.brought
    ]
    places += [
        ((*at, "lookup", position), name)
        for position, lookup in enumerate(part.lookup)
        for name in lookup.columns_here
        if name not in part.brought
    ]
    asked = [(("then_keep_if", position), condition.when) for position, condition in enumerate(part.then_keep_if)]
    places += [
        ((*at, *path), name)
        for path, when in asked
        for name in columns_in(parse_expression(when))
        if name not in part.brought
    ]
    places += [(mapping.unless_empty_path(at, part, name), name) for columns in part.empty_sets for name in columns]
    made = made_columns(part)
    places = [(path, name) for path, name in places if name not in made]
    places += [((*at, *path), name) for path, name in places_named(part)]
    named = {name for _, name in places}
    return places + [
        (mapping.condition_path(at, part, position), name)
        for position, condition in enumerate(part.keep_if)
        for name in columns_in(parse_expression(condition.when))
        if name not in named
    ]


def _unused(mapping: SiteMapping, columns_of: Mapping[str, tuple[str, ...]]) -> list[ColumnNote]:
    notes = []
    parts = [part for parts in mapping.tables.values() for part in parts]
    read = {part.source for part in parts} | {lookup.source for part in parts for lookup in part.lookup}
    for source, columns in columns_of.items():
        if source not in read:
            notes.append(ColumnNote("unused_source", None, None, source, None, source, "a table that reads it"))
            continue
        known = known_columns(mapping)[source]
        notes += [
            ColumnNote("unused_column", None, None, source, name, name, "a mapping, or 'ignore'")
            for name in columns
            if name not in known
        ]
    return notes
