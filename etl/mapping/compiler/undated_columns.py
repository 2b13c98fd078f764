"""Find the columns of a source that the mapping reads as text, number or code, and nowhere as a date."""

from collections.abc import Iterator

from etl.mapping.compiler.column_plan import cells_alongside, source_columns
from etl.mapping.compiler.expressions import columns_in, parse_expression
from etl.mapping.compiler.measured_columns import key_columns, origins_in
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import table_facts


def undated_columns(mapping: SiteMapping, source: str) -> frozenset[str]:
    """Name the columns of a source that fill canonical columns, none of which is a date.

    What an expression, a condition or a look-up makes of a column is not known, so such a column is not named.
    """
    parts = [(table, part) for table, parts in mapping.tables.items() for part in parts]
    undated = {name for table, part in parts for name in _filling(table, part, source, is_date=False)}
    dated = {name for table, part in parts for name in _filling(table, part, source, is_date=True)}
    unknown = {name for _, part in parts for name in (*key_columns(part, source), *_asked(part, source))}
    return frozenset(undated - dated - unknown)


def _filling(table: str, part: TableMapping, source: str, *, is_date: bool) -> Iterator[str]:
    """Name the columns of a source that fill dates, or that fill anything else; a day that is counted from is a date."""
    facts = table_facts(table)
    for canonical, options in part.columns.items():
        fills_date = facts.column(canonical).sql_type == "DATE"
        if options.expression is None and fills_date == is_date:
            for name in (*source_columns(options), *(cells_alongside(options) if is_date else ())):
                yield from origins_in(part, name, source)


def _asked(part: TableMapping, source: str) -> Iterator[str]:
    """Name the columns of a source that expressions, conditions and orders of records read."""
    texts = [condition.when for condition in (*part.keep_if, *part.then_keep_if)]
    texts += [options.expression for options in part.columns.values() if options.expression is not None]
    for name in dict.fromkeys(name for text in texts for name in columns_in(parse_expression(text))):
        yield from origins_in(part, name, source)
    for lookup in part.lookup:
        if lookup.effective is not None:
            yield from origins_in(part, lookup.effective.date, source)
        if lookup.source == source:
            there = (lookup.effective.begins, lookup.effective.ends) if lookup.effective else ()
            yield from (name for name in (*there, lookup.order_by and lookup.order_by.column) if name)
