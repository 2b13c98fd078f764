"""The cells of a workbook, as its XML may write them, compared with a second reader (python-calamine) cell by cell."""

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from benchmarks.peaks import write_workbook
from etl.readers.cell_text import cell_text
from etl.readers.reader import Reception
from etl.readers.source import SourceFiles
from etl.readers.workbook import cell_limits, shared_texts, sheet_rows
from etl.readers.workbook.number_formats import ShownAs, what_shows
from etl.readers.workbook.styles import read_styles
from etl.readers.workbook.workbook import examine_workbook
from warehouse.errors import DeliveryError

FORMATS = ("General", "yyyy-mm-dd", "[h]:mm", "hh:mm AM/PM", "0.00", '0.0 "mmHg"')
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
TEXTS = (
    "zero",
    "",
    "_x0041__xAC00_",
    "a</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>ruby</t></rPh></si><si><t>last",
)


EAST_ASIAN = (*range(27, 37), *range(50, 59))
"""Numbers of formats that Korean, Japanese and Chinese Excel show days by, without stating them in the file."""


class Taken(Reception):
    """Remembers what a reader reports."""

    def __init__(self) -> None:
        self.cells: list[tuple[int, int, str | None, str, str]] = []
        self.blank_lines = 0

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:
        self.cells.append((record, line, column, rule, found))

    def take_blank_line(self) -> None:
        self.blank_lines += 1


def write(path: Path, rows: str, *, is_1904: bool = False) -> Path:
    """Write a workbook with the styles and shared texts that the cells below refer to."""
    write_workbook(path, [HEADER + rows], TEXTS)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(FORMATS, start=200)
    )
    styles = "".join(
        f'<xf numFmtId="{number}"/>' for number in (*range(200, 200 + len(FORMATS)), 14, 46, 10, *EAST_ASIAN)
    )
    parts["xl/styles.xml"] = f"<styleSheet><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", '<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>'
    )
    if is_1904:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def read(path: Path) -> tuple[list[tuple[str, ...]], Taken]:
    """Read the addresses and texts of all records."""
    taken = Taken()
    examination = examine_workbook(path, path.name, SourceFiles(file=[path.name]), lambda _: None)
    batches = list(examination.read_batches(taken))
    return [tuple(map(str, row.values())) for batch in batches for row in batch.to_pylist()], taken


def read_otherwise(path: Path) -> list[tuple[str, ...]]:
    """Read them by the other reader."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    filled = [
        (number, texts) for number, cells in enumerate(rows, 1) if any(texts := [*map(cell_text, cells)]) and number > 1
    ]
    return [(str(record), str(row), *texts) for record, (row, texts) in enumerate(filled, start=1)]


CELLS = [
    '<c r="A2"><v>12</v></c>', '<c r="A2" t="n"><v>1E5</v></c>', '<c r="A2"><v>-0.5</v></c>', '<c r="A2"><v>+5.</v></c>',
    '<c r="A2"><v> 12 </v></c>', '<c r="A2"><v>1_0</v></c>', '<c r="A2"><v>abc</v></c>', '<c r="A2"><v>６</v></c>',
    '<c r="A2"><v>inf</v></c><c r="B2"><v>1</v></c>', '<c r="A2" t="b"><v>0</v></c>',
    '<c r="A2" t="b"><v>1</v></c>', '<c r="A2" t="b"><v/></c><c r="B2"><v>1</v></c>', '<c r="A2" t="s"><v>0</v></c>',
    '<c r="A2" t="s"><v>2</v></c>', '<c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c>',
    '<c r="A2" t="s"><v>1</v></c><c r="B2"><v>1</v></c>', '<c r="A2" t="str"><v>a_x000D_b&amp;&#10;c</v></c>',
    '<c r="A2" t="str"><v>  a  </v></c>', '<c r="A2" t="inlineStr"><is><t>a_x0041_</t></is></c>',
    '<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>P</t></rPh></is></c>',
    '<c r="A2" t="inlineStr"><is><t> a&#160; </t></is></c>',
    '<c r="A2" t="inlineStr"><v>5</v></c><c r="B2"><v>1</v></c>', '<c r="A2"><is><t>x</t></is></c>',
    '<c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1</v></c>', '<c r="A2" t="d"><v>2010-03-05</v></c>',
    '<c r="A2" t="d"><v>2010-3-5T10:00:00.25</v></c>', '<c r="A2" t="d"><v>10:00</v></c>', '<c r="A2" t="d"><v>P1D</v></c>',
    '<c r="A2" t="d"><v>2010-13-05</v></c>', '<c r="a2"><v>5</v></c>', "<c r='A2'><v>5</v></c><c r='B2'><v>6</v></c>",
    '<c r="A2"><f>B2</f><v>3</v></c>', '<c r="A2" t="str"><f>B2</f><v>x</v></c>', '<c r="A2"/><c r="B2"><v>1</v></c>',
    "<c><v>1</v></c><c><v>2</v></c>", '<c r="B2"><v>5</v></c><c r="A2"><v>4</v></c>', '<c r="B2"><v>5</v></c><c><v>6</v></c>',
    '<c r="A2"><v>1</v></c><c r="D2"><v>2</v></c>', '<c r="A2"><v>1</v></c><c r="A2"/>',
]  # fmt: skip
"""What a row may hold."""

DAYS = (0, 0.5, 0.99999, 1, 1.5, 59, 59.999999999, 60, 60.5, 61, 40000, 40000.123456789, 40000.9999999999, 2958465)


@pytest.mark.parametrize("cells", CELLS)
def test_a_cell_is_read_as_another_reader_reads_it(tmp_path: Path, cells: str) -> None:
    path = write(tmp_path / "a.xlsx", f'<row r="2">{cells}</row>')
    assert read(path)[0] == read_otherwise(path)


@pytest.mark.parametrize("style", ["99", "-1", "x", ""])
def test_a_number_of_a_style_that_is_not_there_may_be_a_date_and_is_refused(tmp_path: Path, style: str) -> None:
    path = write(tmp_path / "a.xlsx", f'<row r="2"><c r="A2" s="{style}"><v>40000</v></c></row>')
    with pytest.raises(DeliveryError, match="the workbook is damaged"):
        read(path)


@pytest.mark.parametrize("is_1904", [False, True])
@pytest.mark.parametrize("style", range(len(FORMATS) + 2))
def test_a_number_is_what_its_format_shows(tmp_path: Path, style: int, *, is_1904: bool) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" s="{style}"><v>{number}</v></c><c r="B{row}"><v>1</v></c></row>'
        for row, number in enumerate([day for day in DAYS if day >= 1 or not is_1904], start=2)
    )
    path = write(tmp_path / "a.xlsx", rows, is_1904=is_1904)
    assert read(path)[0] == read_otherwise(path)


@pytest.mark.parametrize("number", EAST_ASIAN)
def test_a_day_of_korean_excel_is_a_day_though_its_format_is_not_stated(tmp_path: Path, number: int) -> None:
    style = len(FORMATS) + 3 + EAST_ASIAN.index(number)
    path = write(tmp_path / "a.xlsx", f'<row r="2"><c r="A2" s="{style}"><v>40242</v></c><c r="B2"><v>1</v></c></row>')
    assert read(path)[0] == read_otherwise(path) == [("1", "2", "2010-03-05", "1")]


DATE, CLOCK = 1, 3
BELOW_1 = [
    ("1900", DATE, -5, "-5"), ("1900", DATE, -0.25, "-0.25"), ("1900", DATE, 0, "00:00:00"), ("1900", DATE, 0.5, "12:00:00"),
    ("1900", CLOCK, -0.25, "-0.25"), ("1900", CLOCK, 0.5, "12:00:00"),
    ("1904", DATE, -1, "-1"), ("1904", DATE, 0, "1904-01-01"), ("1904", DATE, 0.5, "1904-01-01 12:00:00"),
    ("1904", DATE, 1, "1904-01-02"), ("1904", CLOCK, 0, "00:00:00"), ("1904", CLOCK, 0.5, "12:00:00"),
    ("1904", CLOCK, -0.25, "-0.25"),
]  # fmt: skip
"""Date system, style, number, text: readers differ here, and Excel shows ##### for a negative date."""


@pytest.mark.parametrize(("system", "style", "number", "text"), BELOW_1)
def test_no_day_is_below_0_and_the_days_of_1904_begin_with_0(
    tmp_path: Path, system: str, style: int, number: float, text: str
) -> None:
    row = f'<row r="2"><c r="A2" s="{style}"><v>{number}</v></c><c r="B2"><v>1</v></c></row>'
    assert read(write(tmp_path / "a.xlsx", row, is_1904=system == "1904"))[0] == [("1", "2", text, "1")]


TWICE = {
    "next to each other": '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "in two cases": '<row r="2"><c r="A2"><v>1</v></c><c r="a2" t="inlineStr"><is><t>x</t></is></c></row>',
    "by counting": '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c><c><v>3</v></c></row>',
    "in two rows": '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>',
    "in two rows apart": (
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    ),
}


@pytest.mark.parametrize("rows", TWICE.values(), ids=TWICE)
def test_two_values_at_one_address_are_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(DeliveryError, match=r"a\.xlsx, sheet '\w+': two cells with a value are both [AB]2, and nobody"):
        read(write(tmp_path / "a.xlsx", rows))


LONG = {
    "a text": ('<c r="a2" t="str"><v>{}</v></c>', "cell a2 holds"),
    "a text without an address": ('<c t="str"><v>{}</v></c>', "a cell of row 2 holds"),
    "one text in the cell": ('<c r="A2" t="inlineStr"><is><t>{}</t></is></c>', "cell A2 holds"),
    "pieces of a text": ('<c r="A2" t="inlineStr"><is><r><t>{0}</t></r><r><t>{0}</t></r></is></c>', "cell A2 holds"),
    "a number": ('<c r="A2"><v>1{}</v></c>', "cell A2 holds"),
    "a percent": ('<c r="A2" s="8"><v>1{}</v></c>', "cell A2 holds"),
}


@pytest.mark.parametrize(("cell", "found"), LONG.values(), ids=LONG)
def test_a_cell_longer_than_any_is_refused_with_its_place(
    tmp_path: Path, cell: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_limits, "MOST_CHARACTERS", 20)
    path = write(tmp_path / "a.xlsx", f'<row r="2">{cell.format("0" * 19)}</row>')
    if cell.count("{") == 1 and "1{" not in cell:
        assert read(path)[0][0][2] == "0" * 19
    path = write(tmp_path / "a.xlsx", f'<row r="2">{cell.format("0" * 21)}</row>')
    with pytest.raises(DeliveryError, match=f"a.xlsx, sheet '.*': {found} more than 20 characters"):
        read(path)


def test_a_shared_text_longer_than_any_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_limits, "MOST_CHARACTERS", 8)
    path = write(tmp_path / "a.xlsx", '<row r="2"><c r="A2" t="s"><v>3</v></c></row>')
    with pytest.raises(DeliveryError, match="one of its texts, which cells share, holds more than 8 characters"):
        read(path)


class Piece(str):
    """A piece of a text that refuses to be appended to what is there, which copies all of that each time."""

    __slots__ = ()

    def __radd__(self, other: str) -> str:
        raise AssertionError(other)


def test_the_pieces_of_a_text_are_copied_once() -> None:
    text = cell_limits.CellText(lambda: "cell A1")
    text.begin()
    with pytest.raises(AssertionError):
        "what is there" + Piece("x")
    for _ in range(1000):
        text.take(Piece("x"))
    assert text.whole() == "x" * 1000


def test_styles_may_come_before_the_formats_and_fonts_that_they_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "xl/styles.xml",
            '<styleSheet><dxfs><dxf><font><strike/></font><numFmt numFmtId="201" formatCode="0%"/></dxf></dxfs>'
            '<cellXfs><xf/><xf numFmtId="200"/><xf numFmtId="9" fontId="1"/><xf numFmtId="201"/><xf numFmtId="10"/></cellXfs>'
            '<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>'
            '<numFmts><numFmt numFmtId="200" formatCode="0.0%"/><numFmt numFmtId="201" formatCode="yyyy"/>'
            '<numFmt numFmtId="10" formatCode="0"/></numFmts></styleSheet>',
        )
    with zipfile.ZipFile(path) as package:
        styles = read_styles(package, "xl/styles.xml")
    assert styles.shows == (ShownAs.NUMBER, ShownAs.NUMBER, ShownAs.NUMBER, ShownAs.MOMENT, ShownAs.NUMBER)
    assert (styles.percents, styles.struck) == ({"1", "2"}, {"2"})


@pytest.mark.parametrize("address", ["B2", "b2"])
def test_a_percent_is_reported_in_its_own_column(tmp_path: Path, address: str) -> None:
    path = write(tmp_path / "a.xlsx", f'<row r="2"><c r="{address}" s="8"><v>0.5</v></c></row>')
    rows, taken = read(path)
    assert rows == [("1", "2", "", "0.5")]
    assert taken.cells == [(1, 2, "b", "percent_format", "1 cell(s)")]


ROWS = {
    "rows in another order": '<row r="5"><c r="A5"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>',
    "rows without a number": '<row r="5"><c><v>1</v></c></row><row><c><v>2</v></c></row>',
    "cells alone say the row": '<row><c r="A3"><v>1</v></c></row><row><c r="A5"><v>2</v></c></row>',
    "blank rows between": '<row r="2"><c r="A2"><v>1</v></c></row><row r="7"/><row r="9"><c r="B9"><v>2</v></c></row>',
    "styled cells right of the table": '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row>',
    "a tag with a prefix": '<x:row r="2" xmlns:x="x"><x:c r="A2"><x:v>1</x:v></x:c></x:row>',
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=list(ROWS))
@pytest.mark.parametrize("window", [50_000, 4])
def test_rows_are_read_at_their_places(tmp_path: Path, rows: str, window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "_WINDOW_ROWS", window)
    path = write(tmp_path / "a.xlsx", rows)
    assert read(path)[0] == read_otherwise(path)


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A2" t="s"><v>99</v></c>', '<c r="A2" t="s"><v>x</v></c>', '<c r="A2" t="s"><v>-1</v></c>',
        '<c r="A2" t="n"><v>abc</v></c>', '<c r="A2" t="zz"><v>1</v></c>', '<c r="A0"><v>1</v></c>',
        '<c r="$A$2"><v>1</v></c>', '<c r="A2"><v>1</v></c><c r="B3"><v>2</v></c>',
        '<c r="AAAA2"><v>1</v></c>', '<c r="A2"><v>1</c>',
    ],
)  # fmt: skip
def test_a_cell_that_is_none_is_damage(tmp_path: Path, cells: str) -> None:
    path = write(tmp_path / "a.xlsx", f'<row r="2">{cells}</row>')
    with pytest.raises(DeliveryError, match=r"a\.xlsx: the workbook is damaged\. Save it again in Excel"):
        read(path)


def test_formulas_without_a_value_and_errors_are_reported_where_they_stand(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2"><f>B2</f></c><c r="B2" t="e"><v>#SPILL!</v></c></row>'
        '<row r="4"><c r="A4"><f>B4</f></c><c r="B4" t="e"><v>#ODD!</v></c></row><row r="5"><c r="A5" s="1"/></row>'
    )
    records, taken = read(write(tmp_path / "a.xlsx", rows))
    assert records == [("1", "2", "", ""), ("2", "4", "", "")]
    assert taken.cells == [
        (1, 2, "a", "formula_without_value", "a formula"),
        (1, 2, "b", "error_cell", "#SPILL!"),
        (2, 4, "a", "formula_without_value", "a formula"),
        (2, 4, "b", "error_cell", "an error"),
    ]
    assert taken.blank_lines == 1


def test_the_first_rows_are_there_before_the_last_are_read(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(2, 20_003))
    path = write(tmp_path / "a.xlsx", f"{rows}<row></c></row>")
    batches = examine_workbook(path, path.name, SourceFiles(file=[path.name]), lambda _: None).read_batches(Taken())
    assert next(batches).num_rows == 10_000
    with pytest.raises(DeliveryError, match="the workbook is damaged"):
        list(batches)


@pytest.mark.parametrize("most_plain", [1 << 27, 0])
def test_shared_texts_are_found_in_any_order(tmp_path: Path, most_plain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_texts, "_PLAIN_BYTES", most_plain)
    monkeypatch.setattr(shared_texts, "_HELD_CHARACTERS", 100)
    path = tmp_path / "a.xlsx"
    write_workbook(path, [HEADER], (f"텍스트 {number}" for number in range(10_000)))
    with zipfile.ZipFile(path) as package:
        texts = shared_texts.SharedTexts(package, "xl/sharedStrings.xml")
        asked = [place * 7_919 % 10_000 for place in range(3_000)] + [0, 9_999]
        assert [texts.text(str(number)) for number in asked] == [f"텍스트 {number}" for number in asked]
        with pytest.raises(ValueError, match="10000"):
            texts.text("10000")
        texts.close()


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("General", ShownAs.NUMBER), ("0.00E+00", ShownAs.NUMBER), ("@", ShownAs.NUMBER), ("#,##0;[Red]-#,##0", ShownAs.NUMBER),
        ('0.0 "mmHg"', ShownAs.NUMBER), (r"\d0", ShownAs.NUMBER), ("0_d", ShownAs.NUMBER), ("0*d", ShownAs.NUMBER),
        ("[Red]0", ShownAs.NUMBER), ("0;yyyy", ShownAs.NUMBER), ('0";"d', ShownAs.MOMENT), ("m/d/yy", ShownAs.MOMENT),
        ('[$-412]yyyy"년" m"월"', ShownAs.MOMENT), ("[Red]d", ShownAs.MOMENT),
        ("AM/PM h", ShownAs.CLOCK), ("mm:ss", ShownAs.CLOCK), ("mm", ShownAs.MOMENT), ("mmm h", ShownAs.MOMENT),
        ("[h]:mm", ShownAs.DURATION), ("[MM]", ShownAs.DURATION), ("[s].000", ShownAs.DURATION), ("yy[h]", ShownAs.MOMENT),
    ],
)  # fmt: skip
def test_what_a_format_shows(code: str, shows: ShownAs) -> None:
    assert what_shows(code) is shows
