"""Check the names in a mapping: tables, columns, sources, codes, units and formats must exist. Every mistake is listed."""

from collections.abc import Iterator

from etl.mapping.checks.expectations import check_expectations
from etl.mapping.checks.lookup import check_lookups, origin_of
from etl.mapping.checks.meaning import check_meaning, check_target, check_unit
from etl.mapping.checks.over_parts import check_deduplicate, check_over_parts
from etl.mapping.checks.precision import check_precision
from etl.mapping.checks.pseudonymised import check_pseudonymised
from etl.mapping.checks.record_numbers import check_record_numbers
from etl.mapping.checks.slots import check_slots
from etl.mapping.checks.sources import check_source
from etl.mapping.compiler.aggregate import check_aggregate
from etl.mapping.compiler.column_plan import cells_read, filled_columns, source_columns
from etl.mapping.compiler.dates import check_format
from etl.mapping.compiler.expressions import UnsafeExpressionError, parse_expression
from etl.mapping.compiler.source_columns import used_columns
from etl.mapping.compiler.texts import check_pattern
from etl.mapping.compiler.units import target_with_unit
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from etl.readers import takes
from schemas.catalogue import TableFacts, table_facts
from schemas.tables import TABLES

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]
"""Where in the mapping, and a sentence."""


def check_names(mapping: SiteMapping) -> Iterator[Mistake]:
    """List everything in a mapping that names what does not exist, or does not fit what it is for."""
    for date_format in mapping.dates:
        if sentence := check_format(date_format):
            yield ("dates",), sentence
    if mapping.encoding and not any(takes(source, "encoding") for source in mapping.sources.values()):
        yield ("encoding",), "'encoding' is of texts, and no source is one; remove it."
    for name, source in mapping.sources.items():
        yield from check_source(mapping, name, source)
        for position, condition in enumerate(source.keep_if):
            yield from _check_expression(("sources", name, "keep_if", position), mapping, condition.when, part=None)
        for column in source.unless_empty:
            yield from _check_identity(("sources", name, "unless_empty"), mapping, column)
        if not name.isidentifier() or name.startswith("_"):
            yield ("sources", name), f"'{name}' is not a source name; take letters, digits and _."
    for name in mapping.ignore:
        if name not in mapping.sources:
            yield ("ignore", name), f"'{name}' is not a source.{did_you_mean(name, mapping.sources)}"
    yield from _check_scan(mapping)
    yield from _check_not_collected(mapping)
    for table, parts in mapping.tables.items():
        if table not in TABLES:
            yield ("tables", table), f"'{table}' is not a canonical table.{did_you_mean(table, TABLES)}"
            continue
        for index, part in enumerate(parts):
            yield from _check_part(mapping, table_facts(table), ("tables", table, index), part)
    yield from check_over_parts(mapping)
    yield from check_record_numbers(mapping)
    yield from check_expectations(mapping)


def _check_not_collected(mapping: SiteMapping) -> Iterator[Mistake]:
    for table, names in mapping.not_collected.items():
        if table not in TABLES:
            yield ("not_collected", table), f"'{table}' is not a canonical table.{did_you_mean(table, TABLES)}"
            continue
        known = table_facts(table).column_names
        filled = {
            name
            for part in mapping.tables.get(table, [])
            for column, options in part.columns.items()
            for name in filled_columns(table, column, options)
        }
        for name in names:
            if name != "*" and name not in known:
                yield (
                    ("not_collected", table),
                    f"'{table}.{name}' is not a canonical column.{did_you_mean(name, known)}",
                )
            elif name in filled:
                yield (
                    ("not_collected", table),
                    f"'{table}.{name}' is filled under 'tables:'; it cannot be 'not_collected', too.",
                )


def _check_scan(mapping: SiteMapping) -> Iterator[Mistake]:
    """List columns that need no search: nothing of them is written, or their name is mistyped."""
    if not mapping.scan:
        return
    try:
        known = {name for source in mapping.sources for name in used_columns(mapping, source)}
    except UnsafeExpressionError:
        return  # reported where the expression is checked
    for name in mapping.scan:
        if name in mapping.identity:
            yield ("scan", name), f"'{name}' is under 'identity:'; nothing of it is left to search."
        elif name not in known:
            yield ("scan", name), f"no table reads '{name}', so nothing of it is kept.{did_you_mean(name, known)}"


def _check_part(mapping: SiteMapping, facts: TableFacts, at: Path, part: TableMapping) -> Iterator[Mistake]:
    if part.source not in mapping.sources:
        yield (*at, "from"), f"'{part.source}' is not a source.{did_you_mean(part.source, mapping.sources)}"
        return
    for name in facts.column_names:
        if facts.column(name).required and name not in part.columns:
            number = " Where no column names the patient, see 'record_number' of a source."
            is_patient = name == "patient_id" and not mapping.identity
            yield at, f"'{facts.name}.{name}' is required and nothing fills it.{number if is_patient else ''}"
    taken: set[str] = set()
    for name, options in part.columns.items():
        path = (*at, "columns", name)
        if name not in facts.column_names:
            yield path, f"'{facts.name}.{name}' is not a canonical column.{did_you_mean(name, facts.column_names)}"
            continue
        if facts.harmonisation and name in facts.derived:
            reported = f"{facts.harmonisation.reported_value} and {facts.harmonisation.reported_unit}"
            yield path, f"'{facts.name}.{name}' is derived from {reported}; map these."
            continue
        yield from _check_column(mapping, facts, path, options, part=part)
        yield from _check_beside(part, facts, path, taken=taken)
        yield from check_precision(mapping.sources[part.source], facts, path, part)
    for position, condition in enumerate(part.keep_if):
        yield from _check_expression(mapping.condition_path(at, part, position), mapping, condition.when, part=None)
    for position, condition in enumerate(part.then_keep_if):
        yield from _check_expression((*at, "then_keep_if", position), mapping, condition.when, part=part)
    yield from check_slots(mapping, at, part)
    for name in part.unless_empty:
        yield from _check_identity((*at, "unless_empty"), mapping, name)
    yield from check_deduplicate(facts, (*at, "deduplicate"), part.deduplicate)
    yield from check_lookups(mapping, at, part)
    yield from check_pseudonymised(mapping, at, part)
    yield from check_aggregate(facts, (*at, "aggregate"), part.aggregate, parts=(part,))


def _check_column(
    mapping: SiteMapping, facts: TableFacts, path: Path, options: ColumnMapping, *, part: TableMapping
) -> Iterator[Mistake]:
    target = facts.column(str(path[-1]))
    if options.expression is not None:
        mistakes = list(_check_expression((*path, "expression"), mapping, options.expression, part=part))
        yield from mistakes
        if mistakes:
            return
    for name in cells_read(options):
        yield from _check_identity(path, mapping, origin_of(part, name))
    if target.name == "patient_id":
        yield from _check_patient_id(mapping, path, options, part=part)
    if options.constant is not None and (sentence := check_target(target, options.constant)):
        yield (*path, "constant"), sentence
    yield from check_meaning(mapping.sources[part.source], target, path, options)
    yield from check_unit(target if facts.harmonisation else target_with_unit(target, part), path, options)
    if options.extract is not None and (sentence := check_pattern(options.extract, options.group)):
        yield (*path, "extract"), sentence


def _check_beside(part: TableMapping, facts: TableFacts, path: Path, *, taken: set[str]) -> Iterator[Mistake]:
    options = part.columns[str(path[-1])]
    for option, name, codes in (
        ("date", options.date and options.date.precision, "date_precision"),
        ("number", options.number and options.number.qualifier, "value_qualifier"),
    ):
        if not name:
            continue
        if name not in facts.column_names:
            yield (
                (*path, option),
                f"'{facts.name}.{name}' is not a canonical column.{did_you_mean(name, facts.column_names)}",
            )
        elif facts.column(name).codes not in {codes, "count_qualifier" if option == "number" else codes}:
            yield (*path, option), f"'{facts.name}.{name}' does not take codes of the list '{codes}'."
        elif name in part.columns or name in taken:
            yield (*path, option), f"'{facts.name}.{name}' is filled twice."
        taken.add(name)


def _check_expression(path: Path, mapping: SiteMapping, text: str, *, part: TableMapping | None) -> Iterator[Mistake]:
    try:
        parse_expression(text)
    except UnsafeExpressionError as error:
        yield path, f"{error}."
        return
    for name in source_columns(ColumnMapping(expression=text)):
        yield from _check_identity(path, mapping, origin_of(part, name) if part else name)


def _check_identity(path: Path, mapping: SiteMapping, name: str | None) -> Iterator[Mistake]:
    if name is not None and mapping.identity.get(name) == "drop":
        yield path, f"'{name}' is dropped under 'identity:', so nothing can read it."


def _check_patient_id(
    mapping: SiteMapping, path: Path, options: ColumnMapping, *, part: TableMapping
) -> Iterator[Mistake]:
    if options.column is None and options.coalesce is None:
        yield path, "a patient is taken from a column that 'identity:' pseudonymises."
        return
    for name in source_columns(options):
        if origin_of(part, name) not in mapping.identity:
            yield path, f"'{name}' names the patient and is not under 'identity:'; name it there as 'pseudonymise'."
