"""Make the declared tables: schemas `reference` and `study`, whose rows can be made again, so that they need no migration.

The files of schemas/ fill `reference`, the study files `reference.study...`, and `hcc study` fills `study`.
"""

from collections.abc import Mapping

import duckdb

from schemas.declared_table import DeclaredTable
from schemas.reference_tables import CODE, REFERENCE_TABLES
from warehouse.comments import comment_new_table, set_comments
from warehouse.model.study_tables import DEFINITIONS, RESULTS, declare
from warehouse.quoting import quote_name

Schemas = Mapping[str, Mapping[str, DeclaredTable]]


def declared_tables() -> Schemas:
    """Name the declared tables by schema."""
    definitions = {name: declare(row) for name, row in DEFINITIONS.items()}
    results = {name: declare(row) for name, row in RESULTS.items()}
    return {"reference": {"code": CODE, **REFERENCE_TABLES, **definitions}, "study": results}


def make_declared(con: duckdb.DuckDBPyConnection, schemas: Schemas | None = None) -> frozenset[str]:
    """Make again, empty, in the caller's transaction, each declared table that has not the columns declared.

    The order of columns does not matter. Tables of these schemas that are not declared are dropped.

    Args:
        con: the warehouse.
        schemas: the declared tables; those of the project when not given.

    Returns:
        The names of the tables that were made, with their schema; they are empty and must be filled again.
    """
    made = set()
    for schema, tables in (declared_tables() if schemas is None else schemas).items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        present = _present_columns(con, schema)
        for name in present.keys() - tables.keys():
            con.execute(f"DROP TABLE {schema}.{quote_name(name)}")
        for name, table in tables.items():
            comments = {column: declared.comment for column, declared in table.columns.items()}
            if present.get(name) == {column: declared.type for column, declared in table.columns.items()}:
                set_comments(con, f"{schema}.{name}", table.comment, comments)
            else:
                con.execute(create_sql(f"{schema}.{name}", table))
                comment_new_table(con, f"{schema}.{name}", table.comment, comments)
                made.add(f"{schema}.{name}")
    return frozenset(made)


def create_sql(relation: str, table: DeclaredTable) -> str:
    """Write the statement that makes a declared table, in place of one that is there."""
    columns = ", ".join(f"{quote_name(name)} {column.type}" for name, column in table.columns.items())
    return f"CREATE OR REPLACE TABLE {relation} ({columns})"


def _present_columns(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? AND NOT internal",
        [schema],
    ).fetchall():
        columns.setdefault(table, {})[column] = kind
    return columns
