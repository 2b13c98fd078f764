"""What a table is, measures and spans is stated on the model: every question has its answer, and the answers agree."""

from itertools import product

import pytest

from schemas.canonical_table import Harmonised, about
from schemas.catalogue import PRECISIONS, SQL_TYPES, UNITS, ColumnFacts, TableFacts, all_tables, table_facts

TABLES = all_tables()
WHOLE = {
    "grain": "one thing",
    "key": ("patient_id",),
    "parent": "patient",
    "day": None,
    "periods": (),
    "measures": (),
    "harmonised": None,
}
STARTS, ENDS = ("started_on", "onset_on", "valid_from"), ("stopped_on", "ended_on", "cured_on", "valid_to")


@pytest.mark.parametrize("question", WHOLE)
def test_a_table_without_an_answer_is_refused(question: str) -> None:
    assert about(**WHOLE)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=question):
        about(**{name: answer for name, answer in WHOLE.items() if name != question})  # type: ignore[arg-type]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_answers_name_columns_of_their_kind(table: TableFacts) -> None:
    assert contradictions(table) == []


def contradictions(table: TableFacts) -> list[str]:
    """List what a table states that its columns do not bear out, or leaves out that they show."""
    types = {column.name: column.sql_type for column in table.columns}
    dates = {name for name, kind in types.items() if kind == "DATE"}
    found = [f"key {name}" for name in table.key if name not in types]
    found += [f"day {table.day}" for day in (table.day,) if day is not None and day not in dates]
    found += [f"period {pair}" for pair in table.periods if not set(pair) <= dates]
    found += [
        f"period left out {pair}" for pair in product(STARTS, ENDS) if set(pair) <= dates and pair not in table.periods
    ]
    found += [f"measures {name}" for name in table.measures if not is_measured(table.column(name))]
    found += [f"measured on no day: {name}" for name in table.measures if table.day is None]
    derived = table.derived
    found += [
        f"a number with a unit that nothing compares: {column.name}"
        for column in table.columns
        if column.unit and column.sql_type.startswith("DECIMAL") and column.name not in table.measures
    ]
    for column in table.columns:
        if column.kind is not None and not table.column(column.kind).codes:
            found.append(f"{column.name} is of a kind without codes")
        if column.unit_column is not None and not table.column(column.unit_column).is_unit:
            found.append(f"the unit of {column.name} is in a column without units")
        if column.unit and column.unit_column:
            found.append(f"{column.name} has two units")
        if column.codes == PRECISIONS and table.precision_of(column.name.removesuffix("_precision")) != column.name:
            found.append(f"{column.name} is the precision of no date")
    found += [f"derived {name}" for name in derived if name not in types]
    return found


def is_measured(column: ColumnFacts) -> bool:
    return column.sql_type == "DECIMAL(18,6)" and bool(column.unit or column.unit_column)


def test_a_contradiction_is_found() -> None:
    from dataclasses import replace

    lesion, exposure = table_facts("lesion"), table_facts("exposure")
    assert contradictions(replace(lesion, measures=("viable_diameter_mm", "whole_diameter_mm"))) == [
        "a number with a unit that nothing compares: short_axis_mm"
    ]
    assert contradictions(replace(lesion, day="organ_code")) == ["day organ_code"]
    assert contradictions(replace(exposure, periods=())) == ["period left out ('started_on', 'stopped_on')"]
    assert contradictions(replace(exposure, measures=(*exposure.measures, "times_per_day"))) == [
        "measures times_per_day"
    ]
    assert contradictions(replace(exposure, day=None)) == ["measured on no day: dose_mg"]


def test_results_are_harmonised_and_nothing_else_is() -> None:
    harmonised = {table.name: table.harmonisation for table in TABLES if table.harmonisation}
    assert set(harmonised) == {"lab_result"}
    by = harmonised["lab_result"]
    assert (by.kind, by.reported_value, by.reported_unit) == ("analyte_code", "reported_value", "reported_unit")
    assert table_facts("lab_result").derived == ("unit_factor", "value", "unit")
    assert Harmonised("a", "b", "c").factor == "b"


def test_what_is_measured_is_what_was_compared_by_name_before() -> None:
    measured = {(table.name, column.name, column.kind, table.day) for table in TABLES for column in table.measured}
    assert measured == {
        ("lab_result", "value", "analyte_code", "taken_on"),
        ("observation", "value_number", "observation_code", "observed_on"),
        ("tumour_baseline", "largest_diameter_mm", None, "imaged_on"),
        ("exposure", "dose_mg", None, "started_on"),
        ("lesion", "viable_diameter_mm", None, "imaged_on"),
        ("lesion", "whole_diameter_mm", None, "imaged_on"),
        ("lesion", "short_axis_mm", None, "imaged_on"),
    }


def test_categories_are_codes_and_truths_but_no_precisions() -> None:
    for table in TABLES:
        for column in table.columns:
            is_code = column.codes is not None and not column.name.endswith("_precision")
            assert column.is_category == (is_code or column.sql_type == "BOOLEAN")
            assert column.is_unit == (column.name in {"unit", "reported_unit"})
    assert {PRECISIONS, UNITS} == {"date_precision", "unit"}
    assert "BOOLEAN" in SQL_TYPES.values()
