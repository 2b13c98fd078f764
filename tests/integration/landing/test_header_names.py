"""Names of columns that a header does not give by itself: one row of several, equal names, the record's number."""

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from support.landing_site import KEY, Site, findings, rows

from etl.identity.pseudonym import pseudonym
from warehouse.errors import DeliveryError

FORMATS = ("csv", "cp949.txt", "xlsx")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    return site


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def deliver(site: Site, form: str, grid: Sequence[Sequence[str]], name: str = "a", **options: object) -> None:
    """Write a grid of texts as a file of a format, and let the source read it."""
    path = site.delivery / f"{name}.{form}"
    if form == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
            sheet = book.add_worksheet("CT")
            for row, cells in enumerate(grid):
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(row, column, cell)
    else:
        text = io.StringIO()
        csv.writer(text, delimiter="|" if form.endswith("txt") else ",").writerows(grid)
        path.write_bytes(text.getvalue().encode("cp949" if form.startswith("cp949") else "utf-8"))
    if form.startswith("cp949"):
        options |= {"encoding": "cp949", "delimiter": "|"}
    site.mapping.sources = {"patients": site.source(f"*.{form}", **options)}


SURVEY = [
    ["등록 정보", "등록 정보", "검사", "검사"],
    ["번호", "성별", "AST", "메모"],
    ["text", "M/F", "U/L", ""],
    ["P1", "M", "31", "x"],
    ["P2", "F", "44", ""],
]


@pytest.mark.parametrize("form", FORMATS)
def test_one_row_of_the_header_names_the_columns(site: Site, con: duckdb.DuckDBPyConnection, form: str) -> None:
    deliver(site, form, SURVEY, header_rows=3, header_name_row=2)
    (landed,) = site.land()
    assert landed.header == ("번호", "성별", "AST", "메모")
    assert [row[1:] for row in rows(con, (landed,))] == [(1, 4, "P1", "M", "31", "x"), (2, 5, "P2", "F", "44", "")]
    assert landed.record_count == 2


@pytest.mark.parametrize("form", FORMATS)
def test_a_column_that_the_row_of_names_does_not_reach_has_no_name(
    site: Site, con: duckdb.DuckDBPyConnection, form: str
) -> None:
    deliver(site, form, [["등록", "", "검사"], ["번호", "성별"], ["P1", "M", "31"]], header_rows=2, header_name_row=2)
    (landed,) = site.land()
    assert landed.header == ("번호", "성별", "unnamed_3")
    assert [row[3:] for row in rows(con, (landed,))] == [("P1", "M", "31")]


@pytest.mark.parametrize("form", FORMATS)
def test_without_it_the_rows_are_joined(site: Site, form: str) -> None:
    deliver(site, form, SURVEY, header_rows=3)
    (landed,) = site.land()
    assert landed.header == ("등록 정보 / 번호 / text", "등록 정보 / 성별 / M/F", "검사 / AST / U/L", "검사 / 메모")


def test_a_name_merged_down_into_the_row_of_names_counts_there(site: Site) -> None:
    path = site.delivery / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("CT")
        sheet.merge_range(0, 0, 1, 0, "번호")
        sheet.merge_range(0, 1, 0, 2, "간기능")
        for row, cells in enumerate([["AST", "ALT"], ["U/L", "U/L"], ["31", "20"]], start=1):
            sheet.write_row(row, 1, cells)
        sheet.write(3, 0, "P1")
    site.mapping.sources = {"patients": site.source("*.xlsx", header_rows=3, header_name_row=2)}
    (landed,) = site.land()
    assert landed.header == ("번호", "AST", "ALT")


def test_a_row_of_the_header_further_below_repeats_it(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    deliver(site, "csv", [*SURVEY, SURVEY[1], ["P3", "M", "9", ""]], header_rows=3, header_name_row=2)
    landed = site.land()
    assert [row[3] for row in rows(con, landed)] == ["P1", "P2", "P3"]
    assert ("repeated_header", 3, 6, None, None) in findings(con, landed)


TWICE = [["번호", "AST", "입원", "ast", ""], ["P1", "31", "a", "44", "m"], ["P2", "9", "b", "8", ""]]


@pytest.mark.parametrize("form", FORMATS)
def test_equal_names_are_told_apart_by_their_places(site: Site, con: duckdb.DuckDBPyConnection, form: str) -> None:
    deliver(site, form, TWICE, rename={"AST": ["AST", "AST_퇴원"], "unnamed_5": ["메모"]})
    (landed,) = site.land()
    assert landed.header == ("번호", "AST", "입원", "AST_퇴원", "메모")
    assert [row[3:] for row in rows(con, (landed,))] == [("P1", "31", "a", "44", "m"), ("P2", "9", "b", "8", "")]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("rename", "sentence"),
    [
        ({}, r"the header names column 'AST' 2 times, as columns 2 and 4; names must differ. Give each .* by 'rename'"),
        ({"AST": ["AST_1"]}, r"names column 'AST' 2 times, as columns 2 and 4, but 'rename' .* gives 1 name \(AST_1\)"),
        ({"AST": ["a", "b", "c"]}, r"names column 'AST' 2 times, as columns 2 and 4, but .* gives 3 names \(a, b, c\)"),
        (
            {"AST": ["a", "b"], "번호": ["c", "d"]},
            r"names column '번호' once, as column 1, but .* gives 2 names \(c, d\)",
        ),
        ({"AST": ["a", "입원"]}, r"names column '입원' 2 times, as columns 3 and 4"),
        ({"AST": ["a", "b"], "GOT": ["c"]}, r"source 'patients' has no column 'GOT' .* under 'rename:', but '번호', "),
        ({"AST": ["a", "_record"]}, r"the column name '_record' is reserved"),
        ({"AST": ["a", "800101-1234567"]}, r"the header of column 4 holds a resident number"),
    ],
)
def test_wrong_places_are_refused_with_those_that_hold_the_name(
    site: Site, form: str, rename: dict[str, list[str]], sentence: str
) -> None:
    deliver(site, form, TWICE, rename=rename)
    with pytest.raises(DeliveryError, match=sentence):
        site.land()


def test_a_file_without_the_name_is_as_any_file_that_lacks_a_column(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    deliver(site, "csv", [["번호", "입원"], ["P3", "c"]], name="b")
    deliver(site, "csv", TWICE, many=True, rename={"AST": ["AST", "AST_퇴원"]})
    landed = site.land()
    assert [file.header for file in landed] == [("번호", "AST", "입원", "AST_퇴원", "unnamed_5"), ("번호", "입원")]


def test_the_header_once_more_is_known_by_the_names_that_it_has_in_the_file(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    """The engine reads the file by itself, and sees only the new names."""
    site.mapping.identity = {"번호": "pseudonymise"}
    deliver(site, "csv", [["번호", "AST", "AST"], ["P1", "1", "2"], ["번호", "AST", "AST"]], rename={"AST": ["a", "b"]})
    landed = site.land()
    assert [row[4:] for row in rows(con, landed)] == [("1", "2")]
    assert ("repeated_header", 2, 3, None, None) in findings(con, landed)


@pytest.mark.parametrize("form", FORMATS)
def test_a_record_has_its_number_as_a_column(site: Site, con: duckdb.DuckDBPyConnection, form: str) -> None:
    site.mapping.identity = {"순번": "pseudonymise"}
    site.mapping.missing = ["", "2"]
    deliver(site, form, [["성별", "메모"], ["M", "x"], ["F", "y"], ["M", "z"]], record_number="순번")
    (landed,) = site.land()
    assert landed.header == ("성별", "메모", "순번")
    people = [row[-1] for row in rows(con, (landed,))]
    assert people == [pseudonym(KEY, f"#{number}") for number in (1, 2, 3)]


def test_a_ragged_record_keeps_its_number_to_itself(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    """The next record's number is that of its place; the cells of a ragged one are those of the file's own columns."""
    site.mapping.identity = {"이름": "drop", "순번": "pseudonymise"}
    deliver(site, "csv", [["성별", "이름", "메모"], ["M", "김"], ["F", "이", "y"]], record_number="순번")
    (landed,) = site.land()
    assert [row[1:] for row in rows(con, (landed,))] == [(2, 3, "F", "y", pseudonym(KEY, "#2"))]
    raw = con.execute(f"SELECT raw, field_count FROM read_parquet('{landed.path}/unreadable.parquet')").fetchone()
    assert raw is not None
    assert (json.loads(raw[0]), raw[1]) == ({"성별": "‹withheld›", "이름": "‹withheld›"}, 2)
    assert ("ragged_record", 1, 2, None, "2") in findings(con, (landed,))


def test_a_column_of_the_file_may_not_bear_the_numbers_name(site: Site) -> None:
    deliver(site, "csv", [["순번", "메모"], ["1", "x"]], record_number="순번")
    with pytest.raises(DeliveryError, match=r"a.csv: the file has a column '순번' itself. Give 'record_number' in"):
        site.land()


def test_another_way_of_naming_lands_the_file_again(site: Site) -> None:
    deliver(site, "csv", TWICE, rename={"AST": ["a", "b"]})
    (one,) = site.land()
    deliver(site, "csv", TWICE, rename={"AST": ["b", "a"]})
    (other,) = site.land()
    assert one.path != other.path
    assert (one.header, other.header) == (
        ("번호", "a", "입원", "b", "unnamed_5"),
        ("번호", "b", "입원", "a", "unnamed_5"),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", FORMATS)
def test_every_cell_comes_from_its_place(site: Site, con: duckdb.DuckDBPyConnection, form: str, seed: int) -> None:
    """A slow and obvious reader: the grid itself, a cell by its row and place."""
    draw = random.Random(seed)  # noqa: S311
    width, header_rows = draw.randint(2, 7), draw.randint(1, 4)
    name_row = draw.randint(1, header_rows)
    grid = [
        [draw.choice("가나다라xyz") * draw.randint(1, 9) + f"{r}.{c}" for c in range(width)] for r in range(header_rows)
    ]
    grid[name_row - 1] = [draw.choice(["AST", "ALT", "TB"]) for _ in range(width)]
    grid += [[draw.choice(["", f"{r}/{c}", "0"]) or "" for c in range(width - 1)] + ["끝"] for r in range(9)]
    names = grid[name_row - 1]
    rename = {name: [f"{name}_{place}" for place, other in enumerate(names) if other == name] for name in names}
    deliver(site, form, grid, header_rows=header_rows, header_name_row=name_row, rename=rename, record_number="순번")
    landed = site.land()
    expected = [
        (number, number + header_rows, *cells, f"#{number}") for number, cells in enumerate(grid[header_rows:], start=1)
    ]
    assert landed[0].header == (*(f"{name}_{place}" for place, name in enumerate(names)), "순번")
    assert [row[1:] for row in rows(con, landed)] == expected
