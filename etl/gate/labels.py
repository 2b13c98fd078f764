"""Value labels of source files: write them into the audit tables, and compare them with the mapping's codes."""

from collections.abc import Iterator, Mapping

import duckdb

from etl.landing.landed_file import LandedFile
from etl.mapping.compiler.column_plan import source_columns
from etl.mapping.compiler.source_columns import ColumnNote
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.site_mapping import SiteMapping
from warehouse.insert import insert_selected
from warehouse.quoting import quote_name

_EXPECTED = "listed under 'missing', or recoded"
_FEW = 20


def keep_labels(con: duckdb.DuckDBPyConnection, files: Mapping[int, LandedFile]) -> None:
    """Write the labels of a load's files into `audit.source_label`, in the caller's transaction."""
    for source_id, file in files.items():
        labels = f'SELECT * RENAME (source_column AS "column") FROM ({file.labels_sql(source_id)})'
        insert_selected(con, "audit.source_label BY NAME", labels)


def note_undeclared_missing(
    con: duckdb.DuckDBPyConnection, mapping: SiteMapping, files: Mapping[int, LandedFile]
) -> list[ColumnNote]:
    """Say which codes a file declares as missing although the mapping, for a column that it fills, does not know them.

    Of a range, the codes that were delivered count. The sources must be exposed.
    """
    notes: dict[ColumnNote, None] = {}
    for source_id, file in files.items():
        declared = con.execute(
            f"SELECT source_column, code FROM ({file.labels_sql(source_id)}) WHERE is_missing"
        ).fetchall()
        for column, code in declared:
            codes = _delivered_within(con, file.source, column, code) if ".." in code else [code]
            for table, canonical, options in _uses(mapping, file.source, column):
                known = _known_codes(mapping, options)
                for each in codes:
                    if each not in known:
                        note = ColumnNote("undeclared_missing", table, canonical, file.source, column, each, _EXPECTED)
                        notes[note] = None
    return list(notes)


def _delivered_within(con: duckdb.DuckDBPyConnection, source: str, column: str, span: str) -> list[str]:
    low, _, high = span.partition("..")
    cell = quote_name(column)
    found = con.execute(
        f"SELECT DISTINCT {cell} FROM delivery.{quote_name(source)} WHERE TRY_CAST({cell} AS DOUBLE) "
        f"BETWEEN coalesce(?::DOUBLE, '-inf'::DOUBLE) AND coalesce(?::DOUBLE, 'inf'::DOUBLE) ORDER BY ALL LIMIT {_FEW}",
        [low or None, high or None],
    )
    return [text for (text,) in found.fetchall()]


def _uses(mapping: SiteMapping, source: str, column: str) -> Iterator[tuple[str, str, ColumnMapping]]:
    for table, parts in mapping.tables.items():
        for part in parts:
            if part.source == source:
                for canonical, options in part.columns.items():
                    if column in source_columns(options):
                        yield table, canonical, options


def _known_codes(mapping: SiteMapping, options: ColumnMapping) -> set[str]:
    """The codes of which the mapping says something, for one canonical column."""
    known = {*mapping.missing, *options.missing}
    if isinstance(options.recode, str):
        known |= mapping.code_files[options.recode].entries.keys()
    elif options.recode is not None:
        known |= options.recode.keys()
    if options.boolean is not None:
        known |= {*options.boolean.true, *options.boolean.false}
    return known
