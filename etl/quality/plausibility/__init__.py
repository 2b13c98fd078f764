"""Search the staged load for rows that cannot be true, and write each down at its address.

Every rule is one SQL file beside this one. They read two views that are projected from the model: `dated_value`, every
date of every table, and `period`, every pair of a start and an end; the load is the variable `load_id`. A partial date
counts from its first day to its last, so that only what is impossible is reported.
"""

from itertools import chain
from pathlib import Path

import duckdb

from etl.findings import RULES
from schemas.catalogue import TableFacts, all_tables

DIRECTORY = Path(__file__).parent

FINDS = tuple({file.stem.partition("__")[0]: None for file in sorted(DIRECTORY.glob("*.sql"))})
"""The rules of etl.findings that are found here and nowhere else."""

PERIODS = (
    ("started_on", "stopped_on"),
    ("started_on", "ended_on"),
    ("started_on", "cured_on"),
    ("onset_on", "ended_on"),
    ("valid_from", "valid_to"),
)
"""Names of columns that, where a table has both, begin and end something."""


def find_implausible(con: duckdb.DuckDBPyConnection, load_id: int) -> int:
    """Write a quality.finding for every implausible row of a load, without a cap; return how many there are.

    Findings of an earlier search of the same load are replaced. Runs inside the caller's transaction.
    """
    con.execute("delete from quality.finding where load_id = ? and list_contains(?, rule)", [load_id, list(FINDS)])
    con.execute(f"set variable load_id = {load_id}")
    con.execute(f"create or replace temp view dated_value as {' union all '.join(_dated_values(load_id))}")
    con.execute(f"create or replace temp view period as {' union all '.join(_periods(load_id))}")
    count = 0
    for file in sorted(DIRECTORY.glob("*.sql")):
        count += _find(con, file, load_id=load_id)
    con.execute("drop view temp.dated_value; drop view temp.period; reset variable load_id")
    return count


def _find(con: duckdb.DuckDBPyConnection, file: Path, *, load_id: int) -> int:
    """Run one rule's query; the rule's category and severity come from its one statement in etl.findings."""
    rule = RULES[file.stem.partition("__")[0]]
    query = file.read_text(encoding="utf-8")
    written = con.execute(
        f"""insert into quality.finding by name
        select {load_id}::integer as load_id, found.table_name, found.column_name, source_id, source_record,
            source_ordinal, origin.source_column, '{rule.name}' as rule, '{rule.category}' as category,
            '{rule.severity}' as severity, 'none' as cost, found.found::varchar as found,
            found.expected::varchar as expected
        from ({query}) as found
        left join audit.column_origin as origin on origin.load_id = {load_id}
            and origin.table_name = found.table_name and origin.column_name = found.column_name"""
    ).fetchone()
    assert written is not None, "an insert tells how many rows it wrote"
    return int(written[0])


def _dated_values(load_id: int) -> chain[str]:
    def of_table(table: TableFacts) -> list[str]:
        dates = [column.name for column in table.columns if column.sql_type == "DATE"]
        return [
            f"select '{table.name}' as table_name, '{name}' as column_name, patient_id, "
            f"source_id, source_record, source_ordinal, {name} as first_day, {_last_day(table, name)} as last_day "
            f"from core.{table.name} where load_id = {load_id} and {name} is not null"
            for name in dates
        ]

    return chain.from_iterable(of_table(table) for table in all_tables() if "patient_id" in table.column_names)


def _periods(load_id: int) -> chain[str]:
    def of_table(table: TableFacts) -> list[str]:
        pairs = [(start, end) for start, end in PERIODS if {start, end} <= set(table.column_names)]
        return [
            f"select '{table.name}' as table_name, '{end}' as column_name, source_id, source_record, source_ordinal, "
            f"{start} as start_first_day, {_last_day(table, end)} as end_last_day, {end} as end_first_day "
            f"from core.{table.name} where load_id = {load_id} and {start} is not null and {end} is not null"
            for start, end in pairs
        ]

    return chain.from_iterable(of_table(table) for table in all_tables())


def _last_day(table: TableFacts, name: str) -> str:
    """Write the last day that a date may stand for, by the precision beside it."""
    if f"{name}_precision" not in table.column_names:
        return name
    return (
        f"case {name}_precision when 'month' then last_day({name}) "
        f"when 'year' then make_date(year({name})::integer, 12, 31) else {name} end"
    )
