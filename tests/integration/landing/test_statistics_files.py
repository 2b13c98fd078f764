"""Landing real SPSS and SAS files: typed columns, codes that mean missing, encodings, and what is refused."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest
from support.landing_site import Site, findings, rows

from etl.readers.statistics.transport_layout import count_transport_records
from warehouse.errors import DeliveryError

MOMENT = datetime.fromisoformat("2010-03-05T14:30:01")
FRAME = pd.DataFrame(
    {
        "번호": ["가1", "뷁2", ""],
        "성별": [1.0, 999.0, None],
        "값": [0.1, 8001011234567.0, -9.0],
        "일자": [date(2010, 3, 5), date(1950, 1, 1), None],
        "시점": [MOMENT, datetime.fromisoformat("2010-03-05"), pd.NaT],
        "시각": [time(1, 2, 3), time(0, 0), None],
        "구분": ["a", "9", "b"],
    }
)
LABELS = {"성별": {1: "남", 2: "여", 999: "모름"}, "구분": {"a": "에이"}}
MISSING = {"성별": [999, -9], "값": [{"lo": -99, "hi": -1}], "구분": ["9"]}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    return site


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("name", ["a.sav", "a.zsav"])
def test_an_spss_file_keeps_its_codes_and_what_they_mean(site: Site, con: duckdb.DuckDBPyConnection, name: str) -> None:
    site.mapping.sources = {"patients": site.source(name)}
    pyreadstat.write_sav(
        FRAME,
        site.delivery / name,
        variable_value_labels=LABELS,
        missing_ranges=MISSING,
        note="환자 홍길동",
        file_label="secret",
        compress=name == "a.zsav",
    )
    landed = site.land()
    mask = "‹resident number masked›"
    assert rows(con, landed) == [
        (1, 1, 1, "가1", "1", "0.1", "2010-03-05", "2010-03-05 14:30:01", "01:02:03", "a"),
        (1, 2, 2, "뷁2", "999", mask, "1950-01-01", "2010-03-05", "00:00:00", "9"),
        (1, 3, 3, "", "", "-9", "", "", "", "b"),
    ]
    assert con.execute(landed[0].labels_sql(1)).fetchall() == [
        (1, "성별", "1", "남", False),
        (1, "성별", "2", "여", False),
        (1, "성별", "999", "모름", True),
        (1, "성별", "-9", None, True),
        (1, "값", "-99..-1", None, True),
        (1, "구분", "a", "에이", False),
        (1, "구분", "9", None, True),
    ]
    assert findings(con, landed) == [("masked_identifier", 2, 2, "값", "resident number")]


def test_labels_of_columns_that_are_not_landed_stay_out(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.mapping.sources = {"patients": site.source("a.sav")}
    site.mapping.identity = {"성별": "drop", "구분": "pseudonymise"}
    pyreadstat.write_sav(FRAME, site.delivery / "a.sav", variable_value_labels=LABELS)
    assert con.execute(site.land()[0].labels_sql(1)).fetchall() == []


def test_a_date_declared_missing_stays_its_code(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.mapping.sources = {"patients": site.source("a.sav")}
    frame = pd.DataFrame({"d": [13487126400.0, 99999.0]})
    pyreadstat.write_sav(frame, site.delivery / "a.sav", variable_format={"d": "DATE11"}, missing_ranges={"d": [99999]})
    assert [row[3:] for row in rows(con, site.land())] == [("2010-03-05",), ("99999",)]


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_transport_file_is_read_in_its_declared_encoding(
    site: Site, con: duckdb.DuckDBPyConnection, version: int, encoding: str
) -> None:
    path = site.delivery / "dm.xpt"
    frame = pd.DataFrame(
        {
            "ID": ["뷁뷁", "각"],
            "SEX": [1.0, None],
            "DAY": [18326.0, -3652.0],
            "AT": [1583418601.0, 0.5],
            "T": [3723.0, 0.0],
        }
    )
    formats = {"DAY": "YYMMDD10.", "AT": "DATETIME20.", "T": "TIME8."}
    pyreadstat.write_xport(frame, path, file_format_version=version, variable_format=formats)
    if encoding == "cp949":
        content = path.read_bytes()
        for text in ("뷁뷁", "각"):
            raw = text.encode()
            content = content.replace(raw, text.encode("cp949").ljust(len(raw)))
        path.write_bytes(content)
    site.mapping.sources = {"patients": site.source("*.xpt", encoding=encoding)}
    landed = site.land()
    assert rows(con, landed) == [
        (1, 1, 1, "뷁뷁", "1", "2010-03-05", "2010-03-05 14:30:01", "01:02:03"),
        (1, 2, 2, "각", "", "1950-01-01", "1960-01-01 00:00:00.500000", "00:00:00"),
    ]


@pytest.mark.parametrize("version", [5, 8])
def test_records_of_any_size_are_counted_from_outside(tmp_path: Path, version: int) -> None:
    path = tmp_path / "dm.xpt"
    for width in (1, 7, 40, 79, 80, 81, 200):
        for count in (1, 2, 9, 10, 11):
            frame = pd.DataFrame({"A": ["x" * width] * count, "N": [float(count)] * count})
            pyreadstat.write_xport(frame, path, file_format_version=version)
            assert count_transport_records(path, path.name) == count


def _write_sav(path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"id": ["가나다", "뷁"], "v": [1.0, 2.0]}), path)


def _write_xpt(version: int) -> Callable[[Path], None]:
    frame = pd.DataFrame({"ID": ["가나다", "뷁"] * 20, "V": [1.0, 2.0] * 20})
    return lambda path: pyreadstat.write_xport(frame, path, file_format_version=version)


def _as_cp949(content: bytes) -> bytes:
    return content.replace("가나다".encode(), "가나다".encode("cp949") + b"   ").replace("뷁".encode(), b"\x94\xee ")


PAGE = b"<!DOCTYPE html><html><body>Session expired</body></html>" * 9
REFUSED: dict[str, tuple[str, Callable[[Path], None], Callable[[bytes], bytes], str]] = {
    "sav, other bytes": ("a.sav", _write_sav, _as_cp949, r"the text is not in the encoding that the file states\. Save it"),
    "sav, other statement": (
        "a.sav", _write_sav, lambda content: content.replace(b"UTF-8", b"CP949"), r"the text is not in the encoding that"),
    "sav, cp949 called 1252": (
        "a.sav",
        lambda path: pyreadstat.write_sav(pd.DataFrame({"id": ["각", "나"]}), path),
        lambda content: content.replace("각".encode(), "각".encode("cp949") + b" ")
        .replace("나".encode(), "나".encode("cp949") + b" ").replace(b"\x05\0\0\0UTF-8", b"\x05\0\0\0L1   "),
        r"the text is (said to be .*, but it is Korean in cp949|not in the encoding)"),
    "sav, cut short": ("a.sav", _write_sav, lambda content: content[:-8], r"the SPSS file is damaged or was cut short"),
    "sav, header cut": ("a.sav", _write_sav, lambda content: content[:200], r"the SPSS file is damaged or was cut short"),
    "sav, page": ("a.sav", _write_sav, lambda _: PAGE, r"this is no SPSS file; it looks like a web page"),
    "sav, empty": ("a.sav", _write_sav, lambda _: b"", r"the file is empty"),
    "xpt, page": ("a.xpt", _write_xpt(5), lambda _: PAGE, r"this is no SAS transport file; it looks like a web page"),
    "xpt, text": ("a.xpt", _write_xpt(5), lambda _: b"a,b\n1,2\n", r"this is no SAS transport file; it looks like a text"),
    "xpt, cut card": ("a.xpt", _write_xpt(5), lambda content: content[:-40], r"is damaged or was cut short"),
    "xpt, cut record": ("a.xpt", _write_xpt(5), lambda content: content[:-160], r"is damaged or was cut short"),
    "xpt 8, cut": ("a.xpt", _write_xpt(8), lambda content: content[:-240], r"is damaged or was cut short"),
    "xpt, header only": ("a.xpt", _write_xpt(8), lambda content: content[:400], r"is damaged or was cut short"),
    "xpt, cp949": ("a.xpt", _write_xpt(5), _as_cp949, r"the text is not utf-8, as mapping.yaml says\. State"),
    "xpt, two sets": (
        "a.xpt", _write_xpt(5), lambda content: content + content[240:], r"the file holds several data sets\. Export each"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_damaged_file_is_refused_in_one_sentence(site: Site, case: str) -> None:
    name, write, damage, message = REFUSED[case]
    path = site.delivery / name
    write(path)
    path.write_bytes(damage(path.read_bytes()))
    site.mapping.sources = {"patients": site.source(name)}
    with pytest.raises(DeliveryError, match=rf"^{name}: .*{message}"):
        site.land()
    assert not site.folder.exists() or site.leftovers() == []


def test_utf_8_declared_cp949_is_refused(site: Site) -> None:
    path = site.delivery / "a.xpt"
    pyreadstat.write_xport(pd.DataFrame({"ID": ["가나", "다라"]}), path)
    site.mapping.sources = {"patients": site.source("a.xpt", encoding="cp949")}
    with pytest.raises(
        DeliveryError, match=r"a.xpt: the text is (said to be cp949, but it is Korean in utf-8|not cp949)"
    ):
        site.land()


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("a.sav", {"encoding": "cp949"}),
        ("a.xpt", {"sheet": "DM"}),
        ("a.xpt", {"skip_rows": 1}),
        ("a.sav", {"delimiter": "|"}),
    ],
)
def test_an_option_that_does_not_go_with_the_format_is_refused(
    site: Site, name: str, option: dict[str, object]
) -> None:
    (_write_sav if name == "a.sav" else _write_xpt(5))(site.delivery / name)
    site.mapping.sources = {"patients": site.source(name, **option)}
    with pytest.raises(DeliveryError, match=rf"'{next(iter(option))}' does not go with a {name[1:]} file"):
        site.land()


def test_an_encoding_that_sas_does_not_write_is_refused(site: Site) -> None:
    _write_xpt(5)(site.delivery / "a.xpt")
    site.mapping.sources = {"patients": site.source("a.xpt", encoding="utf-16")}
    with pytest.raises(DeliveryError, match=r"a .xpt file is read as utf-8 or cp949, not as utf-16"):
        site.land()


@pytest.mark.parametrize("version", [5, 8])
def test_special_missing_values_of_sas_are_kept_and_declared(
    site: Site, con: duckdb.DuckDBPyConnection, version: int
) -> None:
    path = site.delivery / "a.xpt"
    count = 1_100
    frame = pd.DataFrame(
        {
            "ID": [f"A{n}" for n in range(count)],
            "N": [None, None, None, 1.5, 0.0, *[-3.0] * (count - 5)],
            "D": pd.Series([date(2010, 3, 5)] * (count - 1) + [None], dtype=object),
        }
    )
    pyreadstat.write_xport(frame, path, file_format_version=version, variable_format={"D": "DATE9."})
    content = bytearray(path.read_bytes())
    dot = b"." + bytes(7)
    for code in "AZ_":
        place = content.index(dot, content.rindex(b"HEADER RECORD"))
        content[place] = ord(code)
    path.write_bytes(content)
    site.mapping.sources = {"patients": site.source("a.xpt")}
    landed = site.land()
    cells = [row[3:] for row in rows(con, landed)]
    assert [cell[1] for cell in cells[:6]] == [".A", ".Z", "._", "1.5", "0", "-3"]
    assert cells[-1] == (f"A{count - 1}", "-3", "")
    assert con.execute(landed[0].labels_sql(1)).fetchall() == [
        (1, "N", ".A", None, True),
        (1, "N", ".Z", None, True),
        (1, "N", "._", None, True),
    ]


def test_a_special_missing_date_is_kept_too(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    path = site.delivery / "a.xpt"
    frame = pd.DataFrame({"ID": ["P1", "P2"], "D": pd.Series([date(2010, 3, 5), None], dtype=object)})
    pyreadstat.write_xport(frame, path, variable_format={"D": "DATE9."})
    content = bytearray(path.read_bytes())
    content[content.index(b"." + bytes(7), content.rindex(b"HEADER RECORD"))] = ord("B")
    path.write_bytes(content)
    site.mapping.sources = {"patients": site.source("a.xpt")}
    assert [row[3:] for row in rows(con, site.land())] == [("P1", "2010-03-05"), ("P2", ".B")]


@pytest.mark.parametrize("name", ["a.sav", "a.xpt"])
def test_a_record_that_repeats_the_names_of_text_variables_is_nobody(
    site: Site, con: duckdb.DuckDBPyConnection, name: str
) -> None:
    """A text with two headers was imported, so that every variable is text; what only begins so is a record."""
    header = {"ID": "ID", "SEX": "SEX", "DAY": "DAY"}
    records = [
        {"ID": "P1", "SEX": "1", "DAY": "2010-03-05"},
        header,
        {"ID": "P2", "SEX": "SEX", "DAY": ""},
        {column: cell.lower() for column, cell in header.items()},
        {"ID": "ID", "SEX": "2", "DAY": "DAY"},
    ]
    site.mapping.sources = {"patients": site.source(name)}
    write = pyreadstat.write_sav if name == "a.sav" else pyreadstat.write_xport
    write(pd.DataFrame(records), site.delivery / name)
    landed = site.land()
    assert [row[1:] for row in rows(con, landed)] == [
        (1, 1, "P1", "1", "2010-03-05"),
        (3, 3, "P2", "SEX", ""),
        (5, 5, "ID", "2", "DAY"),
    ]
    assert findings(con, landed) == [("repeated_header", 2, 2, None, None), ("repeated_header", 4, 4, None, None)]
