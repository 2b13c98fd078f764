"""Compile one canonical column: where its text comes from, what is extracted, how it is converted.

The steps are always the same: origin (column, coalesce, expression), cut (split, extract), meaning (recode, date, number,
boolean, or the column's own type). A constant has no steps.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.booleans import read_boolean
from etl.mapping.compiler.dates import read_date
from etl.mapping.compiler.expressions import columns_in, over, parse_expression
from etl.mapping.compiler.lookup import real_name
from etl.mapping.compiler.missing import without_missing
from etl.mapping.compiler.numbers import read_number
from etl.mapping.compiler.operation import RECORDS, Cell, Failure, Reading
from etl.mapping.compiler.recode import recode_cell, scalar_text
from etl.mapping.compiler.texts import extract_text, matches, split_text
from etl.mapping.compiler.unit_text import read_unit_text
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import ColumnFacts, table_facts
from schemas.tables import TABLES


def take_text(cell: Cell) -> Reading:
    """Take the text as it is."""
    return Reading(cell.text)


MEANINGS: dict[str, Callable[[Cell], Reading]] = {
    "recode": recode_cell,
    "date": read_date,
    "number": read_number,
    "unit": read_number,
    "boolean": read_boolean,
}
"""The operation of each option."""

TYPES: dict[str, Callable[[Cell], Reading]] = {
    "VARCHAR": take_text,
    "DATE": read_date,
    "DECIMAL(18,6)": read_number,
    "DECIMAL(18,9)": read_number,
    "SMALLINT": read_number,
    "BOOLEAN": read_boolean,
}
"""The operation of each type of a canonical column, when the mapping states none."""


def plan_column(
    mapping: SiteMapping,
    part: TableMapping,
    target: ColumnFacts,
    options: ColumnMapping,
    *,
    analyte: exp.Expr | None = None,
) -> Reading:
    """Compile one canonical column; every failure names its columns. A unit is read by what was measured, the analyte."""
    if options.constant is not None:
        return Reading(sql.cast(sql.text(scalar_text(options.constant)), target.sql_type))
    origin, failures = read_origin(options)
    text, cut_failures = _cut(origin, options, mapping.missing)
    since = real_name(part, options.date.since) if options.date and options.date.since else None
    cell = Cell(text, target, options, mapping.sources[part.source], mapping.code_files, since)
    reading = _meaning(options, target)(cell)
    if target.is_unit:
        reading = read_unit_text(cell, reading, analyte)
    failures = (*failures, *cut_failures, *reading.failures)
    return replace(
        reading,
        failures=tuple(
            replace(f, column=target.name, source_columns=f.source_columns or source_columns(options)) for f in failures
        ),
    )


def source_columns(options: ColumnMapping) -> tuple[str, ...]:
    """Name the source columns that a canonical column is made from."""
    if options.column is not None:
        return (options.column,)
    if options.expression is not None:
        return columns_in(parse_expression(options.expression))
    return tuple(options.coalesce or ())


def cells_read(options: ColumnMapping) -> tuple[str, ...]:
    """Name every source column that a canonical column reads: those it is made from, and those read along with them."""
    return (*source_columns(options), *cells_alongside(options))


def cells_alongside(options: ColumnMapping) -> tuple[str, ...]:
    """Name the source columns without which a cell means nothing: that of its unit, that of the day it counts from."""
    named = (options.unit and options.unit.column, options.date and options.date.since)
    return tuple(name for name in named if name)


def filled_columns(table: str, name: str, options: ColumnMapping) -> tuple[str, ...]:
    """Name the canonical columns that come from one cell: the mapped one, a precision, a qualifier, what units add."""
    companions = (options.date and options.date.precision, options.number and options.number.qualifier)
    harmonisation = table_facts(table).harmonisation if table in TABLES else None
    derived = harmonisation.derived if harmonisation and name == harmonisation.reported_value else ()
    return (name, *(column for column in companions if column), *derived)


def read_origin(options: ColumnMapping) -> tuple[exp.Expr, tuple[Failure, ...]]:
    """Write the text that a canonical column starts from, its own missing codes already NULL."""
    failures: tuple[Failure, ...] = ()
    if options.expression is not None:
        text, failures = _evaluate(options.expression)
    elif options.coalesce is not None:
        text = sql.call("COALESCE", *(sql.column(name, RECORDS) for name in options.coalesce))
    else:
        assert options.column is not None
        text = sql.column(options.column, RECORDS)
    return (without_missing(text, options.missing) if options.missing else text), failures


def _evaluate(expression: str) -> tuple[exp.Expr, tuple[Failure, ...]]:
    """Evaluate an expression; where the engine fails on a value, the result is NULL and a failure."""
    tree = over(parse_expression(expression), RECORDS)
    stumbles = sql.is_empty(exp.Try(this=exp.paren(sql.is_empty(exp.paren(tree, copy=True)))))
    cells = [sql.column(name, RECORDS) for name in columns_in(parse_expression(expression))]
    found = sql.call("CONCAT_WS", sql.text(", "), *cells) if cells else exp.null()
    failure = Failure("no_match", stumbles, found, sql.text(expression))
    return without_missing(sql.cast(exp.Try(this=tree), "VARCHAR"), ()), (failure,)


def _cut(origin: exp.Expr, options: ColumnMapping, missing: list[str]) -> tuple[exp.Expr, tuple[Failure, ...]]:
    text, failures = origin, []
    if options.split is not None:
        text = without_missing(split_text(text, options.split), (*missing, *options.missing))
    if options.extract is not None:
        has_no_match = sql.all_of((sql.is_filled(text), exp.not_(matches(text, options.extract))))
        failures.append(Failure("no_match", has_no_match, text, sql.text(options.extract)))
        text = without_missing(extract_text(text, options.extract, options.group), (*missing, *options.missing))
    return text, tuple(failures)


def _meaning(options: ColumnMapping, target: ColumnFacts) -> Callable[[Cell], Reading]:
    stated = (read for name, read in MEANINGS.items() if getattr(options, name) is not None)
    return next(stated, TYPES[target.sql_type])
