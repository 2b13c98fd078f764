"""Find the columns of a source that hold measured numbers, where 2.30115E+12 is a value and not a resident number."""

from collections.abc import Iterator

from etl.mapping.compiler.column_plan import source_columns
from etl.mapping.compiler.slots import made_columns
from etl.mapping.compiler.unpivot import columns_behind
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import table_facts


def measured_columns(mapping: SiteMapping, source: str) -> frozenset[str]:
    """Name the columns of a source that fill a canonical column with a decimal number, which has a unit.

    A column by which records are looked up is a key and not a measured number, whatever else it fills.
    """
    parts = [(table, part) for table, parts in mapping.tables.items() for part in parts]
    measured = {name for table, part in parts for name in _measured(table, part, source)}
    keys = {name for _, part in parts for name in key_columns(part, source)}
    return frozenset(measured - keys - set(mapping.identity))


def _measured(table: str, part: TableMapping, source: str) -> Iterator[str]:
    facts = table_facts(table)
    for canonical, options in part.columns.items():
        is_known = canonical in facts.column_names and options.expression is None
        if is_known and facts.column(canonical).sql_type.startswith("DECIMAL"):
            for name in source_columns(options):
                yield from origins_in(part, name, source)


def key_columns(part: TableMapping, source: str) -> Iterator[str]:
    """Name the columns of a source by which a part looks records up, on either side."""
    for lookup in part.lookup:
        if lookup.source == source:
            yield from (*lookup.match, *lookup.where)
        for name in lookup.match.values():
            yield from origins_in(part, name, source)


def origins_in(part: TableMapping, name: str, source: str) -> tuple[str, ...]:
    """Name the columns of a source behind a name in a part: brought by a look-up, made by groups, or its own."""
    lookup = part.brought.get(name)
    if lookup is not None:
        return (lookup.take[name],) if lookup.source == source else ()
    if part.source != source:
        return ()
    if part.unpivot is not None and name in made_columns(part):
        return columns_behind(part.unpivot, name)
    return (name,)
