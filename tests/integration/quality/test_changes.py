"""What changed since the last delivery, and what differs from the other hospitals: caught when it does, silent when not."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.quality_warehouse import build_warehouse, stage_load

from etl.loads.books import previous_load
from etl.quality.across_sites import compare_sites
from etl.quality.changes import find_changes
from etl.quality.scale import is_leap
from etl.report.load.lists import list_findings
from warehouse.file.connect import open_warehouse, raw_connection

OTHER_PATIENTS = [
    f"UPDATE core.{table} SET patient_id = 'x' || patient_id WHERE load_id = 2"
    for table in ("patient", "lab_result", "lesion", "observation", "tumour_baseline", "exposure")
]


@pytest.fixture(scope="module")
def delivered_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load 1 is published; load 2, of the same site, holds the same and is staged."""
    path = tmp_path_factory.mktemp("twice") / "warehouse.duckdb"
    engine = build_warehouse(path)
    with raw_connection(engine) as con:
        con.execute("UPDATE audit.load SET state = 'published'")
        con.execute("UPDATE audit.site SET current_load_id = 1")
        stage_load(con, 2)
        con.execute("UPDATE core.lab_result SET reported_value = value, reported_unit = 'g/dL', unit = 'g/dL'")
        con.execute(
            "INSERT INTO audit.column_origin (load_id, table_name, column_name, source_column) "
            "VALUES (2, 'lab_result', 'value', '결과')"
        )
    engine.dispose()
    return path


@pytest.fixture
def con(delivered_twice: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(Path(shutil.copy(delivered_twice, tmp_path)))
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def changes(con: duckdb.DuckDBPyConnection, *statements: str) -> list[tuple[str, str, str, str]]:
    for statement in statements:
        con.execute(statement)
    before = previous_load(con, 2)
    con.begin()
    find_changes(con, 2, previous_load_id=before.load_id if before else None)
    con.commit()
    return con.execute("SELECT rule, table_name, found, expected FROM quality.finding WHERE load_id = 2").fetchall()


def test_the_same_again_tells_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert changes(con) == []


def test_other_patients_of_the_same_kind_tell_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert changes(con, *OTHER_PATIENTS) == []


def test_a_first_delivery_has_nothing_to_be_compared_with(con: duckdb.DuckDBPyConnection) -> None:
    assert changes(con, "UPDATE audit.load SET state = 'refused' WHERE load_id = 1") == []


@pytest.mark.parametrize("before", [[], OTHER_PATIENTS], ids=["same patients", "other patients"])
@pytest.mark.parametrize(
    ("cells", "factor", "told"),
    [
        (("lab_result", "value", "analyte_code = 'albumin'"), 10, "albumin is 3"),
        (("lab_result", "value", "analyte_code = 'bilirubin_total'"), 17.1, "bilirubin total is 1"),
        (("lab_result", "value", "analyte_code = 'platelets'"), 1000, "platelets is 1"),
        (("lesion", "whole_diameter_mm", "TRUE"), 0.1, "whole diameter mm is 2"),
        (("observation", "value_number", "observation_code = 'weight'"), 0.01, "weight is 0.6"),
    ],
    ids=["g/L as g/dL", "umol/L as mg/dL", "per uL as per nL", "cm as mm", "m as cm"],
)  # fmt: skip
def test_a_mistaken_unit_moves_a_scale(
    con: duckdb.DuckDBPyConnection, before: list[str], cells: tuple[str, str, str], factor: float, told: str
) -> None:
    table, column, where = cells
    moved = f"UPDATE core.{table} SET {column} = {column} * {factor} WHERE load_id = 2 AND {where}"
    (found,) = changes(con, *before, moved)
    assert found[:2] == ("scale_changed", table)
    assert told in found[2]
    assert "times as high" in found[2] if factor > 1 else "times as low" in found[2]


@pytest.mark.parametrize("before", [[], OTHER_PATIENTS], ids=["same patients", "other patients"])
@pytest.mark.parametrize(("factor", "told"), [(4, "4 times as high"), (0.2, "5 times as low"), (2, None)])
def test_a_leap_that_is_no_units_step_is_the_same_finding(
    con: duckdb.DuckDBPyConnection, before: list[str], factor: float, told: str | None
) -> None:
    moved = f"UPDATE core.lab_result SET value = value * {factor} WHERE load_id = 2 AND analyte_code = 'albumin'"
    found = changes(con, *before, moved)
    if told is None:
        assert found == []
        return
    ((rule, table, words, _),) = found
    assert (rule, table) == ("scale_changed", "lab_result")
    assert words.startswith("the median of albumin is ")
    assert words.endswith(": no step between units that are known")
    assert before or f"{told}: " in words


def test_a_leap_that_chance_may_make_is_none() -> None:
    assert is_leap(math.log(3.1), log_error=0.1)
    assert is_leap(-math.log(3.1), log_error=0.1)
    assert not is_leap(math.log(2.9), log_error=0.0)
    assert not is_leap(math.log(3.1), log_error=0.3)


def test_a_small_step_shows_in_the_values_of_the_same_days(con: duckdb.DuckDBPyConnection) -> None:
    moved = "UPDATE core.lab_result SET value = value / 1.21 WHERE load_id = 2 AND analyte_code = 'afp'"
    ((rule, _, found, _),) = changes(con, moved)
    assert rule == "scale_changed"
    assert "1.21 times as low: the step between" in found


def test_a_corrected_cell_is_no_change(con: duckdb.DuckDBPyConnection) -> None:
    assert changes(con, "UPDATE core.lab_result SET value = value * 10 WHERE load_id = 2 AND source_record < 30") == []


def test_a_changed_unit_is_told_with_its_shares(con: duckdb.DuckDBPyConnection) -> None:
    (found,) = changes(
        con, "UPDATE core.lab_result SET reported_unit = 'g/L' WHERE load_id = 2 AND analyte_code = 'albumin'"
    )
    assert found[0] == "unit_changed"
    assert found[2].startswith("albumin comes in g/L 100 % of ")
    assert found[3].startswith("in g/dL 100 % of ")


def test_a_second_device_is_no_changed_unit(con: duckdb.DuckDBPyConnection) -> None:
    some = "UPDATE core.lab_result SET reported_unit = 'g/L' WHERE load_id = 2 AND source_record % 10 = 0"
    assert changes(con, some) == []


def test_codes_that_turn_or_vanish_are_told(con: duckdb.DuckDBPyConnection) -> None:
    turned = "UPDATE core.patient SET sex = 'female' WHERE load_id = 2 AND sex IS NOT NULL"
    found = changes(
        con, turned, "UPDATE core.lab_result SET analyte_code = 'ast' WHERE load_id = 2 AND analyte_code = 'alt'"
    )
    codes = {table: text for rule, table, text, _ in found if rule == "codes_changed"}
    assert "female 100 %" in codes["patient"]
    assert "alt 0 %" in codes["lab_result"]


def test_a_change_is_listed_as_a_sentence_with_the_source_column(con: duckdb.DuckDBPyConnection) -> None:
    changes(con, "UPDATE core.lab_result SET value = value * 10 WHERE load_id = 2 AND analyte_code = 'albumin'")
    (told,) = list_findings(con, "snuh", load_id=2, rule="scale_changed")
    assert told["sentence"].startswith("lab_result, column '결과': the median of albumin is ")
    assert "10 times as high: the step between g/dL and g/L (x 10); in the last delivery it was " in told["sentence"]
    assert told["for_hospital"].endswith("correct it in the export.")
    assert "mapping.yaml" in told["for_data_manager"]


def test_looking_again_replaces_what_was_told(con: duckdb.DuckDBPyConnection) -> None:
    moved = "UPDATE core.lab_result SET value = value * 10 WHERE load_id = 2 AND analyte_code = 'albumin'"
    assert changes(con, moved) == changes(con)


@pytest.fixture
def four_sites(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four sites, each with one staged load."""
    con.execute("UPDATE audit.load SET site_id = 'site2' WHERE load_id = 2")
    for load_id in (3, 4):
        stage_load(con, load_id)
        con.execute("UPDATE audit.load SET site_id = 'site' || load_id WHERE load_id = ?", [load_id])
    con.execute("UPDATE core.lab_result SET unit = 'g/dL'")
    return con


@pytest.mark.parametrize("factor", [1, 1.3, 10])
def test_a_hospital_that_stands_apart_is_told_and_not_the_others(
    four_sites: duckdb.DuckDBPyConnection, factor: float
) -> None:
    four_sites.execute(
        f"UPDATE core.lab_result SET value = value * {factor} WHERE load_id = 4 AND analyte_code = 'albumin'"
    )
    compare_sites(four_sites, [2, 3, 4])
    told = four_sites.execute(
        "SELECT load_id, found, expected FROM quality.finding WHERE rule = 'scale_differs'"
    ).fetchall()
    assert [load_id for load_id, _, _ in told] == ([4] if factor == 10 else [])
    for _, found, expected in told:
        assert "10 times as high as in the other hospitals: the step between g/dL and g/L" in found
        assert expected.endswith(" g/dL in 3 other hospitals")


def test_with_one_other_hospital_nobody_can_say_which_is_off(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE audit.load SET site_id = 'site2' WHERE load_id = 2")
    con.execute("UPDATE core.lab_result SET value = value * 10 WHERE load_id = 2")
    assert compare_sites(con, [2]) == 0
