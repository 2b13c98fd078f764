"""How the tables of a warehouse differ from the model: what a migration has yet to make."""

from dataclasses import dataclass

import duckdb

from warehouse.errors import ModelError
from warehouse.quoting import readable_name

SCHEMAS = ("core", "audit", "quality")
"""Schemas whose rows cannot be made again, so that migrations carry them forward."""
OF_ALEMBIC = "audit.alembic_version"


@dataclass(frozen=True)
class Difference:
    """What the model has and the warehouse has not (`wanted`), or the reverse (`present`).

    `table` is written with its schema. `wanted` and `present` are DuckDB's type of the column, None where there is none;
    a difference without a column is about a whole table, and they are its columns with their types.
    """

    table: str
    column: str | None
    wanted: str | None
    present: str | None

    @property
    def name(self) -> str:
        """The table, or the column with its table."""
        return self.table if self.column is None else f"{self.table}.{self.column}"


def check_model(con: duckdb.DuckDBPyConnection) -> None:
    """Check that the warehouse has all that the model has; what it has besides is left alone.

    Raises:
        ModelError: a table or column is not there or has another type; the message names the way out.
    """
    lacking = [each for each in model_differences(con) if each.wanted is not None]
    for each in lacking:
        others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        state = "no migration makes it" if each.present is None else f"migrations make it {each.present}"
        kind = "the table " if each.column is None else ""
        typed = "" if each.column is None else f" as {each.wanted}"
        raise ModelError(
            f"schemas/: the model has {kind}{each.name}{typed}{others}, and {state}. Run 'make migration', read the "
            "migration that it drafts, and run the command again."
        )


def model_differences(con: duckdb.DuckDBPyConnection) -> tuple[Difference, ...]:
    """Compare the tables that migrations make with the model; the order of columns does not matter."""
    wanted, present = _modelled_columns(), _read_columns(con)
    found = []
    for table in sorted(wanted.keys() | present.keys()):
        if table not in present or table not in wanted:
            found.append(Difference(table, None, _list(wanted.get(table)), _list(present.get(table))))
            continue
        for column in dict.fromkeys([*wanted[table], *present[table]]):
            types = wanted[table].get(column), present[table].get(column)
            if types[0] != types[1]:
                found.append(Difference(table, column, *types))
    return tuple(found)


def _list(columns: dict[str, str] | None) -> str | None:
    return None if columns is None else ", ".join(f"{readable_name(name)} {kind}" for name, kind in columns.items())


def _modelled_columns() -> dict[str, dict[str, str]]:
    """Read the model's columns as DuckDB reports them, from tables in memory."""
    import sqlalchemy as sa

    from warehouse.file.connect import WarehouseDialect
    from warehouse.model.tables import warehouse_metadata

    with duckdb.connect() as con:
        for schema in SCHEMAS:
            con.execute(f"CREATE SCHEMA {schema}")
        for table in warehouse_metadata().tables.values():
            con.execute(str(sa.schema.CreateTable(table).compile(dialect=WarehouseDialect())))
        return _read_columns(con)


def _read_columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND list_contains(?, schema_name) AND NOT internal "
        "ORDER BY schema_name, table_name, column_index",
        [list(SCHEMAS)],
    ).fetchall():
        if table != OF_ALEMBIC:
            columns.setdefault(table, {})[column] = kind
    return columns
