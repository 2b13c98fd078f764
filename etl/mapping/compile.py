"""A mapping compiled: for each canonical table and part, a few readable DuckDB queries.

The queries read `delivery."<source>"` (the landed text), `delivery.codes."<list>"`, `delivery.lookup."<table>"` and
`reference.unit_conversion`, and nothing else. They are syntax trees; no text of a mapping is ever pasted into SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from duckdb import DuckDBPyConnection
from sqlglot import exp

from etl.mapping import sql
from etl.mapping.aggregate import aggregate_rule, aggregated_rows, as_deduplicate, key_rank
from etl.mapping.check import check_columns
from etl.mapping.column_plan import plan_column, read_origin, source_columns
from etl.mapping.lookup import lookup_failures, lookup_steps, with_real_names
from etl.mapping.reading import RECORDS, Failure, Reading
from etl.mapping.records import (
    Step,
    address,
    dedup_rule,
    empty_slots,
    excluded_records,
    is_winner,
    kept_records,
    source_steps,
    undecided_conditions,
    winner_rank,
)
from etl.mapping.site_mapping import SiteMapping, TableMapping
from etl.mapping.units import ANALYTE, DERIVED, HARMONISED_TABLE, conversion_join, derived_columns, unit_failures
from schemas.catalogue import table_facts
from warehouse.insert import insert_rows
from warehouse.quoting import quote_name

ORDINALS_PER_PART = 1000
"""_ordinal = ORDINALS_PER_PART * part + slot."""
FINDING = ("column_name", "source_column", "rule", "found", "expected")


@dataclass(frozen=True)
class TablePlan:
    """The queries for one part of one canonical table.

    `rows`: _source_id, _record, _ordinal, then every canonical column in the model's order and type.
    `problems`: _source_id, _record, _ordinal, column_name, source_column, rule, found, expected; the ordinal is NULL where
    rows are aggregated, because a bad cell then costs no row of its own.
    `excluded`: _source_id, _record, rule. `empty`: _source_id, _record, _ordinal.
    `merged`: _source_id, _record, _ordinal, rule. A query is None where the mapping gives it nothing to find.
    """

    table: str
    part: int
    source: str
    rows: exp.Select
    problems: exp.Select | None
    excluded: exp.Select | None
    empty: exp.Select | None
    merged: exp.Select | None


def compile_table(mapping: SiteMapping, table: str, columns_of: Mapping[str, tuple[str, ...]]) -> tuple[TablePlan, ...]:
    """Compile every part of one canonical table.

    Args:
        mapping: the site's mapping, as `read_mapping` checked it.
        table: the canonical table's name.
        columns_of: the columns that were delivered, by source.

    Raises:
        DeliveryError: the mapping reads a column that was not delivered.
    """
    check_columns(mapping, columns_of, tables=(table,))
    return tuple(_compile_part(mapping, table, index, part) for index, part in enumerate(mapping.tables.get(table, [])))


def plan_sql(select: exp.Select) -> str:
    """Write a query as a person reads it."""
    return select.sql(dialect="duckdb", pretty=True, max_text_width=110)


def create_code_tables(con: DuckDBPyConnection, mapping: SiteMapping) -> None:
    """Put the site's code lists and tables into the scratch catalog `delivery`: codes.<name>, lookup.<name>."""
    con.execute("CREATE SCHEMA IF NOT EXISTS delivery.codes")
    for code_file in mapping.code_files.values():
        name = quote_name(code_file.name)
        con.execute(f"CREATE OR REPLACE TABLE delivery.codes.{name} (code VARCHAR, value VARCHAR)")
        insert_rows(con, f"delivery.codes.{name}", ("code", "value"), code_file.entries.items())
    con.execute("CREATE SCHEMA IF NOT EXISTS delivery.lookup")
    for table in mapping.csv_tables.values():
        name = quote_name(table.name)
        columns = ", ".join(f"{quote_name(column)} VARCHAR" for column in table.columns)
        con.execute(f"CREATE OR REPLACE TABLE delivery.lookup.{name} ({columns})")
        insert_rows(con, f"delivery.lookup.{name}", [quote_name(column) for column in table.columns], table.rows)


def _compile_part(mapping: SiteMapping, table: str, index: int, part: TableMapping) -> TablePlan:
    facts = table_facts(table)
    readings = {
        name: plan_column(mapping, part.source, facts.column(name), options) for name, options in part.columns.items()
    }
    ordinal = ORDINALS_PER_PART * index + 1
    source = source_steps(mapping, part)
    kept = [*source, *lookup_steps(mapping, part, kept_records(part))]
    mapped = [*kept, *_mapped_steps(table, part, readings, ordinal)]
    failures = [*undecided_conditions(part), *lookup_failures(part)]
    failures += [failure for reading in readings.values() for failure in reading.failures]
    if table == HARMONISED_TABLE:
        failures += _unit_failures(part, readings)
    failures = [with_real_names(part, failure) for failure in failures]
    problem_ordinal = None if part.aggregate else ordinal
    return TablePlan(
        table,
        index,
        part.source,
        rows=_chain(mapped, _rows(table, part, last=mapped[-1][0])),
        problems=_chain([*kept, *_problem_steps(table, readings, failures)], _problems(problem_ordinal))
        if failures
        else None,
        excluded=_chain(source, excluded_records(part)) if part.keep_if else None,
        empty=_chain(source, empty_slots(part, ordinal)) if part.unless_empty else None,
        merged=_merged(part, mapped),
    )


def _chain(steps: list[Step], final: exp.Select) -> exp.Select:
    for name, query in steps:
        final.with_(name, as_=query, copy=False)  # shared between queries: writing SQL copies the whole tree
    return final


def _mapped_steps(table: str, part: TableMapping, readings: Mapping[str, Reading], ordinal: int) -> list[Step]:
    """Write the CTEs that make the canonical columns: `mapped`, then `harmonised` and `ranked` where they are due."""
    derived = DERIVED if table == HARMONISED_TABLE else ()
    values = {name: reading.value for name, reading in readings.items()}
    values |= {name: value for reading in readings.values() for name, value in reading.beside.items()}
    columns = [
        values.get(facts.name, sql.empty(facts.sql_type)).as_(facts.name, quoted=True)
        for facts in table_facts(table).columns
        if facts.name not in derived
    ]
    mapped = exp.select(*address(RECORDS), _number(ordinal), *columns).from_(RECORDS)
    steps = [("mapped", _joined(mapped, readings))]
    if table == HARMONISED_TABLE:
        steps.append(("harmonised", _harmonised()))
    rank = winner_rank(part.deduplicate) if part.deduplicate else key_rank(part.aggregate) if part.aggregate else None
    if rank is not None:
        steps.append(("ranked", exp.select("*", rank.as_("_rank")).from_(steps[-1][0])))
    return steps


def _joined(select: exp.Select, readings: Mapping[str, Reading]) -> exp.Select:
    for reading in readings.values():
        for join in reading.joins:
            select = select.join(join.copy())
    return select


def _harmonised() -> exp.Select:
    derived = derived_columns(sql.column("reported_value", "mapped"))
    columns = [value.as_(name, quoted=True) for name, value in derived.items()]
    join = conversion_join(sql.column("analyte_code", "mapped"), sql.column("reported_unit", "mapped"))
    return exp.select("mapped.*", *columns).from_("mapped").join(join)


def _rows(table: str, part: TableMapping, *, last: str) -> exp.Select:
    facts = table_facts(table)
    if part.aggregate:
        return aggregated_rows(facts, part, part.aggregate)
    columns = [sql.column(name) for name in facts.column_names]
    select = exp.select(*address(), "_ordinal", *columns).from_(last)
    return select.where(is_winner(part.deduplicate)) if part.deduplicate else select


def _merged(part: TableMapping, mapped: list[Step]) -> exp.Select | None:
    """Select the rows that stay behind when several become one; None where none do."""
    if part.aggregate:
        rule, winner = aggregate_rule(part.aggregate), as_deduplicate(part.aggregate)
    elif part.deduplicate:
        rule, winner = dedup_rule(part.deduplicate), part.deduplicate
    else:
        return None
    stays_behind = exp.not_(exp.paren(is_winner(winner)))
    merged = exp.select(*address(), "_ordinal", sql.text(rule).as_("rule")).from_("ranked").where(stays_behind)
    return _chain(mapped, merged)


def _problem_steps(table: str, readings: Mapping[str, Reading], failures: list[Failure]) -> list[Step]:
    """Write `checked`, which says of every record what fails, and `suspects`, which builds findings for these only."""
    names = _flag_names(failures)
    checked = _joined(exp.select("kept.*").from_(RECORDS), readings)
    if table == HARMONISED_TABLE:
        analyte, unit = (_value(readings, name) for name in ("analyte_code", "reported_unit"))
        checked = checked.join(conversion_join(analyte, unit)).select(analyte.as_(ANALYTE, quoted=True))
    flags = [exp.paren(failure.is_met).as_(name, quoted=True) for name, failure in zip(names, failures, strict=True)]
    findings = [_finding(sql.column(name), failure) for name, failure in zip(names, failures, strict=True)]
    suspects = exp.select(*address("checked"), exp.Array(expressions=findings).as_("findings")).from_("checked")
    return [("checked", checked.select(*flags)), ("suspects", suspects.where(sql.any_of(map(sql.column, names))))]


def _flag_names(failures: list[Failure]) -> list[str]:
    """Name each way to fail, such as "sex unlisted_code"; a number tells namesakes apart."""
    names: list[str] = []
    for failure in failures:
        name = f"{failure.column or ('keep_if' if failure.rule == 'condition_unknown' else 'lookup')} {failure.rule}"
        count = sum(known.startswith(name) for known in names)
        names.append(f"{name} {count + 1}" if count else name)
    return names


def _finding(flag: exp.Expr, failure: Failure) -> exp.Expr:
    column = sql.text(failure.column) if failure.column else sql.empty("VARCHAR")
    found, expected = sql.moved(failure.found, "checked"), sql.moved(failure.expected, "checked")
    values = (column, sql.text(", ".join(failure.source_columns)), sql.text(failure.rule), found, expected)
    pairs = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=value)
        for name, value in zip(FINDING, values, strict=True)
    ]
    return sql.when(flag, exp.Struct(expressions=pairs))


def _problems(ordinal: int | None) -> exp.Select:
    found = (
        exp.select(*address(), exp.Explode(this=exp.column("findings")).as_("finding"))
        .from_("suspects")
        .subquery("found")
    )
    parts = [exp.Dot(this=exp.column("finding"), expression=exp.to_identifier(name)).as_(name) for name in FINDING]
    return exp.select(*address(), _number(ordinal), *parts).from_(found).where(sql.is_filled(exp.column("finding")))


def _unit_failures(part: TableMapping, readings: Mapping[str, Reading]) -> list[Failure]:
    if "reported_value" not in readings:
        return []
    unit_text = sql.empty("VARCHAR")
    if "reported_unit" in readings and part.columns["reported_unit"].constant is None:
        unit_text, _ = read_origin(part.columns["reported_unit"])
    elif "reported_unit" in readings:
        unit_text = readings["reported_unit"].value
    value, analyte, unit = (_value(readings, name) for name in ("reported_value", "analyte_code", "reported_unit"))
    named = source_columns(part.columns.get("reported_unit", part.columns["reported_value"]))
    return [
        replace(failure, source_columns=named) for failure in unit_failures(value, analyte, unit, unit_text=unit_text)
    ]


def _value(readings: Mapping[str, Reading], name: str) -> exp.Expr:
    return readings[name].value if name in readings else sql.empty("VARCHAR")


def _number(ordinal: int | None) -> exp.Expr:
    number = sql.empty("INTEGER") if ordinal is None else exp.Literal.number(ordinal)
    return number.as_("_ordinal")
