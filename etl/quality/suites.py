"""The suites: what is expected of every table, projected from the model and from the table of rules across columns.

Completeness and rules across columns may fail by a share; Great Expectations counts and judges each of them. What the
model demands of every row is projected here too (`of_columns`) and counted in demands.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from etl.findings import Category, Severity
from etl.quality.across_columns import ACROSS_COLUMNS
from schemas.catalogue import ColumnFacts, TableFacts, all_tables


@dataclass(frozen=True)
class Check:
    """One expectation, before it becomes one of Great Expectations'."""

    table: str
    column: str | None
    expectation: str
    """Name of Great Expectations' class in snake case, or of the rule across columns."""
    arguments: dict[str, Any]
    category: Category
    severity: Severity
    threshold_percent: float
    """Share of rows, in percent, of which it must hold."""
    description: str


@dataclass(frozen=True)
class Suite:
    """Everything expected of one query's rows, computed in one pass over them."""

    table: str
    query: str
    checks: tuple[Check, ...] = field(default=())


def project_suites(load_id: int) -> tuple[Suite, ...]:
    """Write the suites for one load, one for each table."""
    return tuple(_table_suite(table, load_id) for table in all_tables())


def of_columns(table: TableFacts) -> list[Check]:
    """Project what the model states of a table's columns; what it demands of every row is fatal."""
    return [check for column in table.columns for check in _column_checks(table, column)]


def _rows_of(table: TableFacts, load_id: int, derived: str = "") -> str:
    return f"SELECT this.*{derived}\nfrom core.{table.name} this\nwhere this.load_id = {load_id}"


def _table_suite(table: TableFacts, load_id: int) -> Suite:
    rules = [rule for rule in ACROSS_COLUMNS if rule.table == table.name]
    derived = "".join(f",\n    ({rule.condition}) as {rule.name}" for rule in rules)
    checks = [check for check in of_columns(table) if check.severity != "fatal"]
    checks += [
        Check(
            table.name,
            rule.column,
            rule.name,
            {"column": rule.name, "value_set": [True]},
            rule.category,
            rule.severity,
            rule.threshold_percent,
            rule.description,
        )
        for rule in rules
    ]
    if table.name == "patient":
        checks.append(
            Check(
                "patient",
                None,
                "expect_table_row_count_to_be_between",
                {"min_value": 1},
                "completeness",
                "fatal",
                100.0,
                "The delivery holds at least one patient.",
            )
        )
    return Suite(table.name, _rows_of(table, load_id, derived), tuple(checks))


def _column_checks(table: TableFacts, column: ColumnFacts) -> Iterator[Check]:
    """Project a column's own statements; what the gate refuses must not be there at all, so it is fatal: a demand."""
    if column.required:
        yield _check(
            table,
            column,
            "expect_column_values_to_not_be_null",
            category="completeness",
            description=f"{column.title} is filled in every row.",
        )
    elif column.expected_percent:
        yield _check(
            table,
            column,
            "expect_column_values_to_not_be_null",
            category="completeness",
            severity="warning",
            threshold_percent=float(column.expected_percent),
            description=f"{column.title} is filled in {column.expected_percent} % of rows.",
        )
    if "isin" in column.checks:
        yield _check(
            table,
            column,
            "expect_column_values_to_be_in_set",
            category=column.kahn,
            arguments={"value_set": list(column.checks["isin"]["allowed_values"])},
            description=f"{column.title} comes from the code list '{column.codes}'.",
        )
    low, high = _bounds(column)
    if (low is not None or high is not None) and column.sql_type != "DATE":
        yield _check(
            table,
            column,
            "expect_column_values_to_be_between",
            category=column.kahn,
            arguments={"min_value": low, "max_value": high},
            description=f"{column.title} lies {_between(low, high)}.",
        )


def _check(
    table: TableFacts,
    column: ColumnFacts,
    expectation: str,
    *,
    category: Category,
    description: str,
    severity: Severity = "fatal",
    threshold_percent: float = 100.0,
    arguments: dict[str, Any] | None = None,
) -> Check:
    arguments = {"column": column.name, **(arguments or {})}
    return Check(table.name, column.name, expectation, arguments, category, severity, threshold_percent, description)


def _bounds(column: ColumnFacts) -> tuple[float | None, float | None]:
    low = column.checks.get("greater_than_or_equal_to") or column.checks.get("greater_than") or {}
    high = column.checks.get("less_than_or_equal_to") or column.checks.get("less_than") or {}
    return low.get("min_value"), high.get("max_value")


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at or below {high}"
    return f"at or above {low}" if high is None else f"between {low} and {high}"
