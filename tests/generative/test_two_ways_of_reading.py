"""The engine's reading and the careful one agree wherever the witness allows the engine's; so do the two scans."""

import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.identity.policy import IdentityFunctions, IdentityPolicy
from etl.identity.scan import mask_identifiers
from etl.readers.reader import Examination
from etl.readers.source import SourceFiles
from etl.readers.text.delimited import examine_text
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_name

CELLS = st.text(
    st.sampled_from("a0가 \"',;#\\\t%-") | st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=6
)
BREAKS = st.sampled_from(["\n", "\r\n"])


class Taken:
    """A reception that remembers."""

    def __init__(self) -> None:
        self.unreadable: list[tuple[int, int, list[str] | None]] = []
        self.blank_lines = 0
        self.cells: list[tuple[int, int, str | None, str, str]] = []

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:
        self.unreadable.append((record, line, cells))

    def take_repeated_header(self, record: int, line: int) -> None:
        self.unreadable.append((record, line, None))

    def take_blank_line(self) -> None:
        self.blank_lines += 1

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:
        self.cells.append((record, line, column, rule, found))


def examine(content: bytes, folder: str, **options: str) -> Examination:
    path = Path(folder) / "파일[1].csv"
    path.write_bytes(content)
    return examine_text(path, path.name, SourceFiles.model_validate({"file": path.name, **options}), lambda _: None)


def read_fast(examination: Examination) -> list[tuple[str, ...]] | None:
    """Rows by the engine; None when it must not or cannot read, or counts otherwise than the witness."""
    if examination.relation is None:
        return None
    names = ", ".join(map(quote_name, examination.columns))
    with duckdb.connect(config={"threads": 1}) as con:
        try:
            rows = con.execute(f"SELECT {names} FROM {examination.relation}").fetchall()
        except duckdb.Error:
            return None
    return rows if len(rows) == examination.record_count else None


def read_with_care(examination: Examination, taken: Taken) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in examination.read_batches(taken) for row in batch.to_pylist()]


@settings(max_examples=100, deadline=None)
@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)
    ),
    form=st.tuples(BREAKS, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from([",", "|", "\t"])),
    has_mark=st.booleans(),
    is_cut=st.booleans(),
)
def test_written_tables_come_back_by_both_ways(
    table: list[list[str]], form: tuple[str, int, str], has_mark: bool, is_cut: bool
) -> None:
    line_break, quoting, delimiter = form
    width = len(table[0]) if table else 2
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_break, quoting=quoting, delimiter=delimiter)
    writer.writerow([f"열{place}" for place in range(width)])
    writer.writerows(table)
    content = text.getvalue().removesuffix(line_break) if is_cut else text.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        examination = examine(content.encode("utf-8-sig" if has_mark else "utf-8"), folder, delimiter=delimiter)
        careful = read_with_care(examination, Taken())
        fast = read_fast(examination)
    assert [list(row[2:]) for row in careful] == table
    assert [row[:2] for row in careful] == [(place, place + 1) for place in range(1, len(table) + 1)]
    assert examination.record_count == len(table)
    assert examination.relation is not None
    assert fast is not None
    assert [list(row) for row in fast] == table


def test_the_engine_does_read_plain_files(tmp_path: Path) -> None:
    content = '\ufeff"성별",값,메모\r\n남,"1,5",""\r\n"여 ""F""",, x \r\n'.encode()
    examination = examine(content, str(tmp_path))
    assert examination.columns == ("성별", "값", "메모")
    assert read_fast(examination) == [("남", "1,5", ""), ('여 "F"', "", " x ")]


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.text(st.sampled_from('ab가 ",\r\n'), max_size=9), max_size=7), line_break=BREAKS)
def test_any_text_gives_the_same_rows_or_goes_the_careful_way(lines: list[str], line_break: str) -> None:
    content = ("h,i\n" + line_break.join(lines)).encode()
    with tempfile.TemporaryDirectory() as folder:
        examination = examine(content, folder)
        fast = read_fast(examination)
        taken = Taken()
        try:
            careful = read_with_care(examination, taken)
        except DeliveryError as error:
            assert "a quote opens here" in str(error)
            assert examination.record_count is None
            assert fast is None
            return
    if fast is not None:
        assert [row[2:] for row in careful] == fast
        assert [row[:2] for row in careful] == [(place, place + 1) for place in range(1, len(fast) + 1)]
        assert not taken.unreadable
        assert not taken.blank_lines
    if examination.record_count is not None:
        assert len(careful) + len(taken.unreadable) == examination.record_count


@pytest.fixture(scope="module")
def masking_engine() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    IdentityFunctions(IdentityPolicy({}, frozenset(), b"k" * 32)).register(con)
    return con


PIECES = st.sampled_from(
    [
        *(
            "800101",
            "051020",
            "1234567",
            "5234567",
            "1******",
            "*******",
            "8001011234567",
            "510204123456",
            "８００１０１",
        ),
        *("010", "02", "031", "1234", "5678", "123", "+82", "10", "a@b.kr", "8.00101", "E+12", "2007-01-01"),
        *("-", "－", " ", ")", ".", ",", "가", "x"),
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=7).map("".join) | st.text(max_size=12), min_size=1, max_size=20)


@settings(max_examples=150, deadline=None)
@given(texts=TEXTS)
def test_the_engine_masks_what_python_masks(texts: list[str], masking_engine: duckdb.DuckDBPyConnection) -> None:
    texts = [text.replace("\0", "") for text in texts]
    policy = IdentityPolicy({}, frozenset(), b"")
    narrow = policy.select(["cell"], "(SELECT unnest(?) AS cell)")
    rows = masking_engine.execute(narrow, [texts]).fetchall()
    assert [row[0] for row in rows] == [mask_identifiers(text) for text in texts]


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS)
def test_a_wide_sheet_is_masked_as_a_narrow_one_is(texts: list[str], masking_engine: duckdb.DuckDBPyConnection) -> None:
    texts = [text.replace("\0", "") for text in texts]
    columns = [f"column {place}" for place in range(150)]
    cells = [texts[place % len(texts)] for place, _ in enumerate(columns)]
    policy = IdentityPolicy({columns[3]: "drop"}, frozenset(), b"")
    given_cells = ", ".join(f"? AS {quote_name(column)}" for column in columns)
    rows = masking_engine.execute(policy.select(columns, f"(SELECT {given_cells})"), cells).fetchall()
    assert list(rows[0]) == [mask_identifiers(cell) for place, cell in enumerate(cells) if place != 3]
