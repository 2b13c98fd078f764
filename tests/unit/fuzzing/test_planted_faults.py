"""Faults planted into the readers on purpose: the fuzzer of each format finds each of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from etl.mapping import code_files
from etl.own_files import csv_file
from etl.readers.reader import Examination, Reception
from tools.fuzz import read_ours
from tools.fuzz.case import FAILED
from tools.fuzz.targets import judge_case

Row = tuple[int, int, list[str]]
Rows = list[Row]


def in_cells(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [(record, line, [change(cell) for cell in cells]) for record, line, cells in rows]


def in_rows(change: Callable[[list[str]], list[str]]) -> Callable[[Rows], Rows]:
    return lambda rows: [(record, line, change(cells)) for record, line, cells in rows]


def swap_two(cells: list[str]) -> list[str]:
    return [cells[1], cells[0], *cells[2:]] if len(cells) > 1 else cells


def later_by_four_years(cell: str) -> str:
    found = re.match(r"(19|20)(\d\d)(-\d\d-\d\d)", cell)
    return f"{int(found[1] + found[2]) + 4}{found[3]}{cell[10:]}" if found else cell


EVERYWHERE: dict[str, Callable[[Rows], Rows]] = {
    "the last record is dropped": lambda rows: rows[:-1],
    "the first record is dropped": lambda rows: rows[1:],
    "a record is read twice": lambda rows: [*rows, (len(rows) + 1, 10_000, rows[-1][2])] if rows else rows,
    "two cells are swapped": in_rows(swap_two),
    "two records are swapped": lambda rows: [
        (record, line, rows[-1 - place][2]) for place, (record, line, _) in enumerate(rows)
    ],
    "lines are told one too low": lambda rows: [(record, line + 1, cells) for record, line, cells in rows],
    "the last cell is empty": in_rows(lambda cells: [*cells[:-1], ""]),
    "a wrong encoding": in_cells(lambda cell: cell.encode().decode("cp949", "replace")),
    "letters in lower case": in_cells(str.lower),
    "texts are cut": in_cells(lambda cell: cell[:20]),
}
TYPED = ("xlsx", "sav", "zsav", "xpt")
IN_FORMAT: dict[str, tuple[tuple[str, ...], Callable[[Rows], Rows]]] = {
    "a leading zero is stripped": (("csv", "redcap", "xlsx"), in_cells(lambda cell: re.sub(r"^0(?=\d)", "", cell))),
    "blanks are stripped": (("csv", "redcap", "xlsx"), in_cells(str.strip)),
    "quotes are left out": (("csv", "redcap"), in_cells(lambda cell: cell.replace('"', ""))),
    "doubled quotes stay": (("csv", "redcap"), in_cells(lambda cell: cell.replace('"', '""'))),
    "line breaks become blanks": (("csv",), in_cells(lambda cell: cell.replace("\r\n", " ").replace("\n", " "))),
    "NA is nothing": (("csv", "redcap", "xlsx"), in_cells(lambda cell: "" if cell == "NA" else cell)),
    "the other date system": (("xlsx", "sav", "zsav", "xpt"), in_cells(later_by_four_years)),
    "midnight is kept": (TYPED, in_cells(lambda cell: re.sub(r"^(\d{4}-\d\d-\d\d)$", r"\1 00:00:00", cell))),
    "numbers have a point": (("xlsx", "sav", "zsav", "xpt"), in_cells(lambda cell: re.sub(r"^(\d+)$", r"\1.0", cell))),
    "decimals are cut": (("xlsx", "sav", "zsav", "xpt"), in_cells(lambda cell: re.sub(r"^(-?\d+)\.\d+$", r"\1", cell))),
    "codes of missing values are nothing": (("sav", "zsav"), in_cells(lambda cell: "" if cell in {"-9", "99"} else cell)),
    "special missing values are nothing": (("xpt",), in_cells(lambda cell: re.sub(r"^\.[A-Z_]$", "", cell))),
}  # fmt: skip
FORMATS = ("csv", "redcap", "xlsx", "sav", "zsav", "xpt")
PLANTED = [(target, name, fault) for name, fault in EVERYWHERE.items() for target in FORMATS]
PLANTED += [(target, name, fault) for name, (targets, fault) in IN_FORMAT.items() for target in targets]


def plant(monkeypatch: pytest.MonkeyPatch, fault: Callable[[Rows], Rows]) -> None:
    """Change what the readers return, the way of the engine left out."""
    examine = read_ours.examine_file

    def examine_faultily(*arguments: Any) -> tuple[Any, Examination]:
        options, examination = examine(*arguments)

        def read(reception: Reception) -> Iterator[pa.RecordBatch]:
            batches = list(examination.read_batches(reception))
            rows = [
                (record, line, list(cells))
                for batch in batches
                for record, line, *cells in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            ]
            for record, line, cells in fault(rows):
                yield pa.record_batch(
                    [pa.array([each]) for each in (record, line, *cells)], names=batches[0].schema.names
                )

        return options, replace(examination, read_batches=read, relation=None, record_count=None)

    monkeypatch.setattr(read_ours, "examine_file", examine_faultily)


def first_found(target: str, most: int, folder: Path) -> int | None:
    """Return the number of the first case that fails."""
    for number in range(most):
        place = folder / f"{target}{number}"
        place.mkdir()
        if judge_case(target, 1, number, place)[1].outcome == FAILED:
            return number
    return None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("target", "name", "fault"), PLANTED, ids=lambda each: each if isinstance(each, str) else "")
def test_a_fault_in_a_reader_is_found(
    target: str, name: str, fault: Callable[[Rows], Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, fault)
    assert first_found(target, 400, tmp_path) is not None, f"{target}: nobody notices that {name}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("target", FORMATS)
def test_without_a_fault_the_same_way_of_planting_finds_nothing(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, lambda rows: rows)
    assert first_found(target, 150, tmp_path) is None


def without_last(read: Callable[..., Iterator[list[str]]]) -> Callable[..., Iterator[list[str]]]:
    return lambda *arguments: iter(list(read(*arguments))[:-1])


def swapped(read: Callable[..., Iterator[list[str]]]) -> Callable[..., Iterator[list[str]]]:
    def rows(*arguments: Any) -> Iterator[list[str]]:
        header, *others = read(*arguments)
        yield header
        yield from (swap_two(cells) for cells in others)

    return rows


@pytest.mark.slow
@pytest.mark.parametrize("fault", [without_last, swapped], ids=lambda each: each.__name__)
@pytest.mark.parametrize("target", ["events", "labs", "respond"])
def test_a_fault_in_reading_own_files_is_found(
    target: str, fault: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_rows", fault(csv_file._rows))
    assert first_found(target, 40, tmp_path) is not None


@pytest.mark.slow
def test_a_code_that_is_lost_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_entry = code_files._read_entry

    def lose_one(row: Sequence[str], *arguments: Any, **more: Any) -> None:
        if row and row[0] != "007":
            read_entry(list(row), *arguments, **more)

    monkeypatch.setattr(code_files, "_read_entry", lose_one)
    assert first_found("codes", 400, tmp_path) is not None
