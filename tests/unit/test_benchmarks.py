"""The benchmark measures what it says: the anchor makes the mapped columns, and the tables find their place."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.anchor import run_anchor
from benchmarks.figures import Figures, Pair, Start, compare
from benchmarks.formats import BARE, formats
from benchmarks.lab_grading import time_lab_grading
from benchmarks.measure import Stopwatch
from benchmarks.readme import README, fill_in, render
from etl.mapping.read_mapping import read_mapping
from etl.readers import READERS
from schemas.catalogue import table_facts

LABS = """\
\ufeff연구등록번호,검사일자,검사코드,결과,단위,참고하한,참고상한
S-1,2016-04-01,L101,<5.5,IU/L,,40
S-1,2016-04-02,L401,1.25,INR,0.8,1.2
S-2,2016-13-45,L999,≥ 3,furlong,x,
"""


def _run(seconds: float, peak_mb: float, *, records: int = 5_000_000) -> dict[str, Any]:
    steps = {"Landing": seconds - 0.01, "Nothing to speak of": 0.01}
    return {
        "seconds": seconds,
        "cpu_seconds": seconds,
        "peak_mb": peak_mb,
        "records": records,
        "steps": steps,
        "late_imports": 0,
    }


FIGURES = Figures(
    threads=2,
    memory_limit="1GB",
    file_mb=204.0,
    pairs=[Pair(_run(4, 500), _run(seconds, 1000)) for seconds in (8, 9, 40)],
    large_pair=Pair(_run(16, 600, records=20_000_000), _run(36, 1600, records=20_000_000)),
    whole=_run(15, 1100),
    study=[_run(seconds, 500, records=43_000) for seconds in (2, 2.5, 9)],
    starts=[Start(0.3, ()), Start(0.3, ("pyarrow",))],
    rules={"laboratory grading": {"records": 10_000_000, "bare": 4.0, "ours": 8.4, "ratio": 2.1, "peak_mb": 900.0}},
)


@pytest.fixture
def anchor(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    labs = tmp_path / "labs.csv"
    labs.write_text(LABS, encoding="utf-8")
    measured = run_anchor(labs, tmp_path / "anchor.duckdb", threads=1, memory_limit="500MB")
    assert measured["records"] == 3
    return duckdb.connect(str(tmp_path / "anchor.duckdb"), read_only=True)


def test_the_anchor_makes_the_columns_that_the_mapping_fills(anchor: duckdb.DuckDBPyConnection) -> None:
    described = anchor.execute("DESCRIBE lab_result").fetchall()
    (part,) = _parts(read_mapping(Path("site_mappings"), "snuh").tables["lab_result"])
    filled = {*part.columns, "value_qualifier", *table_facts("lab_result").derived}
    types = {column.name: column.sql_type for column in table_facts("lab_result").columns if column.name in filled}
    assert {name: type_ for name, type_, *_ in described} == types


def test_the_anchor_reads_values_codes_and_dates(anchor: duckdb.DuckDBPyConnection) -> None:
    same = ("1.000000000",)
    rows = anchor.execute("SELECT * REPLACE (taken_on::VARCHAR AS taken_on) FROM lab_result ORDER BY ALL").fetchall()
    assert [tuple(value if value is None else str(value) for value in row) for row in rows] == [
        (
            "S-1",
            "2016-04-01",
            "ast",
            "<5.5",
            "<",
            "5.500000",
            "U/L",
            *same,
            "5.500000",
            "U/L",
            None,
            "40.000000",
            "result",
        ),
        (
            "S-1",
            "2016-04-02",
            "inr",
            "1.25",
            None,
            "1.250000",
            "1",
            *same,
            "1.250000",
            "1",
            "0.800000",
            "1.200000",
            "result",
        ),
        ("S-2", None, None, "≥ 3", "≥", "3.000000", None, None, None, None, None, None, "result"),
    ]


def test_the_readme_has_a_place_for_the_tables() -> None:
    once = fill_in(README.read_text(encoding="utf-8"), "| a |")
    assert "\n\n| a |\n\n" in once
    assert fill_in(fill_in(once, "| b |"), "| a |") == once


def test_a_figure_is_held_against_its_target() -> None:
    told = {target.what: (target.measured, target.asked, target.is_met) for target in compare(FIGURES)}
    assert told == {
        "read to staged, 5,000,000 records: times the anchor": ("2.25", "at most 2.5", True),
        "read to staged, 5,000,000 records: peak memory": ("1,000 MB", "at most 1,500 MB", True),
        "read to staged, 20,000,000 records: times the anchor": ("2.25", "at most 2.5", True),
        "read to staged, 20,000,000 records: peak memory": ("1,600 MB", "at most 1,500 MB", False),
        "peak memory with 4 times the records, times that with the fewer": ("1.60", "at most 1.25", False),
        "end to end, study-sized": ("2.50 s", "at most 3 s", True),
        "laboratory grading, 10,000,000 records: times bare SQL": ("2.10", "at most 2.0", False),
        "end to end, 5,000,000 records": ("15.0 s", "reported only", None),
        "end to end, 5,000,000 records: peak memory": ("1,100 MB", "reported only", None),
        "heavy packages that `hcc --help` imports": ("pyarrow", "not pandas, duckdb, great_expectations", True),
        "`hcc --help`, from start to end": ("0.30 s", "reported only", None),
    }


def test_the_tables_name_no_machine_and_no_path() -> None:
    import socket

    tables = render(FIGURES)
    assert "Nothing to speak of" not in tables
    assert "| laboratory grading | 10,000,000 | 4.00 | 8.40 | 2.10 | 900 |" in tables
    assert "shorter steps together" in tables
    assert socket.gethostname() not in tables
    assert str(Path.cwd()) not in tables


def test_the_stopwatch_adds_up_the_steps() -> None:
    stopwatch = Stopwatch("first")
    stopwatch.begin("second", 5)
    stopwatch.advance(5)
    stopwatch.begin("first")
    measured = stopwatch.stop()
    assert list(measured["steps"]) == ["first", "second"]  # type: ignore[call-overload]
    assert measured["late_imports"] == 0


def _parts(mapped: Any) -> list[Any]:
    return mapped if isinstance(mapped, list) else [mapped]


def test_all_hospitals_and_every_format_are_told() -> None:
    run = _run(12, 600, records=300_000) | {"hospitals": 9}
    figures = replace(FIGURES, hospitals=[run], formats={".xlsx": {"records": 1000, "bare": 0.5, "ours": 1.0}})
    told = {target.what: (target.measured, target.is_met) for target in compare(figures)}
    assert told["9 hospitals in one process, study-sized"] == ("12.00 s", True)
    assert told["9 hospitals in one process, study-sized: times as many runs of one"] == ("0.53", None)
    tables = render(figures)
    assert "| 9 | 300,000 | 12.00 | 12.00 | 1.33 | 600 |" in tables
    assert "| .xlsx | 2,000 | 1,000 | 2.00 |" in tables


def test_each_reader_is_timed_beside_its_bare_library(tmp_path: Path) -> None:
    figures = formats(tmp_path, 100)["formats"]
    assert set(figures) == {suffix for suffix in BARE if suffix in READERS}  # type: ignore[call-overload]
    assert all(each["ours"] > 0 and each["bare"] > 0 for each in figures.values())  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_laboratory_grading_is_timed_beside_a_bare_join() -> None:
    measured = time_lab_grading(2_000, threads=1, memory_limit="500MB")
    assert measured["records"] == 2_000
    assert all(measured[name] > 0 for name in ("bare", "ours", "ratio"))  # type: ignore[operator]
