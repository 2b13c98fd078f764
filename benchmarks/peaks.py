"""Measure the peak memory of landing a file of each format that is as large as is read, or larger than any export seen.

    python -m benchmarks.peaks FOLDER --only tall.xlsx

A workbook has a limit, 16 million cells in 1 GB of parts; the other formats have none, and get ten million cells or more. Each
file is landed in a process of its own, with the scan for identifiers, as an ingest does.
"""

import argparse
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import Stopwatch, tell
from etl.readers.source import SourceFiles

SITE = "memory"
MOST_MB = 1_500
_SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class _Mapping:
    """What landing needs to know of a mapping: one source, nothing that identifies by its column."""

    sources: Mapping[str, SourceFiles]
    identity: Mapping[str, Any] = field(default_factory=dict)
    scan: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)


def write_workbook(path: Path, rows: Iterable[str], texts: Iterable[str] = ()) -> None:
    """Write a workbook of one sheet from the XML of its rows and of its shared texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr(
            "xl/workbook.xml",
            f'<workbook {_SPREADSHEET} xmlns:r="{_RELATIONS}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        package.writestr("[Content_Types].xml", _content_types())
        package.writestr("_rels/.rels", _relations(("r1", "officeDocument", "xl/workbook.xml")))
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml")),
        )
        for part, root, pieces in (
            ("xl/sharedStrings.xml", ("<sst {}>", "</sst>"), (f"<si><t>{text}</t></si>" for text in texts)),
            ("xl/worksheets/sheet1.xml", ("<worksheet {}><sheetData>", "</sheetData></worksheet>"), rows),
        ):
            with package.open(part, "w", force_zip64=True) as file:
                file.write(root[0].format(_SPREADSHEET).encode())
                for piece in pieces:
                    file.write(piece.encode())
                file.write(root[1].encode())


def _content_types() -> str:
    kinds = {
        "xl/workbook.xml": "sheet.main",
        "xl/worksheets/sheet1.xml": "worksheet",
        "xl/sharedStrings.xml": "sharedStrings",
    }
    parts = "".join(
        f'<Override PartName="/{part}" ContentType="{_CONTENT}.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{parts}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    each = (
        f'<Relationship Id="{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(each)}</Relationships>'


def sheet_rows(rows: int, columns: int, cell: Callable[[int, int], str]) -> Iterator[str]:
    """Yield the XML of a header and of rows; `cell` writes what follows the address of a cell."""
    letters = [_letters(column) for column in range(columns)]
    for row in range(1, rows + 1):
        cells = "".join(
            f'<c r="{letters[column]}{row}"{cell(row, column)}</c>'
            if row > 1
            else f'<c r="{letters[column]}1" t="inlineStr"><is><t>c{column}</t></is></c>'
            for column in range(columns)
        )
        yield f'<row r="{row}">{cells}</row>'


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def _number(row: int, column: int) -> str:
    return f"><v>{(row * 7919 + column * 31) % 9973 / 10}</v>"


def _tall(path: Path) -> None:
    write_workbook(path, sheet_rows(1_000_000, 16, _number))


def _wide(path: Path) -> None:
    write_workbook(path, sheet_rows(976, 16_384, _number))


def _strings(path: Path) -> None:
    """Ten million texts, no two alike: with more the parts would exceed their limit."""
    columns = 20
    write_workbook(
        path,
        sheet_rows(500_000, columns, lambda row, column: f' t="s"><v>{(row - 2) * columns + column}</v>'),
        (f"text {number} of a note" for number in range(500_000 * columns)),
    )


def _inline(path: Path) -> None:
    write_workbook(
        path,
        sheet_rows(600_000, 16, lambda row, column: f' t="inlineStr"><is><t>text {row} {column} of a note</t></is>'),
    )


def _formulas(path: Path) -> None:
    """Formulas without a value, as a program writes them that does not compute."""
    write_workbook(path, sheet_rows(1_000_000, 16, lambda row, _: f"><f>A{row}+1</f>" if row % 2 else "><v>1</v>"))


def _write_text(path: Path, rows: int, note: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id,day,test,value,unit,note\n")
        for row in range(rows):
            file.write(
                f"S-{row // 40:06},2010-{row % 12 + 1:02}-{row % 28 + 1:02},L{row % 30:03},{row % 9973 / 10},mg/dL,{note}\n"
            )


def _csv(path: Path) -> None:
    _write_text(path, 5_000_000, "")


def _csv_with_notes(path: Path) -> None:
    """Cells of two lines, which are read record by record."""
    _write_text(path, 2_000_000, '"first line\nsecond line"')


def _redcap(path: Path) -> None:
    """A REDCap export of 2,000 fields, read with its dictionary."""
    names = [f"field_{number}" for number in range(1, 2_000)]
    with path.with_name("dictionary.csv").open("w", encoding="utf-8") as file:
        file.write(
            'Variable / Field Name,Form Name,Field Type,"Choices, Calculations, OR Slider Labels"\nrecord_id,a,text,\n'
        )
        file.writelines(f'{name},a,radio,"1, Yes | 2, No"\n' for name in names)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"record_id,{','.join(names)}\n")
        file.writelines(
            f"{row},{','.join(str(1 + (row + place) % 2) for place in range(1, 2_000))}\n" for row in range(10_000)
        )


def _frame(rows: int, columns: int) -> Any:
    import numpy as np
    import pandas as pd

    half = columns // 2
    numbers = {f"N{place}": np.arange(rows) * 7 % 9973 / 10 + place for place in range(half)}
    texts = {f"T{place}": [f"text {row % 5_000} {place}" for row in range(rows)] for place in range(columns - half)}
    return pd.DataFrame(numbers | texts)


def _sav(path: Path) -> None:
    import pyreadstat

    pyreadstat.write_sav(_frame(1_000_000, 10), str(path), compress=path.suffix == ".zsav")


def _wide_sav(path: Path) -> None:
    import pyreadstat

    pyreadstat.write_sav(_frame(2_000, 5_000), str(path))


def _xpt(path: Path) -> None:
    import pyreadstat

    pyreadstat.write_xport(_frame(1_000_000, 10), str(path), table_name="A", file_format_version=8)


FILES: dict[str, Callable[[Path], None]] = {
    "tall.xlsx": _tall,
    "wide.xlsx": _wide,
    "strings.xlsx": _strings,
    "inline.xlsx": _inline,
    "formulas.xlsx": _formulas,
    "plain.csv": _csv,
    "notes.csv": _csv_with_notes,
    "redcap.csv": _redcap,
    "tall.sav": _sav,
    "tall.zsav": _sav,
    "wide.sav": _wide_sav,
    "tall.xpt": _xpt,
}
"""How each file is written."""


def land(folder: Path) -> dict[str, object]:
    """Land the one file of a folder and report seconds and peak memory."""
    from etl.delivery.folder import find_delivery
    from etl.landing.land import land_delivery
    from etl.settings import Settings
    from warehouse.progress import Silent

    settings = Settings(data_dir=folder)
    delivery = find_delivery(settings.raw_dir, SITE)
    name = next(path.name for path in delivery.path.iterdir() if path.name != "dictionary.csv")
    source = SourceFiles(file=[name], dictionary="dictionary.csv" if name == "redcap.csv" else None)
    watch = Stopwatch(name)
    landed = land_delivery(
        delivery,
        _Mapping({"rows": source}),
        settings=settings,
        key=bytes(32),
        progress=Silent(),
        identity_of={},
        used_of=None,
    )
    return watch.stop() | {"records": landed[0].record_count, "columns": len(landed[0].columns)}


def measure(folder: Path, name: str) -> dict[str, Any]:
    """Write a file, unless it is there, and land it in a process of its own."""
    place = folder / name.replace(".", "_")
    path = place / "raw" / SITE / "1" / name
    if not path.exists():
        path.parent.mkdir(parents=True)
        # by a process of its own: the kernel counts the peak of a parent into that of its child
        subprocess.run([sys.executable, "-m", "benchmarks.peaks", str(path), "--write", name], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peaks", str(place), "--land"], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"mb": path.stat().st_size / 1e6}


def main() -> None:
    """Measure every file, or those named."""
    parser = argparse.ArgumentParser(description="Measure the peak memory of landing a large file of each format.")
    parser.add_argument("folder", type=Path, help="a folder for the files; those that are there are not written again")
    parser.add_argument("--only", nargs="*", choices=FILES, default=list(FILES))
    parser.add_argument("--land", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", choices=FILES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        FILES[arguments.write](arguments.folder)
        return
    if arguments.land:
        tell(land(arguments.folder))
        return
    print("| file | size, MB | records | columns | seconds | peak, MB |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in arguments.only:
        found = measure(arguments.folder, name)
        print(
            f"| {name} | {found['mb']:,.0f} | {found['records']:,} | {found['columns']:,} | {found['seconds']:,.0f} "
            f"| {found['peak_mb']:,.0f}{'' if found['peak_mb'] < MOST_MB else ' (above the target)'} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
