"""Reference data: the CSV files of schemas/ as tables, loaded again when their content has changed."""

from pathlib import Path

import duckdb

from schemas.code_list import DIRECTORY as CODE_LISTS
from schemas.code_list import code_list_names, read_code_list
from warehouse.fingerprint import read_derived, write_derived
from warehouse.insert import insert_rows
from warehouse.parsed import fingerprint_parsed
from warehouse.quoting import quote_path
from warehouse.reference.option_choice import choices_fingerprint, read_choices
from warehouse.reference.study_option import check_options

REFERENCE = CODE_LISTS.parent / "reference"

LOADED_AS = {
    "analyte": "SELECT analyte_code, loinc_code, unit, plausible_from, plausible_to",
    "unit_conversion": "SELECT analyte_code, from_unit, to_unit, factor, source",
    "ctcae_term": "SELECT term, meddra_llt_code, soc, CAST(string_split(trim(grades), ' ') AS SMALLINT[]) AS grades",
    "lab_term": (
        "SELECT lab_term, term, analyte_code, direction, normal_limit, limit_from, limit_to, absurd_below, absurd_above, "
        "source"
    ),
    "lab_criterion": "SELECT lab_term, grade, basis, comparator, limit_value, unit, condition, criterion, source",
    "child_pugh_class": "SELECT points_from, points_to, class_code, source",
    "lab_spelling": "SELECT kind, spelling, meaning",
    "event_synonym": "SELECT spelling, term, language, source, reviewer",
    "event_word": "SELECT kind, place, word, meaning, source",
    "event_category": "SELECT category, term, counts_if, source",
    "event_measure": "SELECT measure, unit, compared, lowest, highest, source",
    "event_criterion": "SELECT term, measure, grade, comparator, limit_value, hours_above, criterion, source",
    "event_translation": "SELECT version, term, grade, is_same, reason, source",
    "study_option": "SELECT name, value, unit, description, value AS default_value",
}
"""How each file of schemas/reference becomes its table's columns; types follow from the table."""


def load_reference(con: duckdb.DuckDBPyConnection) -> bool:
    """Load reference.* from the files of schemas/ in the caller's transaction; return whether anything had changed.

    Study options that were chosen with `hcc option` take the chosen value.

    Raises:
        OptionError: a study option has a value that is none of its own.
    """
    fingerprint = reference_fingerprint() + choices_fingerprint(con)
    known = read_derived(con, "reference")
    if known is not None and known[0] == fingerprint:
        return False
    fill_reference(con)
    for choice in read_choices(con):
        con.execute(
            "UPDATE reference.study_option SET value = ?, chosen_by = ?, chosen_at = ? WHERE name = ?",
            [choice.value, choice.chosen_by, choice.chosen_at, choice.name],
        )
    check_options(con)
    write_derived(con, "reference", fingerprint=fingerprint)
    return True


def fill_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables of reference.*, which are there, from the files of schemas/, whatever they held before."""
    _load_codes(con)
    for table, select in LOADED_AS.items():
        con.execute(f"DELETE FROM reference.{table}")
        con.execute(f"INSERT INTO reference.{table} BY NAME {select} FROM {_read_csv(REFERENCE / f'{table}.csv')}")
    check_options(con)


def reference_fingerprint() -> str:
    """Hash what the files hold that reference.* is loaded from, and the program that loads them."""
    return fingerprint_parsed([Path(__file__), *reference_files()])


def reference_files() -> list[Path]:
    """Name the files that reference.* is loaded from."""
    return [*CODE_LISTS.glob("*.csv"), *(REFERENCE / f"{table}.csv" for table in LOADED_AS)]


def _load_codes(con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        (name, entry.code, entry.label, entry.label_ko, entry.source, position)
        for name in code_list_names()
        for position, entry in enumerate(read_code_list(name).entries, start=1)
    ]
    con.execute("DELETE FROM reference.code")
    insert_rows(con, "reference.code", ("code_list", "code", "label", "label_ko", "source", "position"), rows)


def _read_csv(path: Path) -> str:
    return (
        f"""read_csv({quote_path(path)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')"""
    )
