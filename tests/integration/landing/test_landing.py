"""Landing real files: what each kind of damage leads to, and what is left on the disk."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from support.landing_site import HEADER, KEY, Site, findings, rows

from etl.identity.pseudonym import pseudonym
from etl.landing.land import forget_landed
from etl.landing.landed_file import expose, raw_rows_sql, unreadable_cells, unreadable_rows
from etl.loads.size_check import check_size
from warehouse.errors import DeliveryError, EnvironmentRefusal


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_rows_arrive_as_text_at_their_address_without_identities(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.write(HEADER + "P1,홍길동,남,\nP2,김철수,여, x \n-,이영희,,1_000\n")
    landed = site.land()
    assert rows(con, landed) == [
        (1, 1, 2, pseudonym(KEY, "P1"), "남", ""),
        (1, 2, 3, pseudonym(KEY, "P2"), "여", " x "),
        (1, 3, 4, "-", "", "1_000"),
    ]
    assert landed[0].header == ("번호", "이름", "성별", "메모")
    assert landed[0].columns == ("번호", "성별", "메모")
    assert landed[0].column_use == {"번호": "pseudonymised", "이름": "dropped"}
    assert (landed[0].record_count, landed[0].unreadable_count, landed[0].has_addresses) == (3, 0, False)
    assert findings(con, landed) == []


def test_ragged_record_is_set_aside_with_its_address_and_the_rest_loads(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    site.write(HEADER + 'P1,홍길동,남,"두\n줄"\n\nP2,김철수,여\nP3,박,남,5,6\nP4,최,여,\nP5,이,남,"a"b\nP6,정,남,z\n')
    landed = site.land()
    assert [row[1:3] + row[5:] for row in rows(con, landed)] == [(1, 2, "두\n줄"), (4, 7, ""), (6, 9, "z")]
    assert landed[0].record_count == 6
    assert landed[0].unreadable_count == 3
    assert findings(con, landed) == [
        ("blank_lines", None, None, None, "1"),
        ("broken_quotes", 5, 8, None, None),
        ("ragged_record", 2, 5, None, "3"),
        ("ragged_record", 3, 6, None, "5"),
    ]
    quarantined = con.execute(unreadable_rows([(1, landed[0])])).fetchall()
    assert quarantined == [
        ("", 1, 2, 5, None, ["ragged_record"], "error"),
        ("", 1, 3, 6, None, ["ragged_record"], "error"),
        ("", 1, 5, 8, None, ["broken_quotes"], "error"),
    ]
    cells = con.execute(unreadable_cells([(1, landed[0])])).fetchall()
    assert [(source_id, record) for source_id, record, _ in cells] == [(1, 2), (1, 3), (1, 5)]
    assert [json.loads(raw) for *_, raw in cells] == [
        {"번호": "‹withheld›", "이름": "‹withheld›", "성별": "여"},
        {"번호": "‹withheld›", "이름": "‹withheld›", "성별": "‹withheld›", "메모": "5", "(cell 5)": "6"},
        {"(record)": "‹withheld›"},
    ]


@pytest.mark.parametrize("tail", ["P2,김,여,y,\n", "P2,김,여\n"])
def test_one_cell_too_many_or_too_few_is_never_passed_over(
    site: Site, con: duckdb.DuckDBPyConnection, tail: str
) -> None:
    site.write(HEADER + "P1,홍,남,x\n" + tail)
    landed = site.land()
    assert len(rows(con, landed)) == 1
    assert landed[0].unreadable_count == 1


def test_lost_final_newline_and_blank_lines_are_told(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.write("\n" + HEADER + "\r\n\nP1,홍,남,x\n\n\nP2,김,여,y")
    landed = site.land()
    assert [row[1:3] for row in rows(con, landed)] == [(1, 5), (2, 8)]
    assert findings(con, landed) == [
        ("blank_lines", None, None, None, "5"),
        ("no_final_newline", None, None, None, None),
    ]


def test_reordered_and_decomposed_headers_bind_by_name(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.mapping.sources = {"patients": site.source("환자*.csv", many=True)}
    site.write(HEADER + "P1,홍,남,x\n", "환자1.csv")
    site.write(
        unicodedata.normalize("NFD", "메모,이름,번호,추가\ny,김,P2,z\n"), unicodedata.normalize("NFD", "환자2.csv")
    )
    landed = site.land()
    expose(con, list(enumerate(landed, start=1)))
    query = 'SELECT _source_id, _record, 번호, 성별, 메모, 추가 FROM delivery."patients" ORDER BY ALL'
    assert con.execute(query).fetchall() == [
        (1, 1, pseudonym(KEY, "P1"), "남", "x", None),
        (2, 1, pseudonym(KEY, "P2"), None, "y", "z"),
    ]
    assert [file.file for file in landed] == ["환자1.csv", "환자2.csv"]


def test_other_encodings_are_read_strictly(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    text = HEADER + "P1,홍,남,뷁\nP2,김,여,µ\n".replace("µ", "μ")
    for encoding in ("cp949", "utf-16"):
        site.mapping.sources = {"patients": site.source("환자*.csv", encoding=encoding)}
        site.write(text.encode(encoding))
        assert [row[4:] for row in rows(con, site.land())] == [("남", "뷁"), ("여", "μ")]


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "utf-8", r"^환자.csv: the file is empty. Ask for it again"),
    "blank": (b"\n\r\n\n", "utf-8", r"nothing but blank lines"),
    "byte order mark only": (b"\xef\xbb\xbf", "utf-8", r"nothing but blank lines"),
    "header only": (HEADER.encode(), "utf-8", r"a header and no record. .*manifest.json say that it has 0 records"),
    "NUL": ((HEADER + "P1,홍,남,x\nP2,김,여,\0\n").encode(), "utf-8", r"환자.csv line 3: a NUL character was found"),
    "repeated header": (b"a,b,A\n1,2,3\n", "utf-8", r"names column 'a' 2 times, as columns 1 and 3; names must differ"),
    "repeated in NFC": (("é,e\u0301\n1,2\n").encode(), "utf-8", r"names column 'é' 2 times"),
    "reserved header": (b"_record,b\n1,2\n", "utf-8", r"column name '_record' is reserved"),
    "identifier in header": (b"P1,800101-1234567\n1,2\n", "utf-8", r"header of column 2 holds a resident number"),
    "not utf-8": (
        (HEADER + "P1,홍,남,").encode() + b"\xff\n",
        "utf-8",
        r"line 2: byte 39 is not valid utf-8.*true encoding",
    ),
    "not cp949": ("번호,이름\n1,2\n".encode("cp949") + b"x,\x80\n", "cp949", r"line 3: byte 16 is not valid cp949"),
    "cp949 as utf-8": (
        (HEADER + "P1,홍길동,남,x\n").encode("cp949"),
        "utf-8",
        r"Korean text in cp949: state 'encoding: cp949'",
    ),
    "utf-16 as utf-8": ((HEADER + "P1,홍,남,x\n").encode("utf-16"), "utf-8", r"Korean text in utf-16: state"),
    "utf-8 as cp949": ((HEADER + "P1,홍길동,남,x\n").encode(), "cp949", r"(Korean text|state 'encoding:) .*utf-8"),
    "utf-8 as utf-16": (b"a,b\n1,2\n3", "utf-16-le", r"is not valid utf-16-le"),
    "unknown encoding": (b"a\n1\n", "klingon", r"'klingon' is not an encoding"),
    "quote never closed": (b'a,b\n1,2\n3,"x\n4,5\n6,7\n', "utf-8", r"line 3: a quote opens here and is never closed"),
    "quote closed by another": (b'a,b\n1,"x\n2,"y"\n3,4\n', "utf-8", r"line 2: a quote opens here and is never closed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_in_one_sentence_and_leaves_nothing(site: Site, case: str) -> None:
    content, encoding, message = REFUSED[case]
    site.mapping.identity = {}
    site.mapping.sources = {"patients": site.source("환자*.csv", encoding=encoding)}
    site.write(content)
    with pytest.raises(DeliveryError, match=message) as caught:
        site.land()
    assert "800101" not in str(caught.value)
    if site.folder.exists() and case != "header only":
        assert site.leftovers() == []


def test_korean_utf8_is_not_taken_for_another_encoding(site: Site) -> None:
    site.mapping.sources = {"patients": site.source("환자*.csv", encoding="cp1252")}
    site.mapping.identity = {}
    site.write("가나,이름\n1,2\n".replace("가나", "성별뷀"))
    with pytest.raises(DeliveryError, match=r"(the bytes are Korean text in utf-8|is not valid cp1252)"):
        site.land()
    site.mapping.sources = {"patients": site.source("환자*.csv", encoding="latin-1")}
    with pytest.raises(DeliveryError, match="mapping says latin-1, but the bytes are Korean text in utf-8"):
        site.land()


def test_file_that_is_not_there_any_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.write(HEADER + "P1,홍,남,x\n")
    import etl.landing.land

    match = etl.landing.land.match_files

    def match_then_lose(*arguments: object) -> object:
        matched = match(*arguments)  # type: ignore[arg-type]
        path.unlink()
        return matched

    monkeypatch.setattr(etl.landing.land, "match_files", match_then_lose)
    with pytest.raises(DeliveryError, match=r"환자.csv: the file cannot be read \(No such file or directory\)"):
        site.land()


def test_unknown_kind_of_file(site: Site) -> None:
    site.mapping.sources = {"patients": site.source("환자*")}
    site.write(b"%PDF", "환자.pdf")
    with pytest.raises(DeliveryError, match=r"환자.pdf: no reader for this kind of file. There are readers for .csv"):
        site.land()


def test_rows_above_the_header_are_passed_over_and_its_rows_are_joined(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    site.mapping.identity = {}
    site.write("제목, 2026\n\n번호,방문1,,비고\n,영상일,크기,\nP1,2010-03-05,1.5,\n\nP2,,2,x\n")
    site.mapping.sources = {"patients": site.source("환자*.csv", skip_rows=2, header_rows=2)}
    landed = site.land()
    assert landed[0].header == ("번호", "방문1 / 영상일", "방문1 / 크기", "비고")
    assert [row[1:] for row in rows(con, landed)] == [(1, 5, "P1", "2010-03-05", "1.5", ""), (2, 7, "P2", "", "2", "x")]
    assert findings(con, landed) == [("blank_lines", None, None, None, "1")]


def test_a_header_that_is_not_there_is_refused(site: Site) -> None:
    site.write(HEADER + "P1,홍,남,x\n")
    site.mapping.sources = {"patients": site.source("환자*.csv", skip_rows=2)}
    with pytest.raises(DeliveryError, match=r"nothing but blank lines below the 2 that are skipped"):
        site.land()
    site.mapping.sources = {"patients": site.source("환자*.csv", skip_rows=1, header_rows=2)}
    with pytest.raises(DeliveryError, match=r"ends within the 2 rows of its header below the 1 that are skipped"):
        site.land()


def test_renamed_identity_column_stops_everything(site: Site) -> None:
    site.write("번호,성명,성별,메모\nP1,홍길동,남,x\n")
    with pytest.raises(DeliveryError, match=r"no file has the column '이름' that mapping.yaml names under 'identity:'"):
        site.land()
    assert not site.folder.exists()


def test_manifest_tells_a_file_cut_in_half(site: Site) -> None:
    whole = HEADER + "P1,홍,남,x\nP2,김,여,y\n"
    site.write(whole)
    sha256 = site.land()[0].sha256
    manifest = site.delivery / "manifest.json"
    manifest.write_text(json.dumps({"files": {"환자.csv": {"sha256": sha256.upper(), "records": 2}}}))
    assert site.land()[0].record_count == 2
    site.write(HEADER + "P1,홍,남,x\n")
    with pytest.raises(DeliveryError, match=r"환자.csv: the SHA-256 is .*cut short or changed on its way"):
        site.land()
    manifest.write_text(json.dumps({"files": {"환자.csv": {"records": 2}}}))
    with pytest.raises(DeliveryError, match=r"환자.csv: 1 records, but manifest.json says 2"):
        site.land()


def test_manifest_may_vouch_for_an_empty_file(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.write(HEADER)
    (site.delivery / "manifest.json").write_text(json.dumps({"files": {"환자.csv": {"records": 0}}}))
    landed = site.land()
    assert landed[0].record_count == 0
    assert rows(con, landed) == []


def test_size_is_held_against_the_last_delivery_by_source(site: Site) -> None:
    site.write(HEADER + "P1,홍,남,x\n" * 79)
    landed = site.land()
    check_size(landed, {("patients", "환자_10.csv"): 98})
    check_size(landed, {("labs", "labs.csv"): 1000})
    check_size(landed, {})
    with pytest.raises(DeliveryError, match=r"source 'patients' has 79 records, 79 % of the 100 .*80 % .*--accept"):
        check_size(landed, {("patients", "환자_10a.csv"): 60, ("patients", "환자_10b.csv"): 40})


def test_every_masked_cell_is_told_and_a_column_of_identifiers_is_masked_wholly(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    site.mapping.identity = {}
    lines = [
        "번호,주민,메모\n",
        *(f"P{place},80010{place}-1234567,\n" for place in range(1, 4)),
        "P4,팔십년생,보호자 010-1234-5678\n",
    ]
    site.write("".join(lines))
    landed = site.land()
    mask = "‹column masked›"
    assert [row[3:] for row in rows(con, landed)] == [
        ("P1", mask, ""),
        ("P2", mask, ""),
        ("P3", mask, ""),
        ("P4", mask, "보호자 ‹phone number masked›"),
    ]
    assert findings(con, landed) == [
        ("masked_column", None, None, "주민", "resident number"),
        ("masked_identifier", 4, 5, "메모", "phone number"),
    ]
    assert landed[0].column_use == {"주민": "masked"}
    assert landed[0].masked_count == 4


@pytest.mark.parametrize("beside", [0, 150])
def test_an_exponent_is_masked_in_a_text_and_reported_in_a_measured_column(
    site: Site, con: duckdb.DuckDBPyConnection, beside: int
) -> None:
    """2.30115E+12 is a viral load where the mapping reads a number, and else a resident number that Excel shortened."""
    site.mapping.identity = {}
    others = [f"열{number}" for number in range(beside)]
    header = ",".join(["바이러스", "메모", *others])
    site.write(f"{header}\n2.30115E+12,2.30115E+12{',' * beside}\n8001011234567,x{',1' * beside}\n")
    landed = site.land(measured=frozenset({"바이러스", *others}))
    assert [row[3:5] for row in rows(con, landed)] == [
        ("2.30115E+12", "‹resident number masked›"),
        ("‹resident number masked›", "x"),
    ]
    assert findings(con, landed) == [
        ("masked_identifier", 1, 2, "메모", "resident number"),
        ("masked_identifier", 2, 3, "바이러스", "resident number"),
        ("number_or_identifier", 1, 2, "바이러스", "resident number"),
    ]
    assert landed[0].masked_count == 2
    (again,) = site.land()
    assert again.path != landed[0].path, "the file must be landed again when a column is a measured one no more"


def test_a_column_is_searched_for_what_its_mapping_switches_on(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.mapping.identity = {}
    site.mapping.scan = {"메모": ["name", "address", "chart_number"]}
    cell = "홍길동님 12345678 종로구 율곡로 12"
    site.write(f"성별,메모\n{cell},{cell}\n남\n남,{cell},{cell}\n")
    landed = site.land()
    masked = "‹name masked›님 ‹chart number masked› ‹address masked›"
    assert [row[3:5] for row in rows(con, landed)] == [(cell, masked)]
    assert {row[0::4] for row in findings(con, landed) if row[0] == "masked_identifier"} == {
        ("masked_identifier", kind) for kind in ("name", "chart number", "address")
    }
    (raw,) = con.execute(f"SELECT raw FROM '{landed[0].path / 'unreadable.parquet'}' WHERE field_count = 3").fetchall()
    assert json.loads(raw[0]) == {"성별": "남", "메모": masked, "(cell 3)": masked}
    site.mapping.scan = {"메므": ["name"]}
    with pytest.raises(DeliveryError, match=r"no file has the column '메므' that mapping.yaml names under 'scan:'"):
        site.land()


def test_a_cell_as_long_as_a_date_is_scanned_as_well(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.mapping.identity = {}
    site.write("번호,주민,메모\nP1,x,abc@def.kr\nP2,x,2010-03-05\n")
    assert [row[5] for row in rows(con, site.land())] == ["‹e-mail address masked›", "2010-03-05"]


IDENTITIES = ["홍길동", "김철수", "P-0001", "800101-1234567", "8001011234567", "010-1234-5678", "gil@dong.kr", "HOSP77"]
LEAKY = (
    "HOSP77,홍길동,남,800101-1234567 수술\n"
    'HOSP77,김철수,여,"전화 010-1234-5678, gil@dong.kr"\n'
    "P-0001,홍길동,남,8001011234567\n"
)


@pytest.mark.parametrize(
    "ragged", ["", 'HOSP77,홍길동,x,남,800101-1234567\nP-0001,김철수\n\nHOSP77,"홍길동"x,1,2\n,HOSP77,김철수,,\n']
)
def test_no_raw_identity_in_any_file_that_landing_leaves(
    site: Site, con: duckdb.DuckDBPyConnection, ragged: str
) -> None:
    site.write(HEADER + LEAKY + ragged)
    landed = site.land()
    assert landed[0].has_addresses == bool(ragged)
    text = ""
    for path in site.settings.data_dir.rglob("*"):
        if path.suffix == ".parquet":
            text += str(con.execute(f"SELECT * FROM '{path}'").fetchall())
            text += str(con.execute(f"SELECT * FROM parquet_metadata('{path}')").fetchall())
        elif path.is_file() and not path.is_relative_to(site.settings.raw_dir):
            text += path.read_text(encoding="utf-8")
    assert "‹resident number masked›" in text
    assert [identity for identity in IDENTITIES if identity in text] == []


def test_raw_row_of_an_address_comes_back_as_json(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.write(HEADER + 'P1,홍,남,x\nP2,김,여,"그는 ""예"" \\ 라고"\n')
    landed = site.land()
    expose(con, [(7, landed[0])])
    raw = raw_rows_sql("patients", landed[0].columns, addresses="SELECT 7 AS _source_id, 2 AS _record")
    [(source_id, record, line, text)] = con.execute(raw).fetchall()
    assert (source_id, record, line) == (7, 2, 3)
    assert json.loads(text) == {"번호": pseudonym(KEY, "P2"), "성별": "여", "메모": '그는 "예" \\ 라고'}


def test_same_bytes_are_landed_once_and_other_policies_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import etl.landing.land

    landings = []
    write_rows = etl.landing.land.write_rows
    monkeypatch.setattr(etl.landing.land, "write_rows", lambda *a, **k: landings.append(1) or write_rows(*a, **k))
    site.write(HEADER + "P1,홍,남,x\n")
    first = site.land()
    assert site.land() == first
    assert len(landings) == 1
    changes: list[Callable[[], object]] = [
        lambda: site.mapping.identity.update(메모="drop"),
        lambda: site.mapping.missing.append("P1"),
        lambda: site.write(HEADER + "P1,홍,여,x\n"),
    ]
    for count, change in enumerate(changes, start=2):
        change()
        assert site.land()[0].path != first[0].path
        assert len(landings) == count
    (first[0].path / "rows.parquet").unlink()
    site.mapping.identity.pop("메모")
    site.mapping.missing.pop()
    site.write(HEADER + "P1,홍,남,x\n")
    assert site.land() == first
    assert (first[0].path / "rows.parquet").exists()


def run_landing(site: Site, before: str) -> subprocess.Popen[str]:
    """Land in a process of its own, after `before`, which may set traps."""
    code = textwrap.dedent(
        f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[3])!r})
        from pathlib import Path
        from types import SimpleNamespace
        from etl.delivery.folder import find_delivery
        from warehouse.errors import HccError
        from warehouse.progress import Silent
        from etl.settings import Settings
        from etl.readers.source import SourceFiles
        import etl.landing.land
        settings = Settings(data_dir=Path({str(site.settings.data_dir)!r}))
        source = SourceFiles(file=["환자*.csv"])
        mapping = SimpleNamespace(identity={{"번호": "pseudonymise", "이름": "drop"}}, scan={{}}, missing=["", "-"],
                                  sources={{"patients": source}})
        delivery = find_delivery(settings.raw_dir, "snuh")
        """
    )
    code += textwrap.dedent(before)
    code += textwrap.dedent(
        f"""
        try:
            etl.landing.land.land_delivery(delivery, mapping, settings=settings,
                key=bytes({list(KEY)}), progress=Silent(), identity_of=dict(), used_of=None)
        except HccError as error:
            print(type(error).__name__, error, flush=True)
        """
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


TRAPS = {
    "while rows are written": "etl.landing.rows._write_findings = lambda *a, **k: stop()",
    "before the name is given": "etl.landing.land._make_final = lambda *a: stop()",
    "in the middle of syncing": "warehouse.file.whole_file.sync = lambda path: stop()",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_kill_leaves_nothing_under_the_final_name_and_the_next_run_works(
    site: Site, con: duckdb.DuckDBPyConnection, trap: str
) -> None:
    site.write(HEADER + "P1,홍,남,x\n")
    stop = """
        import etl.landing.rows, warehouse.file.whole_file
        def stop():
            print("here", flush=True)
            import threading; threading.Event().wait()
        """
    with run_landing(site, textwrap.dedent(stop) + TRAPS[trap]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGKILL)
    assert [name.startswith(".draft-") for name in site.leftovers()] == [True]
    landed = site.land()
    assert site.leftovers() == [landed[0].path.name]
    assert len(rows(con, landed)) == 1


def test_full_disk_is_a_sentence(site: Site) -> None:
    site.write(HEADER + "".join(f"P{place},홍,남,{place * 7919}\n" for place in range(50_000)))
    limit = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        """
    with run_landing(site, limit) as process:
        output, _ = process.communicate()
    assert output.startswith("EnvironmentRefusal")
    assert "writing failed with" in output
    assert "HCC_DATA_DIR" in output
    assert site.leftovers() == []


def test_folder_that_cannot_be_written_is_a_sentence(site: Site) -> None:
    site.write(HEADER + "P1,홍,남,x\n")
    site.settings.landed_dir.write_text("a file in the way")
    with pytest.raises(EnvironmentRefusal, match=r"landed/snuh: cannot be written \(Not a directory\)"):
        site.land()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder_is_a_sentence(site: Site) -> None:
    site.write(HEADER + "P1,홍,남,x\n")
    site.settings.landed_dir.mkdir(mode=0o500)
    with pytest.raises(EnvironmentRefusal, match=r"cannot be written \(Permission denied\)"):
        site.land()


@pytest.mark.parametrize("mark", ["", "\ufeff", "\u200b", " "])
@pytest.mark.parametrize("tail", ["", 'P3,박,남,"a\nb"\n'], ids=["plain lines", "a note of two lines"])
def test_a_record_that_repeats_the_header_is_nobody(
    site: Site, con: duckdb.DuckDBPyConnection, mark: str, tail: str
) -> None:
    site.write(HEADER + "P1,홍,남,x\n" + mark + HEADER + "P2,김,여,y\n" + tail)
    landed = site.land()
    assert [row[1:4] for row in rows(con, landed)][:2] == [(1, 2, pseudonym(KEY, "P1")), (3, 4, pseudonym(KEY, "P2"))]
    assert (landed[0].unreadable_count, landed[0].record_count) == (1, 4 if tail else 3)
    assert findings(con, landed) == [("repeated_header", 2, 3, None, None)]


def test_a_record_that_only_begins_like_the_header_is_a_record(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    site.write(HEADER + "번호,이름,성별,x\n번호,홍,성별,메모\nP1,홍,남,x\n")
    landed = site.land()
    assert len(rows(con, landed)) == 3
    assert findings(con, landed) == []


@pytest.mark.parametrize("sign", ["\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\u200e"])
def test_an_invisible_character_makes_no_second_patient(site: Site, con: duckdb.DuckDBPyConnection, sign: str) -> None:
    site.write(
        f"번호,이름,{sign}성별{sign},메모\n{sign}P1,홍,남,x\nP1{sign},홍,남,y\nP{sign}1,홍,남,z\n{sign},홍,남,z\n"
    )
    landed = site.land()
    assert landed[0].header == ("번호", "이름", "성별", "메모")
    assert [row[3] for row in rows(con, landed)] == [pseudonym(KEY, "P1")] * 3 + [sign]


def test_a_stray_quote_that_swallows_records_is_refused(site: Site) -> None:
    site.write(HEADER + 'P1,홍,남,"a\nP2,김,여,x\nP3,박,남,b"\nP4,최,여,y\n')
    with pytest.raises(DeliveryError, match=r"line 2: a quote opens here and closes on line 4, but line 3") as caught:
        site.land()
    assert "김" not in str(caught.value)
    assert site.leftovers() == []


def test_of_a_link_among_the_landed_files_only_the_link_is_forgotten(site: Site, tmp_path: Path) -> None:
    site.write(HEADER + "1,가,남,\n")
    site.land()
    own = tmp_path / "own"
    own.mkdir()
    (own / "file").write_text("kept", encoding="utf-8")
    (site.folder / "link").symlink_to(own)
    (site.folder / "stray").write_text("a file", encoding="utf-8")
    forget_landed(site.settings)
    assert site.leftovers() == []
    assert (own / "file").read_text(encoding="utf-8") == "kept"
