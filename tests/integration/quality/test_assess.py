"""Assessing a staged load: results and addresses, a clean pass, a pass with failures, and fatal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.quality_warehouse import build_warehouse, stage_load

import etl.quality.assess
from etl.quality.assess import assess
from etl.quality.demands import count_demands, demands
from etl.quality.plausibility import find_implausible
from etl.quality.run_suites import Result, run_suites
from etl.quality.suites import Check, Suite
from warehouse.errors import HccError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.progress import Silent


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("staged") / "warehouse.duckdb"
    build_warehouse(path).dispose()
    return path


@pytest.fixture
def engine(staged: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_warehouse(Path(shutil.copy(staged, tmp_path)))
    yield engine
    engine.dispose()


def _change(engine: sa.Engine, *statements: str) -> None:
    with raw_connection(engine) as con:
        for statement in statements:
            con.execute(statement)


def _rows(engine: sa.Engine, query: str) -> list[tuple[object, ...]]:
    with raw_connection(engine) as con:
        return con.execute(query).fetchall()


def _result(engine: sa.Engine, table: str, expectation: str, column: str) -> tuple[object, ...]:
    (row,) = _rows(
        engine,
        f"select is_success, element_count, unexpected_count, unexpected_percent from quality.expectation_result "
        f"where table_name = '{table}' and expectation = '{expectation}' and column_name = '{column}'",
    )
    return row


def _make_clean(engine: sa.Engine) -> None:
    """Take away what the synthetic data get wrong by chance."""
    _change(
        engine,
        "update core.follow_up set last_contact_on = died_on where died_on is not null",
        "update core.adverse_event set reported_grade = null",
        *(f"update core.{table} set {column} = coalesce({column}, {value})" for table, column, value in FILLED),
    )


FILLED = (
    ("tumour_baseline", "imaged_on", "date '2009-01-05'"),
    ("tumour_baseline", "largest_diameter_mm", "50"),
    ("tumour_baseline", "nodule_count", "1"),
    ("tumour_baseline", "portal_vein_invasion_code", "'vp0'"),
    ("treatment_course", "stop_reason_code", "'other'"),
    ("patient", "sex", "'male'"),
    ("patient", "aetiology", "'hbv'"),
    ("patient", "diagnosis_basis", "'clinical'"),
    ("patient", "bclc_reported_code", "'C'"),
    ("patient", "child_pugh_reported_code", "'A'"),
    ("follow_up", "last_contact_on", "date '2014-01-01'"),
    ("adverse_event", "reported_grade", "1"),
    ("adverse_event", "ctcae_version", "'4.03'"),
)


def test_a_clean_load_passes_clean(engine: sa.Engine) -> None:
    _make_clean(engine)
    assessment = assess(engine, 1)
    assert _rows(engine, "select table_name, expectation from quality.expectation_result where not is_success") == []
    assert (assessment.is_clean, assessment.is_fatal, assessment.fatal) == (True, False, ())
    assert assessment.counts["failed"] == 0
    assert assessment.counts["findings"] == 0


def test_failures_are_counted_and_do_not_stop_the_load(engine: sa.Engine) -> None:
    _make_clean(engine)
    _change(engine, "update core.patient set sex = null where source_record <= 6")
    assessment = assess(engine, 1)
    assert (assessment.is_clean, assessment.is_fatal) == (False, False)
    assert _result(engine, "patient", "expect_column_values_to_not_be_null", "sex") == (False, 60, 6, 10.0)
    assert _result(engine, "patient", "expect_column_values_to_not_be_null", "patient_id") == (True, 60, 0, 0.0)


def test_every_demand_has_its_own_line_with_the_number_judged(engine: sa.Engine) -> None:
    assess(engine, 1)
    lines = _rows(
        engine,
        "select table_name, column_name, expectation, element_count from quality.expectation_result "
        "where severity = 'fatal' and column_name is not null",
    )
    assert len(lines) == len({line[:3] for line in lines}) == len(demands())
    for table, column, expectation, judged in lines:
        counted = "*" if expectation == "expect_column_values_to_not_be_null" else column
        assert _rows(engine, f"select count({counted}) from core.{table} where load_id = 1") == [(judged,)]


def test_what_judged_no_row_neither_holds_nor_fails(engine: sa.Engine) -> None:
    _make_clean(engine)
    _change(engine, "update core.patient set child_pugh_reported_points = null", "delete from core.medication")
    assessment = assess(engine, 1)
    points = "expect_column_values_to_be_between"
    assert _result(engine, "patient", points, "child_pugh_reported_points") == (None, 0, 0, 0.0)
    silent = _rows(
        engine,
        "select is_success, element_count, unexpected_count from quality.expectation_result where table_name = 'medication'",
    )
    assert set(silent) == {(None, 0, 0)}
    (counted,) = _rows(engine, "select count(*) from quality.expectation_result where element_count = 0")[0]
    assert assessment.counts["nothing_to_judge"] == counted > len(silent)
    assert (assessment.is_clean, assessment.counts["failed"]) == (True, 0)


FAULTS = (
    ("patient", "sex", "'X'"),
    ("patient", "child_pugh_reported_points", "16"),
    ("patient", "child_pugh_reported_points", "4"),
    ("adverse_event", "reported_grade", "0"),
    ("lab_result", "analyte_code", "null"),
    ("lab_result", "analyte_code", "'nothing'"),
)
"""One fault for each kind of demand: listed, below, above, filled."""


def test_the_counts_are_those_of_great_expectations_own_classes(engine: sa.Engine) -> None:
    """With faults planted; the classes ask each demand in a query of its own."""
    for record, (table, column, broken) in enumerate(FAULTS, start=2):
        _change(
            engine,
            f"alter table core.{table} alter {column} drop not null",
            f"update core.{table} set {column} = {broken} where source_record = {record}",
        )
    with raw_connection(engine) as con:
        counted = count_demands(con, 1)
    suites = [
        Suite(table, f"select * from core.{table} where load_id = 1", tuple(c for c in demands() if c.table == table))
        for table in dict.fromkeys(check.table for check in demands())
    ]
    asked = {_key(each): each for each in run_suites(engine, suites, progress=Silent())}
    assert {_key(each): each for each in counted} == asked
    broken = {(each.check.table, each.check.column): each.unexpected_count for each in counted if each.unexpected_count}
    assert broken[("patient", "child_pugh_reported_points")] == 2
    assert set(broken) == {(table, column) for table, column, _ in FAULTS}
    assert sum(each.is_success is False for each in counted) == 5, "an analyte is filled, and it is listed"


def _key(result: Result) -> tuple[object, ...]:
    return result.check.table, result.check.column, result.check.expectation


def test_counts_on_which_great_expectations_disagrees_are_a_fault_of_ours(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def see_one_failing(counted: tuple[Result, ...]) -> Suite:
        check = Check("every table", "broken", "demands_hold", {"column": "broken", "value_set": [0]}, *CHECK)
        return Suite(
            "every table", f"SELECT * FROM (VALUES (1), {', '.join(['(0)'] * 99)}) AS counted (broken)", (check,)
        )

    monkeypatch.setattr(etl.quality.assess, "suite_of_counts", see_one_failing)
    with pytest.raises(
        HccError, match=r"of 100 lines 0 do not hold, but Great Expectations saw 1 of 100\. .* report it"
    ):
        assess(engine, 1)


CHECK = ("conformance", "fatal", 100.0, "No row breaks a demand.")


@pytest.mark.parametrize(
    ("table", "column", "broken", "sentence"),
    [
        ("patient", "sex", "'X'", "Sex comes from the code list 'sex'."),
        ("patient", "child_pugh_reported_points", "16", "Child-Pugh points, reported lies between 5 and 15."),
        ("adverse_event", "reported_grade", "0", "Grade, reported lies between 1 and 5."),
        ("lab_result", "analyte_code", "'nothing'", "Analyte comes from the code list 'analyte'."),
    ],
)
def test_what_the_gate_must_have_refused_is_fatal(
    engine: sa.Engine, table: str, column: str, broken: str, sentence: str
) -> None:
    """One query counts all demands, and the broken one is named with its own count."""
    _change(engine, f"update core.{table} set {column} = {broken} where source_record = 3")
    assessment = assess(engine, 1)
    ((elements,),) = _rows(
        engine,
        f"select element_count from quality.expectation_result where table_name = '{table}' "
        f"and column_name = '{column}' and severity = 'fatal' and not is_success",
    )
    assert isinstance(elements, int)
    said = f"{table}.{column}: {sentence} Expected of 100 % of rows, true of {elements - 1:,} of {elements:,}."
    assert assessment.is_fatal
    assert assessment.fatal == (said,)
    lines = "select count(*) from quality.expectation_result where severity = 'fatal'"
    assert _rows(engine, lines) == [(len(demands()) + 1,)], "each demand, and that there are patients"


def test_a_load_without_patients_is_fatal(engine: sa.Engine) -> None:
    _change(engine, "delete from core.patient")
    assert any("at least one patient" in sentence for sentence in assess(engine, 1).fatal)


def test_a_column_that_is_not_collected_is_not_asked_for(engine: sa.Engine) -> None:
    asked_of_aetiology = (
        "select expectation from quality.expectation_result where column_name = 'aetiology' and severity <> 'fatal'"
    )
    assess(engine, 1)
    assert _rows(engine, asked_of_aetiology) == [("expect_column_values_to_not_be_null",)]
    assess(engine, 1, not_collected={"patient": ["aetiology"]})
    assert _rows(engine, asked_of_aetiology) == []


def test_implausible_rows_are_found_at_their_address(engine: sa.Engine) -> None:
    _make_clean(engine)
    _change(
        engine,
        "update core.lab_result set analyte_code = 'albumin', value = 38, unit = 'g/dL' where source_record = 5",
        "update core.observation set observation_code = 'weight', value_number = 3.5 where source_record = 8",
        "update core.exposure set started_on = '2010-05-02', stopped_on = '2010-05-01' where source_record = 2",
        "update core.imaging_visit set imaged_on = '1901-01-01' where source_record = 4",
        "update core.procedure set started_on = '2031-01-01', ended_on = null where source_record = 6",
    )
    assessment = assess(engine, 1)
    found = _rows(
        engine,
        "select rule, table_name, column_name, source_id, source_record, cost, found from quality.finding order by all",
    )
    assert ("implausible_value", "lab_result", "value", 108, 5, "none", "38 g/dL") in found
    assert ("implausible_value", "observation", "value_number", 101, 8, "none") in [row[:6] for row in found]
    assert ("end_before_start", "exposure", "stopped_on", 105, 2, "none", "2010-05-01") in found
    assert ("before_birth", "imaging_visit", "imaged_on", 110, 4, "none", "1901-01-01") in found
    assert ("in_the_future", "procedure", "started_on", 106, 6, "none", "2031-01-01") in found
    assert assessment.counts["findings"] == len(found)


@pytest.mark.parametrize(
    ("code", "value", "unit", "is_found"),
    [
        ("ecog", 1, "'1'", False),
        ("ecog", 1, "null", False),
        ("ecog", 1, "'kg'", True),
        ("ecog", "null", "'kg'", False),
        ("karnofsky", 80, "'%'", False),
        ("karnofsky", 80, "'kg'", True),
        ("weight", 61, "'kg'", False),
        ("weight", 61, "'cm'", True),
        ("height", 170, "'1'", True),
        ("systolic", 120, "'mm[Hg]'", False),
        ("temperature", 36.5, "'kg'", True),
        ("stools_per_day", 3, "'/d'", False),
        ("ascites", 1, "'kg'", False),  # a word, whose number nobody reads
    ],
)
def test_a_bedside_finding_in_the_unit_of_another_is_implausible(
    engine: sa.Engine, code: str, value: float | str, unit: str, is_found: bool
) -> None:
    _make_clean(engine)
    _change(
        engine,
        f"update core.observation set observation_code = '{code}', value_number = {value}, unit = {unit} "
        "where source_record = 8",
    )
    assess(engine, 1)
    found = _rows(
        engine,
        "select source_record, found from quality.finding where table_name = 'observation' and rule = 'implausible_value'",
    )
    assert found == ([(8, f"{value:g} {unit[1:-1]}")] if is_found and isinstance(value, float | int) else [])


@pytest.mark.parametrize(("days_after", "is_found"), [(0, False), (1, True)])
def test_the_day_of_the_load_itself_is_no_future(engine: sa.Engine, days_after: int, is_found: bool) -> None:
    _make_clean(engine)
    _change(
        engine,
        f"update core.procedure set ended_on = null, started_on = (select started_at::date + {days_after} from audit.load) "
        "where source_record = 6",
    )
    with raw_connection(engine) as con:
        find_implausible(con, 1)
    found = _rows(engine, "select source_record from quality.finding where rule = 'in_the_future'")
    assert found == ([(6,)] if is_found else [])


@pytest.mark.parametrize(
    ("died_on", "precision", "contact", "is_found"),
    [
        ("2012-03-05", "day", "2012-03-06", True),
        ("2012-03-05", "day", "2012-03-05", False),
        ("2012-03-01", "month", "2012-03-31", False),
        ("2012-03-01", "month", "2012-04-01", True),
        ("2012-01-01", "year", "2012-12-31", False),
    ],
)
def test_a_partial_death_lasts_until_its_last_day(
    engine: sa.Engine, died_on: str, precision: str, contact: str, is_found: bool
) -> None:
    _make_clean(engine)
    _change(
        engine,
        "update core.follow_up set died_on = null, vital_status_code = 'alive'",
        f"update core.follow_up set died_on = '{died_on}', died_on_precision = '{precision}', "
        f"last_contact_on = '{contact}', vital_status_code = 'dead' where source_record = 1",
    )
    with raw_connection(engine) as con:
        find_implausible(con, 1)
    found = _rows(
        engine, "select source_record from quality.finding where rule = 'after_death' and table_name = 'follow_up'"
    )
    assert found == ([(1,)] if is_found else [])


def test_searching_again_replaces_what_was_written(engine: sa.Engine) -> None:
    _change(engine, "update core.lab_result set value = 1e9 where source_record <= 50")
    first = assess(engine, 1)
    count = "select (select count(*) from quality.finding), (select count(*) from quality.expectation_result)"
    before = _rows(engine, count)
    with raw_connection(engine) as con:
        assert find_implausible(con, 1) == first.counts["findings"]
    assert _rows(engine, count) == before
    assert before[0][0] == first.counts["findings"] >= 50  # type: ignore[operator]


def test_a_changed_unit_of_a_whole_column_shows_against_the_last_load(engine: sa.Engine) -> None:
    _change(engine, "update audit.load set state = 'published'", "update audit.site set current_load_id = 1")
    with raw_connection(engine) as con:
        stage_load(con, 2)
    _change(engine, "update core.lab_result set value = value * 10 where load_id = 2 and analyte_code = 'albumin'")
    assessment = assess(engine, 2)
    moved = "select table_name, column_name, found, severity from quality.finding where load_id = 2 and rule = 'scale_changed'"
    ((table, column, found, severity),) = _rows(engine, moved)
    assert (table, column, severity) == ("lab_result", "value", "error")
    assert str(found).startswith("the median of albumin is ")
    assert not assessment.is_clean


def test_a_moved_median_alone_is_no_clean_pass(engine: sa.Engine) -> None:
    _make_clean(engine)
    _change(engine, "update audit.load set state = 'published'", "update audit.site set current_load_id = 1")
    with raw_connection(engine) as con:
        stage_load(con, 2)
    _make_clean(engine)
    again = assess(engine, 2)
    assert (again.is_clean, again.counts["failed"]) == (True, 0)
    _change(engine, "update core.exposure set dose_mg = dose_mg / 4 where load_id = 2 and dose_mg > 0")
    assert _rows(engine, "select count(*) from core.exposure where load_id = 2 and dose_mg > 0")[0][0] >= 20  # type: ignore[operator]
    assert not assess(engine, 2).is_clean


def test_great_expectations_is_imported_late() -> None:
    program = "import sys, etl.quality.assess; sys.exit('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], env=dict(os.environ), check=False)
    assert done.returncode == 0
