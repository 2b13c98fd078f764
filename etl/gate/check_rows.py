"""Check the inserted rows of one table against its Pandera schema, in bounded Arrow chunks."""

from collections.abc import Callable
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas
import pyarrow as pa

from etl.findings import RULES
from etl.gate.origins import is_origin
from schemas.catalogue import ColumnFacts, TableFacts, table_facts
from schemas.code_list import read_code_list
from schemas.tables import TABLES
from warehouse.insert import insert_selected

ADDRESS = ("source_id", "source_record", "source_ordinal")

_CODES_SHOWN = 8
_RULE_OF_CHECK = {check: rule.name for rule in RULES.values() for check in rule.checks}


def check_rows(
    con: duckdb.DuckDBPyConnection,
    table: TableFacts,
    *,
    load_id: int,
    chunk_rows: int,
    advance: Callable[[int], None],
) -> None:
    """Validate every row of the load and note each failure in `gate_reason`, without a cap.

    Memory is bounded by the chunk; of a failure only its address and its check are held until the stream has ended.

    Args:
        con: the connection whose open transaction holds the rows.
        table: the canonical table.
        load_id: the load to check.
        chunk_rows: rows per chunk.
        advance: is notified of the rows of each chunk.
    """
    failures: list[pa.Table] = []
    columns = ", ".join((*ADDRESS, *checked_columns(table)))
    rows = con.sql(f"SELECT {columns} FROM core.{table.name} WHERE load_id = {load_id:d}")
    stream = rows.to_arrow_reader(chunk_rows)
    for batch in stream:
        failures.extend(check_chunk(table, batch))
        advance(batch.num_rows)
    del stream, rows
    if failures:
        _note(con, table, pa.concat_tables(failures), load_id=load_id)


def check_chunk(table: TableFacts, batch: pa.RecordBatch) -> list[pa.Table]:
    """Validate one chunk: Arrow in, Arrow out, no file and no database.

    Args:
        table: the canonical table.
        batch: the address columns and those that `checked_columns` names, of any length.

    Returns:
        One Arrow table of (source_id, source_record, source_ordinal, column_name, rule, expected) for each check that
        failed; an empty list when every row satisfies the model.
    """
    rows = pa.Table.from_batches([batch])
    frame = rows.select(list(checked_columns(table))).to_pandas(types_mapper=pd.ArrowDtype)
    try:
        _schema(table.name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return [_failure(table, rows, error) for error in errors.schema_errors]
    return []


def checked_columns(table: TableFacts) -> tuple[str, ...]:
    """Name the columns of which the model says more than their type; the types are the table's own."""
    return tuple(column.name for column in table.columns if column.required or column.checks)


@cache
def _schema(name: str) -> pandera.pandas.DataFrameSchema:
    return TABLES[name].to_schema().select_columns(list(checked_columns(table_facts(name))))


def _failure(table: TableFacts, rows: pa.Table, error: pandera.errors.SchemaError) -> pa.Table:
    """Turn one failed check into the addresses of the rows that failed it."""
    cases = error.failure_cases
    # A failure that names no row is one of structure, which the plan makes impossible; it must never pass as "no rows".
    assert isinstance(cases, pd.DataFrame) and not cases["index"].isna().any(), f"{table.name}: {error}"
    column = table.column(str(error.schema.name))
    check = error.check if isinstance(error.check, str) else error.check.name
    addresses = rows.select(list(ADDRESS)).take(pa.array(cases["index"].to_numpy(dtype=np.int64)))
    count = addresses.num_rows
    for name, text in (
        ("column_name", column.name),
        ("rule", _RULE_OF_CHECK[check]),
        ("expected", expectation(column, check)),
    ):
        addresses = addresses.append_column(name, pa.repeat(pa.scalar(text, pa.string()), count))
    return addresses


def expectation(column: ColumnFacts, check: str) -> str:
    """Say what a check of the model expects, in words for a finding."""
    given: dict[str, Any] = column.checks.get(check, {})
    if check == "not_nullable":
        return "a value"
    if check == "isin":
        assert column.codes is not None
        codes = [entry.code for entry in read_code_list(column.codes).entries]
        left = len(codes) - _CODES_SHOWN
        return f"{column.codes}: {', '.join(codes[:_CODES_SHOWN])}" + (f" and {left} more" if left > 0 else "")
    if check == "str_matches":
        return str(given["pattern"])
    if check == "str_length":
        return f"{given['min_value']} to {given['max_value']} characters"
    words = {
        "greater_than_or_equal_to": "{} or more",
        "less_than_or_equal_to": "{} or less",
        "greater_than": "more than {}",
        "less_than": "less than {}",
    }
    return words[check].format(next(iter(given.values())))


def _note(con: duckdb.DuckDBPyConnection, table: TableFacts, failures: pa.Table, *, load_id: int) -> None:
    """Write the failures with what was found; a cell that already failed to parse is not reported a second time."""
    con.register("gate_failure", failures)
    found = " ".join(f"WHEN '{name}' THEN CAST(t.{name} AS VARCHAR)" for name in table.column_names)
    insert_selected(
        con,
        "gate_reason",
        f"""
        SELECT $table, f.column_name, f.source_id, f.source_record, f.source_ordinal, o.source_column, f.rule,
            CASE f.column_name {found} END AS found,
            f.expected || CASE WHEN f.expected LIKE '% characters' THEN '; it has ' || length(found) ELSE '' END, c.cost
        FROM gate_failure AS f
        JOIN gate_column AS c ON c.table_name = $table AND c.column_name = f.column_name
        JOIN core.{table.name} AS t USING (source_id, source_record, source_ordinal)
        LEFT JOIN audit.column_origin AS o
            ON o.load_id = $load AND o.table_name = $table AND o.column_name = f.column_name
            AND {is_origin("o", "f.source_ordinal")}
        WHERE t.load_id = $load AND NOT EXISTS (
            FROM gate_reason AS r
            WHERE r.table_name = $table AND r.column_name = f.column_name AND r.source_id = f.source_id
                AND r.source_record = f.source_record AND r.source_ordinal = f.source_ordinal AND r.cost <> 'none'
        )
        """,
        parameters={"table": table.name, "load": load_id},
    )
    con.unregister("gate_failure")
