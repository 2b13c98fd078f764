"""Where frozen data come from: loads with the hashes of their files, study options, versions of what made them."""

import json
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.study.analyses.store import LIBRARIES
from etl.study.definition.read_study import Definition
from etl.study.freeze.codebook import write_csv
from etl.study.freeze.folder import write_private
from warehouse.fingerprint import read_derived

if TYPE_CHECKING:
    import duckdb

LOADS = "loads.csv"
OPTIONS = "options.csv"
VERSIONS = "versions.json"
PROGRAM = "hcc-harmonisation"
LOAD_COLUMNS = (
    "site_id",
    "hospital",
    "load_id",
    "delivery",
    "is_synthetic",
    "load_fingerprint",
    "mapping_sha256",
    "mapping_version",
    "code_version",
    "file",
    "sheet",
    "file_sha256",
    "size_bytes",
    "record_count",
)
OPTION_COLUMNS = ("name", "value", "unit", "description")
_LOADS_SQL = """
SELECT site.site_id, site.hospital, load.load_id, load.delivery, load.is_synthetic, load.fingerprint,
    load.mapping_sha256, load.mapping_version, load.code_version, source_file.file, source_file.sheet,
    source_file.sha256, source_file.size_bytes, source_file.record_count
FROM audit.site AS site
INNER JOIN audit.load AS load ON load.load_id = site.current_load_id
LEFT JOIN audit.source_file AS source_file ON source_file.load_id = load.load_id
ORDER BY site.site_id, source_file.source_id
"""


def write_provenance(con: "duckdb.DuckDBPyConnection", definition: Definition, *, folder: Path) -> None:
    """Write the current loads, the study options, and the versions of program, libraries and definition."""
    write_loads(con, folder)
    options = con.execute("SELECT name, value, unit, description FROM reference.study_option ORDER BY name").fetchall()
    write_csv(folder / OPTIONS, OPTION_COLUMNS, options)
    versions = read_versions(con, (*LIBRARIES, "pandas", "pyarrow"))
    versions |= {"study": definition.name, "definition_sha256": definition.sha256}
    write_private(folder / VERSIONS, (json.dumps(versions, indent=2) + "\n").encode())


def write_loads(con: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Write the current load of every hospital with the hashes of the files that it was made from."""
    write_csv(folder / LOADS, LOAD_COLUMNS, con.execute(_LOADS_SQL).fetchall())


def read_versions(con: "duckdb.DuckDBPyConnection", libraries: Iterable[str]) -> dict[str, Any]:
    """Name the versions of the program, of these libraries and of the warehouse's tables and views."""
    return {
        "program": version(PROGRAM),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in sorted(set(libraries))},
        "schema_revision": con.execute("SELECT any_value(version_num) FROM audit.alembic_version").fetchall()[0][0],
        "views_fingerprint": (read_derived(con, "views") or (None,))[0],
    }


def holds_synthetic(con: "duckdb.DuckDBPyConnection") -> bool:
    """Return whether any current load is synthetic."""
    row = con.execute(
        "SELECT count(*) > 0 FROM audit.site AS site "
        "INNER JOIN audit.load AS load ON load.load_id = site.current_load_id WHERE load.is_synthetic"
    ).fetchone()
    return row == (True,)
