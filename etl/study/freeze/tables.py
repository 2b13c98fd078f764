"""The tables of a frozen data set as Parquet files whose bytes depend on the rows alone."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.freeze.folder import write_private
from warehouse.model.tables import modelled_columns
from warehouse.quoting import quote_name

if TYPE_CHECKING:
    import duckdb

ROWS_A_GROUP = 100_000
FOLDER = "data"

CURRENT_LOADS = "(SELECT current_load_id FROM audit.site WHERE current_load_id IS NOT NULL)"
ROWS = {
    "audit.site": "SELECT * REPLACE (CAST(NULL AS VARCHAR) AS key_fingerprint) FROM audit.site",
    "audit.load": f"SELECT * FROM audit.load WHERE load_id IN {CURRENT_LOADS}",
    "audit.source_file": f"SELECT * FROM audit.source_file WHERE load_id IN {CURRENT_LOADS}",
}
"""Tables of which not every cell is frozen: the audit tables of current loads, and nothing about keys of pseudonyms."""

UNITS = {
    "10_9_l": "10*9/L",
    "cm": "cm",
    "day": "days",
    "days": "days",
    "g_dl": "g/dL",
    "kg": "kg",
    "kg_m2": "kg/m2",
    "mg": "mg",
    "mg_dl": "mg/dL",
    "mm": "mm",
    "months": "months",
    "ng_ml": "ng/mL",
    "percent": "%",
    "u_l": "U/L",
    "years": "years",
}
"""Units by the end of a column's name; the longest end that fits counts."""
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL")


@dataclass(frozen=True)
class Column:
    """A column of a frozen table; `type` is DuckDB's, `code_list` the vocabulary of its codes."""

    name: str
    type: str
    comment: str
    unit: str | None
    code_list: str | None


@dataclass(frozen=True)
class FrozenTable:
    """A frozen table: `name` is schema and name, `path` its file inside the data set."""

    name: str
    comment: str
    path: str
    row_count: int
    columns: tuple[Column, ...]


def write_table(con: "duckdb.DuckDBPyConnection", name: str, *, folder: Path) -> FrozenTable:
    """Write one table of the warehouse, sorted by all of its columns from left to right.

    Args:
        con: the warehouse.
        name: schema and name.
        folder: the folder of the data set.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = read_columns(con, name)
    names = ", ".join(quote_name(column.name) for column in columns)
    rows = con.sql(f"SELECT {names} FROM ({ROWS.get(name, f'SELECT * FROM {name}')}) ORDER BY ALL").to_arrow_table()
    described = [
        pa.field(field.name, field.type, metadata={"comment": column.comment, "type": column.type})
        for field, column in zip(rows.schema, columns, strict=True)
    ]
    rows = rows.cast(pa.schema(described)).combine_chunks()
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression="zstd", compression_level=3, row_group_size=ROWS_A_GROUP, version="2.6")
    path = f"{FOLDER}/{name}.parquet"
    write_private(folder / path, buffer.getvalue())
    return FrozenTable(name, read_comment(con, name), path, rows.num_rows, columns)


def read_columns(con: "duckdb.DuckDBPyConnection", name: str) -> tuple[Column, ...]:
    """Describe the columns of a table or view (`schema.name`) in the model's order, which a warehouse may not have kept."""
    order = {column: place for place, column in enumerate(modelled_columns(name))}
    found = con.execute(
        "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name || '.' || table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    return tuple(
        Column(column, kind, comment, _find_unit(column, kind), _find_code_list(comment))
        for column, kind, comment in sorted(found, key=lambda row: order.get(row[0], len(order)))
    )


def read_comment(con: "duckdb.DuckDBPyConnection", name: str) -> str:
    """Read what a table or view (`schema.name`) holds, from its comment."""
    rows = con.execute(
        "SELECT coalesce(comment, '') FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name || '.' || table_name = $name "
        "UNION ALL SELECT coalesce(comment, '') FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name || '.' || view_name = $name",
        {"name": name},
    ).fetchall()
    assert len(rows) == 1, f"{name} is a table or a view"
    return str(rows[0][0])


def _find_unit(column: str, kind: str) -> str | None:
    if not kind.startswith(_NUMBERS):
        return None
    ends = [end for end in UNITS if column == end or column.endswith(f"_{end}")]
    return UNITS[max(ends, key=len)] if ends else None


def _find_code_list(comment: str) -> str | None:
    found = re.search(r"Code list: (\w+)", comment)
    return found[1] if found else None
