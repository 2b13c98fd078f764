"""Tests of the tables: each row by the publication's test and by the stated rule, and its standardised difference."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.definition.study_file import Row
from etl.study.statistics.comparisons import (
    COUNT_METHODS,
    NUMBER_METHODS,
    choose_count_method,
    choose_number_method,
)
from etl.study.statistics.standardised_difference import standardised_difference, standardised_level_difference
from etl.study.statistics.test_result import TestResult

if TYPE_CHECKING:
    import pandas as pd

TWO_GROUPS = 2


def compare_groups(patients: Patients) -> Iterator[Sheet]:
    """Test every row of every table that has groups.

    `<table>` holds the test that the publication used, or the rule's choice where it names none; `<table>.rule` the
    rule's choice (`choose_count_method`, `choose_number_method`).
    """
    for table_id, table in patients.study.tables.items():
        if table.groups is None:
            continue
        frame = patients.frame(table.population)
        used, by_rule = Sheet(table_id, table.population), Sheet(f"{table_id}.rule", table.population)
        for row in table.rows:
            if row.variable == table.groups:
                continue
            chosen, rule = _test_row(frame, row, table.groups)
            used.write_test(chosen, variable=row.variable)
            by_rule.write_test(rule, variable=row.variable)
            _write_difference(used, frame, row=row, groups=table.groups)
        yield used
        yield by_rule


def _test_row(frame: "pd.DataFrame", row: Row, groups: str) -> tuple[TestResult, ...]:
    if hasattr(frame[row.variable], "cat"):
        counts = count_levels(frame, row.variable, groups)
        has_patients = counts.sum(axis=1) > 0
        levels = frame[row.variable].cat.categories
        rule = choose_count_method(counts[has_patients])
        left_out = ", ".join(level for level, is_there in zip(levels, has_patients, strict=True) if not is_there)
        note = f"Levels that nobody has are left out of the test: {left_out}." if left_out else ""
        return tuple(
            _with_note(COUNT_METHODS[method](counts[has_patients]), note) for method in (row.test or rule, rule)
        )
    numbers = split_numbers(frame, row.variable, groups)
    rule = choose_number_method(numbers)
    return NUMBER_METHODS[row.test or rule](numbers), NUMBER_METHODS[rule](numbers)


def _with_note(test: TestResult, note: str) -> TestResult:
    return replace(test, note=" ".join(filter(None, (test.note, note))))


def count_levels(frame: "pd.DataFrame", variable: str, groups: str) -> NDArray[np.int64]:
    """Count levels (rows) by groups (columns); who lacks one of both is left out."""
    levels, columns = frame[variable].cat, frame[groups].cat
    codes, group_codes = levels.codes.to_numpy(), columns.codes.to_numpy()
    is_known = (codes >= 0) & (group_codes >= 0)
    counts = np.zeros((len(levels.categories), len(columns.categories)), dtype=np.int64)
    np.add.at(counts, (codes[is_known], group_codes[is_known]), 1)
    return counts


def split_numbers(frame: "pd.DataFrame", variable: str, groups: str) -> list[NDArray[np.float64]]:
    """Split the known numbers by group, in the order of the group's levels."""
    codes = frame[groups].cat.codes.to_numpy()
    numbers = frame[variable].to_numpy()
    is_known = ~np.isnan(numbers)
    return [numbers[is_known & (codes == code)] for code in range(len(frame[groups].cat.categories))]


def _write_difference(sheet: Sheet, frame: "pd.DataFrame", *, row: Row, groups: str) -> None:
    if len(frame[groups].cat.categories) != TWO_GROUPS:
        return
    if hasattr(frame[row.variable], "cat"):
        found = standardised_level_difference(count_levels(frame, row.variable, groups))
    else:
        found = standardised_difference(*split_numbers(frame, row.variable, groups))
    sheet.write(
        "standardised_difference", found.value, method=found.method, variable=row.variable, note=found.note or None
    )
