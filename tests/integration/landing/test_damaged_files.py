"""Whatever a library stumbles over inside a file is one sentence, `the file is damaged`, whatever the format."""

import errno
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from support.landing_site import Site, rows

from etl import readers
from etl.readers.reader import Reception
from warehouse.errors import DeliveryError

NAMES = ("a.csv", "a.xlsx", "a.sav", "a.zsav", "a.xpt")
FRAME = pd.DataFrame({"ID": ["a", "b"], "N": [1.0, 2.0]})


class PanicException(BaseException):
    """What a library in Rust raises when it gives up."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    return site


def deliver(site: Site, name: str) -> Path:
    """Write a whole file of a format."""
    path = site.delivery / name
    site.mapping.sources = {"patients": site.source(name)}
    if path.suffix == ".csv":
        FRAME.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("환자")
            for row, cells in enumerate((tuple(FRAME.columns), *FRAME.itertuples(index=False))):
                sheet.write_row(row, 0, cells)
            sheet.merge_range(5, 0, 5, 1, "merged")
            sheet.write_datetime(6, 1, pd.Timestamp("2010-03-05"), book.add_format({"num_format": "yyyy-mm-dd"}))
    elif path.suffix == ".xpt":
        pyreadstat.write_xport(FRAME, path)
    else:
        pyreadstat.write_sav(FRAME, path, compress=path.suffix == ".zsav")
    return path


class Failing:
    """A reader that opens a file and fails on the way, as its library would."""

    def __init__(self, error: BaseException, *, late: bool) -> None:
        self.error, self.late = error, late

    def plant(self, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
        reader = readers.READERS[suffix]

        def examine(*arguments: object) -> object:
            if not self.late:
                raise self.error
            return replace(reader.examine(*arguments), relation=None, read_batches=self.read)  # type: ignore[arg-type]

        monkeypatch.setitem(readers.READERS, suffix, replace(reader, examine=examine))

    def read(self, _: Reception) -> Iterator[object]:
        raise self.error
        yield


@pytest.mark.parametrize("late", [False, True], ids=["examined", "read"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "error",
    [
        struct.error("900101-1234567"),
        RecursionError("deep"),
        AttributeError("'NoneType' object has no attribute 'get'"),
        OSError(errno.EINVAL, "Invalid argument"),
        OSError("no number at all"),
        PanicException("index out of bounds"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_library_raises_is_a_damaged_file(
    error: BaseException, name: str, late: bool, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(site, name)
    Failing(error, late=late).plant(monkeypatch, Path(name).suffix)
    with pytest.raises(DeliveryError, match=rf"^{name}: the file is damaged: .*\({type(error).__name__}\)") as caught:
        site.land()
    assert "900101" not in str(caught.value)


@pytest.mark.parametrize("late", [False, True], ids=["examined", "read"])
@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left"), OSError(errno.EIO, "I/O error"), MemoryError(), KeyboardInterrupt()],
    ids=lambda error: type(error).__name__,
)
def test_what_is_no_fault_of_the_file_passes(
    error: BaseException, late: bool, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deliver(site, "a.csv")
    Failing(error, late=late).plant(monkeypatch, ".csv")
    with pytest.raises(type(error)) as caught, readers.damage_reported(path.name):
        readers.examine_file(path, site.mapping.sources["patients"], lambda _: None)[1].read_batches(None)  # type: ignore[arg-type]
        raise error
    assert caught.value is error


def with_part(path: Path, part: str, damage: object) -> None:
    """Write a workbook again with one part changed."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = damage(parts[part])  # type: ignore[operator]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


SHEET, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        (SHEET, lambda xml: xml.replace(b'ref="A6:B6"', b'ref="A6:"')),
        (SHEET, lambda xml: xml.replace(b'ref="A6:B6"', b'ref="-1"')),
        (SHEET, lambda xml: xml.replace(b'r="B2"', b'r="2B"')),
        (SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="x"')),
        (SHEET, lambda xml: xml.replace(b't="s"', b't="q"')),
        (SHEET, lambda xml: xml[: len(xml) // 2]),
        (SHEET, lambda _: b""),
        (SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>\x00\xff")),
        (SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>99</v>")),
        (WORKBOOK, lambda xml: xml.replace(b"r:id", b"r:xx")),
        (WORKBOOK, lambda xml: xml[: len(xml) // 2]),
        ("xl/styles.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/sharedStrings.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"Target", b"Targit")),
    ],
)
def test_a_damaged_part_of_a_workbook_is_a_sentence_or_harmless(part: str, damage: object, site: Site) -> None:
    path = deliver(site, "a.xlsx")
    with_part(path, part, damage)
    try:
        landed = site.land()
    except DeliveryError as error:
        assert str(error).startswith("a.xlsx")
    else:
        with duckdb.connect() as con:
            assert len(rows(con, landed)) == 4


@pytest.mark.parametrize("offset", range(2, 46, 2))
def test_a_damaged_directory_of_a_workbook_is_a_sentence_or_harmless(offset: int, site: Site) -> None:
    """Every field of the directory's first entry in turn: sizes, names, and the offset, which may lie outside."""
    path = deliver(site, "a.xlsx")
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02") + offset
    content[place : place + 2] = b"\xff\xff"
    path.write_bytes(content)
    try:
        site.land()
    except DeliveryError as error:
        assert str(error).startswith("a.xlsx")


@pytest.mark.parametrize("column_format", ["DATE11", "DATETIME20", "TIME8", "MOYR8"])
@pytest.mark.parametrize("number", [1e18, 1e300, -1e300])
def test_a_moment_beyond_every_calendar_is_its_number(number: float, column_format: str, site: Site) -> None:
    site.mapping.sources = {"patients": site.source("a.sav")}
    frame = pd.DataFrame({"ID": ["a"], "D": [number]})
    pyreadstat.write_sav(frame, site.delivery / "a.sav", variable_format={"D": column_format})
    with duckdb.connect() as con:
        ((*_, text),) = rows(con, site.land())
    assert float(text) == number


def test_a_column_without_a_name_is_a_sentence(site: Site) -> None:
    path = deliver(site, "a.sav")
    content = path.read_bytes()
    assert content.count(b"ID      ") == 1
    path.write_bytes(content.replace(b"ID      ", b"        ").replace(b"ID=ID", b"  =  "))
    with pytest.raises(DeliveryError, match=r"^a\.sav"):
        site.land()
