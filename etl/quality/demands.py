"""Count in one SQL pass how many rows each demand of the model judges and how many break it: filled, listed, in range.

The gate asked the same of every row before, so no committed row should break a demand, and one that does is fatal. Each
demand is a line of its own in quality.expectation_result. Great Expectations asserts on the counts, all at once: it costs
some milliseconds for every expectation, whatever the rows, and there are a hundred demands.
"""

from collections.abc import Sequence
from itertools import groupby

import duckdb

from etl.quality.run_suites import Result
from etl.quality.suites import Check, Suite, of_columns
from schemas.catalogue import all_tables
from warehouse.errors import HccError
from warehouse.quoting import quote_name, quote_text

COUNTS_ASSERTED = "demands_hold"
"""Name of the check by which Great Expectations asserts on the counts; it is no line of its own."""


def demands() -> tuple[Check, ...]:
    """List what the model demands of each column, table by table."""
    return tuple(check for table in all_tables() for check in of_columns(table) if check.severity == "fatal")


def count_demands(con: duckdb.DuckDBPyConnection, load_id: int) -> tuple[Result, ...]:
    """Count for each demand the rows of a load that it judges, and those that break it."""
    counts: list[tuple[int, int]] = []
    for _, judged, broken in con.execute(write_count_query(load_id)).fetchall():
        counts += zip(judged, broken, strict=True)
    return tuple(Result.of(check, judged, broken) for check, (judged, broken) in zip(demands(), counts, strict=True))


def write_count_query(load_id: int) -> str:
    """Write the query: a row for each table, with the counts of its demands as two lists, in the order of `demands`."""
    queries = []
    for number, (table, group) in enumerate(groupby(demands(), key=lambda check: check.table)):
        checks = list(group)
        judged = ", ".join(_judged(check) for check in checks)
        broken = ", ".join(f"count(*) filter (where {_broken(check)})" for check in checks)
        queries.append(
            f"select {number} as place, [{judged}] as judged, [{broken}] as broken\n"
            f"from core.{table}\nwhere load_id = {load_id}"
        )
    return "\nunion all\n".join(queries) + "\norder by place"


def suite_of_counts(counted: Sequence[Result]) -> Suite:
    """Put the counts before Great Expectations: in each of these lines, no row may be against the demand."""
    lines = ",\n".join(
        f"({quote_text(each.check.table)}, {quote_text(str(each.check.column))}, "
        f"{quote_text(each.check.expectation)}, {each.element_count}, {each.unexpected_count})"
        for each in counted
    )
    query = f"SELECT * FROM (VALUES\n{lines}\n) AS counted (table_name, column_name, expectation, judged, broken)"
    check = Check(
        "every table",
        "broken",
        COUNTS_ASSERTED,
        {"column": "broken", "value_set": [0]},
        "conformance",
        "fatal",
        100.0,
        "No row breaks a demand of the model (rows here are demands).",
    )
    return Suite("every table", query, (check,))


def check_asserted(counted: Sequence[Result], results: Sequence[Result]) -> list[Result]:
    """Compare what Great Expectations asserted with the counts; give the other results.

    Raises:
        HccError: Great Expectations and the counts do not agree.
    """
    (asserted,) = (each for each in results if each.check.expectation == COUNTS_ASSERTED)
    broken = sum(each.is_success is False for each in counted)
    if (asserted.element_count, asserted.unexpected_count) != (len(counted), broken):
        raise HccError(
            f"Demands of the model: of {len(counted)} lines {broken} do not hold, but Great Expectations saw "
            f"{asserted.unexpected_count} of {asserted.element_count}. This is a fault of the system, not of the "
            "delivery; please report it."
        )
    return [each for each in results if each is not asserted]


def _judged(check: Check) -> str:
    """Write which rows a demand judges: all of them, or those where the cell is filled."""
    is_about_filling = check.expectation == "expect_column_values_to_not_be_null"
    return "count(*)" if is_about_filling else f"count({quote_name(str(check.column))})"


def _broken(check: Check) -> str:
    """Write when a row breaks a demand; an empty cell breaks only the demand to be filled."""
    column = quote_name(str(check.column))
    match check.arguments:
        case {"value_set": codes}:
            return f"{column} not in ({', '.join(map(quote_text, codes))})"
        case {"min_value": low, "max_value": high}:
            bounds = ((low, "<"), (high, ">"))
            return " or ".join(f"{column} {beyond} {bound}" for bound, beyond in bounds if bound is not None)
    return f"{column} is null"
