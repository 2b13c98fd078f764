"""The views: their order comes from the SQL, their comments from its head, and they are built in one transaction."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.warehouse_rows import publish_by_hand

from warehouse.errors import ViewError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.reference.load import load_reference
from warehouse.views.refresh import VIEWS, is_refreshed, order_views, read_views, refresh


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def views(tmp_path: Path) -> Path:
    """Three views whose names are in the wrong order."""
    folder = tmp_path / "views"
    _write(
        folder,
        "analysis/a_last.sql",
        "-- Last.\n-- @n: A number,\n--   twice.\nSELECT 2 * n AS n FROM clinical.b_middle",
    )
    _write(folder, "clinical/b_middle.sql", "-- Middle.\n-- @n: A number.\nSELECT n FROM clinical.c_first")
    _write(
        folder, "clinical/c_first.sql", "-- First.\n-- @n: It's a number.\nSELECT count(*) AS n FROM current.patient"
    )
    return folder


def _write(folder: Path, name: str, sql: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql, encoding="utf-8")


def test_the_order_comes_from_the_sql(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    con.begin()
    assert refresh(con, views=views) == ("clinical.c_first", "clinical.b_middle", "analysis.a_last")
    con.commit()
    assert con.execute("SELECT n FROM analysis.a_last").fetchall() == [(0,)]


def test_comments_come_from_the_head_and_survive_building_again(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    for _ in range(2):
        con.begin()
        refresh(con, views=views)
        con.commit()
        assert con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'a_last'").fetchall() == [("Last.",)]
        assert con.execute(
            "SELECT comment FROM duckdb_columns() WHERE schema_name IN ('clinical', 'analysis') ORDER BY ALL"
        ).fetchall() == [
            ("A number, twice.",),
            ("A number.",),
            ("It's a number.",),
        ]


def test_they_are_tables_built_in_the_callers_transaction(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
    con.begin()
    refresh(con, views=views)
    con.rollback()
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'analysis'").fetchall()
    assert ("cohort",) in names
    assert ("a_last",) not in names
    assert is_refreshed(con)
    assert not is_refreshed(con, views=views)


def test_a_table_whose_file_is_gone_is_dropped(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    refresh(con, views=views)
    (views / "analysis" / "a_last.sql").unlink()
    assert not is_refreshed(con, views=views)
    refresh(con, views=views)
    assert is_refreshed(con, views=views)
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name IN ('clinical', 'analysis') ORDER BY ALL"
    ).fetchall()
    assert names == [("b_middle",), ("c_first",)]


def test_a_changed_file_is_noticed(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    refresh(con, views=views)
    _write(views, "clinical/c_first.sql", "-- First.\n-- @n: It's a number.\nSELECT 5 AS n")
    assert not is_refreshed(con, views=views)


def test_a_table_dropped_by_hand_is_noticed(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    refresh(con, views=views)
    con.execute("DROP TABLE analysis.a_last")
    assert not is_refreshed(con, views=views)


def test_changed_reference_data_is_loaded_and_noticed(
    con: duckdb.DuckDBPyConnection, views: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(con, views=views)
    assert load_reference(con) is False
    con.execute("UPDATE reference.study_option SET value = '1' WHERE name = 'long_term_months'")
    for module in ("warehouse.reference.load", "warehouse.views.refresh"):
        monkeypatch.setattr(f"{module}.reference_fingerprint", lambda: "another state of the files")
    assert not is_refreshed(con, views=views)
    assert load_reference(con) is True
    assert con.execute("SELECT value FROM reference.study_option WHERE name = 'long_term_months'").fetchall() == [
        ("24",)
    ]


@pytest.mark.parametrize(
    ("name", "sql", "message"),
    [
        ("clinical/c_first.sql", "SELECT n FROM analysis.a_last", r"read one another in a circle: .*analysis\.a_last"),
        ("clinical/x.sql", "SELECT 1 AS n FROM analysis.nowhere", r"and there is no file analysis/\.\.\./nowhere\.sql"),
        ("clinical/x.sql", "SELECT 1 AS n; SELECT 2 AS n", r"x\.sql: the file must be one SELECT"),
        ("clinical/area/b_middle.sql", "SELECT 1 AS n", r"b_middle\.sql: .*area/b_middle\.sql makes clinical\.b_middle already"),
        ("clinical/x.sql", "DROP TABLE core.patient", r"x\.sql: the file must be one SELECT"),
        ("clinical/x.sql", "SELECT FROM WHERE (", r"x\.sql: "),
        ("core/x.sql", "SELECT 1 AS n", r"x\.sql: the folder must be one of clinical_step, clinical, analysis_step, analysis"),
        ("clinical/x.sql", "-- X.\nSELECT 1 AS n", r"x\.sql: columns and '-- @column:' lines .* differ in n\."),
        ("clinical/x.sql", "-- @n: N.\n-- @m: M.\nSELECT 1 AS n", r"x\.sql: .* differ in m\."),
        ("clinical/x.sql", "-- @n: N.\nSELECT patient_idd AS n FROM current.patient", r"x\.sql: .*patient_idd"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_refused(
    con: duckdb.DuckDBPyConnection, views: Path, name: str, sql: str, message: str
) -> None:
    _write(views, name, sql)
    with pytest.raises(ViewError, match=message):
        refresh(con, views=views)


def test_every_view_of_the_project_can_be_ordered() -> None:
    names = [view.name for view in order_views(read_views(VIEWS))]
    assert names.index("clinical.survival") < names.index("analysis.cohort")
    assert (
        names.index("clinical_step.study_number")
        < names.index("clinical.index_date")
        < names.index("clinical.survival")
    )


def test_every_study_option_says_what_it_decides(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT name, value, unit, description FROM reference.study_option").fetchall()
    assert len(rows) == len({row[0] for row in rows})
    assert all(cell for row in rows for cell in row)


def test_every_option_that_a_view_reads_exists(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, {})
    cursor = con.execute("SELECT * FROM clinical_step.study_number")
    names = [column[0] for column in cursor.description or ()]
    missing = [name for name, value in zip(names, cursor.fetchall()[0], strict=True) if value is None]
    # The study counts from a first dose, so its procedure is empty by meaning.
    assert missing == ["index_procedure"]


def test_only_what_given_tables_reach_is_built(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    _write(views, "clinical/d_patients.sql", "-- Patients.\n-- @n: N.\nSELECT count(*) AS n FROM current.patient")
    _write(views, "analysis/e_both.sql", "-- E.\n-- @n: N.\nSELECT n FROM clinical.b_middle, clinical.d_patients")
    _write(views, "analysis/f_studies.sql", "-- F.\n-- @n: N.\nSELECT count(*) AS n FROM reference.study")
    for name in ("c_first", "b_middle"):
        con.execute(f"CREATE OR REPLACE TABLE clinical.{name} AS SELECT 21 AS n")
    assert set(refresh(con, views=views, given={"clinical.b_middle"})) == {
        "clinical.b_middle",
        "analysis.a_last",
        "analysis.f_studies",
    }
    assert con.execute("SELECT n FROM analysis.a_last").fetchall() == [(42,)]
    present = con.execute(
        "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name IN ('clinical', 'analysis') ORDER BY ALL"
    ).fetchall()
    assert present == [("a_last", "Last."), ("b_middle", "Middle."), ("f_studies", "F.")]
    assert not is_refreshed(con, views=views)


def test_a_given_table_with_other_columns_is_refused(con: duckdb.DuckDBPyConnection, views: Path) -> None:
    con.execute("CREATE TABLE clinical.b_middle AS SELECT 21 AS m")
    with pytest.raises(ViewError, match=r"b_middle\.sql: .* differ in m, n\."):
        refresh(con, views=views, given={"clinical.b_middle"})
