"""Great Expectations' own expectations, without the query that names failing values.

That query runs once per expectation and scans the table again; the counts of all expectations come from one query. Who
needs addresses gets all of them from plausibility/, not the first twenty values. Import this late: it takes seconds.
"""

from typing import Any

import great_expectations.expectations as gxe


class CountsOnly:
    """Mixed into an expectation, asks for its counts alone."""

    map_metric: str

    def get_validation_dependencies(self, *args: Any, **kwargs: Any) -> Any:
        """Ask for what the expectation asks for, save the failing values."""
        dependencies = super().get_validation_dependencies(*args, **kwargs)  # type: ignore[misc]
        dependencies.remove_metric_configuration(f"{self.map_metric}.unexpected_values")
        return dependencies


class ExpectCountedValuesToNotBeNull(CountsOnly, gxe.ExpectColumnValuesToNotBeNull):  # type: ignore[misc, name-defined]
    """The column is filled."""


class ExpectCountedValuesToBeInSet(CountsOnly, gxe.ExpectColumnValuesToBeInSet):  # type: ignore[misc, name-defined]
    """The values come from a set."""


class ExpectCountedValuesToBeBetween(CountsOnly, gxe.ExpectColumnValuesToBeBetween):  # type: ignore[misc, name-defined]
    """The values lie between two bounds."""


EXPECTATIONS = {
    "expect_column_values_to_not_be_null": ExpectCountedValuesToNotBeNull,
    "expect_column_values_to_be_in_set": ExpectCountedValuesToBeInSet,
    "expect_column_values_to_be_between": ExpectCountedValuesToBeBetween,
    "expect_table_row_count_to_be_between": gxe.ExpectTableRowCountToBeBetween,  # type: ignore[attr-defined]
}
"""The classes by the names that the suites use."""
