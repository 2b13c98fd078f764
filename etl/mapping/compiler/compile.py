"""Compile a mapping: for each canonical table and part, a few readable DuckDB queries.

The queries read `delivery."<source>"` (the landed text), `delivery.codes."<list>"`, `delivery.lookup."<table>"` and
`reference.unit_conversion`, and nothing else. They are built as syntax trees and then written in readable form; no
text of a mapping is ever pasted into SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

from duckdb import DuckDBPyConnection
from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from etl.mapping.compiler import sql
from etl.mapping.compiler.aggregate import aggregate_rule, aggregated_rows, as_deduplicate, key_rank
from etl.mapping.compiler.column_plan import plan_column, read_origin, source_columns
from etl.mapping.compiler.lookup import lookup_failures, lookup_steps, with_real_names
from etl.mapping.compiler.operation import RECORDS, Failure, Reading
from etl.mapping.compiler.records import (
    ADDRESS,
    address,
    dedup_rule,
    empty_slots,
    excluded_records,
    excluded_rows,
    is_winner,
    kept_by_then,
    kept_records,
    last_found,
    may_be_empty,
    place_steps,
    source_steps,
    undecided,
    undecided_then,
    winner_rank,
)
from etl.mapping.compiler.slots import PLACE, Step, StepFailures, column_names, has_slots, ordinal, slot_failures
from etl.mapping.compiler.source_columns import check_columns
from etl.mapping.compiler.units import ANALYTE, conversion_join, derived_columns, target_with_unit, unit_failures
from etl.mapping.compiler.unpivot import SLOT
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from etl.mapping.unit_spelling import make_unit_function
from schemas.catalogue import Harmonisation, TableFacts, table_facts
from warehouse.insert import insert_rows
from warehouse.quoting import quote_name

ORDINALS_PER_PART = 1000
"""_ordinal = ORDINALS_PER_PART * part + slot."""
Final = TypeVar("Final", bound=exp.Query)
FINDING = ("column_name", "source_column", "rule", "found", "expected")


@dataclass(frozen=True)
class TablePlan:
    """The queries for one part of one canonical table.

    `rows`: _source_id, _record, _ordinal, then every canonical column in the model's order and type.
    `problems`: _source_id, _record, _ordinal, column_name, source_column, rule, found, expected; the ordinal is NULL where
    rows are aggregated, because a bad cell then costs no row of its own.
    `excluded`: _source_id, _record, rule. `empty`: _source_id, _record, _ordinal, rule; where a record may yield several
    rows, these are the slots that a condition excludes, too.
    `merged`: _source_id, _record, _ordinal, rule. `patients`: _source_id, _record and patient_id of the rows before they
    are aggregated. A query is None where the mapping gives it nothing to find.
    `has_slots` is true where one record may yield several rows.
    """

    table: str
    part: int
    source: str
    has_slots: bool
    rows: str
    problems: str | None
    excluded: str | None
    empty: str | None
    merged: str | None
    patients: str | None


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


def create_code_tables(con: DuckDBPyConnection, mapping: SiteMapping) -> None:
    """Put the site's code lists and tables into the scratch catalog `delivery`: codes.<name>, lookup.<name>.

    What reads units by rule comes with them.
    """
    make_unit_function(con)
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
        name: plan_column(
            mapping,
            part,
            target_with_unit(facts.column(name), part),
            options,
            analyte=_plan_analyte(mapping, facts, part, unit_column=name),
        )
        for name, options in part.columns.items()
    }
    number = ordinal(part, ORDINALS_PER_PART * index + 1)
    source = source_steps(mapping, part)
    places = [*source, *place_steps(mapping, part)]
    found = [*places, *lookup_steps(mapping, part, kept_records(part), last=last_found(part))]
    kept = [*found, *kept_by_then(part)]
    mapped = [*kept, *_mapped_steps(table, part, readings, number)]
    failures = [*(() if has_slots(part) else undecided(mapping, part)), *lookup_failures(part)]
    failures += undecided_then(part)
    failures += [failure for reading in readings.values() for failure in reading.failures]
    if facts.harmonisation:
        failures += _unit_failures(part, readings, facts.harmonisation)
    failures = [with_real_names(part, failure) for failure in failures]
    problem_number = sql.empty("INTEGER") if part.aggregate else number
    problems = _find_problems(
        mapping, table, part, kept=kept, readings=readings, failures=failures, number=problem_number
    )
    merged = _merged(part, mapped)
    excluded: list[exp.Query] = [excluded_records(part)] if part.keep_if else []
    empty: list[exp.Query] = [empty_slots(part, number)] if may_be_empty(part) else []
    if part.then_keep_if:
        (empty if has_slots(part) else excluded).append(excluded_rows(part, number if has_slots(part) else None))
    write = _Writer().write
    return TablePlan(
        table,
        index,
        part.source,
        has_slots(part),
        rows=write(_chain(mapped, _rows(table, part, last=mapped[-1][0]))),
        problems=write(problems) if problems is not None else None,
        excluded=write(_chain(found if part.then_keep_if else source, _all_of(excluded))) if excluded else None,
        empty=write(_chain(found if part.then_keep_if else places, _all_of(empty))) if empty else None,
        merged=write(merged) if merged is not None else None,
        patients=write(_patients(mapped)) if part.aggregate and "patient_id" in part.columns else None,
    )


def _plan_analyte(mapping: SiteMapping, facts: TableFacts, part: TableMapping, *, unit_column: str) -> exp.Expr | None:
    """Write of what a column holds the unit, where the table says it in another column that the part fills."""
    kinds = [column.kind for column in facts.columns if column.kind and column.unit_column == unit_column]
    options = part.columns.get(kinds[0]) if kinds else None
    return plan_column(mapping, part, facts.column(kinds[0]), options).value if options else None


class _Writer(DuckDBGenerator):
    """Writes queries that share their first steps, and each shared step once: writing takes half of the time of a plan."""

    def __init__(self) -> None:
        super().__init__(dialect="duckdb", pretty=True, max_text_width=110)
        self._written: dict[int, str] = {}

    def write(self, query: exp.Query) -> str:
        """Write a query; its tree is only read, so no copy is needed."""
        return self.generate(query, copy=False)

    def cte_sql(self, expression: exp.CTE) -> str:
        """Write a named step; queries share the tree below the name."""
        step = id(expression.this)
        if step not in self._written:
            self._written[step] = super().cte_sql(expression)
        return self._written[step]


def _chain(steps: list[Step], final: Final) -> Final:
    for name, query in steps:
        final.with_(name, as_=query, copy=False)  # shared between queries, and only read from here on
    return final


def _mapped_steps(table: str, part: TableMapping, readings: Mapping[str, Reading], number: exp.Expr) -> list[Step]:
    """Write the CTEs that make the canonical columns: `mapped`, then `harmonised` and `ranked` where they are due."""
    facts = table_facts(table)
    values = {name: reading.value for name, reading in readings.items()}
    values |= {name: value for reading in readings.values() for name, value in reading.companions.items()}
    columns = [
        values.get(column.name, sql.empty(column.sql_type)).as_(column.name, quoted=True)
        for column in facts.columns
        if column.name not in facts.derived
    ]
    mapped = exp.select(*address(RECORDS), number.as_("_ordinal"), *columns).from_(RECORDS, copy=False)
    steps = [("mapped", _joined(mapped, readings))]
    if facts.harmonisation:
        steps.append(("harmonised", _harmonised(facts.harmonisation)))
    rank = None
    if part.deduplicate is not None:
        rank = winner_rank(part.deduplicate, by_slot=has_slots(part))
    elif part.aggregate is not None:
        rank = key_rank(part.aggregate)
    if rank is not None:
        steps.append(("ranked", exp.select("*", rank.as_("_rank")).from_(steps[-1][0], copy=False)))
    return steps


def _joined(select: exp.Select, readings: Mapping[str, Reading]) -> exp.Select:
    for reading in readings.values():
        for join in reading.joins:
            select = select.join(join.copy(), copy=False)
    return select


def _harmonised(by: Harmonisation) -> exp.Select:
    derived = derived_columns(by, "mapped")
    columns = [value.as_(name, quoted=True) for name, value in derived.items()]
    join = conversion_join(sql.column(by.kind, "mapped"), sql.column(by.reported_unit, "mapped"))
    return exp.select("mapped.*", *columns).from_("mapped", copy=False).join(join, copy=False)


def _rows(table: str, part: TableMapping, *, last: str) -> exp.Select:
    facts = table_facts(table)
    if part.aggregate:
        return aggregated_rows(facts, (part,), part.aggregate)
    columns = [sql.column(name) for name in facts.column_names]
    select = exp.select(*address(), "_ordinal", *columns).from_(last, copy=False)
    return select.where(is_winner(part.deduplicate), copy=False) if part.deduplicate else select


def _merged(part: TableMapping, mapped: list[Step]) -> exp.Select | None:
    """Select the rows that are merged into another; None where none are."""
    if part.aggregate:
        rule, winner = aggregate_rule(part.aggregate), as_deduplicate(part.aggregate)
    elif part.deduplicate:
        rule, winner = dedup_rule(part.deduplicate), part.deduplicate
    else:
        return None
    stays_behind = exp.not_(exp.paren(is_winner(winner)))
    merged = exp.select(*address(), "_ordinal", sql.text(rule).as_("rule")).from_("ranked").where(stays_behind)
    return _chain(mapped, merged)


def _patients(mapped: list[Step]) -> exp.Select:
    """Select whose each row is, before the rows are aggregated."""
    return _chain(mapped, exp.select(*address(), sql.column("patient_id")).from_("ranked"))


def _find_problems(
    mapping: SiteMapping,
    table: str,
    part: TableMapping,
    *,
    kept: list[Step],
    readings: Mapping[str, Reading],
    failures: list[Failure],
    number: exp.Expr,
) -> exp.Query | None:
    """Write the query for all findings about rows, records and empty slots; None when there can be none."""
    steps, suspects = list(kept), []
    if failures:
        steps += _problem_steps(table, part, readings, failures)
        suspects.append("suspects")
    for failed in slot_failures(part, lambda step: undecided(mapping, part, step)):
        suspects.append(f"odd_{failed.step}")
        steps.append((suspects[-1], _odd_places(part, failed)))
    queries: list[exp.Query] = [_problems(part, name, number) for name in suspects]
    return _chain(steps, _all_of(queries)) if queries else None


def _problem_steps(
    table: str, part: TableMapping, readings: Mapping[str, Reading], failures: list[Failure]
) -> list[Step]:
    """Write `checked`, which evaluates every failure for each record, and `suspects`, which builds findings for those that fail."""
    names = _flag_names(failures)
    checked = _joined(exp.select("kept.*").from_(RECORDS, copy=False), readings)
    if by := table_facts(table).harmonisation:
        analyte, unit = (_value(readings, name) for name in (by.kind, by.reported_unit))
        checked = checked.join(conversion_join(analyte, unit)).select(analyte.as_(ANALYTE, quoted=True))
    flags = [exp.paren(failure.is_met).as_(name, quoted=True) for name, failure in zip(names, failures, strict=True)]
    findings = [
        _finding(part, sql.column(name), failure, of="checked") for name, failure in zip(names, failures, strict=True)
    ]
    suspects = exp.select(*_place(part, "checked"), exp.Array(expressions=findings).as_("findings")).from_(
        "checked", copy=False
    )
    return [
        ("checked", checked.select(*flags, copy=False)),
        ("suspects", suspects.where(sql.any_of(map(sql.column, names)), copy=False)),
    ]


def _flag_names(failures: list[Failure]) -> list[str]:
    """Name each way to fail, such as "sex unlisted_code"; a number distinguishes equal names."""
    names: list[str] = []
    for failure in failures:
        name = f"{failure.column or ('keep_if' if failure.rule == 'condition_unknown' else 'lookup')} {failure.rule}"
        count = sum(known.startswith(name) for known in names)
        names.append(f"{name} {count + 1}" if count else name)
    return names


def _odd_places(part: TableMapping, failed: StepFailures) -> exp.Select:
    """Build the findings about records as a whole and about slots that may be empty."""
    findings = [_finding(part, failure.is_met, failure, of=failed.step) for failure in failed.failures]
    place = (*address(failed.step), failed.slot.as_(SLOT))
    odd = exp.select(*place, exp.Array(expressions=findings).as_("findings")).from_(failed.step)
    return odd.where(sql.any_of(exp.paren(failure.is_met) for failure in failed.failures))


def _finding(part: TableMapping, is_met: exp.Expr, failure: Failure, *, of: str) -> exp.Expr:
    column = sql.text(failure.column) if failure.column else sql.empty("VARCHAR")
    found, expected = sql.moved(failure.found, of), sql.moved(failure.expected, of)
    values = (column, column_names(part, failure.source_columns, of), sql.text(failure.rule), found, expected)
    pairs = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=value)
        for name, value in zip(FINDING, values, strict=True)
    ]
    return sql.when(is_met, exp.Struct(expressions=pairs))


def _problems(part: TableMapping, suspects: str, number: exp.Expr) -> exp.Select:
    found = (
        exp.select(*_place(part), exp.Explode(this=exp.column("findings")).as_("finding"))
        .from_(suspects)
        .subquery("found")
    )
    parts = [exp.Dot(this=exp.column("finding"), expression=exp.to_identifier(name)).as_(name) for name in FINDING]
    select = exp.select(*address(), number.as_("_ordinal"), *parts)
    return select.from_(found).where(sql.is_filled(exp.column("finding")))


def _all_of(queries: list[exp.Query]) -> exp.Query:
    return reduce(lambda left, right: left.union(right, distinct=False), queries)


def _place(part: TableMapping, table: str | None = None) -> list[exp.Expr]:
    """Name the columns that address a row before it has its ordinal."""
    return [exp.column(name, table=table) for name in (PLACE if has_slots(part) else ADDRESS)]


def _unit_failures(part: TableMapping, readings: Mapping[str, Reading], by: Harmonisation) -> list[Failure]:
    if by.reported_value not in readings:
        return []
    unit_text = sql.empty("VARCHAR")
    if by.reported_unit in readings and part.columns[by.reported_unit].constant is None:
        unit_text, _ = read_origin(part.columns[by.reported_unit])
    elif by.reported_unit in readings:
        unit_text = readings[by.reported_unit].value
    value, analyte, unit = (_value(readings, name) for name in (by.reported_value, by.kind, by.reported_unit))
    named = source_columns(part.columns.get(by.reported_unit, part.columns[by.reported_value]))
    return [
        replace(failure, source_columns=named)
        for failure in unit_failures(value, analyte, unit, unit_text=unit_text, column=by.reported_unit)
    ]


def _value(readings: Mapping[str, Reading], name: str) -> exp.Expr:
    return readings[name].value if name in readings else sql.empty("VARCHAR")
