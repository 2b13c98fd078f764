"""The clinical rules without a warehouse: the same SQL files over a relation that the caller makes.

A rule under views/clinical reads reference.* and, of the patients, relations such as clinical_step.gradable_result. In the
warehouse these are views themselves; here they are passed in, and only what is built on them is built.
"""

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from schemas.catalogue import all_tables
from warehouse.errors import OptionError
from warehouse.model.declared import create_sql, declared_tables
from warehouse.reference.load import fill_reference
from warehouse.reference.study_option import check_options, expected_value
from warehouse.views.refresh import VIEWS, View, order_views, read_views

CLINICAL = ("clinical", "clinical_step")

NOTHING_SET_ASIDE = {
    "clinical_step.set_aside": "site_id VARCHAR, patient_id VARCHAR, table_name VARCHAR, column_name VARCHAR, is_row BOOLEAN, "
    "code VARCHAR, first_day DATE, last_day DATE, stopped_on DATE, stopped_not_after DATE, role_code VARCHAR, "
    "organ_code VARCHAR, lesion_label VARCHAR, may_show_progression BOOLEAN, may_show_response VARCHAR[], "
    "source_file VARCHAR, source_sheet VARCHAR, source_record BIGINT, source_ordinal INTEGER",
    "clinical_step.lesion_set_aside": "site_id VARCHAR, patient_id VARCHAR, day BIGINT, lesion_label VARCHAR",
    "clinical_step.doubtful_scan": "site_id VARCHAR, patient_id VARCHAR, day BIGINT, is_new_lesion_open BOOLEAN, "
    "is_non_target_open BOOLEAN",
    "clinical_step.response_doubt": "site_id VARCHAR, patient_id VARCHAR, reading VARCHAR, open_from BIGINT",
}
"""What the rules read of cells and rows that a warehouse has set aside. Of a relation that a caller makes, nothing is: a
caller who leaves rows out fills these, or gives the rows as set aside."""


def open_rules(engine: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that holds the reference data and the empty schemas `clinical` and `clinical_step`.

    `engine` are settings of DuckDB, such as memory_limit; its own where none is given.
    """
    con = duckdb.connect(config=dict(engine or {}))
    con.execute("SET enable_progress_bar = false")
    con.execute("CREATE SCHEMA reference")
    for schema in CLINICAL:
        con.execute(f"CREATE SCHEMA {schema}")
    for name, table in declared_tables()["reference"].items():
        con.execute(create_sql(f"reference.{name}", table))
    fill_reference(con)
    for name, columns in NOTHING_SET_ASIDE.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
    return con


def choose_options(con: duckdb.DuckDBPyConnection, options: Mapping[str, str]) -> None:
    """Choose other values of study options, which a person has named, than the files have.

    Raises:
        OptionError: there is no such option, or a value is none of its option's.
    """
    for name, value in options.items():
        units = con.execute("SELECT unit FROM reference.study_option WHERE name = ?", [name]).fetchall()
        if not units:
            raise OptionError(f"There is no study option '{name}'. `hcc option list` names them.")
        if expected := expected_value(con, name, value, units[0][0]):
            raise OptionError(f"The study option '{name}' cannot be '{value}'; expected is {expected}.")
    set_options(con, dict(options))


def set_options(con: duckdb.DuckDBPyConnection, options: dict[str, str]) -> None:
    """Choose other values of study options, which are there, than the files have.

    Raises:
        OptionError: a value is none of its option's.
    """
    for name, value in options.items():
        con.execute("UPDATE reference.study_option SET value = ? WHERE name = ?", [value, name])
        known = con.execute("SELECT count(*) FROM reference.study_option WHERE name = ?", [name]).fetchall()
        assert known == [(1,)], name
    check_options(con)


def make_patients(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of `current` without a row, with the columns that they have in the warehouse."""
    address = ("source_file VARCHAR", "source_sheet VARCHAR", "source_record BIGINT", "source_ordinal INTEGER")
    con.execute("CREATE SCHEMA current")
    for table in all_tables():
        columns = (f"{column.name} {column.sql_type}" for column in table.columns)
        con.execute(f"CREATE TABLE current.{table.name} ({', '.join(('site_id VARCHAR', *columns, *address))})")


def apply_rule(con: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """Build a table of `clinical` and what it reads, in order, on the relations that are there.

    Args:
        con: what `open_rules` gave, with the input relations made in `clinical` or `clinical_step`, as their names are.
        wanted: e.g. `clinical.lab_grade`.

    Raises:
        ViewError: a relation that the rule needs is neither there nor made by a file that needs no warehouse.
    """
    given = {
        name
        for (name,) in con.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE list_contains(?, table_schema)",
            [list(CLINICAL)],
        ).fetchall()
    }
    for view in order_views(needed_views(wanted, given)):
        con.execute(f"CREATE TABLE {view.name} AS\n{view.sql}")


def needed_views(wanted: str, given: set[str]) -> tuple[View, ...]:
    """Collect the views under a wanted one, down to the relations that are given, which they then no longer read."""
    by_name = {view.name: view for view in read_views(VIEWS)}
    needed: dict[str, View] = {}
    waiting = [wanted]
    while waiting:
        view = by_name[waiting.pop()]
        reads = view.reads - given
        needed[view.name] = replace(view, reads=reads)
        waiting += sorted(reads - needed.keys())
    return tuple(needed.values())
