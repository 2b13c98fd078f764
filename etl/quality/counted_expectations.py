"""Great Expectations' expectations without the query that lists failing values, its configuration cached.

That query runs once per expectation and scans the table again; the counts of all expectations come from one query. Who
needs addresses gets all of them from plausibility/, not the first twenty values. An expectation's configuration is made
again some ninety times while it runs, which is half of what a small table costs; here it is made once. Import this late:
it takes seconds.
"""

from typing import Any

import great_expectations.expectations as gxe
from great_expectations.compatibility.pydantic import PrivateAttr


class CountsOnly:
    """Mixed into an expectation, asks for its counts alone."""

    map_metric: str
    _made: Any

    @property
    def configuration(self) -> Any:
        """Give the configuration; an expectation does not change after it was made."""
        if self._made is None:
            self._made = super().configuration  # type: ignore[misc]
        return self._made

    def get_validation_dependencies(self, *args: Any, **kwargs: Any) -> Any:
        """Ask for what the expectation asks for, except the failing values."""
        dependencies = super().get_validation_dependencies(*args, **kwargs)  # type: ignore[misc]
        dependencies.remove_metric_configuration(f"{self.map_metric}.unexpected_values")
        return dependencies


class ExpectCountedValuesToNotBeNull(CountsOnly, gxe.ExpectColumnValuesToNotBeNull):  # type: ignore[misc, name-defined]
    """The column is filled."""

    _made: Any = PrivateAttr(None)


class ExpectCountedValuesToBeInSet(CountsOnly, gxe.ExpectColumnValuesToBeInSet):  # type: ignore[misc, name-defined]
    """The values come from a set."""

    _made: Any = PrivateAttr(None)


class ExpectCountedValuesToBeBetween(CountsOnly, gxe.ExpectColumnValuesToBeBetween):  # type: ignore[misc, name-defined]
    """The values lie between two bounds."""

    _made: Any = PrivateAttr(None)


EXPECTATIONS = {
    "expect_column_values_to_not_be_null": ExpectCountedValuesToNotBeNull,
    "expect_column_values_to_be_in_set": ExpectCountedValuesToBeInSet,
    "expect_column_values_to_be_between": ExpectCountedValuesToBeBetween,
    "expect_table_row_count_to_be_between": gxe.ExpectTableRowCountToBeBetween,  # type: ignore[attr-defined]
}
"""The classes by the names that the suites use."""
