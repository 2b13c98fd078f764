"""analysis.cohort says of every patient of the synthetic study what the slow oracle reads in the chart."""

from collections.abc import Iterator

import duckdb
import pytest
from oracle.tables import CATEGORIES, MEASURES
from support.cohort_reading import CATEGORY_COLUMNS, MEASURE_COLUMNS, differences
from support.drawn_study import readings
from support.drawn_warehouse import make_drawn_warehouse


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("drawn") / "warehouse.duckdb"
    make_drawn_warehouse(path)
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def test_everything_that_the_tables_ask_stands_in_one_row() -> None:
    assert CATEGORY_COLUMNS.keys() == CATEGORIES.keys()
    assert MEASURE_COLUMNS.keys() == MEASURES.keys()


def test_every_patient_is_read_as_the_oracle_reads(con: duckdb.DuckDBPyConnection) -> None:
    found = differences(con, readings())
    assert not found, (len(found), found[:5])


def test_the_study_has_its_size(con: duckdb.DuckDBPyConnection) -> None:
    counted = con.execute(
        "SELECT count(*), count(*) FILTER (survival_group = 'long_term'), "
        "count(*) FILTER (survival_group = 'short_term') FROM analysis.cohort "
        "WHERE is_eligible AND survival_group <> 'undetermined'"
    ).fetchall()
    assert counted == [(1566, 257, 1309)]


def test_nobody_is_lost_or_doubled(con: duckdb.DuckDBPyConnection) -> None:
    counted = con.execute("SELECT count(*), count(DISTINCT (site_id, patient_id)) FROM analysis.cohort").fetchall()
    assert counted == [(1880, 1880)] == con.execute("SELECT count(*), count(*) FROM current.patient").fetchall()
