"""The suites say what the model says: every list, range and expected share, and nothing about columns it has not."""

import pytest
import sqlglot

from etl.findings import rules_found_by
from etl.quality.across_columns import ACROSS_COLUMNS, AcrossColumns
from etl.quality.demands import demands, write_count_query
from etl.quality.plausibility import DIRECTORY
from etl.quality.suites import Check, project_suites
from schemas.catalogue import TableFacts, all_tables, table_facts

SUITES = project_suites(7)
CHECKS = [*demands(), *(check for suite in SUITES for check in suite.checks)]


def _checks(table: str, column: str, expectation: str) -> list[Check]:
    return [check for check in CHECKS if (check.table, check.column, check.expectation) == (table, column, expectation)]


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_what_the_model_states_is_expected(table: TableFacts) -> None:
    for column in table.columns:
        in_set = _checks(table.name, column.name, "expect_column_values_to_be_in_set")
        assert [c.arguments["value_set"] for c in in_set] == (
            [column.checks["isin"]["allowed_values"]] if column.codes else []
        )
        filled = _checks(table.name, column.name, "expect_column_values_to_not_be_null")
        expected = [100.0] if column.required else [column.expected_percent] if column.expected_percent else []
        assert [check.threshold_percent for check in filled] == expected
        assert all((check.severity == "fatal") == column.required for check in filled)


def test_every_number_with_bounds_is_expected_within_them() -> None:
    (grade,) = _checks("adverse_event", "reported_grade", "expect_column_values_to_be_between")
    assert (grade.arguments["min_value"], grade.arguments["max_value"]) == (1, 5)
    assert grade.category == "plausibility"
    assert grade.description == "Grade, reported lies between 1 and 5."


def test_every_suite_reads_one_load_only() -> None:
    for suite in SUITES:
        assert "load_id = 7" in suite.query
        assert sqlglot.parse_one(suite.query, dialect="duckdb").find(sqlglot.exp.Select)


def test_one_query_counts_every_demand_of_this_load() -> None:
    assert {check.severity for check in demands()} == {"fatal"}
    assert len(demands()) == 100
    query = write_count_query(7)
    tables = list(sqlglot.parse_one(query, dialect="duckdb").find_all(sqlglot.exp.Select))
    counted = [count for select in tables for count in select.find_all(sqlglot.exp.Count)]
    assert len(counted) == 2 * len(demands())
    assert query.count("load_id = 7") == len(tables) == len({check.table for check in demands()})
    for check in demands():
        assert f'"{check.column}"' in query.partition(f"from core.{check.table}\n")[0].rpartition(" as place")[2]


@pytest.mark.parametrize("rule", ACROSS_COLUMNS, ids=lambda rule: f"{rule.table}-{rule.name}")
def test_a_rule_across_columns_names_columns_that_exist(rule: AcrossColumns) -> None:
    names = table_facts(rule.table).column_names
    assert rule.column in names
    assert rule.name not in names
    assert rule.description.endswith(".")
    tree = sqlglot.parse_one(f"select {rule.condition} from t this", dialect="duckdb")
    used = {column.name for column in tree.find_all(sqlglot.exp.Column) if column.table == "this"}
    assert used <= {*names, "load_id"}


def test_every_plausibility_query_belongs_to_a_rule() -> None:
    assert {file.stem.partition("__")[0] for file in DIRECTORY.glob("*.sql")} == set(rules_found_by("rows"))
