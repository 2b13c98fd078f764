"""Landing real workbooks: typed cells, headers, sheets, and what is refused."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from support.landing_site import Site, findings, rows
from xlsxwriter.worksheet import Worksheet

from etl.identity.pseudonym import pseudonym
from etl.readers.workbook.package import MOST_BYTES, MOST_CELLS
from warehouse.errors import DeliveryError

MASK = "‹column masked›"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    site.mapping.sources = {"patients": site.source("*.xlsx")}
    return site


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def write(site: Site, sheets: dict[str, Callable[[Worksheet, dict], object]], name: str = "영상.xlsx") -> Path:
    """Write a workbook; each sheet by a function that gets it and the formats."""
    path = site.delivery / name
    with xlsxwriter.Workbook(path) as workbook:
        formats = {
            key: workbook.add_format({"num_format": form})
            for key, form in {
                "date": "yyyy-mm-dd",
                "moment": "yyyy-mm-dd hh:mm:ss",
                "time": "hh:mm",
                "span": "[h]:mm",
            }.items()
        }
        for sheet, fill in sheets.items():
            fill(workbook.add_worksheet(sheet), formats)
    return path


def table(*lines: list[object], skip: int = 0) -> Callable[[Worksheet, dict], None]:
    def fill(sheet: Worksheet, _: dict) -> None:
        for row, line in enumerate(lines, start=skip):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheet.write(row, column, cell)

    return fill


def edit(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_typed_cells_become_text_at_the_row_where_they_stand(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    def fill(sheet: Worksheet, formats: dict) -> None:
        sheet.write_row(0, 0, ["번호", "값", "일자"])
        sheet.write_row(1, 0, ["01", 12.0])
        sheet.write_datetime(1, 2, datetime.fromisoformat("2010-03-05"), formats["date"])
        sheet.write_row(3, 0, [2, 0.1])
        sheet.write_datetime(3, 2, datetime.fromisoformat("2010-03-05T14:30:01"), formats["moment"])
        sheet.write_row(4, 0, [True, 1234567890123456])
        sheet.write_datetime(4, 2, time(14, 30), formats["time"])
        sheet.write_row(5, 0, [False, 1e-7])
        sheet.write_number(5, 2, timedelta(hours=26, minutes=30) / timedelta(days=1), formats["span"])
        sheet.write_row(6, 0, ["２", "10²", "40242"])
        sheet.write_number(6, 2, 40242)
        sheet.write_blank(9, 9, None, formats["date"])

    write(site, {"CT": fill})
    landed = site.land()
    assert rows(con, landed) == [
        (1, 1, 2, "01", "12", "2010-03-05"),
        (1, 2, 4, "2", "0.1", "2010-03-05 14:30:01"),
        (1, 3, 5, "TRUE", "1234567890123456", "14:30:00"),
        (1, 4, 6, "FALSE", "0.0000001", "26:30:00"),
        (1, 5, 7, "２", "10²", "40242"),
    ]
    assert (landed[0].sheet, landed[0].sheets, landed[0].record_count) == ("CT", ("CT",), 5)
    assert findings(con, landed) == [("blank_lines", None, None, None, "1")]


def test_stacked_and_merged_headers_below_a_title(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.merge_range(0, 0, 0, 4, "영상 검사 2026년 11월")
        sheet.merge_range(2, 0, 3, 0, "번호")
        sheet.merge_range(2, 1, 2, 2, "1차 방문")
        sheet.merge_range(2, 3, 2, 4, "2차 방문")
        sheet.write_row(3, 1, ["영상일", "크기", "영상일", "크기"])
        sheet.write(2, 5, "비고")
        sheet.write_row(4, 0, ["P1", "a", 1, "b", 2, "c"])

    write(site, {"CT": fill})
    site.mapping.sources = {"patients": site.source("*.xlsx", skip_rows=1, header_rows=2)}
    landed = site.land()
    assert landed[0].header == (
        "번호",
        "1차 방문 / 영상일",
        "1차 방문 / 크기",
        "2차 방문 / 영상일",
        "2차 방문 / 크기",
        "비고",
    )
    assert rows(con, landed) == [(1, 1, 5, "P1", "a", "1", "b", "2", "c")]


@pytest.mark.parametrize(
    ("header_rows", "message"),
    [
        (
            1,
            r"영상.xlsx, sheet 'CT': cells are merged from row 1 to row 2, but the header is row 1\. Correct 'skip_rows'",
        ),
        (4, r"no header was found below the 0 rows that are skipped; the sheet ends at row 3\. Correct"),
        (2, r"the header names column '방문' 2 times, as columns 2 and 3; names must differ"),
    ],
)
def test_a_header_merged_otherwise_than_said_is_refused(site: Site, header_rows: int, message: str) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.merge_range(0, 0, 1, 0, "번호")
        sheet.merge_range(0, 1, 1, 2, "방문")
        sheet.write_row(2, 0, ["P1", 1, 2])

    write(site, {"CT": fill})
    site.mapping.sources = {"patients": site.source("*.xlsx", header_rows=header_rows)}
    with pytest.raises(DeliveryError, match=message):
        site.land()


def test_several_sheets_are_several_sources_and_nothing_else_gets_in(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    def fill_patients(sheet: Worksheet, formats: dict) -> None:
        table(["환자번호", "이름", "성별"], ["P1", "홍길동", 1], ["P2", "김철수", 2])(sheet, formats)
        sheet.write_comment(1, 2, "보호자 홍서방 010-1234-5678")

    def fill_hidden(sheet: Worksheet, formats: dict) -> None:
        table(["환자번호", "비밀"], ["P1", "감춘값"])(sheet, formats)
        sheet.hide()

    path = write(
        site,
        {
            "환자 & 방문": fill_patients,
            "CT": table(["환자번호", "크기"], ["P1", 3.5]),
            "비밀": fill_hidden,
            "메모장": table(["x"], ["y"]),
        },
    )
    edit(path, "docProps/core.xml", lambda part: part.replace(b"<dc:creator>", "<dc:creator>의사이름".encode()))
    site.mapping.identity = {"환자번호": "pseudonymise", "이름": "drop"}
    site.mapping.sources = {
        "patients": site.source("*.xlsx", sheet="환자*"),
        "scans": site.source("*.xlsx", sheet="CT"),
    }
    landed = site.land()
    assert rows(con, landed, "patients") == [
        (1, 1, 2, pseudonym(bytes(range(32)), "P1"), "1"),
        (1, 2, 3, pseudonym(bytes(range(32)), "P2"), "2"),
    ]
    assert [row[4:] for row in rows(con, landed, "scans")] == [("3.5",)]
    assert landed[0].sha256 == landed[1].sha256
    assert landed[0].sheets == ("환자 & 방문", "CT", "메모장")
    left = "".join(
        str(con.execute(f"SELECT * FROM '{file}'").fetchall())
        if file.suffix == ".parquet"
        else file.read_text(encoding="utf-8")
        for file in site.folder.rglob("*.*")
        if file.is_file() and file.name != ".lock"
    )
    assert [word for word in ("홍서방", "감춘값", "의사이름", "홍길동", "P1") if word in left] == []


SHEETS: dict[str, tuple[str | None, str]] = {
    "renamed": (
        "MRI",
        r"has no sheet 'MRI'; its visible sheets are 'CT', 'CT 2', '‹resident number masked›'\. Was it ren",
    ),
    "several": ("CT*", r"'CT\*' fits 2 of its sheets \('CT', 'CT 2'\)\. Name one under 'sheet'"),
    "not said": (None, r"it has 3 visible sheets \('CT', 'CT 2', '‹resident number masked›'\)\. Name one"),
    "hidden": ("비밀", r"the sheet '비밀' is hidden, and hidden sheets are not read"),
    "an identifier": (
        "8*",
        r"the name of a sheet holds an identifier \('‹resident number masked›'\)\. Rename the sheet",
    ),
}


@pytest.mark.parametrize("case", SHEETS)
def test_a_sheet_that_cannot_be_told_is_refused(site: Site, case: str) -> None:
    wanted, message = SHEETS[case]
    content = table(["a"], ["b"])
    hide = lambda sheet, formats: (content(sheet, formats), sheet.hide())  # noqa: E731
    write(site, {"CT": content, "CT 2": content, "800101-1234567": content, "비밀": hide})
    site.mapping.sources = {"patients": site.source("*.xlsx", sheet=wanted)}
    with pytest.raises(DeliveryError, match=message) as caught:
        site.land()
    assert "800101" not in str(caught.value)


def test_errors_uncalculated_formulas_and_merged_cells_are_told(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.write_row(0, 0, ["번호", "값", "메모"])
        sheet.write(1, 0, "P1")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, '=""', None, "")
        sheet.write(2, 0, "P2")
        sheet.write_formula(2, 1, "=6*7", None, 42)
        sheet.write(2, 2, "<f>")
        sheet.write_formula(3, 1, "=NA()", None, "#N/A")
        sheet.merge_range(4, 0, 5, 0, "P3")
        sheet.write_row(4, 1, [1, "x"])
        sheet.write_row(5, 1, [2, "y"])

    path = write(site, {"CT": fill})
    edit(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'<c r="C2"><f>', b'<c r="C2" t="n"><f>'))
    landed = site.land()
    assert [row[2:] for row in rows(con, landed)] == [
        (2, "P1", "", ""),
        (3, "P2", "42", "<f>"),
        (4, "", "", ""),
        (5, "P3", "1", "x"),
        (6, "", "2", "y"),
    ]
    assert findings(con, landed) == [
        ("error_cell", 1, 2, "값", "#DIV/0!"),
        ("error_cell", 3, 4, "값", "#N/A"),
        ("formula_without_value", 1, 2, "메모", "a formula"),
        ("merged_cells", 4, 5, "번호", "rows 5 to 6, 1 column(s)"),
    ]


def test_an_error_is_told_at_its_place_where_rows_and_cells_have_no_address(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        for row, line in enumerate((["번호", "값", "메모"], ["P1", "1", "x"], ["P2"])):
            sheet.write_row(row, 0, line)
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")

    path = write(site, {"CT": fill})
    edit(path, "xl/worksheets/sheet1.xml", lambda part: re.sub(rb' r="[A-Z]*[0-9]+"', b"", part))
    landed = site.land()
    assert [row[2:] for row in rows(con, landed)] == [(2, "P1", "1", "x"), (3, "P2", "", "")]
    assert findings(con, landed) == [("error_cell", 2, 3, "값", "#N/A")]


def test_identifiers_in_numeric_cells_are_seen(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    numbers = [8001011234567, 101013234567, "8.00101E+12", "８００１０１－１２３４５６７", "800101-1******"]
    write(site, {"CT": table(["주민", "메모"], *([number, "수술"] for number in numbers), [None, 1234567])})
    landed = site.land()
    assert [row[3:] for row in rows(con, landed)] == [(MASK, "수술")] * 5 + [("", "1234567")]
    assert landed[0].masked_count == 5


def test_an_identifier_in_a_header_is_refused_without_quoting_it(site: Site) -> None:
    write(site, {"CT": table(["번호", 8001011234567], ["P1", 1])})
    with pytest.raises(DeliveryError, match=r"sheet 'CT': the header of column 2 holds a resident number") as caught:
        site.land()
    assert "800101" not in str(caught.value)


def _with_password(path: Path) -> None:
    plain = io.BytesIO(path.read_bytes())
    with path.open("wb") as file:
        OOXMLFile(plain).encrypt("secret", file)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/media/a.bin", "w") as part:
        for _ in range(64):
            part.write(bytes(1 << 20))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        start = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    content[start : start + 40] = bytes(40)
    path.write_bytes(bytes(content))


def _lie(path: Path) -> None:
    """State another size in the directory than the part unpacks to."""
    content = bytearray(path.read_bytes())
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    content[place : place + 4] = (50).to_bytes(4, "little")
    path.write_bytes(bytes(content))


def _sheet_says(old: bytes, new: bytes) -> Callable[[Path], None]:
    return lambda path: edit(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(old, new))


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "password": (_with_password, r"the workbook is protected by a password\. Save it without one and send it again\."),
    "empty": (lambda path: path.write_bytes(b""), r"the file is empty"),
    "web page": (
        lambda path: path.write_bytes(b"\n<!DOCTYPE html><html>"),
        r"no Excel workbook.*looks like a web page",
    ),
    "text": (lambda path: path.write_bytes(b"a,b\n1,2\n"), r"no Excel workbook.*looks like a text\. Export it again\."),
    "old workbook": (
        lambda path: path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000)),
        r"a workbook of Excel 97-2003 under a new name\. Save it as \.xlsx",
    ),
    "cut short": (_cut, r"no Excel workbook, or its end is missing; it looks like a zip archive"),
    "damaged inside": (_flip, r"the workbook is damaged\. Save it again in Excel"),
    "another size than stated": (_lie, r"the workbook is damaged"),
    "another archive": (
        lambda path: (path.unlink(), zipfile.ZipFile(path, "w").close()),
        r"this is a zip archive, but no Excel workbook",
    ),
    "zip bomb": (_bomb, r"a part of the workbook unpacks to [0-9,]+ times its size, as only a file made to do harm"),
    "entities": (
        _sheet_says(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
        r"the workbook defines XML entities, as only a file made to do harm does",
    ),
    "far cell": (
        _sheet_says(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        r"a sheet spans 1,048,576 rows and 16,384 columns, more than the 16,000,000 cells that are read\. Delete stray",
    ),
    "no XML": (_sheet_says(b"</sheetData>", b"<<<"), r"the workbook is damaged"),
    "sheet missing": (
        lambda path: edit(path, "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"sheet1.xml", b"sheet9.xml")),
        r"the workbook lacks one of its sheets",
    ),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_or_hostile_workbook_is_refused_in_one_sentence(site: Site, case: str) -> None:
    damage, message = DAMAGED[case]
    path = write(site, {"CT": table(["번호", "값"], *([f"P{n}", n] for n in range(400)))})
    damage(path)
    with pytest.raises(DeliveryError, match=rf"^영상\.xlsx: .*{message}"):
        site.land()
    assert not site.folder.exists() or site.leftovers() == []


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(site: Site) -> None:
    path = write(site, {"CT": table(["번호"], ["P1"])})
    content = bytearray(path.read_bytes())
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    content[place : place + 4] = (MOST_BYTES + 1).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(
        DeliveryError, match=r"unpacks to 1,024 MB, more than the 1,024 MB that are read\. Export the data"
    ):
        site.land()


def test_an_empty_sheet_must_be_vouched_for(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    write(site, {"CT": table(["번호"], skip=1)})
    with pytest.raises(DeliveryError, match=r"영상.xlsx, sheet 'CT': the sheet holds a header and no record"):
        site.land()
    manifest = site.delivery / "manifest.json"
    manifest.write_text('{"files": {"영상.xlsx": {"records": {"CT": 0}}}}', encoding="utf-8")
    assert rows(con, site.land()) == []
    manifest.write_text('{"files": {"영상.xlsx": {"records": {"CT": 3}}}}', encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"sheet 'CT': 0 records, but manifest.json says 3"):
        site.land()


def test_a_sheet_without_anything_is_refused(site: Site) -> None:
    write(site, {"CT": table()})
    with pytest.raises(
        DeliveryError, match=r"no header was found below the 0 rows that are skipped; the sheet ends at row 0"
    ):
        site.land()


@pytest.mark.parametrize("option", [{"delimiter": ";"}, {"encoding": "cp949"}, {"dictionary": "*.csv"}])
def test_an_option_that_does_not_go_with_a_workbook_is_refused(site: Site, option: dict[str, str]) -> None:
    write(site, {"CT": table(["번호"], ["P1"])})
    site.mapping.sources = {"patients": site.source("*.xlsx", **option)}
    with pytest.raises(
        DeliveryError, match=rf"영상.xlsx: '{next(iter(option))}' does not go with a .xlsx file: .*Remove it"
    ):
        site.land()


def test_dates_of_the_1904_system(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    path = site.delivery / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "일자")
        sheet.write_datetime(1, 0, date(2010, 3, 5), workbook.add_format({"num_format": "yyyy-mm-dd"}))
    assert [row[3:] for row in rows(con, site.land())] == [("2010-03-05",)]


def test_the_bound_on_cells_leaves_room_for_real_sheets() -> None:
    assert MOST_CELLS >= 1_048_576 * 15


@pytest.mark.parametrize("margin", [0, 1, 3])
def test_an_error_is_reported_of_its_own_column_whatever_the_margin(
    site: Site, con: duckdb.DuckDBPyConnection, margin: int
) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.write_row(2, margin, ["번호", "일자", "값"])
        sheet.write_row(3, margin, ["P1", "a", 61])
        sheet.write_row(4, margin, ["P2"])
        sheet.write_formula(4, margin + 2, "=NA()", None, "#N/A")
        sheet.write(5, margin, "P3")
        sheet.write_formula(5, margin + 1, "=NA()", None, "#REF!")
        sheet.write(5, margin + 2, 70)

    write(site, {"CT": fill})
    landed = site.land()
    assert rows(con, landed) == [
        (1, 1, 4, "P1", "a", "61"), (1, 2, 5, "P2", "", ""), (1, 3, 6, "P3", "", "70")
    ]  # fmt: skip
    assert findings(con, landed) == [("error_cell", 2, 5, "값", "#N/A"), ("error_cell", 3, 6, "일자", "#REF!")]


@pytest.mark.parametrize("margin", [0, 1, 2])
def test_a_stacked_header_right_of_a_margin_is_joined_as_one_at_its_left(
    site: Site, con: duckdb.DuckDBPyConnection, margin: int
) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.merge_range(1, margin, 2, margin, "번호")
        sheet.merge_range(1, margin + 1, 1, margin + 2, "1차")
        sheet.merge_range(1, margin + 3, 1, margin + 4, "2차")
        sheet.write_row(2, margin + 1, ["일자", "kg", "일자", "kg"])
        sheet.write_row(3, margin, ["P1", "a", 61, "b", 60])
        sheet.merge_range(4, margin + 1, 5, margin + 1, "c")
        sheet.write(4, margin, "P2")
        sheet.write(5, margin, "P3")
        if margin:
            sheet.merge_range(3, 0, 5, margin - 1, "")

    write(site, {"CT": fill})
    site.mapping.sources = {"patients": site.source("*.xlsx", header_rows=2)}
    landed = site.land()
    assert landed[0].header == ("번호", "1차 / 일자", "1차 / kg", "2차 / 일자", "2차 / kg")
    assert rows(con, landed)[0] == (1, 1, 4, "P1", "a", "61", "b", "60")
    assert findings(con, landed) == [("merged_cells", 2, 5, "1차 / 일자", "rows 5 to 6, 1 column(s)")]


@pytest.mark.parametrize("header_rows", [1, 2])
def test_rows_that_repeat_the_header_are_nobody(site: Site, con: duckdb.DuckDBPyConnection, header_rows: int) -> None:
    header = [["번호", "1차", None], [None, "일자", "kg"]] if header_rows == 2 else [["번호", "일자", "kg"]]
    write(site, {"CT": table(*header, ["P1", "a", 1], *header, ["P2", "b", 2])})
    site.mapping.sources = {"patients": site.source("*.xlsx", header_rows=header_rows)}
    landed = site.land()
    assert [row[3] for row in rows(con, landed)] == ["P1", "P2"]
    repeated = [("repeated_header", place, header_rows + place, None, None) for place in range(2, header_rows + 2)]
    assert findings(con, landed) == repeated


def test_a_formula_without_a_value_below_all_else_is_a_record(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    def fill(sheet: Worksheet, _: dict) -> None:
        sheet.write_row(0, 0, ["번호", "값"])
        sheet.write_row(1, 0, ["P1", 5])
        sheet.write_formula(3, 0, "=A2", None, "")

    path = write(site, {"CT": fill})
    edit(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'<c r="A4" t="str"><f>', b'<c r="A4"><f>'))
    landed = site.land()
    assert rows(con, landed) == [(1, 1, 2, "P1", "5"), (1, 2, 4, "", "")]
    assert findings(con, landed) == [
        ("blank_lines", None, None, None, "1"), ("formula_without_value", 2, 4, "번호", "a formula")
    ]  # fmt: skip
