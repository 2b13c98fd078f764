"""Write a table as CSV or Parquet, batch by batch, so that the memory does not grow with the rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.export.column_plan import ColumnPlan, select_sql
from etl.export.formats import Format
from etl.export.table_facts import ExportedTable
from warehouse.progress import Progress

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS_AT_ONCE = 50_000


def write_columnar(
    con: "duckdb.DuckDBPyConnection",
    table: ExportedTable,
    plans: Sequence[ColumnPlan],
    *,
    path: Path,
    form: Format,
    progress: Progress,
) -> None:
    """Write a table into a new file.

    In CSV: UTF-8, commas, texts in quotes; an empty cell is NULL and `""` an empty text. In Parquet each column carries
    its meaning, unit and code list as metadata.
    """
    batches = con.sql(select_sql(table, plans)).to_arrow_reader(ROWS_AT_ONCE)
    with _open(path, form, _described(batches.schema, table, plans)) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(writer.schema) if form is Format.parquet else batch)
            progress.advance(batch.num_rows)


def _described(schema: "pa.Schema", table: ExportedTable, plans: Sequence[ColumnPlan]) -> "pa.Schema":
    """Add to a schema what table and columns mean."""
    fields = []
    for field, plan in zip(schema, plans, strict=True):
        column = plan.column.column
        said = {"comment": column.comment, "unit": column.unit, "code_list": column.code_list}
        fields.append(field.with_metadata({key: value for key, value in said.items() if value}))
    import pyarrow as pa

    return pa.schema(fields, metadata={"comment": table.comment})


def _open(path: Path, form: Format, schema: "pa.Schema") -> Any:
    if form is Format.parquet:
        import pyarrow.parquet as pq

        return pq.ParquetWriter(path, schema, compression="zstd", version="2.6")
    from pyarrow import csv

    return csv.CSVWriter(path, schema, write_options=csv.WriteOptions(quoting_style="needed"))
