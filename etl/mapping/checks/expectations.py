"""Check a hospital's own expectations: the tables, columns, codes and bounds that they name must exist and fit together."""

from collections.abc import Iterator

from etl.mapping.checks.meaning import check_target
from etl.mapping.compiler.column_plan import filled_columns
from etl.mapping.language.expectation_forms import Expectation, Span
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import SiteMapping
from schemas.catalogue import ColumnFacts, TableFacts, table_facts
from schemas.tables import TABLES

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]

PATIENT = "patient_id"


def check_expectations(mapping: SiteMapping) -> Iterator[Mistake]:
    """List every expectation that names what does not exist, that nothing fills, or that no row could meet."""
    for table, expectations in mapping.expectations.items():
        if table not in TABLES:
            yield ("expectations", table), f"'{table}' is not a canonical table.{did_you_mean(table, TABLES)}"
            continue
        if not mapping.tables.get(table):
            yield ("expectations", table), f"nothing under 'tables:' fills '{table}'."
            continue
        filled = {
            name
            for part in mapping.tables[table]
            for column, options in part.columns.items()
            for name in filled_columns(table, column, options)
        }
        for position, expectation in enumerate(expectations):
            yield from _check_one(("expectations", table, position), table_facts(table), expectation, filled=filled)


def _check_one(at: Path, facts: TableFacts, expectation: Expectation, *, filled: set[str]) -> Iterator[Mistake]:
    named: list[tuple[tuple[str, ...], str]] = [(("where", name), name) for name in expectation.where]
    named += [(("column",), expectation.column)] if expectation.column else []
    for path, name in named:
        if name not in facts.column_names:
            near = did_you_mean(name, facts.column_names)
            yield (*at, *path), f"'{facts.name}.{name}' is not a canonical column.{near}"
        elif name not in filled:
            yield (*at, *path), f"nothing under 'tables:' fills '{facts.name}.{name}'."
        elif path[0] == "where" and (sentence := check_target(facts.column(name), expectation.where[name])):
            yield (*at, *path), sentence
    if expectation.rows_per_patient and (facts.name == "patient" or PATIENT not in facts.column_names):
        yield (*at, "rows_per_patient"), f"'{facts.name}' has no rows of a patient to count."
    span = expectation.rows or expectation.rows_per_patient or expectation.values
    if span is None:
        return
    mistakes = []
    if expectation.values and expectation.column in facts.column_names:
        mistakes = list(_check_values((*at, "values"), facts.column(str(expectation.column)), span))
        yield from mistakes
    if not mistakes and span.at_least is not None and span.at_most is not None and _is_reversed(span):
        yield (*at, expectation.kind), f"no number lies between {span.at_least} and {span.at_most}; exchange the two."


def _check_values(at: Path, column: ColumnFacts, span: Span) -> Iterator[Mistake]:
    """List bounds that are no values of their column."""
    is_date = column.sql_type == "DATE"
    if not is_date and column.sql_type != "SMALLINT" and not column.sql_type.startswith("DECIMAL"):
        yield at, f"'{column.name}' holds neither numbers nor days, so its values lie between no bounds."
        return
    for option, bound in (("at_least", span.at_least), ("at_most", span.at_most)):
        if bound is None:
            continue
        if is_date and (sentence := check_target(column, bound)):
            yield (*at, option), sentence
        elif not is_date and isinstance(bound, str):
            yield (*at, option), f"'{column.name}' holds numbers; write {option} as a number, without quotes."


def _is_reversed(span: Span) -> bool:
    assert span.at_least is not None
    assert span.at_most is not None
    return span.at_least > span.at_most  # type: ignore[operator]  # both are numbers, or both days in ISO order
