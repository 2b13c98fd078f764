"""What a workbook shows and its values do not say is reported once, and the values stay."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from support.landing_site import Site, findings, rows
from xlsxwriter.worksheet import Worksheet

ROWS = [["P1", "1-2", 0.4, "x"], ["P2", "3", 0.5, "y"], ["P3", "4", 6, "z"]]
Formats = dict[str, object]
Change = Callable[[Worksheet, Formats], object]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    site.mapping.sources = {"patients": site.source("*.xlsx")}
    return site


def land(
    site: Site, change: Change, *, margin: int = 0, undated: frozenset[str] = frozenset()
) -> tuple[list[tuple], list[tuple]]:
    """Land a small sheet with a change; the cells of its records, and the findings."""
    with xlsxwriter.Workbook(site.delivery / "a.xlsx") as workbook:
        formats = {
            "percent": workbook.add_format({"num_format": "0.0%"}),
            "built in": workbook.add_format({"num_format": 9}),
            "no percent": workbook.add_format({"num_format": '0.0"%"'}),
            "struck": workbook.add_format({"font_strikeout": True}),
            "bold": workbook.add_format({"bold": True}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet = workbook.add_worksheet("CT")
        sheet.write_row(0, margin, ["번호", "병변", "값", "메모"])
        for number, cells in enumerate(ROWS, start=1):
            sheet.write_row(number, margin, cells)
        change(sheet, formats)
    landed = site.land()
    with duckdb.connect() as con:
        return [row[3:] for row in rows(con, landed)], findings(con, landed, undated=undated)


def filter_rows(sheet: Worksheet, _: Formats) -> None:
    sheet.autofilter(0, 0, 3, 3)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_row(9, None, None, {"hidden": True})


SHOWN: dict[str, tuple[Change, list[tuple]]] = {
    "nothing special": (lambda sheet, formats: sheet.write(1, 0, "P1", formats["bold"]), []),
    "rows hidden by a filter": (filter_rows, [("hidden_rows", 2, 3, None, "2 row(s)")]),
    "a row without height": (lambda sheet, _: sheet.set_row(1, 0), [("hidden_rows", 1, 2, None, "1 row(s)")]),
    "a hidden column": (
        lambda sheet, _: sheet.set_column(1, 1, None, None, {"hidden": True}),
        [("hidden_column", 1, 2, "병변", "hidden")],
    ),
    "percents": (
        lambda sheet, formats: [sheet.write(row, 2, ROWS[row - 1][2], formats["percent"]) for row in (1, 2)],
        [("percent_format", 1, 2, "값", "2 cell(s)")],
    ),
    "the percents of every workbook": (
        lambda sheet, formats: sheet.write(2, 2, 0.5, formats["built in"]),
        [("percent_format", 2, 3, "값", "1 cell(s)")],
    ),
    "a percent sign that is only written": (lambda sheet, formats: sheet.write(1, 2, 0.4, formats["no percent"]), []),
    "a percent format without a value": (lambda sheet, formats: sheet.write_blank(6, 2, None, formats["percent"]), []),
    "a struck-out cell": (
        lambda sheet, formats: sheet.write(3, 3, "z", formats["struck"]),
        [("struck_out", 3, 4, "메모", "1 cell(s)")],
    ),
    "struck-out letters": (
        lambda sheet, formats: sheet.write_rich_string(2, 3, formats["struck"], "y", formats["bold"], " "),
        [("struck_out", 2, 3, "메모", "1 cell(s)")],
    ),
}


@pytest.mark.parametrize(("change", "expected"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown_is_reported_once_and_the_values_stay(site: Site, change: Change, expected: list[tuple]) -> None:
    cells, found = land(site, change)
    assert found == expected
    assert [[cell.strip() for cell in row] for row in cells] == [
        ["P1", "1-2", "0.4", "x"],
        ["P2", "3", "0.5", "y"],
        ["P3", "4", "6", "z"],
    ]


def test_it_is_reported_of_its_own_column_right_of_a_margin(site: Site) -> None:
    _, found = land(site, lambda sheet, formats: sheet.write(2, 4, 0.5, formats["percent"]), margin=2)
    assert found == [("percent_format", 2, 3, "값", "1 cell(s)")]


def _date(sheet: Worksheet, row: int, column: int, formats: Formats) -> None:
    day = datetime.fromisoformat("2010-01-02")
    sheet.write_datetime(row, column, day, formats["day"])


@pytest.mark.parametrize(("column", "name"), [(1, "병변"), (2, "값")])
def test_a_code_that_became_a_date_is_reported(site: Site, column: int, name: str) -> None:
    cells, found = land(site, lambda sheet, formats: _date(sheet, 2, column, formats))
    assert cells[1][column] == "2010-01-02"
    assert found == [("typed_date", 2, 3, name, "1 typed date(s) among 2 other values")]


@pytest.mark.parametrize(
    "other", ["2010.03.05", "2010년 3월", "05/03/2010", "20100305", "미상", "100305", "2009", "2009년"]
)
def test_a_column_of_dates_may_be_written_otherwise_too(site: Site, other: str) -> None:
    def change(sheet: Worksheet, formats: Formats) -> None:
        _date(sheet, 1, 1, formats)
        _date(sheet, 2, 1, formats)
        sheet.write_string(3, 1, other)

    assert land(site, change)[1] == []


@pytest.mark.parametrize("last", ["a date", "a word", "nothing"])
@pytest.mark.parametrize(("column", "name"), [(1, "병변"), (2, "값"), (3, "메모")])
def test_a_column_that_became_dates_altogether_is_reported_where_it_is_read_as_something_else(
    site: Site, last: str, column: int, name: str
) -> None:
    def change(sheet: Worksheet, formats: Formats) -> None:
        _date(sheet, 1, column, formats)
        _date(sheet, 2, column, formats)
        if last == "a date":
            _date(sheet, 3, column, formats)
        elif last == "a word":
            sheet.write_string(3, column, "미상")
        else:
            sheet.write_blank(3, column, None, formats["bold"])

    count = 3 if last == "a date" else 2
    found = [("typed_date", 1, 2, name, f"{count} typed date(s) and no other number or code")]
    assert land(site, change, undated=frozenset({"번호", name}))[1] == found
    assert land(site, change, undated=frozenset({"번호"}))[1] == []
