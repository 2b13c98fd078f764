"""A small study in which each row and each cell is set aside in turn, and completed in ways that a hospital could answer.

Each scenario is a patient of its own, and so is each of its completions, so that one build of the views answers all of them.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from etl.gate.quarantine import set_aside
from etl.gate.reasons import open_gate
from etl.loads.books import mark_staged, new_load, next_source_id, see_delivery
from etl.loads.publish import publish
from schemas.catalogue import all_tables, table_facts
from schemas.code_list import read_code_list
from warehouse.insert import insert_rows

Row = dict[str, Any]
Chart = Mapping[str, Sequence[Row]]
"""A patient's rows by table, without `patient_id`."""

FOLLOWS = {
    ("lab_result", "reported_value"): ("value",),
    ("lab_result", "reported_unit"): ("value", "unit", "unit_factor"),
}
"""What is derived from a cell goes with it, and comes back with it."""
DERIVED = {("lab_result", name) for name in ("value", "unit", "unit_factor", "reported_value_text")}


@dataclass(frozen=True)
class Scenario:
    """One cell or one row set aside: the patient of whom it was, and the patients who are its completions."""

    name: str
    table: str
    column: str
    is_row: bool
    patient: str
    completions: tuple[str, ...]


@dataclass
class Study:
    """The rows of every patient, and what the gate is to set aside of them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    reasons: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Table, column, record and cost."""
    scenarios: list[Scenario] = field(default_factory=list)

    def add(self, patient: str, chart: Chart) -> dict[tuple[str, int], int]:
        """Add a patient; return the record of each of the chart's rows, by table and place."""
        records = {}
        for table, rows in chart.items():
            kept = self.rows.setdefault(table, [])
            for place, row in enumerate(rows):
                kept.append({"patient_id": patient, **row})
                records[table, place] = len(kept)
        return records


def make_study(charts: Mapping[str, Chart], *, index: date, completions: int, seed: int) -> Study:
    """Set aside each row and each cell of each chart in turn, and complete it; the same for the same seed.

    A row in quarantine has one cell that could not be read: each cell without which there is no row, in turn. Completions
    are what was there, nothing (the row is a mistake, the cell stays empty), and values drawn for the cell.
    """
    study, draw = Study(), random.Random(seed)  # noqa: S311
    for name, chart in charts.items():
        study.add(name, chart)
        for table, place, column in _cells(chart):
            facts = table_facts(table).column(column)
            scenario = f"{name} {table} {place + 1} {column}"
            broken = _changed(chart, table, place, column, None)
            records = study.add(scenario, broken)
            cost = "row" if facts.required else "cell"
            study.reasons.append((table, column, records[table, place], cost))
            complete: list[Chart] = [chart, _without(chart, table, place) if facts.required else broken]
            values = _values(draw, chart, table, place, column, index=index, count=completions)
            complete += [_changed(chart, table, place, column, value) for value in values]
            names = tuple(f"{scenario} = {number}" for number in range(len(complete)))
            for patient, other in zip(names, complete, strict=True):
                study.add(patient, other)
            study.scenarios.append(Scenario(scenario, table, column, facts.required, scenario, names))
    return study


def publish_study(con: duckdb.DuckDBPyConnection, study: Study) -> None:
    """Stage the study's rows, let the gate set aside what is to be, and publish the load."""
    con.begin()
    delivery = see_delivery(con, "hill", fingerprint="files", label="2026-11", is_synthetic=True).delivery_id
    load_id = new_load(
        con, "hill", hospital="Hill Hospital", delivery="2026-11", fingerprint="load", mapping_sha256="0" * 64,
        mapping_version=1, code_version="0", is_synthetic=True, delivery_id=delivery,
    )  # fmt: skip
    source_id = next_source_id(con)
    con.execute(
        "INSERT INTO audit.source_file (source_id, load_id, source, file, sha256, size_bytes, record_count) "
        "VALUES (?, ?, 'all', 'all.csv', '', 1, 1)",
        [source_id, load_id],
    )
    for table, rows in study.rows.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        insert_rows(
            con,
            f"core.{table}",
            ("load_id", "source_id", "source_record", "source_ordinal", *names),
            [(load_id, source_id, record, 1, *map(row.get, names)) for record, row in enumerate(rows, start=1)],
        )
    open_gate(con)
    con.executemany(
        "INSERT INTO gate_reason (table_name, column_name, source_id, source_record, source_ordinal, rule, cost) "
        f"VALUES (?, ?, {source_id}, ?, 1, 'not_a_date', ?)",
        [list(reason) for reason in study.reasons],
    )
    for facts in all_tables():
        set_aside(con, facts, load_id=load_id)
    mark_staged(con, load_id)
    con.commit()
    publish(con, load_id, assessment="clean")


def _cells(chart: Chart) -> Iterator[tuple[str, int, str]]:
    """Name every filled cell of a chart; a date's precision goes with its date."""
    for table, rows in chart.items():
        for place, row in enumerate(rows):
            for column, value in row.items():
                if value is not None and not column.endswith("_precision") and (table, column) not in DERIVED:
                    yield table, place, column


def _changed(chart: Chart, table: str, place: int, column: str, value: Any) -> Chart:
    row = dict(chart[table][place])
    for follower in FOLLOWS.get((table, column), ()):
        row[follower] = value if follower == "value" and column == "reported_value" else None
    if f"{column}_precision" in row:
        row[f"{column}_precision"] = None if value is None else "day"
    row[column] = value
    rows = [*chart[table][:place], row, *chart[table][place + 1 :]]
    return {**chart, table: rows}


def _without(chart: Chart, table: str, place: int) -> Chart:
    return {**chart, table: [*chart[table][:place], *chart[table][place + 1 :]]}


def _values(
    draw: random.Random, chart: Chart, table: str, place: int, column: str, *, index: date, count: int
) -> list[Any]:
    """Draw what a cell may have held, near what decides and far from it; never a second row of the same key."""
    facts, was = table_facts(table).column(column), chart[table][place][column]
    if (table, column) == ("lab_result", "reported_unit"):
        return []
    if facts.codes is not None:
        pool: list[Any] = [entry.code for entry in read_code_list(facts.codes).entries]
    elif isinstance(was, bool):
        pool = [True, False]
    elif isinstance(was, date):
        near = [row[name] for rows in chart.values() for row in rows for name in row if isinstance(row[name], date)]
        days = [day + timedelta(days=step) for day in [*near, index] for step in (-1, 0, 1)]
        pool = [*days, *(index + timedelta(days=draw.randint(-400, 1200)) for _ in range(len(days)))]
        if column in ("died_on", "last_contact_on"):
            pool = [day for day in pool if _is_possible_end(chart[table][place], column, day)]
    elif isinstance(was, int | Decimal):
        pool = [type(was)(was * step) for step in (0, 1, 2, 3)] + [was + 1, max(was - 1, 0)]
        pool += [type(was)(round(float(was) * draw.uniform(0.2, 3), 1)) for _ in range(count)]
        lowest, highest = _range(facts.checks)
        pool = [value for value in pool if lowest <= value <= highest]
    else:
        pool = [*{row[column] for rows in chart.values() for row in rows if isinstance(row.get(column), str)}, "9"]
        pool += ["hand-foot skin reaction", "diarrhea", "hypertension"] if column == "verbatim_text" else []
    keys = {_key(table, row) for number, row in enumerate(chart[table]) if number != place}
    pool = [
        value
        for value in dict.fromkeys(pool)
        if value != was and _key(table, {**chart[table][place], column: value}) not in keys
    ]
    # Of codes all: one of them alone may be what decides.
    return pool if facts.codes is not None else draw.sample(pool, min(count, len(pool)))


def _is_possible_end(row: Row, column: str, day: date) -> bool:
    """Nobody is seen alive after the day of death."""
    died, seen = row.get("died_on"), row.get("last_contact_on")
    return (seen is None or day >= seen) if column == "died_on" else (died is None or day <= died)


def _range(checks: Mapping[str, Any]) -> tuple[float, float]:
    bounds = [value for check in checks.values() for value in check.items()]
    lowest = [float(value) for name, value in bounds if name == "min_value"]
    highest = [float(value) for name, value in bounds if name == "max_value"]
    return max(lowest, default=0), min(highest, default=float("inf"))


def _key(table: str, row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in table_facts(table).key if name != "patient_id")
