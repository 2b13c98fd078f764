"""An answer in a file is the answer: every row, every digit, no formula, whole or not at all."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from etl.own_files import answer_file, parquet_file
from etl.own_files.answer_file import write_answer
from warehouse.errors import EnvironmentRefusal, NotFoundError

COLUMNS = ("id", "name", "value", "taken_on", "at", "is_on", "nothing", "many")
ROWS = [
    (
        19516,
        "=1+1",
        Decimal("123456789012.123456"),
        date(2013, 12, 4),
        datetime(2013, 12, 4, 5, 6),  # noqa: DTZ001
        True,
        None,
        1 << 70,
    ),
    (None, "남\x1b[1m\n<b>", Decimal("1.50"), date(1899, 1, 2), None, False, None, 3),
]


def test_parquet_holds_every_value_exactly(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert write_answer(path, COLUMNS, ROWS) == 2
    table = pq.read_table(path)
    assert tuple(table.column_names) == COLUMNS
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", "＝1+1", "'=1"]
HARMLESS = ["-1.5", "+3e-2", "-", "+", "1=1", "남", "'", "", 'a "b", c', "a\nb"]


@pytest.mark.parametrize("text", [*HOSTILE, *HARMLESS])
def test_csv_has_no_formula_and_every_other_text_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.csv"
    write_answer(path, ("a", "b"), [(text, None)])
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}" if text in HOSTILE else text, ""]


def test_csv_is_the_one_of_an_export(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows = [("", None), (True, [1, "x"]), (False, Decimal("1E+3")), (float("inf"), date(2013, 12, 4))]
    write_answer(path, ("a", "b c"), rows)
    assert path.read_text(encoding="utf-8") == '"a","b c"\n"",\ntrue,"[1,""x""]"\nfalse,1000\ninf,2013-12-04\n'


def test_csv_of_a_users_own_file_leaves_every_cell_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_answer(path, COLUMNS, ROWS, is_as_given=True) == 2
    with path.open(encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert first[:4] == ["19516", "=1+1", "123456789012.123456", "2013-12-04"]
    assert second[0] == ""
    assert second[1] == "남\x1b[1m\n<b>"


def test_a_workbook_holds_numbers_days_and_texts_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_answer(path, COLUMNS, ROWS) == 2
    header, first, second = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert tuple(header) == COLUMNS
    # a number with more digits than a workbook keeps is text
    assert first[:3] == [19516, "=1+1", "123456789012.123456"]
    assert first[3:] == [date(2013, 12, 4), datetime(2013, 12, 4, 5, 6), True, "", str(1 << 70)]  # noqa: DTZ001
    assert second[0] == ""
    assert second[2] == 1.5
    assert second[3] == "1899-01-02"


@pytest.mark.parametrize("suffix", answer_file.SUFFIXES)
def test_no_rows_are_a_header(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert write_answer(path, ("a", "b"), []) == 0
    assert path.is_file()


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"'\.ods'.*\.csv, \.parquet, \.xlsx"):
        write_answer(tmp_path / "out.ods", ("a",), [])


@pytest.mark.parametrize("suffix", answer_file.SUFFIXES)
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(EnvironmentRefusal, match="cannot be written"):
        write_answer(tmp_path / "nowhere" / f"out{suffix}", ("a",), [(1,)])


def test_a_sheet_that_would_lose_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_file, "MOST_ROWS_OF_A_SHEET", 1)
    path = tmp_path / "out.xlsx"
    path.write_text("before")
    with pytest.raises(EnvironmentRefusal, match=r"2 rows.*Write a \.csv or a \.parquet"):
        write_answer(path, ("a",), [(1,), (2,)])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentRefusal, match="row 1 has 40,000 characters"):
        write_answer(tmp_path / "out.xlsx", ("a",), [("x" * 40_000,)])


def test_values_of_two_kinds_in_a_column_are_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentRefusal, match="the column 'a' holds values that no one type of Parquet holds"):
        write_answer(tmp_path / "out.parquet", ("a",), [("x",), (1,)])


MANY = [
    (number, None if number < 3 else 1 << 70, Decimal(number) / 8, "x" if number == 4 else None) for number in range(5)
]


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_rows_in_parts_are_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(parquet_file, "_ROWS_AT_ONCE", at_once)
    path = tmp_path / "out.parquet"
    assert write_answer(path, ("a", "b", "c", "d"), iter(MANY)) == len(MANY)
    table = pq.read_table(path)
    assert [tuple(row.values()) for row in table.to_pylist()] == MANY
    assert list(map(str, table.schema.types)) == ["int64", "decimal128(38, 0)", "decimal128(4, 3)", "string"]
    assert list(tmp_path.iterdir()) == [path]


def test_parts_of_which_no_one_type_holds_all_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "_ROWS_AT_ONCE", 1)
    with pytest.raises(EnvironmentRefusal, match="the column 'a' holds values that no one type of Parquet holds"):
        write_answer(tmp_path / "out.parquet", ("a",), [("x",), (1,)])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", answer_file.SUFFIXES)
def test_rows_are_taken_as_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """No more rows live at a time than are written together."""
    monkeypatch.setattr(parquet_file, "_ROWS_AT_ONCE", 10)
    most = 0

    def rows() -> Iterator[Row]:
        nonlocal most
        for number in range(500):
            yield Row([number, "x"])
            most = max(most, Row.living)

    assert write_answer(tmp_path / f"out{suffix}", ("a", "b"), rows()) == 500
    assert most <= 30


class Row(list[object]):
    """A row that is counted while it lives."""

    living = 0

    def __init__(self, cells: list[object]) -> None:
        super().__init__(cells)
        Row.living += 1

    def __del__(self) -> None:
        Row.living -= 1
