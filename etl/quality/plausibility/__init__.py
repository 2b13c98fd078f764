"""Search the staged load for rows that cannot be true, and write each as a finding with its address.

Every rule is one SQL file next to this one. They read two views that are projected from the model: `dated_value`, every
date of every table, and `period`, every pair of a start and an end; the load is the variable `load_id`, the one that its
site shows until now `previous_load_id` (NULL for a first delivery). A partial date counts from its first day to its last, so that
only what is impossible is reported.
"""

from itertools import chain
from pathlib import Path

import duckdb

from etl.findings import rules_found_by
from etl.gate.origins import is_origin
from etl.gate.write_findings import write_findings
from schemas.catalogue import TableFacts, all_tables

DIRECTORY = Path(__file__).parent


def find_implausible(con: duckdb.DuckDBPyConnection, load_id: int, *, previous_load_id: int | None = None) -> int:
    """Write a quality.finding for every implausible row of a load, without a cap; return how many there are.

    Findings of an earlier search of the same load are replaced. Runs inside the caller's transaction.
    """
    con.execute(f"SET VARIABLE load_id = {load_id}")
    con.execute(f"SET VARIABLE previous_load_id = {'NULL' if previous_load_id is None else previous_load_id}::INTEGER")
    con.execute(f"CREATE OR REPLACE TEMP VIEW dated_value AS {' UNION ALL '.join(_dated_values(load_id))}")
    con.execute(f"CREATE OR REPLACE TEMP VIEW period AS {' UNION ALL '.join(_periods(load_id))}")
    queries = " UNION ALL ".join(_query(file, load_id) for file in sorted(DIRECTORY.glob("*.sql")))
    count = write_findings(con, queries, load_id=load_id, replaces=rules_found_by("rows"))
    con.execute(
        "DROP VIEW temp.dated_value; DROP VIEW temp.period; RESET VARIABLE load_id; RESET VARIABLE previous_load_id"
    )
    return count


def _query(file: Path, load_id: int) -> str:
    """Select what one rule's query finds, with the source's column; the file bears the rule's name."""
    return f"""
        SELECT '{file.stem.partition("__")[0]}' AS rule, found.table_name, found.column_name, source_id, source_record,
            source_ordinal, origin.source_column, found.found::VARCHAR AS found, found.expected::VARCHAR AS expected
        FROM ({file.read_text(encoding="utf-8")}) AS found
        LEFT JOIN audit.column_origin AS origin ON origin.load_id = {load_id}
            AND origin.table_name = found.table_name AND origin.column_name = found.column_name
            AND {is_origin("origin", "found.source_ordinal")}
        """


def _dated_values(load_id: int) -> chain[str]:
    def of_table(table: TableFacts) -> list[str]:
        dates = [column.name for column in table.columns if column.sql_type == "DATE"]
        return [
            f"SELECT '{table.name}' AS table_name, '{name}' AS column_name, patient_id, "
            f"source_id, source_record, source_ordinal, {name} AS first_day, {_last_day(table, name)} AS last_day "
            f"FROM core.{table.name} WHERE load_id = {load_id} AND {name} IS NOT NULL"
            for name in dates
        ]

    return chain.from_iterable(of_table(table) for table in all_tables() if "patient_id" in table.column_names)


def _periods(load_id: int) -> chain[str]:
    def of_table(table: TableFacts) -> list[str]:
        return [
            f"SELECT '{table.name}' AS table_name, '{end}' AS column_name, source_id, source_record, source_ordinal, "
            f"{start} as start_first_day, {_last_day(table, end)} as end_last_day, {end} as end_first_day "
            f"FROM core.{table.name} WHERE load_id = {load_id} AND {start} IS NOT NULL AND {end} IS NOT NULL"
            for start, end in table.periods
        ]

    return chain.from_iterable(of_table(table) for table in all_tables())


def _last_day(table: TableFacts, name: str) -> str:
    """Write the last day that a date may stand for, by its precision."""
    precision = table.precision_of(name)
    if precision is None:
        return name
    return (
        f"CASE {precision} WHEN 'month' THEN last_day({name}) "
        f"WHEN 'year' THEN make_date(year({name})::INTEGER, 12, 31) ELSE {name} END"
    )
