"""Check the names in a mapping: tables, columns, sources, codes, units and formats must exist. Every mistake is listed."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from etl.mapping.checks.lookup import check_lookups, origin_of
from etl.mapping.checks.over_parts import check_deduplicate, check_over_parts
from etl.mapping.checks.pseudonymised import check_pseudonymised
from etl.mapping.checks.record_numbers import check_record_numbers
from etl.mapping.checks.slots import check_slots
from etl.mapping.checks.sources import check_source
from etl.mapping.compiler.aggregate import check_aggregate
from etl.mapping.compiler.column_plan import cells_read, filled_columns, source_columns
from etl.mapping.compiler.dates import check_format, stated_formats
from etl.mapping.compiler.expressions import UnsafeExpressionError, parse_expression
from etl.mapping.compiler.numbers import check_number_format
from etl.mapping.compiler.recode import same_but_for_case, scalar_text
from etl.mapping.compiler.source_columns import used_columns
from etl.mapping.compiler.texts import check_pattern
from etl.mapping.compiler.units import constant_factor, known_units, target_with_unit
from etl.mapping.language.column_mapping import ColumnMapping, Scalar
from etl.mapping.language.near_name import did_you_mean, list_nearest
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.source_form import Source
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import ColumnFacts, TableFacts, table_facts
from schemas.code_list import read_code_list
from schemas.tables import TABLES

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]
"""Where in the mapping, and a sentence."""


def check_names(mapping: SiteMapping) -> Iterator[Mistake]:
    """List everything in a mapping that names what does not exist, or does not fit what it is for."""
    for name, source in mapping.sources.items():
        yield from check_source(mapping, name, source)
        for position, condition in enumerate(source.keep_if):
            yield from _check_expression(("sources", name, "keep_if", position), mapping, condition.when, part=None)
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


def check_target(target: ColumnFacts, value: Scalar) -> str | None:
    """Explain why a canonical value written in a mapping does not fit its column, if it does not."""
    written = scalar_text(value)
    if target.codes is not None:
        codes = [entry.code for entry in read_code_list(target.codes).entries]
        if written not in codes:
            # Units that look alike differ by a factor: a list is safer than a guess.
            near = "" if target.is_unit else did_you_mean(written, codes)
            return (
                f"'{written}' is not a code of the list '{target.codes}'.{near} It has {list_nearest(written, codes)}."
            )
    elif target.sql_type == "BOOLEAN" and written not in {"true", "false"}:
        return f"'{written}' is neither true nor false."
    elif target.sql_type == "SMALLINT":
        return _why_no_number(written, "a whole number", most=_SMALLINT, is_whole=True)
    elif target.sql_type.startswith("DECIMAL"):
        digits, decimals = map(int, target.sql_type.removeprefix("DECIMAL(").removesuffix(")").split(","))
        return _why_no_number(written, "a number", most=Decimal(10) ** (digits - decimals) - 1, is_whole=False)
    elif target.sql_type == "DATE" and not _is_iso_date(written):
        return f"'{written}' is not a date; write it as 2010-03-05."
    return None


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
            yield at, f"'{facts.name}.{name}' is required and nothing fills it."
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
    for position, condition in enumerate(part.keep_if):
        yield from _check_expression(mapping.condition_path(at, part, position), mapping, condition.when, part=None)
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
    yield from _check_meaning(mapping.sources[part.source], target, path, options)
    yield from _check_unit(target if facts.harmonisation else target_with_unit(target, part), path, options)
    if options.extract is not None and (sentence := check_pattern(options.extract, options.group)):
        yield (*path, "extract"), sentence


def _check_meaning(source: Source, target: ColumnFacts, path: Path, options: ColumnMapping) -> Iterator[Mistake]:
    where = f"'{path[1]}.{target.name}'"
    kind = target.sql_type
    is_number = kind == "SMALLINT" or kind.startswith("DECIMAL")
    if options.date is not None and kind != "DATE":
        yield (*path, "date"), f"{where} is not a date."
    if (options.number is not None or options.unit is not None) and not is_number:
        yield (*path, "number"), f"{where} is not a number."
    if options.boolean is not None and kind != "BOOLEAN":
        yield (*path, "boolean"), f"{where} is not true or false."
    is_read = options.date is not None or (options.recode is None and (options.column or options.coalesce))
    if kind == "DATE" and is_read and not stated_formats(source, options):
        yield path, f'{where} is a date; say its formats, such as date: ["%Y-%m-%d"].'
    if kind == "BOOLEAN" and not (options.boolean or options.recode) and (options.column or options.coalesce):
        yield path, f"{where} is true or false; say which words mean what, such as boolean: {{true: [Y], false: [N]}}."
    for date_format in options.date.formats if options.date else ():
        if sentence := check_format(date_format):
            yield (*path, "date"), sentence
    if options.number is not None and (sentence := check_number_format(options.number, source)):
        yield (*path, "number"), sentence
    if isinstance(options.recode, dict):
        for code, earlier in same_but_for_case(options.recode) if options.ignore_case else ():
            yield (
                (*path, "recode", code),
                f"'{code}' and '{earlier}' are the same under 'ignore_case'; list one of them.",
            )
        for code, value in options.recode.items():
            if value is not None and (sentence := check_target(target, value)):
                yield (*path, "recode", code), sentence


def _check_unit(target: ColumnFacts, path: Path, options: ColumnMapping) -> Iterator[Mistake]:
    for unit in filter(None, (options.unit.constant, *options.unit.recode.values())) if options.unit else ():
        if constant_factor(unit, target.unit) is None:
            unit_column = target.unit_column and f"a column whose unit stands in '{target.unit_column}'"
            into = target.unit or unit_column or "a column without a unit"
            known = f" Known: {', '.join(known_units(target.unit))}." if target.unit else ""
            yield (*path, "unit"), f"'{unit}' cannot be converted to {into}.{known}"


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


_SMALLINT = Decimal(32_767)


def _why_no_number(written: str, what: str, *, most: Decimal, is_whole: bool) -> str | None:
    """Explain why a text is not a number of a column that holds numbers up to `most`; None when it is one."""
    number = _decimal(written)
    if number is None or (is_whole and number != number.to_integral_value()):
        return f"'{written[:40]}' is not {what}."
    return f"'{written[:40]}' is beyond what the column holds (up to {most:,})." if abs(number) > most else None


def _decimal(written: str) -> Decimal | None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_iso_date(written: str) -> bool:
    if not re.fullmatch(r"(19|20)\d{2}-\d{2}-\d{2}", written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
