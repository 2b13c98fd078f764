"""What was written as typed cells is read back as the text that is defined for it, in every format that has types."""

import string
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from test_two_ways_of_reading import Taken, read_with_care

from etl.readers.cell_text import Cell, cell_text, number_texts
from etl.readers.source import SourceFiles
from etl.readers.statistics.sas_transport import examine_transport
from etl.readers.statistics.spss import examine_spss
from etl.readers.workbook.workbook import examine_workbook

FIXED: list[tuple[Cell, str]] = [
    (12.0, "12"),
    (-0.0, "0"),
    (0.1, "0.1"),
    (1e-7, "0.0000001"),
    (8001011234567.0, "8001011234567"),
    (101013234567.0, "101013234567"),
    (1e22, "10000000000000000000000"),
    (1.5e300, "15" + "0" * 299),
    (float("nan"), ""),
    (float("inf"), ""),
    (None, ""),
    (True, "TRUE"),
    (False, "FALSE"),
    (7, "7"),
    (date(2010, 3, 5), "2010-03-05"),
    (datetime(2010, 3, 5, tzinfo=UTC).replace(tzinfo=None), "2010-03-05"),
    (datetime(2010, 3, 5, 14, 30, 1, tzinfo=UTC).replace(tzinfo=None), "2010-03-05 14:30:01"),
    (datetime(2010, 3, 5, 14, 30, 1, 500_000, tzinfo=UTC).replace(tzinfo=None), "2010-03-05 14:30:01.500000"),
    (time(14, 30), "14:30:00"),
    (timedelta(hours=26, minutes=30), "26:30:00"),
    (timedelta(minutes=-90), "-01:30:00"),
    ("10² ㎎ x ", "10² ㎎ x "),
]


@pytest.mark.parametrize(("cell", "text"), FIXED, ids=str)
def test_the_text_of_a_cell(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@given(numbers=st.lists(st.none() | st.floats()))
def test_a_number_reads_back_as_itself_and_never_has_an_exponent(numbers: list[float | None]) -> None:
    texts = number_texts(numbers).to_pylist()
    assert texts == [cell_text(number) for number in numbers]
    for number, text in zip(numbers, texts, strict=True):
        assert set(text) <= set("-0123456789.")
        if text:
            assert float(text) == number


WORDS = st.text(
    st.sampled_from(string.ascii_letters + "가힣²µ０ -#") | st.characters(codec="utf-8"), max_size=8
).filter(lambda text: text.isprintable())
MOMENTS = st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda moment: moment.replace(microsecond=0)
)
CELLS = st.one_of(
    WORDS,
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15).map(float),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda number: float(f"{number:.16G}")),
    MOMENTS,
    MOMENTS.map(datetime.date),
)


@settings(max_examples=60, deadline=None)
@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
    )
)
def test_a_workbook_is_read_as_it_was_written(table: list[list[Cell]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        _write_workbook(path, table)
        examination = examine_workbook(path, path.name, SourceFiles(file=[path.name]), lambda _: None)
        taken = Taken()
        read = read_with_care(examination, taken)
    expected = [(row, [cell_text(cell) for cell in cells]) for row, cells in enumerate(table, start=2)]
    filled = [(row, texts) for row, texts in expected if any(texts)]
    assert [(row[1], list(row[2:])) for row in read] == filled
    assert [row[0] for row in read] == list(range(1, len(filled) + 1))


def _write_workbook(path: Path, table: list[list[Cell]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet()
        formats = {kind: workbook.add_format({"num_format": form}) for kind, form in (
            (date, "yyyy-mm-dd"), (datetime, "yyyy-mm-dd hh:mm:ss"))}  # fmt: skip
        sheet.write_row(0, 0, [f"열{place}" for place in range(len(table[0]))])
        for row, cells in enumerate(table, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, formats[type(cell)])
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)


CODES = st.integers(-(10**12), 10**12).map(float) | st.floats(-1e6, 1e6, allow_subnormal=False)
COLUMNS = st.lists(
    st.tuples(WORDS.map(str.strip), st.none() | CODES, MOMENTS, MOMENTS.map(datetime.date)), min_size=1, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(records=COLUMNS)
def test_an_spss_file_is_read_as_it_was_written(records: list[tuple[str, float | None, datetime, date]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        pyreadstat.write_sav(
            pd.DataFrame(records, columns=["글", "수", "시점", "날"], dtype=object).infer_objects(), path
        )
        examination = examine_spss(path, path.name, SourceFiles(file=[path.name]), lambda _: None)
        read = read_with_care(examination, Taken())
    assert examination.record_count == len(records)
    assert [list(row[2:]) for row in read] == [list(map(cell_text, record)) for record in records]


@settings(max_examples=40, deadline=None)
@given(records=COLUMNS, version=st.sampled_from([5, 8]))
def test_a_transport_file_is_read_as_it_was_written(
    records: list[tuple[str, float | None, datetime, date]], version: int
) -> None:
    # its numbers keep three bits less than ours, and a last record without anything cannot be told from padding
    records = [(text, number and float(int(number)), moment, day) for text, number, moment, day in records]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xpt"
        frame = pd.DataFrame(records, columns=["A", "N", "M", "D"], dtype=object).infer_objects()
        pyreadstat.write_xport(frame, path, file_format_version=version)
        examination = examine_transport(path, path.name, SourceFiles(file=[path.name]), lambda _: None)
        read = read_with_care(examination, Taken())
    assert examination.record_count == len(records)
    assert [list(row[2:]) for row in read] == [list(map(cell_text, record)) for record in records]
