"""Columns that one file of a source lacks and another has: empty there, and reported once for each file."""

from collections.abc import Iterator, Mapping

from etl.mapping.compiler.column_plan import cells_alongside, source_columns
from etl.mapping.compiler.expressions import columns_in, parse_expression
from etl.mapping.compiler.records import looked_up_columns
from etl.mapping.compiler.source_columns import ColumnNote, used_columns
from etl.mapping.language.site_mapping import SiteMapping

Headers = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The columns of each file, by source and file name."""


def absent_columns(mapping: SiteMapping, headers: Headers) -> tuple[ColumnNote, ...]:
    """List the columns that a file lacks although another file of its source has them and the mapping reads them.

    A column that is only read under `coalesce` with one that the file does have, or that a look-up brings, is bridged: the
    mapping allows for its absence.
    """
    return tuple(
        ColumnNote("absent_column", None, None, source, name, name, "the column", file)
        for source, files in headers.items()
        for file, columns in files.items()
        for name in dict.fromkeys(column for other in files.values() for column in other)
        if name not in columns and name in used_columns(mapping, source)
        if not _is_bridged(mapping, source, name, columns)
    )


def _is_bridged(mapping: SiteMapping, source: str, name: str, columns: tuple[str, ...]) -> bool:
    """Return whether every place that reads a column has another one of the file to take instead."""
    return all(stand_ins & set(columns) for stand_ins in _stand_ins(mapping, source, name))


def _stand_ins(mapping: SiteMapping, source: str, name: str) -> Iterator[set[str]]:
    """Yield, for each place that reads a column, the columns that replace it; none where it is read alone."""
    for part in (part for parts in mapping.tables.values() for part in parts):
        if name in looked_up_columns(part, source):
            yield set()
        if part.source != source:
            continue
        for options in part.columns.values():
            stand_ins = set(options.coalesce or ())
            if name in source_columns(options) and not stand_ins & part.brought.keys():
                yield stand_ins
            if name in cells_alongside(options):
                yield set()
        yield from (set(columns) for columns in part.empty_sets if name in columns)
        asked = (condition.when for condition in (*part.keep_if, *part.then_keep_if))
        conditions = [columns_in(parse_expression(text)) for text in asked]
        if any(name in read for read in (*conditions, *(lookup.columns_here for lookup in part.lookup))):
            yield set()
