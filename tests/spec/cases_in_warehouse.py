"""Cases of a spec table as patients of a warehouse: published once, then read under every option."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spec.table import SpecTable
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.refresh import refresh
from warehouse.views.rules import set_options

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def differences(
    path: Path,
    table: SpecTable,
    given: Callable[[dict[str, str]], Rows],
    query: str,
    shown: Sequence[str],
    *,
    part: str = "criterion",
) -> list[tuple[dict[str, str], dict[str, str]]]:
    """List the cases of which the warehouse says something else, each with what it says.

    Args:
        path: an empty warehouse.
        table: the cases; a column `option` names a study option and its value, or several parted by `; `.
        given: the rows of one case, without `patient_id`.
        query: `patient_id`, which part of the patient's answer it is, or NULL, then the answers.
        shown: the names of the table's columns that the answers are held against.
        part: the column that names that part.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    for number, case in enumerate(table.cases):
        for name, rows in given(case).items():
            tables.setdefault(name, []).extend({"patient_id": str(number)} | dict(row) for row in rows)
    engine = open_warehouse(path)
    found = []
    with raw_connection(engine) as con:
        publish_by_hand(con, tables)
        for option in sorted({case.get("option", "") for case in table.cases}):
            con.begin()
            set_options(con, dict(part.split(" = ") for part in option.split("; ") if part))
            refresh(con)
            answers = {(row[0], row[1]): row[2:] for row in con.execute(query).fetchall()}
            con.rollback()
            for number, case in enumerate(table.cases):
                if case.get("option", "") == option:
                    row = answers[str(number), case.get(part)]
                    answer = {name: "" if cell is None else str(cell) for name, cell in zip(shown, row, strict=True)}
                    if any(case[name] != answer[name] for name in shown):
                        found.append((case, answer))
    engine.dispose()
    return found
