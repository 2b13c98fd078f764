"""The migrated database and the models say the same."""

import shutil
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from support.warehouse_rows import publish_by_hand

from etl.loads.books import current_load
from etl.loads.publish import roll_back
from schemas.catalogue import all_tables
from warehouse.errors import EnvironmentRefusal
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.model.tables import warehouse_metadata
from warehouse.model.upgrade import MIGRATIONS, downgrade, newest_revision, read_revision, upgrade

ADDS_A_COLUMN = """
from alembic import op
revision = "9999"
down_revision = "{newest}"
def upgrade():
    op.execute("ALTER TABLE core.patient ADD COLUMN eye_colour VARCHAR")
def downgrade():
    op.execute("ALTER TABLE core.patient DROP COLUMN eye_colour")
"""
FAILS = """
from alembic import op
revision = "9999"
down_revision = "{newest}"
def upgrade():
    op.execute("ALTER TABLE core.patient ADD COLUMN eye_colour VARCHAR")
    op.execute("ALTER TABLE core.no_such_table ADD COLUMN eye_colour VARCHAR")
def downgrade():
    pass
"""


def _columns(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT schema_name, table_name, column_index, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE schema_name IN ('core', 'audit', 'quality', 'reference', 'study') AND table_name <> 'alembic_version' ORDER BY ALL"
    ).fetchall()


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT schema_name, table_name, comment FROM duckdb_tables() "
        "WHERE schema_name IN ('core', 'audit', 'quality', 'reference', 'study') AND table_name <> 'alembic_version' ORDER BY ALL"
    ).fetchall()


def test_the_migrated_database_is_what_the_models_say(warehouse_path: Path, tmp_path: Path) -> None:
    migrated, modelled = open_warehouse(warehouse_path), open_warehouse(tmp_path / "modelled.duckdb")
    with modelled.begin() as connection:
        for schema in ("core", "audit", "quality", "reference", "study"):
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        warehouse_metadata().create_all(connection)
    with raw_connection(migrated) as con, raw_connection(modelled) as other:
        assert _columns(con) == _columns(other)
        assert _tables(con) == _tables(other)
    migrated.dispose()
    modelled.dispose()


def test_every_table_and_column_has_a_comment(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
        silent = con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = '' "
            "UNION ALL SELECT schema_name, table_name, '' FROM duckdb_tables() WHERE coalesce(comment, '') = '' "
            "UNION ALL SELECT schema_name, view_name, '' FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''"
        ).fetchall()
        schemas = con.execute("SELECT DISTINCT schema_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    engine.dispose()
    assert silent == []
    assert {name for (name,) in schemas} == {
        "analysis",
        "audit",
        "clinical",
        "core",
        "current",
        "quality",
        "reference",
        "study",
    }


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_current_shows_the_site_first_and_the_address_last(warehouse_path: Path, table: object) -> None:
    from schemas.catalogue import TableFacts

    assert isinstance(table, TableFacts)
    con = duckdb.connect(str(warehouse_path), read_only=True)
    names = [column[0] for column in con.execute(f"SELECT * FROM current.{table.name} LIMIT 0").description or ()]
    con.close()
    address = ["source_file", "source_sheet", "source_record", "source_ordinal", "load_id"]
    assert names == ["site_id", *table.column_names, *address]


def test_upgrade_of_a_current_warehouse_does_nothing(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("there was nothing to do")

    monkeypatch.setattr("warehouse.model.upgrade._run_alembic", forbidden)
    monkeypatch.setattr("warehouse.model.upgrade._project_models", forbidden)
    monkeypatch.setattr("warehouse.model.upgrade.load_reference", forbidden)
    engine = open_warehouse(warehouse_path)
    assert upgrade(engine) == newest_revision()
    engine.dispose()


def test_down_to_nothing_and_up_again(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        before = _columns(con)
    downgrade(engine, to="base")
    with raw_connection(engine) as con:
        assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name <> 'alembic_version'").fetchall() == [
            (0,)
        ]
        assert read_revision(con) is None
    upgrade(engine)
    with raw_connection(engine) as con:
        assert _columns(con) == before
    engine.dispose()


def _with_revision(tmp_path: Path, text: str) -> Path:
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / "9999_test.py").write_text(text.format(newest=newest_revision()), encoding="utf-8")
    return migrations


def test_a_failed_migration_leaves_the_warehouse_as_it_was(warehouse_path: Path, tmp_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with pytest.raises(sa.exc.ProgrammingError):
        upgrade(engine, migrations=_with_revision(tmp_path, FAILS))
    with raw_connection(engine) as con:
        assert read_revision(con) == newest_revision()
        assert ("eye_colour",) not in con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = 'patient'"
        ).fetchall()
    engine.dispose()


def test_a_warehouse_of_a_newer_program_is_refused(warehouse_path: Path, tmp_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    upgrade(engine, migrations=_with_revision(tmp_path, ADDS_A_COLUMN))
    with pytest.raises(EnvironmentRefusal, match="at revision 9999, this program knows revisions up to"):
        upgrade(engine)
    engine.dispose()


def test_rollback_across_a_revision_carries_the_rows_forward_and_says_so(warehouse_path: Path, tmp_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "old"}]}, delivery="2026-10")
    upgrade(engine, migrations=_with_revision(tmp_path, ADDS_A_COLUMN))
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "new", "eye_colour": "brown"}]}, delivery="2026-11")
        assert con.execute("SELECT patient_id FROM analysis.cohort").fetchall() == [("new",)]
        done = roll_back(con, "snuh")
        assert con.execute("SELECT patient_id FROM analysis.cohort").fetchall() == [("old",)]
        assert con.execute("SELECT patient_id, eye_colour FROM core.patient ORDER BY ALL").fetchall() == [
            ("new", "brown"),
            ("old", None),
        ]
        current = current_load(con, "snuh")
    engine.dispose()
    assert done.crossed_revision
    assert (
        f"written under revision {newest_revision()} of the warehouse; its rows were carried forward" in done.sentence
    )
    assert current is not None
    assert current.schema_revision == newest_revision()
