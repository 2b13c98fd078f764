"""Every number of a study, as written when its data were frozen and as computed again."""

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.freeze.codebook import write_csv

if TYPE_CHECKING:
    import duckdb

RESULTS = "results.csv"
COLUMNS = ("result_id", "raw_value", "formatted_value", "text", "note")
_SAME_WITHIN = 1e-9
"""Relative: a number is written with 10 significant digits, and its last one may be rounded either way."""

Row = tuple[str, ...]


def write_results_file(con: "duckdb.DuckDBPyConnection", study_id: str, *, folder: Path) -> int:
    """Write analysis.result of one study into the data set; return how many numbers there are."""
    rows = _read_results(con, study_id)
    write_csv(folder / RESULTS, COLUMNS, rows)
    return len(rows)


def compare_results(con: "duckdb.DuckDBPyConnection", study_id: str, *, folder: Path) -> list[str]:
    """List the results that are not those of the frozen data set, a sentence each; nothing when all are the same.

    Numbers are the same when they agree in 10 significant digits, words when they are equal.

    Args:
        con: the warehouse of the frozen data set, its results computed again.
        study_id: the study.
        folder: the frozen data set.
    """
    with (folder / RESULTS).open(encoding="utf-8", newline="") as file:
        frozen = {row[0]: tuple(row) for row in list(csv.reader(file))[1:]}
    again = {row[0]: row for row in _read_results(con, study_id)}
    differences = [f"{name}: this result is missing." for name in sorted(frozen.keys() - again.keys())]
    differences += [f"{name}: this result was not there." for name in sorted(again.keys() - frozen.keys())]
    for name in sorted(frozen.keys() & again.keys()):
        if not _is_same(frozen[name], again[name]):
            was, found = (" / ".join(filter(None, row[1:])) for row in (frozen[name], again[name]))
            differences.append(f"{name}: {found} in place of {was}.")
    return differences


def _read_results(con: "duckdb.DuckDBPyConnection", study_id: str) -> list[Row]:
    rows = con.execute(
        f"SELECT {', '.join(COLUMNS)} FROM analysis.result WHERE study_id = ? ORDER BY ALL", [study_id]
    ).fetchall()
    return [
        (name, "" if value is None else f"{value:.10g}", *(word or "" for word in words))
        for name, value, *words in rows
    ]


def _is_same(frozen: Row, again: Row) -> bool:
    if frozen[2:] != again[2:]:
        return False
    if frozen[1] == again[1]:
        return True
    if not (frozen[1] and again[1]):
        return False
    return math.isclose(float(frozen[1]), float(again[1]), rel_tol=_SAME_WITHIN)
