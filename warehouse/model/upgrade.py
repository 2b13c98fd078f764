"""Bring a warehouse up to date: tables by migration, declared tables, comments, current views, schemas, reference data."""

import hashlib
from pathlib import Path

import duckdb
import sqlalchemy as sa

from schemas.reference_tables import REFERENCE_TABLES
from warehouse.errors import EnvironmentRefusal
from warehouse.file.connect import raw_connection
from warehouse.file.transaction import transaction
from warehouse.fingerprint import PROJECT, forget_derived, read_derived, write_derived
from warehouse.model.declared import declared_tables, make_declared
from warehouse.model.revision import read_revision
from warehouse.model.study_tables import DEFINITIONS
from warehouse.parsed import fingerprint_parsed
from warehouse.reference.load import load_reference, reference_files

MIGRATIONS = PROJECT / "warehouse" / "migrations"


def upgrade(engine: sa.Engine, *, migrations: Path = MIGRATIONS) -> str:
    """Bring the warehouse up to date and return its revision; hardly any work when it is.

    Raises:
        EnvironmentRefusal: the warehouse was written by a newer version of this program.
        ModelError: no migration makes a column that the model has, or a reference file is not what is declared.
    """
    newest = newest_revision(migrations)
    with raw_connection(engine) as con:
        if is_upgraded(con, migrations=migrations):
            return newest
        revision = read_revision(con)
    if revision is not None and revision > newest:
        raise EnvironmentRefusal(
            f"The warehouse is at revision {revision}, this program knows revisions up to {newest}. "
            "Update the program, or set HCC_DATA_DIR to another folder."
        )
    if revision != newest:
        run_alembic(engine, migrations, to=newest)
    with raw_connection(engine) as con, transaction(con):
        _project_models(con)
        _make_declared(con)
        load_reference(con)
        write_derived(con, "upgrade", fingerprint=upgrade_fingerprint(migrations))
    return newest


def is_upgraded(con: duckdb.DuckDBPyConnection, *, migrations: Path = MIGRATIONS) -> bool:
    """Return whether the warehouse is up to date, so that `upgrade` would write nothing."""
    if read_revision(con) != newest_revision(migrations):
        return False
    return (read_derived(con, "upgrade") or ("",))[0] == upgrade_fingerprint(migrations)


def downgrade(engine: sa.Engine, *, to: str, migrations: Path = MIGRATIONS) -> None:
    """Take the warehouse back to an older revision (`base` for none); what newer revisions added is lost."""
    from warehouse.model.schemas import drop_step_schemas

    with raw_connection(engine) as con, transaction(con):
        drop_step_schemas(con)
    run_alembic(engine, migrations, to=to, down=True)


def newest_revision(migrations: Path = MIGRATIONS) -> str:
    """Return the newest revision from the files' names, without importing Alembic."""
    return max(path.stem.split("_")[0] for path in (migrations / "versions").glob("[0-9]*.py"))


def upgrade_fingerprint(migrations: Path = MIGRATIONS) -> str:
    """Hash everything that an upgrade is made from, as parsed: the model, the tables, the migrations, the reference data."""
    code = [path for name in ("schemas", "warehouse") for path in (PROJECT / name).rglob("*.py")]
    code = [path for path in code if MIGRATIONS not in path.parents]
    files = fingerprint_parsed([*code, *reference_files(), *(migrations / "versions").glob("*.py")])
    # Docstrings do not count as parsed, and those of a study's rows are the comments of their tables.
    return hashlib.sha256(f"{files} {declared_tables()}".encode()).hexdigest()


def run_alembic(engine: sa.Engine, migrations: Path, *, to: str, down: bool = False) -> None:
    """Take the tables that migrations make to a revision, in one transaction, and nothing else.

    Args:
        engine: the warehouse.
        migrations: the folder of Alembic's files.
        to: the revision; `base` for none.
        down: whether that is an older one.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS audit"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


def _project_models(con: duckdb.DuckDBPyConnection) -> None:
    from warehouse.comments import set_comments
    from warehouse.model.current import make_current_views
    from warehouse.model.difference import check_model
    from warehouse.model.schemas import make_derived_schemas
    from warehouse.model.source_finding import make_source_finding
    from warehouse.model.tables import warehouse_metadata

    check_model(con)
    for table in warehouse_metadata().tables.values():
        set_comments(
            con, f"{table.schema}.{table.name}", table.comment, {c.name: c.comment or "" for c in table.columns}
        )
    set_comments(
        con, "audit.alembic_version", "The revision of the warehouse.", {"version_num": "Number of the revision."}
    )
    make_current_views(con)
    make_source_finding(con)
    make_derived_schemas(con)


def _make_declared(con: duckdb.DuckDBPyConnection) -> None:
    """Make declared tables again where their columns have changed, and forget what they were filled from."""
    made = make_declared(con)
    for part, tables in {"reference": ("code", *REFERENCE_TABLES), "studies": DEFINITIONS}.items():
        if made & {f"reference.{table}" for table in tables}:
            forget_derived(con, part)
