"""Defects of a workbook's looks, planted into the XML of a sheet after it was written: what a cell's value does not say."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

PERCENT = '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
STRUCK = '<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
"""Styles of cells: numbers shown as percents, and struck-out text."""

_STYLES = "xl/styles.xml"
_STRIKE = '<font><strike/><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"\b[A-Z]{1,3}[1-9]\d*\b")
_HIDDEN_ROWS = 3


def add_margin(sheet: str) -> Callable[[Path], None]:
    """Move the table of a sheet one column to the right."""

    def shift(part: str) -> str:
        refer = re.compile(r'\b(r|ref|spans|sqref)="([A-Z0-9: ]+)"')
        return refer.sub(lambda found: f'{found[1]}="{_ADDRESS.sub(_next_column, found[2])}"', part)

    return lambda path: _rewrite(path, sheet, shift)


def hide_rows(sheet: str) -> Callable[[Path], int]:
    """Hide some rows in the lower half of a sheet; the first of them is the spoilt one."""

    def spoil(path: Path) -> int:
        hidden: list[int] = []

        def hide(part: str) -> str:
            rows = list(re.finditer(r'<row r="(\d+)"', part))
            for row in reversed(rows[len(rows) // 2 :][:_HIDDEN_ROWS]):
                part = f'{part[: row.start()]}<row hidden="1" r="{row[1]}"{part[row.end() :]}'
                hidden.append(int(row[1]))
            return part

        _rewrite(path, sheet, hide)
        return min(hidden)

    return spoil


def show_as(sheet: str, column: str, style: str) -> Callable[[Path], int]:
    """Give the numbers of a column (by its letters) below the header another style; the first is in the spoilt row."""

    def spoil(path: Path) -> int:
        number = _add_style(path, style)
        styled: list[int] = []

        def restyle(cell: re.Match[str]) -> str:
            if int(cell[1]) <= _ROWS_ABOVE:
                return cell[0]
            styled.append(int(cell[1]))
            return f'<c r="{column}{cell[1]}" s="{number}">'

        numbers = re.compile(rf'<c r="{column}(\d+)"(?: s="\d+")?>')  # a text has its type in the tag
        _rewrite(path, sheet, lambda part: numbers.sub(restyle, part))
        return min(styled)

    return spoil


_ROWS_ABOVE = 6
"""More rows than stand above any table."""


def _next_column(address: re.Match[str]) -> str:
    row, column = xl_cell_to_rowcol(address[0])
    return str(xl_rowcol_to_cell(row, column + 1))


def _add_style(path: Path, style: str) -> int:
    """Add a style of cells, and a struck-out font; return the style's number."""
    with zipfile.ZipFile(path) as package:
        part = package.read(_STYLES).decode()
    fonts, styles = (int(found[1]) for found in (_counted(part, "fonts"), _counted(part, "cellXfs")))
    part = part.replace(f'<fonts count="{fonts}"', f'<fonts count="{fonts + 1}"').replace(
        "</fonts>", f"{_STRIKE}</fonts>"
    )
    part = part.replace(f'<cellXfs count="{styles}"', f'<cellXfs count="{styles + 1}"')
    part = part.replace("</cellXfs>", f"{style.format(font=fonts)}</cellXfs>")
    _replace_parts(path, {_STYLES: part})
    return styles


def _counted(part: str, element: str) -> re.Match[str]:
    found = re.search(rf'<{element} count="(\d+)"', part)
    assert found is not None, element
    return found


def _rewrite(path: Path, sheet: str, change: Callable[[str], str]) -> None:
    """Change the XML of the sheet whose name begins so."""
    with zipfile.ZipFile(path) as package:
        name = _part_of(package, sheet)
        part = package.read(name).decode()
    _replace_parts(path, {name: change(part)})


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - we wrote it
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    wanted = next(each.get(_LINK) for each in book.iter(f"{_MAIN}sheet") if str(each.get("name")).startswith(sheet))
    return "xl/" + next(str(link.get("Target")) for link in links if link.get("Id") == wanted)


def _replace_parts(path: Path, changed: dict[str, str]) -> None:
    with zipfile.ZipFile(path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, content in parts:
            package.writestr(info, changed.get(info.filename, content))
