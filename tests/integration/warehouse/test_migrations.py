"""The migrated database and the models say the same."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from support.warehouse_rows import publish_by_hand

from etl.loads.books import current_load
from etl.loads.publish import roll_back
from schemas.catalogue import all_tables
from schemas.reference_tables import REFERENCE_TABLES
from warehouse.errors import EnvironmentRefusal, ModelError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.model.declared import make_declared
from warehouse.model.difference import check_model, model_differences
from warehouse.model.draft_migration import compare_new_warehouse, draft_migration
from warehouse.model.tables import warehouse_metadata
from warehouse.model.upgrade import MIGRATIONS, downgrade, newest_revision, read_revision, run_alembic, upgrade

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


MIGRATED = ("core", "audit", "quality")
DECLARED = ("reference", "study")


def _columns(con: duckdb.DuckDBPyConnection, schemas: tuple[str, ...] = (*MIGRATED, *DECLARED)) -> list[Any]:
    """Every column with its type and comment, in whatever order the table has them."""
    return con.execute(
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE list_contains(?, schema_name) AND table_name <> 'alembic_version' "
        "AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables()) ORDER BY ALL",
        [list(schemas)],
    ).fetchall()


def _tables(con: duckdb.DuckDBPyConnection, schemas: tuple[str, ...]) -> list[Any]:
    return con.execute(
        "SELECT schema_name, table_name, comment FROM duckdb_tables() "
        "WHERE list_contains(?, schema_name) AND table_name <> 'alembic_version' ORDER BY ALL",
        [list(schemas)],
    ).fetchall()


def test_the_migrated_database_is_what_the_models_say(warehouse_path: Path, tmp_path: Path) -> None:
    migrated, modelled = open_warehouse(warehouse_path), open_warehouse(tmp_path / "modelled.duckdb")
    with modelled.begin() as connection:
        for schema in MIGRATED:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        warehouse_metadata().create_all(connection)
    with raw_connection(modelled) as con:
        made = make_declared(con)
    assert {name.partition(".")[0] for name in made} == set(DECLARED)
    with raw_connection(migrated) as con, raw_connection(modelled) as other:
        for schemas in (MIGRATED, DECLARED):
            assert _columns(con, schemas) == _columns(other, schemas) != []
            assert _tables(con, schemas) == _tables(other, schemas) != []
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
        "analysis_step",
        "audit",
        "clinical",
        "clinical_step",
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

    monkeypatch.setattr("warehouse.model.upgrade.run_alembic", forbidden)
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


REVISIONS = sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_warehouse_of_any_revision_comes_to_the_present_state(
    warehouse_path: Path, tmp_path: Path, revision: str
) -> None:
    """Its rows stay, and its reference data is that of today, whatever columns its tables had and whatever was in them."""
    fresh, old = open_warehouse(warehouse_path), open_warehouse(tmp_path / "old.duckdb")
    run_alembic(old, MIGRATIONS, to=revision)
    with raw_connection(old) as con:
        con.execute("INSERT INTO core.patient (load_id, patient_id, sex) VALUES (1, 'a', 'male')")
        con.execute(
            "INSERT INTO audit.load (load_id, site_id, delivery, state) VALUES (1, 'hill', '2016', 'published')"
        )
        for (table,) in con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('reference', 'study')"
        ).fetchall():
            con.execute(f"INSERT INTO {table} DEFAULT VALUES")
        for part in ("upgrade", "reference", "studies"):
            con.execute("INSERT INTO audit.derived (part, fingerprint) VALUES (?, 'files of then')", [part])
    assert upgrade(old) == newest_revision()
    with raw_connection(fresh) as con, raw_connection(old) as other:
        assert _columns(other) == _columns(con)
        assert other.execute("SELECT patient_id, sex FROM core.patient").fetchall() == [("a", "male")]
        assert other.execute("SELECT load_id, site_id, delivery FROM audit.load").fetchall() == [(1, "hill", "2016")]
        for table in ("code", *REFERENCE_TABLES):
            rows = f"SELECT * FROM reference.{table} ORDER BY ALL"
            assert other.sql(rows).fetchall() == con.sql(rows).fetchall() != [], table
    fresh.dispose()
    old.dispose()


def _changed(
    tmp_path: Path, *, up: str, down: str = "pass", name: str = "9998_by_hand.py", after: str | None = None
) -> Path:
    """Copy the migrations, and add one of which the model knows nothing."""
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    text = f"""
from alembic import op
revision = "{name[:4]}"
down_revision = "{after or newest_revision()}"
def upgrade():
    {up}
def downgrade():
    {down}
"""
    (migrations / "versions" / name).write_text(text, encoding="utf-8")
    return migrations


LACKS = {
    # what a migration does to the tables, and how the sentence begins
    "a column": (
        "ALTER TABLE core.lab_result DROP COLUMN is_fasting",
        "the model has core.lab_result.is_fasting as BOOLEAN, and no migration makes it",
    ),
    "two columns": (
        "ALTER TABLE core.lab_result DROP COLUMN is_fasting; ALTER TABLE audit.site DROP COLUMN hospital",
        "the model has audit.site.hospital as VARCHAR and 1 more, and no migration makes it",
    ),
    "a type": (
        "ALTER TABLE core.patient ALTER COLUMN age_reported_years SET DATA TYPE INTEGER",
        "the model has core.patient.age_reported_years as SMALLINT, and migrations make it INTEGER",
    ),
    "a table": (
        "DROP TABLE core.lesion",
        "the model has the table core.lesion, and no migration makes it",
    ),
}


@pytest.mark.parametrize("what", LACKS)
def test_what_the_model_has_and_no_migration_makes_ends_in_a_sentence(
    tmp_path: Path, warehouse_path: Path, what: str
) -> None:
    statement, sentence = LACKS[what]
    migrations = _changed(tmp_path, up=f'op.execute("{statement}")')
    engine = open_warehouse(tmp_path / "new.duckdb")
    with pytest.raises(ModelError, match=sentence.replace(".", r"\.")) as error:
        upgrade(engine, migrations=migrations)
    assert str(error.value).endswith(
        "Run 'make migration', read the migration that it drafts, and run the command again."
    )
    engine.dispose()


DRAFTS = {
    **{what: statement for what, (statement, _) in LACKS.items()},
    "a column too many": "ALTER TABLE core.lab_result ADD COLUMN specimen VARCHAR",
    "a table too many": "CREATE TABLE core.biopsy (load_id INTEGER, taken_on DATE)",
    "a renamed column": "ALTER TABLE core.lab_result RENAME COLUMN is_fasting TO fasted",
    "a reserved name": 'ALTER TABLE audit.source_label DROP COLUMN \\"column\\"',
}


@pytest.mark.parametrize("what", DRAFTS)
def test_a_drafted_migration_makes_the_model_and_goes_back(tmp_path: Path, what: str) -> None:
    migrations = _changed(tmp_path, up=f'op.execute("{DRAFTS[what]}")')
    assert compare_new_warehouse(migrations)
    path = draft_migration(migrations=migrations)
    assert path is not None
    assert re.fullmatch(r"9999_[a-z][a-z_]*\.py", path.name)
    text = path.read_text(encoding="utf-8")
    assert ("RENAME COLUMN" in text) is (what == "a renamed column")
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", str(path)], capture_output=True, text=True, check=False
    )
    assert formatted.returncode == 0, formatted.stdout + text
    assert draft_migration(migrations=migrations) is None
    engine = open_warehouse(tmp_path / "new.duckdb")
    run_alembic(engine, migrations, to="9998")
    with raw_connection(engine) as con:
        before = model_differences(con)
        rows = {each.table for each in before if each.present is not None or each.column is not None}
        for table in rows:
            con.execute(f"INSERT INTO {table} DEFAULT VALUES")
    run_alembic(engine, migrations, to="9999")
    with raw_connection(engine) as con:
        check_model(con)
        assert model_differences(con) == ()
        for table in rows - {each.table for each in before if each.column is None}:
            assert con.execute(f"SELECT count(*) FROM {table}").fetchall() == [(1,)]
    downgrade(engine, to="9998", migrations=migrations)
    with raw_connection(engine) as con:
        assert model_differences(con) == before
    engine.dispose()


def test_a_draft_takes_its_name_from_words(tmp_path: Path) -> None:
    migrations = _changed(tmp_path, up='op.execute("ALTER TABLE core.lab_result DROP COLUMN is_fasting")')
    path = draft_migration("Was the specimen taken fasting?", migrations=migrations)
    assert path is not None
    assert path.name == "9999_was_the_specimen_taken_fasting.py"


def test_there_is_nothing_to_migrate() -> None:
    assert compare_new_warehouse() == ()
    assert draft_migration() is None
