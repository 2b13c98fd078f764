"""Time every reader against the bare library on the same file: records per second, one format after the other.

The bare library makes its own objects of the cells and checks nothing. A reader proves the file whole, keeps every
cell as text with its address, and takes note of what it cannot vouch for.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import tell

if TYPE_CHECKING:
    from etl.readers.reader import Reader
    from etl.readers.source import SourceFiles

NAMES = ("PATID", "VISIT", "TESTCD", "RESULT", "UNIT", "REMARK")
RECORDS = 50_000


def formats(folder: Path, records: int) -> dict[str, object]:
    """Measure each format that has a reader and a bare library here; report seconds of both by suffix."""
    from etl.readers import READERS
    from etl.readers.source import SourceFiles

    figures = {}
    for suffix, (write, read_bare) in BARE.items():
        if suffix not in READERS:
            continue
        path = folder / f"results{suffix}"
        write(path, records)
        read_bare(path)  # once for the disk's cache and the library's own imports
        bare = _seconds(partial(read_bare, path))
        reader = READERS[suffix]
        source = SourceFiles(file=[path.name])
        _read(path, reader, source)
        ours = _seconds(partial(_read, path, reader, source))
        figures[suffix] = {"records": records, "bare": bare, "ours": ours}
        path.unlink()
    return {"formats": figures}


def _seconds(work: Callable[[], Any]) -> float:
    """Time the work three times and take the shortest: what disturbs only ever lengthens."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _read(path: Path, reader: "Reader", source: "SourceFiles") -> None:
    """Examine a file and read all of its records, by the engine where the reader allows it, as landing does."""
    import duckdb

    examination = reader.examine(path, path.name, source, lambda _: None)
    if examination.relation is not None:
        with duckdb.connect() as con:
            con.sql(f"SELECT * FROM {examination.relation}").to_arrow_table()
        return
    for _ in examination.read_batches(_Nobody()):
        pass


class _Nobody:
    """Takes what cannot become a row, of which these files have nothing."""

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:  # noqa: ARG002
        raise AssertionError(f"record {record} of a clean file was not read")

    def take_repeated_header(self, record: int, line: int) -> None:  # noqa: ARG002
        raise AssertionError(f"record {record} of a clean file repeats the header")

    def take_blank_line(self) -> None:
        raise AssertionError("a clean file has no blank line")

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:  # noqa: ARG002
        raise AssertionError(f"record {record} of a clean file has a cell that was not read")


def _rows(records: int) -> list[tuple[str, str, str, float, str, str]]:
    return [
        (
            f"S-{i // 40:05}",
            f"2010-{i % 12 + 1:02}-{i % 28 + 1:02}",
            f"L{i % 30:03}",
            (i * 7919 % 9973) / 10,
            "mg/dL",
            "",
        )
        for i in range(records)
    ]


def _write_csv(path: Path, records: int) -> None:
    lines = (",".join(map(str, row)) for row in (NAMES, *_rows(records)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_xlsx(path: Path, records: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("results")
        for number, row in enumerate((NAMES, *_rows(records))):
            sheet.write_row(number, 0, row)


def _write_sav(path: Path, records: int) -> None:
    import pandas as pd
    import pyreadstat

    pyreadstat.write_sav(pd.DataFrame(_rows(records), columns=list(NAMES)), str(path))


def _write_xpt(path: Path, records: int) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(_rows(records), columns=list(NAMES))
    pyreadstat.write_xport(frame, str(path), table_name="RESULTS", file_format_version=5)


def _read_csv_bare(path: Path) -> None:
    import duckdb

    with duckdb.connect() as con:
        con.sql("SELECT * FROM read_csv(?, all_varchar = true)", params=[str(path)]).to_arrow_table()


def _read_xlsx_bare(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _read_sav_bare(path: Path) -> None:
    import pyreadstat

    pyreadstat.read_sav(str(path))


def _read_xpt_bare(path: Path) -> None:
    import pyreadstat

    pyreadstat.read_xport(str(path))


BARE: dict[str, tuple[Callable[[Path, int], None], Callable[[Path], None]]] = {
    ".csv": (_write_csv, _read_csv_bare),
    ".xlsx": (_write_xlsx, _read_xlsx_bare),
    ".sav": (_write_sav, _read_sav_bare),
    ".xpt": (_write_xpt, _read_xpt_bare),
}
"""How a file of each format is written, and how the bare library reads it."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time every reader against the bare library.")
    parser.add_argument("folder", type=Path, help="an empty folder to write the files in")
    parser.add_argument("--records", type=int, default=RECORDS)
    arguments = parser.parse_args()
    tell(formats(arguments.folder, arguments.records))
