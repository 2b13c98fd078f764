"""Reference data: the CSV files of schemas/ as tables, loaded again when they or their declarations have changed."""

import csv
from pathlib import Path

import duckdb

from schemas.code_list import DIRECTORY as CODE_LISTS
from schemas.code_list import code_list_names, read_code_list
from schemas.declared_table import DeclaredTable
from schemas.reference_tables import REFERENCE_TABLES
from warehouse.errors import ModelError
from warehouse.fingerprint import PROJECT, read_derived, write_derived
from warehouse.insert import insert_rows
from warehouse.parsed import fingerprint_parsed
from warehouse.quoting import quote_name, quote_path
from warehouse.reference.option_choice import choices_fingerprint, read_choices
from warehouse.reference.study_option import check_options

REFERENCE = CODE_LISTS.parent / "reference"
DECLARATIONS = "schemas/reference_tables.py"


def load_reference(con: duckdb.DuckDBPyConnection) -> bool:
    """Load reference.* from the files of schemas/ in the caller's transaction; return whether anything had changed.

    Study options that were chosen with `hcc option` take the chosen value.

    Raises:
        ModelError: a file is not what its declaration says.
        OptionError: a study option has a value that is none of its own.
    """
    if is_reference_loaded(con):
        return False
    fill_reference(con)
    for choice in read_choices(con):
        con.execute(
            "UPDATE reference.study_option SET value = ?, chosen_by = ?, chosen_at = ? WHERE name = ?",
            [choice.value, choice.chosen_by, choice.chosen_at, choice.name],
        )
    check_options(con)
    write_derived(con, "reference", fingerprint=_fingerprint(con))
    return True


def is_reference_loaded(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether reference.* is what the files and the choices say, so that `load_reference` would write nothing."""
    return (read_derived(con, "reference") or ("",))[0] == _fingerprint(con)


def fill_reference(con: duckdb.DuckDBPyConnection, *, folder: Path = REFERENCE) -> None:
    """Fill the tables of reference.*, which are there, from the files of schemas/, whatever they held before.

    Args:
        con: the warehouse.
        folder: the folder of the CSV files.

    Raises:
        ModelError: a file is not declared, or its header or a cell is not what the declaration says.
        OptionError: a study option has a value that is none of its own.
    """
    for stem in sorted({path.stem for path in folder.glob("*.csv")} - REFERENCE_TABLES.keys()):
        raise ModelError(f"{folder / stem}.csv: no table is declared for this file. Declare it in {DECLARATIONS}.")
    _load_codes(con)
    for name, table in REFERENCE_TABLES.items():
        _load_file(con, name, table, path=folder / f"{name}.csv")
    check_options(con)


def reference_fingerprint() -> str:
    """Hash what the files hold that reference.* is loaded from, their declarations, and the program that loads them."""
    return fingerprint_parsed([Path(__file__), PROJECT / DECLARATIONS, *reference_files()])


def reference_files() -> list[Path]:
    """Name the files that reference.* is loaded from."""
    return [*CODE_LISTS.glob("*.csv"), *(REFERENCE / f"{table}.csv" for table in REFERENCE_TABLES)]


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    return reference_fingerprint() + choices_fingerprint(con)


def _load_codes(con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        (name, entry.code, entry.label, entry.label_ko, entry.source, position)
        for name in code_list_names()
        for position, entry in enumerate(read_code_list(name).entries, start=1)
    ]
    con.execute("DELETE FROM reference.code")
    insert_rows(con, "reference.code", ("code_list", "code", "label", "label_ko", "source", "position"), rows)


def _load_file(con: duckdb.DuckDBPyConnection, name: str, table: DeclaredTable, *, path: Path) -> None:
    expected = [column for column, declared in table.columns.items() if declared.in_file]
    cells = (
        f"""read_csv({quote_path(path)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')"""
    )
    found = _read_header(path)
    if sorted(found) != sorted(expected):
        raise ModelError(
            f"{path}: the header names {', '.join(found)}; {DECLARATIONS} declares {', '.join(expected)}. "
            "Make the two the same."
        )
    values = ", ".join(
        f"CAST({declared.read or quote_name(column)} AS {declared.type}) AS {quote_name(column)}"
        for column, declared in table.columns.items()
    )
    con.execute(f"DELETE FROM reference.{name}")
    try:
        con.execute(f"INSERT INTO reference.{name} BY NAME SELECT {values} FROM {cells}")
    except duckdb.ConversionException as error:  # the files are the project's own: the message quotes no patient
        reason = " ".join(line.rstrip(".") for line in str(error).splitlines()[:3])
        raise ModelError(f"{path}: {reason}. Correct the cell, or the column's type in {DECLARATIONS}.") from error


def _read_header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file), [])
    except FileNotFoundError:
        raise ModelError(f"{path}: {DECLARATIONS} declares this file, and it is not there.") from None
