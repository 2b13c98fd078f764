"""A warehouse whose cohort is given row by row, and a study over it: for views and analyses, without any hospital."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import publish_by_hand

from etl.study.analyses.patients import Patients
from etl.study.analyses.result import Sheet
from etl.study.analyses.run import run_analyses
from etl.study.analyses.store import add_results, write_results
from etl.study.definition.load import load_studies
from etl.study.definition.read_study import Definition, read_study
from etl.study.freeze.inputs import find_inputs
from etl.study.published.compare_study import compare_published
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.views.refresh import refill, refresh

GIVEN = tuple(name for name in find_inputs().given if name != "clinical_step.study_number")
"""The cohort and all else that views of studies read, made by hand or left empty; not the options, which tests change."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class StudyWarehouse:
    """A warehouse with a study whose views are filled."""

    con: duckdb.DuckDBPyConnection
    definition: Definition

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        return self.con.execute(sql, list(values)).fetchall()

    def compute(self) -> list[Sheet]:
        """Run, store and show every analysis of the study, as `hcc study` does."""
        sheets, _ = run_analyses(Patients(self.con, self.definition.study), lambda _: None)
        with transaction(self.con):
            write_results(self.con, self.definition, sheets)
            refill(self.con, reading="study")
            add_results(self.con, self.definition, [compare_published(self.con, self.definition)])
            refill(self.con, reading="study")
        return sheets

    def show(self) -> None:
        """Fill the views again, as after a load or a changed option."""
        with transaction(self.con):
            refresh(self.con, given=GIVEN)


@contextmanager
def study_warehouse(
    folder: Path,
    cohort: Sequence[Row] | pd.DataFrame,
    *,
    study: str,
    onsets: Sequence[tuple[str, str, str, int]] = (),
    options: Mapping[str, str] | None = None,
    empty_sites: Sequence[str] = (),
) -> Iterator[StudyWarehouse]:
    """Make a new warehouse with these rows in analysis.cohort, and fill the views of one study.

    Args:
        folder: where the warehouse and the study file are written.
        cohort: the patients; columns that are not given are empty. `site_id` is `hill` where it is not given, and
            `patient_id` the number of the row.
        study: the text of the study file; its name is read from the line `study:`.
        onsets: rows of analysis.onset: site, patient, kind, day.
        options: study options that differ from their defaults.
        empty_sites: hospitals that have delivered no patient.
    """
    name = next(line.partition(":")[2].strip() for line in study.splitlines() if line.startswith("study:"))
    studies = folder / "studies"
    studies.mkdir(parents=True, exist_ok=True)
    (studies / f"{name}.yaml").write_text(study, encoding="utf-8")
    engine = open_warehouse(copy_new_warehouse(folder / "warehouse.duckdb"))
    try:
        with raw_connection(engine) as con:
            for site in empty_sites:
                publish_by_hand(con, {}, site_id=site)
            with transaction(con):
                _insert(con, "analysis.cohort", _with_names(pd.DataFrame(cohort)))
                _insert(con, "analysis.onset", pd.DataFrame(onsets, columns=["site_id", "patient_id", "kind", "day"]))
                for option, value in (options or {}).items():
                    set_option(con, option, value)
                load_studies(con, studies)
                refresh(con, given=GIVEN)
            yield StudyWarehouse(con, read_study(studies, name))
    finally:
        engine.dispose()


def set_option(con: duckdb.DuckDBPyConnection, option: str, value: str) -> None:
    """Change a study option in the warehouse."""
    changed = con.execute(
        "UPDATE reference.study_option SET value = ? WHERE name = ? RETURNING name", [value, option]
    ).fetchall()
    assert changed == [(option,)]


def _with_names(frame: pd.DataFrame) -> pd.DataFrame:
    if "patient_id" not in frame:
        frame = frame.assign(patient_id=[f"p{number:05}" for number in range(len(frame))])
    return frame if "site_id" in frame else frame.assign(site_id="hill")


def _insert(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    con.execute(f"TRUNCATE {table}")
    if frame.empty:
        return
    # Text takes every value to the column's own type, whatever the frame made of missing ones.
    text = frame.astype(object).where(frame.notna(), None).map(lambda value: None if value is None else str(value))
    con.register("given_rows", text.astype("string"))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given_rows")
    con.unregister("given_rows")
