"""An export: every cell and label comes back, whole or not at all, and what a format does not take is said."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from support.exported_cells import (
    as_csv,
    as_statistics,
    as_workbook,
    expected,
    in_order,
    plain_rows,
    read_csv,
    read_workbook,
    types,
)
from support.new_warehouse import copy_new_warehouse

from etl.export import statistics_files, workbooks
from etl.export.export import PERSONAL, export
from etl.export.formats import Format
from etl.study.freeze.manifest import MANIFEST, check_frozen
from warehouse.errors import EnvironmentRefusal, NotFoundError, RefusedError
from warehouse.reading.query import reading

NASTY = "analysis.nasty"
LONG_NAME = "a_name_of_more_than_thirty_two_characters"
MAKE = f"""
CREATE TABLE {NASTY} (
    text VARCHAR, sex VARCHAR, {LONG_NAME}_1 VARCHAR, {LONG_NAME}_2 BIGINT, "IF" VARCHAR, "나이" SMALLINT,
    is_odd BOOLEAN, small TINYINT, large BIGINT, huge BIGINT, exact_ DECIMAL(18, 6), endless DECIMAL(38, 10), number DOUBLE,
    day DATE, old_day DATE, moment TIMESTAMP, grades SMALLINT[]
);
COMMENT ON TABLE {NASTY} IS 'What is hard to write.';
COMMENT ON COLUMN {NASTY}.sex IS 'Sex, "as recorded". Code list: sex.';
COMMENT ON COLUMN {NASTY}.number IS 'A number of mm, {"길다 " * 100}. And more.';
INSERT INTO {NASTY} VALUES
(
    'comma, "quote" and' || chr(10) || 'line', 'male', repeat('가', 100), 1, 'x', 45,
    true, 101, 2147483621, 9007199254740993, 1.800001, 12345678901234567890.0123456789, 0.1,
    '2013-12-04', '1582-10-14', '2013-12-04 05:06:07.123456', [1, 2]
),
(
    '=HYPERLINK("http://x")', 'female', '', 2, '''=1', NULL,
    false, -127, -2147483621, -9007199254740993, -0.000001, -0.0000000001, 'nan',
    '9999-12-31', '0001-01-01', '1960-01-01', []
),
('+82', NULL, NULL, NULL, '-', 0, NULL, NULL, NULL, NULL, NULL, NULL, 'inf', NULL, NULL, NULL, NULL),
('', 'male', 'a', 9007199254740992, '@x', 32741, true, 127, 0, 0, 0, 0, '-inf', '1899-12-31', '2100-12-31', NULL, [NULL]),
(chr(9) || 'tab', 'male', repeat('x', 3000), 0, '-5', 101, true, 0, 7, 7, 7, 7, 1e300, '1582-10-15', NULL, NULL, NULL),
('in' || chr(13) || chr(10) || 'two', 'male', '한 e\u0301', 0, '''''-', 1, true, 0, 7, 7, 7, 7, 5e-324, NULL, NULL, NULL, NULL);
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copy_new_warehouse(tmp_path_factory.mktemp("export") / "warehouse.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(MAKE)
    return path


@pytest.fixture
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(warehouse) as con:
        yield con


def codebook(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        return {row["column"]: row for row in csv.DictReader(file)}


def test_every_cell_comes_back_from_csv(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.csv)
    rows = [tuple(map(as_csv, row)) for row in expected(con, NASTY)]
    # one number may be spelt in two ways: 5e-324, 0E-10
    assert in_order(_numbers(read_csv(tmp_path / "out" / "analysis.nasty.csv"))) == in_order(_numbers(rows))
    text = (tmp_path / "out" / "analysis.nasty.csv").read_text(encoding="utf-8")
    assert "\"'=HYPERLINK(" in text
    assert '"+82"' in text, "a number is no formula"
    assert codebook(tmp_path / "out")["text"]["note"].startswith("2 texts that a spreadsheet could take for formulas")


def _numbers(rows: list[tuple[str | None, ...]]) -> list[tuple[object, ...]]:
    return [
        (*row[:11], row[11] and Decimal(row[11]).normalize(), row[12] and repr(float(row[12])), *row[13:])
        for row in rows
    ]


def test_every_cell_and_what_it_means_comes_back_from_parquet(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.parquet)
    path = tmp_path / "out" / "analysis.nasty.parquet"
    with duckdb.connect() as other:
        back = other.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        described = other.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
    assert sorted(map(repr, back)) == sorted(map(repr, expected(con, NASTY))), "NaN is no number, and equals none"
    assert [kind for _, kind, *_ in described] == types(con, NASTY)
    schema = pq.read_schema(path)
    assert schema.metadata[b"comment"] == b"What is hard to write."
    assert schema.field("sex").metadata[b"code_list"] == b"sex"


def test_every_cell_comes_back_from_a_workbook(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.xlsx)
    rows = [tuple(map(as_workbook, row)) for row in expected(con, NASTY)]
    assert in_order(read_workbook(tmp_path / "out" / "analysis.xlsx", "nasty")) == in_order(rows)
    assert [row[4] for row in read_workbook(tmp_path / "out" / "analysis.xlsx", "codebook")][:2] == ["text", "sex"]
    listed = read_workbook(tmp_path / "out" / "analysis.xlsx", "code_lists")
    assert listed[0][:4] == ("sex", "male", 1.0, "Male")


def test_every_cell_and_label_comes_back_from_spss(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.sav)
    frame, meta = pyreadstat.read_sav(tmp_path / "out" / "analysis.nasty.sav")
    assert in_order(_rounded(plain_rows(frame))) == in_order(_rounded(_with_text(con, {"huge", "endless", "old_day"})))
    assert meta.variable_value_labels["sex"] == {"female": "Female", "male": "Male"}
    assert meta.variable_value_labels["is_odd"] == {0.0: "no", 1.0: "yes"}
    assert meta.column_names[4:6] == ["IF", "v__"], "a letter first, and ASCII"
    assert meta.column_names_to_labels["sex"] == 'Sex, "as recorded".'
    label = meta.column_names_to_labels["number"]
    assert label.endswith("...")
    assert len(label.encode()) in range(250, 256)
    assert codebook(tmp_path / "out")["number"]["note"].startswith(
        "Cells that are infinite or no number (NaN) are missing: 3"
    )
    assert "1 empty texts and 1 missing ones are written alike" in codebook(tmp_path / "out")[f"{LONG_NAME}_1"]["note"]


@pytest.mark.parametrize("reader", ["pyreadstat", "pandas"])
def test_every_cell_and_label_comes_back_from_stata(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, reader: str
) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.dta, language="ko")
    path = tmp_path / "out" / "analysis.nasty.dta"
    _, meta = pyreadstat.read_dta(path)
    if reader == "pyreadstat":
        frame, _ = pyreadstat.read_dta(path)
    else:
        frame = pd.read_stata(path, convert_categoricals=False)
    rows = _with_text(con, {"huge", "endless"})
    codes = {"male": 1.0, "female": 2.0}
    wanted = [(row[0], codes.get(row[1]), *row[2:]) for row in rows]
    assert in_order(_rounded(plain_rows(frame))) == in_order(_rounded(wanted))
    assert meta.variable_value_labels["sex"] == {1: "남", 2: "여"}
    assert meta.variable_value_labels["is_odd"] == {0: "아니오", 1: "예"}
    assert meta.column_names[2:6] == [LONG_NAME[:32], f"{LONG_NAME[:30]}_2", "IF_2", "v__"]
    assert codebook(tmp_path / "out")[f"{LONG_NAME}_2"]["name_in_file"] == f"{LONG_NAME[:30]}_2"
    assert len(meta.column_names_to_labels["number"]) <= 80


def _with_text(con: duckdb.DuckDBPyConnection, as_text: set[str]) -> list[tuple[object, ...]]:
    """Read the rows as a statistics program has them, some columns as text because it does not hold their values."""
    columns = [name for name, *_ in con.execute(f"DESCRIBE {NASTY}").fetchall()]
    kinds = ["VARCHAR" if name in as_text else kind for name, kind in zip(columns, types(con, NASTY), strict=True)]
    chosen = ", ".join(f'CAST("{name}" AS VARCHAR)' if name in as_text else f'"{name}"' for name in columns)
    return [as_statistics(kinds)(row) for row in con.execute(f"SELECT {chosen} FROM {NASTY}").fetchall()]


def _rounded(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Give every day and moment one form: pandas makes moments of days, and a double does not keep microseconds."""

    def one(value: object) -> object:
        if isinstance(value, datetime):
            return value.replace(microsecond=value.microsecond // 1000 * 1000).isoformat()
        return datetime(value.year, value.month, value.day).isoformat() if isinstance(value, date) else value  # noqa: DTZ001

    return [tuple(map(one, row)) for row in rows]


def test_a_code_that_is_not_listed_keeps_the_texts(tmp_path: Path) -> None:
    path = copy_new_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(f"{MAKE}; UPDATE {NASTY} SET sex = 'other' WHERE text = '+82'")
    with reading(path) as con:
        export(con, [NASTY], folder=tmp_path / "out", form=Format.dta)
    frame, _ = pyreadstat.read_dta(tmp_path / "out" / "analysis.nasty.dta")
    assert set(frame["sex"]) == {"male", "female", "other"}
    assert "1 cells are no code of the list" in codebook(tmp_path / "out")["sex"]["note"]


def test_no_text_of_a_workbook_is_a_formula(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    import openpyxl

    export(con, [NASTY], folder=tmp_path / "out", form=Format.xlsx)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "analysis.xlsx")["nasty"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d", "b"}
    assert [cell.value for cell in cells if str(cell.value).startswith("=")] == ['=HYPERLINK("http://x")']


@pytest.mark.parametrize("form", Format)
def test_whole_schemas_are_exported_though_no_row_is_in(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, form: Format
) -> None:
    done = export(con, ["current"], folder=tmp_path / "out", form=form)
    assert {each.table.name for each in done.tables} == {
        f"current.{name}"
        for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'current'").fetchall()
    }
    assert {each.file for each in done.tables} <= {path.name for path in (tmp_path / "out").iterdir()}
    assert done.warning == PERSONAL
    assert PERSONAL in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


def test_a_table_of_more_rows_than_a_sheet_holds_has_a_workbook_of_its_own(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS_OF_A_SHEET", 4)
    done = export(con, [NASTY, "analysis.cohort"], folder=tmp_path / "out", form=Format.xlsx)
    assert done.sentences[0] == (
        "analysis.nasty has 6 rows, more than a sheet holds: it is in analysis.nasty.xlsx, on several sheets."
    )
    path = tmp_path / "out" / "analysis.nasty.xlsx"
    rows = read_workbook(path, "nasty") + read_workbook(path, "nasty (2)")
    assert in_order(rows) == in_order([tuple(map(as_workbook, row)) for row in expected(con, NASTY)])
    assert (tmp_path / "out" / "analysis.xlsx").is_file()


@pytest.mark.parametrize("form", [Format.sav, Format.dta])
def test_a_table_that_would_need_too_much_memory_is_refused_before_it_is_read(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    monkeypatch.setattr(statistics_files, "MOST_BYTES", 5_000)
    with pytest.raises(
        EnvironmentRefusal, match=rf"^analysis\.nasty: as \.{form} it would need about .* as parquet or csv"
    ):
        export(con, ["analysis"], folder=tmp_path / "out", form=form)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "form", "sentence"),
    [
        ("repeat('x', 32768)", Format.sav, "analysis.nasty.text: a text has 32,768 bytes, and SPSS holds 32,767."),
        ("'a' || chr(0)", Format.sav, "analysis.nasty.text: 6 texts hold the character 0, at which SPSS ends a text."),
        ("'a' || chr(0)", Format.dta, "analysis.nasty.text: 6 texts hold the character 0, at which Stata ends a text."),
        ("repeat('x', 32768)", Format.xlsx, "analysis.nasty: a cell of row 1 has 32,768 characters"),
    ],
)
def test_a_cell_that_a_format_cannot_hold_is_refused(tmp_path: Path, value: str, form: Format, sentence: str) -> None:
    path = copy_new_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(f"{MAKE}; UPDATE {NASTY} SET text = {value}")
    with reading(path) as con, pytest.raises(EnvironmentRefusal) as refused:
        export(con, [NASTY], folder=tmp_path / "out", form=form)
    assert str(refused.value).startswith(sentence)
    assert [each.name for each in tmp_path.iterdir() if "out" in each.name and each.suffix != ".lock"] == []


def test_the_files_are_the_owners_alone_and_every_one_has_its_hash(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    done = export(con, [NASTY], folder=tmp_path / "new" / "out", form=Format.csv)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [done.folder, *done.folder.rglob("*")]}
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
    found = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", MANIFEST], cwd=done.folder, check=False)
    assert found.returncode == 0
    about = json.loads((done.folder / "export.json").read_text(encoding="utf-8"))
    assert about["tables"] == [{"table": NASTY, "file": "analysis.nasty.csv", "sheet": None, "rows": 6, "columns": 17}]


def test_one_state_of_the_warehouse_has_the_same_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    seals = {export(con, [NASTY], folder=tmp_path / name, form=Format.parquet).seal for name in ("one", "two")}
    assert len(seals) == 1


def test_an_untouched_export_gives_way(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    export(con, [NASTY], folder=tmp_path / "out", form=Format.csv)
    export(con, [NASTY], folder=tmp_path / "out", form=Format.parquet)
    assert not (tmp_path / "out" / "analysis.nasty.csv").exists()
    assert check_frozen(tmp_path / "out") == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("touch", "sentence"),
    [
        ("echo mine > out/notes.txt", "the export was touched since it was written (notes.txt: the file was added;"),
        ("echo 1 >> out/analysis.nasty.csv", "(analysis.nasty.csv: the file was changed;"),
        ("rm out/export.json", "the folder holds something that is no export"),
        ("echo 1 > out/export.json", "the folder holds something that is no export"),
        ("rm -r out && echo mine > out", "this is a file or a link"),
        ("mv out other && ln -s other out", "this is a file or a link"),
    ],
)
def test_nothing_else_is_overwritten(con: duckdb.DuckDBPyConnection, tmp_path: Path, touch: str, sentence: str) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.csv)
    subprocess.run(["sh", "-c", touch], cwd=tmp_path, check=True)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(RefusedError) as refused:
        export(con, [NASTY], folder=tmp_path / "out", form=Format.csv)
    assert sentence in str(refused.value)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


KILLED = """
import os, signal, sys
from pathlib import Path
from etl.export.export import export
from etl.export.formats import Format
from warehouse.file import whole_folder
from warehouse.reading.query import reading

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "in the middle":
    whole_folder.put_folder = die
else:
    Path.chmod = die
with reading(Path(sys.argv[1])) as con:
    export(con, ["analysis.nasty"], folder=Path(sys.argv[2]), form=Format.csv)
"""


@pytest.mark.parametrize("when", ["before it has its place", "in the middle"])
def test_a_kill_loses_no_export(con: duckdb.DuckDBPyConnection, warehouse: Path, tmp_path: Path, when: str) -> None:
    export(con, [NASTY], folder=tmp_path / "out", form=Format.parquet)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(warehouse), str(tmp_path / "out"), when],
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert killed.returncode == -signal.SIGKILL
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
    export(con, [NASTY], folder=tmp_path / "out", form=Format.csv)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["out"]
    assert check_frozen(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        (
            "analysis.cohrt",
            NotFoundError,
            "There is no schema or table 'analysis.cohrt' in the warehouse. Did you mean 'analysis.cohort'?",
        ),
        ("clincal", NotFoundError, "Did you mean 'clinical'?"),
        ("quality", RefusedError, "'quality' is not exported: quality quotes deliveries"),
        ("audit.site", RefusedError, "'audit.site' is not exported: audit quotes deliveries"),
        ("core", RefusedError, "'core' is not exported"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        export(con, [name], folder=tmp_path / "out", form=Format.csv)
    assert sentence in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_looked_for_as_in_a_question(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    done = export(con, ["patient", "COHORT", "analysis.cohort"], folder=tmp_path / "out", form=Format.csv)
    assert [each.table.name for each in done.tables] == ["analysis.cohort", "current.patient"]
