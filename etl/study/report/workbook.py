"""The report's tables as a workbook: a sheet for each, numbers as numbers where a cell holds one, never a formula."""

import io
import re
from typing import TYPE_CHECKING, Any

from etl.study.report.archive import FIXED, with_fixed_times
from etl.study.report.document import Cell, Document, Number, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_SHEET_NAME = 31
LABEL_WIDTH, NUMBER_WIDTH = 46, 18
SYNTHETIC = "Synthetic data: no patient of this workbook exists."


def workbook_bytes(document: Document) -> bytes:
    """Write every table of the report as an .xlsx file; the same report gives the same bytes."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": document.title, "author": "", "created": FIXED.replace(tzinfo=None)})
        formats = _formats(book)
        names: set[str] = set()
        for table in document.tables:
            sheet = book.add_worksheet(_sheet_name(table, names))
            _write_table(sheet, table, formats=formats, is_synthetic=document.is_synthetic)
        if not document.tables:
            book.add_worksheet("empty").write_string(0, 0, "The study has no table.")
    return with_fixed_times(content.getvalue())


def _formats(book: "Workbook") -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 12}),
        "synthetic": book.add_format({"bold": True, "bg_color": "#FFE699"}),
        "heading": book.add_format({"bold": True, "bottom": 1, "top": 1, "text_wrap": True, "valign": "top"}),
        "row": book.add_format({"bold": True}),
        "note": book.add_format({"font_size": 9, "italic": True}),
    }


def _sheet_name(table: Table, taken: set[str]) -> str:
    """Name a sheet after its table, without the signs that a sheet's name must not have."""
    base = re.sub(r"[\[\]:*?/\\']", " ", table.number or table.name)[:LONGEST_SHEET_NAME].strip() or "table"
    name, place = base, 1
    while name.casefold() in taken:
        place += 1
        name = f"{base[: LONGEST_SHEET_NAME - 4]} {place}"
    taken.add(name.casefold())
    return name


def _write_table(sheet: "Worksheet", table: Table, *, formats: dict[str, Any], is_synthetic: bool) -> None:
    sheet.write_string(0, 0, table.caption, formats["title"])
    line = 1
    if is_synthetic:
        sheet.write_string(line, 0, SYNTHETIC, formats["synthetic"])
        line += 1
    line += 1
    if any(column.over for column in table.columns):
        for place, column in enumerate(table.columns):
            sheet.write_string(line, place, column.over, formats["heading"])
        line += 1
    for place, column in enumerate(table.columns):
        label = f"{column.label} (N = {column.size.shown})" if column.size else column.label
        sheet.write_string(line, place, label, formats["heading"])
    sheet.freeze_panes(line + 1, 1)
    for row in table.rows:
        line += 1
        for place, cell in enumerate(row.cells):
            _write_cell(sheet, line, place, cell=cell, form=formats["row"] if row.is_heading else None)
    line += 1
    for mark, sentence in table.footnotes:
        line += 1
        sheet.write_string(line, 0, f"{mark} {sentence}".strip(), formats["note"])
    sheet.set_column(0, 0, LABEL_WIDTH)
    if len(table.columns) > 1:
        sheet.set_column(1, len(table.columns) - 1, NUMBER_WIDTH)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: "Worksheet", line: int, place: int, *, cell: Cell, form: Any) -> None:
    """Write the number of a cell that holds just one, unrounded; else the words, with the letters of footnotes."""
    only = cell.parts[0] if len(cell.parts) == 1 else None
    if isinstance(only, Number) and only.raw_value is not None and not only.text:
        sheet.write_number(line, place, only.raw_value, form)
        return
    marks = f" [{','.join(cell.marks)}]" if cell.marks else ""
    text = f"{'    ' * cell.indent}{cell.text}{marks}"
    if text:
        sheet.write_string(line, place, text, form)
