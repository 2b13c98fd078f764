"""Declared tables: reference data and studies need no migration, and a file that is not as declared is one sentence."""

import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from etl.study.definition.load import load_studies
from schemas.declared_table import Column, DeclaredTable
from schemas.reference_tables import REFERENCE_TABLES
from warehouse.errors import ModelError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.fingerprint import read_derived
from warehouse.model.declared import declared_tables, make_declared
from warehouse.model.study_tables import DEFINITIONS, RESULTS, StudyRow, declare
from warehouse.model.upgrade import upgrade
from warehouse.reference.load import REFERENCE, fill_reference, load_reference
from warehouse.reference.option_choice import choose_option

STUDIES = Path("studies")


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        load_studies(con, STUDIES)
        yield con
    engine.dispose()


def test_every_file_is_declared_and_every_declared_file_is_there() -> None:
    assert {path.stem for path in REFERENCE.glob("*.csv")} == REFERENCE_TABLES.keys()


def test_what_is_as_declared_stays(con: duckdb.DuckDBPyConnection) -> None:
    before = con.execute("SELECT * FROM reference.study_variable ORDER BY ALL").fetchall()
    assert before != []
    assert make_declared(con) == frozenset()
    assert con.execute("SELECT * FROM reference.study_variable ORDER BY ALL").fetchall() == before


CHANGES = {
    # what an older program had made otherwise, and what must be filled again
    "a column less": ("ALTER TABLE reference.analyte DROP COLUMN loinc_code", "reference"),
    "a column more": ("ALTER TABLE reference.analyte ADD COLUMN snomed_code VARCHAR", "reference"),
    "another type": ("ALTER TABLE reference.analyte ALTER COLUMN plausible_to SET DATA TYPE DOUBLE", "reference"),
    "another name": ("ALTER TABLE reference.code RENAME COLUMN label TO english", "reference"),
    "no table": ("DROP TABLE reference.unit_conversion", "reference"),
    "of a study": ("ALTER TABLE reference.study_variable DROP COLUMN onset", "studies"),
    "no table of a study": ("DROP TABLE reference.published_figure", "studies"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_table_that_is_not_as_declared_is_made_and_filled_again(warehouse_path: Path, what: str) -> None:
    """Even where the books say that it was filled from the files of today."""
    statement, part = CHANGES[what]
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        load_studies(con, STUDIES)
        before = _all_rows(con)
        con.execute(statement)
        con.execute("UPDATE audit.derived SET fingerprint = 'of then' WHERE part = 'upgrade'")
    upgrade(engine)
    with raw_connection(engine) as con:
        assert (read_derived(con, "studies") is None) is (part == "studies")
        load_studies(con, STUDIES)
        assert _all_rows(con) == before
        silent = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'reference' AND comment IS NULL"
        ).fetchall()
        assert silent == []
    engine.dispose()


def _all_rows(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: con.execute(f"SELECT {', '.join(table.columns)} FROM reference.{name} ORDER BY ALL").fetchall()
        for name, table in declared_tables()["reference"].items()
    }


def test_a_chosen_option_outlives_its_table(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        choose_option(con, "long_term_months", "36", by="somebody")
        load_reference(con)
        con.execute("ALTER TABLE reference.study_option ADD COLUMN since VARCHAR")
        con.execute("DELETE FROM audit.derived WHERE part = 'upgrade'")
    upgrade(engine)
    with raw_connection(engine) as con:
        chosen = "SELECT value, default_value, chosen_by FROM reference.study_option WHERE name = 'long_term_months'"
        assert con.execute(chosen).fetchall() == [("36", "24", "somebody")]
    engine.dispose()


def test_a_new_table_needs_its_declaration_alone(con: duckdb.DuckDBPyConnection) -> None:
    declared = declared_tables()
    more = {**declared["reference"], "organ_word": DeclaredTable("Words.", {"word": Column("VARCHAR", "A word.")})}
    assert make_declared(con, {**declared, "reference": more}) == {"reference.organ_word"}
    comments = "SELECT comment FROM duckdb_tables() WHERE table_name = 'organ_word'"
    assert con.execute(comments).fetchall() == [("Words.",)]
    assert make_declared(con) == frozenset()
    assert con.execute(comments).fetchall() == [], "what is no longer declared goes"


def test_the_order_of_columns_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE reference.lab_spelling AS SELECT meaning, kind, is_fasting, spelling FROM reference.lab_spelling"
    )
    before = con.execute("SELECT kind, spelling, meaning FROM reference.lab_spelling ORDER BY ALL").fetchall()
    assert make_declared(con) == frozenset()
    fill_reference(con)
    assert con.execute("SELECT kind, spelling, meaning FROM reference.lab_spelling ORDER BY ALL").fetchall() == before


FAULTS = {
    # a file, what is written over its text, and what the sentence says
    "a column less": ("event_measure", "compared,", "", "the header names measure, unit, lowest, highest, source; "),
    "a misspelt header": (
        "lab_spelling",
        "spelling",
        "speling",
        "the header names kind, speling, meaning, is_fasting; ",
    ),
    "no number": ("event_measure", "40,350", "forty,350", 'Could not convert string "forty" to'),
    "no whole number": ("ctcae_term", "1 2 3 4 5", "1 2 3 4 V", "Could not convert string 'V' to INT16"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_file_that_is_not_as_declared_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path, what: str) -> None:
    name, old, new, sentence = FAULTS[what]
    folder = shutil.copytree(REFERENCE, tmp_path / "reference")
    text = (folder / f"{name}.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{name}.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError, match=sentence) as error:
        fill_reference(con, folder=folder)
    assert str(error.value).startswith(f"{folder / name}.csv: ")
    assert "schemas/reference_tables.py" in str(error.value)


def test_a_file_without_a_declaration_and_a_declaration_without_a_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = shutil.copytree(REFERENCE, tmp_path / "reference")
    (folder / "organ_word.csv").write_text("word\nliver\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"organ_word\.csv: no table is declared for this file\. Declare it in "):
        fill_reference(con, folder=folder)
    (folder / "organ_word.csv").rename(tmp_path / "organ_word.csv")
    (folder / "lab_term.csv").unlink()
    with pytest.raises(ModelError, match=r"lab_term\.csv: schemas/reference_tables\.py declares this file, and it is "):
        fill_reference(con, folder=folder)


@pytest.mark.parametrize("row", [*DEFINITIONS.values(), *RESULTS.values()], ids=lambda row: row.__name__)
def test_a_row_of_a_study_declares_its_table(row: type[StudyRow]) -> None:
    table = declare(row)
    assert table.comment.endswith(".")
    assert next(iter(table.columns)) == "study_id"
    assert list(table.columns) == [field.name for field in fields(row)]
    assert all(column.comment.endswith((".", "...")) for column in table.columns.values())
