"""Judge a case: what we read, what was written into the file, and what the second reader finds must be the same cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools.fuzz.case import ALONE, EQUAL, FAILED, REFUSED, REPORTED, WHOLE, Case, Table, Verdict
from tools.fuzz.read_ours import Ours, read_ours
from tools.fuzz.second.delimited import UnreadableError
from warehouse.errors import DeliveryError

SecondReader = Callable[[Case], Table]
LabelReader = Callable[[Case], set[tuple[str, str, str]]]
EXCUSED = {"error_cell", "formula_without_value", "merged_cells"}
"""Rules of findings that say, at a cell's address, that the file shows something else there than we return."""


def judge_reading(  # noqa: PLR0911 - an answer for each way in which a case may end
    case: Case, folder: Path, second: SecondReader, second_labels: LabelReader | None = None
) -> Verdict:
    """Read a case both ways and compare; any exception but a refusal is raised unchanged."""
    try:
        ours = read_ours(case, folder)
    except DeliveryError as error:
        if case.kind == WHOLE:
            return Verdict(FAILED, f"a whole file is refused: {error}")
        return Verdict(REFUSED, str(error))
    if ours.by_engine is not None and ours.by_engine != [ours.rows[line] for line in sorted(ours.rows)]:
        return Verdict(FAILED, "the engine and the reader by records find other cells")
    if case.truth is not None:
        difference = first_difference(ours, case.truth)
        if difference:
            return Verdict(FAILED, f"not what was written: {difference}")
    try:
        theirs = second(case)
        labels = second_labels(case) if second_labels else set()
    except (UnreadableError, ValueError) as error:
        if case.kind == WHOLE:
            return Verdict(FAILED, f"the second reader cannot read a whole file: {error}")
        return Verdict(ALONE, str(error))
    difference = first_difference(ours, theirs)
    if second_labels and ours.labels != {label for label in labels if label[0] in ours.columns}:
        difference = f"the labels {sorted(map(str, ours.labels ^ labels))[:2]}"
    if difference:
        return Verdict(FAILED, f"not what the second reader finds: {difference}")
    return Verdict(REPORTED if ours.set_apart or ours.cells else EQUAL)


def first_difference(ours: Ours, theirs: Table) -> str:
    """Say where they differ first and no finding says so; '' where they do not.

    Columns at either side without a name and without a cell are left out: how far a sheet reaches is a reader's choice.
    """
    if ours.columns[:1] != theirs.columns[:1]:
        ours = replace(ours, **_from_the_first(ours.columns, ours.rows))
        theirs = Table(**_from_the_first(theirs.columns, theirs.rows))
    width = max(_used_width(ours.columns, ours.rows), _used_width(theirs.columns, theirs.rows))
    if ours.columns[:width] != theirs.columns[:width]:
        return f"the columns {ours.columns[:width]}, not {theirs.columns[:width]}"
    lines = ours.rows.keys() | theirs.rows.keys()
    return next((found for line in sorted(lines) if (found := _line_difference(line, ours, theirs, width))), "")


def _line_difference(line: int, ours: Ours, theirs: Table, width: int) -> str:
    if line in ours.set_apart and line not in ours.rows:
        return ""
    mine, other = ours.rows.get(line), theirs.rows.get(line)
    if mine is None:
        return f"line {line} is lost: {other}"
    if other is None:
        is_excused = any(at == line and rule in EXCUSED for (at, _), rule in ours.cells.items()) and not any(mine)
        return "" if is_excused else f"line {line} is not in the file: {mine}"
    return next((f"line {line}, {column}: {found!r}, not {wanted!r}" for column, found, wanted in _unlike(
        line, ours, mine=mine[:width], other=other[:width], columns=theirs.columns) ), "")  # fmt: skip


def _unlike(
    line: int, ours: Ours, *, mine: tuple[str, ...], other: tuple[str, ...], columns: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    for place in range(max(len(mine), len(other))):
        found = mine[place] if place < len(mine) else ""
        wanted = other[place] if place < len(other) else ""
        column = columns[place] if place < len(columns) else f"column {place + 1}"
        if found != wanted and ours.cells.get((line, column)) not in EXCUSED:
            yield column, found, wanted


def _from_the_first(columns: tuple[str, ...], rows: Mapping[int, tuple[str, ...]]) -> dict[str, Any]:
    first = 0
    while (
        first < len(columns) and columns[first] == f"unnamed_{first + 1}" and not any(c[first] for c in rows.values())
    ):
        first += 1
    return {
        "columns": tuple(
            f"unnamed_{place}" if name.startswith("unnamed_") else name for place, name in enumerate(columns[first:], 1)
        ),
        "rows": {line: cells[first:] for line, cells in rows.items()},
    }


def _used_width(columns: tuple[str, ...], rows: Mapping[int, tuple[str, ...]]) -> int:
    used = [place for place, name in enumerate(columns, start=1) if not name.startswith("unnamed_")]
    used += [place for cells in rows.values() for place, cell in enumerate(cells, start=1) if cell]
    return max(used, default=0)
