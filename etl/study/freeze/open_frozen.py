"""Open a frozen data set as a warehouse of its own, in which the study's tables and statistics can be made again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.definition.load import load_studies
from etl.study.definition.read_study import Definition, known_studies, read_study
from etl.study.freeze.codebook import CODEBOOK, read_types
from etl.study.freeze.inputs import find_inputs
from etl.study.freeze.manifest import check_frozen
from etl.study.freeze.provenance import VERSIONS
from etl.study.freeze.tables import FOLDER
from etl.study.freeze.write import STUDIES
from warehouse.errors import RefusedError, ViewError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.model.upgrade import upgrade
from warehouse.quoting import quote_name, quote_path
from warehouse.views.refresh import refresh

if TYPE_CHECKING:
    import duckdb


@contextmanager
def open_frozen(
    folder: Path, *, threads: int = 2, memory_limit: str = "1GB", scratch_dir: Path | None = None
) -> Iterator[tuple["duckdb.DuckDBPyConnection", Definition]]:
    """Lend a warehouse that is thrown away afterwards, filled from a frozen data set, and the frozen study.

    Its views of studies are built; the statistics are not computed yet. Never refresh it: the views that lie below the
    frozen tables are not there, and `is_refreshed` says so.

    Args:
        folder: the frozen data set.
        threads: threads for the database engine.
        memory_limit: memory for the database engine, e.g. `1GB`.
        scratch_dir: where the warehouse lies meanwhile, in a folder that only its owner can open; the system's
            temporary folder when not given.

    Raises:
        NotFoundError: there is no such folder.
        RefusedError: it was touched, or another version of the program is needed to read it.
    """
    touched = check_frozen(folder)
    if touched:
        raise RefusedError(f"The frozen data set {folder} was touched, so nothing is computed from it. {touched[0]}")
    with tempfile.TemporaryDirectory(prefix="frozen-", dir=scratch_dir) as scratch:
        engine = open_warehouse(Path(scratch, "warehouse.duckdb"), threads=threads, memory_limit=memory_limit)
        try:
            upgrade(engine)
            with raw_connection(engine) as con:
                with transaction(con):
                    _fill(con, folder)
                (name,) = known_studies(folder / STUDIES)
                yield con, read_study(folder / STUDIES, name)
        finally:
            engine.dispose()


def _fill(con: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    inputs = find_inputs()
    types = read_types(folder / CODEBOOK)
    missing = sorted({*inputs.given, *inputs.others} - types.keys())
    if missing:
        raise RefusedError(_needs_other_version(folder, f"it holds no {missing[0]}"))
    for table in inputs.others:
        con.execute(f"DELETE FROM {table}")
        con.execute(f"INSERT INTO {table} BY NAME {_select(folder, table, types[table])}").fetchall()
    for table in inputs.given:
        con.execute(f"CREATE TABLE {table} AS {_select(folder, table, types[table])}")
    load_studies(con, folder / STUDIES)
    try:
        refresh(con, given=inputs.given)
    except ViewError as error:
        raise RefusedError(_needs_other_version(folder, str(error))) from error


def _select(folder: Path, table: str, types: dict[str, str]) -> str:
    """Read a frozen table with the types that its columns had."""
    columns = ", ".join(f"CAST({quote_name(name)} AS {kind}) AS {quote_name(name)}" for name, kind in types.items())
    return f"SELECT {columns} FROM read_parquet({quote_path(folder / FOLDER / f'{table}.parquet')})"


def _needs_other_version(folder: Path, reason: str) -> str:
    return (
        f"The frozen data set {folder} does not fit this version of the program: {reason.rstrip('.')}. "
        f"Use the version that {VERSIONS} names."
    )
