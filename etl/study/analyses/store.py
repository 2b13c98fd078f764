"""Write what was computed into study.run and study.result."""

import json
from collections.abc import Iterable
from dataclasses import fields
from importlib.metadata import version
from typing import TYPE_CHECKING

from etl.study.analyses.result import Sheet
from etl.study.definition.read_study import Definition
from warehouse.fingerprint import utc_now
from warehouse.insert import insert_rows
from warehouse.model.study_tables import StudyNumber

if TYPE_CHECKING:
    import duckdb

LIBRARIES = ("numpy", "scipy", "statsmodels", "firthmodels", "duckdb")
"""Packages whose versions stand with the results."""


def write_results(con: "duckdb.DuckDBPyConnection", definition: Definition, sheets: Iterable[Sheet]) -> int:
    """Replace the study's results in the caller's transaction; return how many numbers there are."""
    con.execute("DELETE FROM study.result WHERE study_id = ?", [definition.name])
    con.execute("DELETE FROM study.run WHERE study_id = ?", [definition.name])
    count = add_results(con, definition, sheets)
    con.execute(
        "INSERT INTO study.run (study_id, loads, options_md5, definition_sha256, versions, seed, computed_at) "
        "SELECT study_id, loads, options_md5, ?, ?, ?, ? FROM analysis.study_state WHERE study_id = ?",
        [
            definition.sha256,
            json.dumps({name: version(name) for name in LIBRARIES}),
            definition.study.sensitivity.seed,
            utc_now(),
            definition.name,
        ],
    )
    return count


def add_results(con: "duckdb.DuckDBPyConnection", definition: Definition, sheets: Iterable[Sheet]) -> int:
    """Add results to those that are there; return how many numbers were added."""
    columns = [field.name for field in fields(StudyNumber)]
    rows = [(definition.name, *(getattr(number, column) for column in columns)) for sheet in sheets for number in sheet]
    insert_rows(con, "study.result", ("study_id", *columns), rows)
    return len(rows)
