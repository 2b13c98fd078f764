"""The report's tables as a Word document, set as a journal sets them: rules above and below, footnotes under each."""

import io
from typing import TYPE_CHECKING, Any

from etl.study.report.archive import FIXED, with_fixed_times
from etl.study.report.document import Cell, Document, Table, shown

if TYPE_CHECKING:
    from docx.document import Document as Word

WIDE_FROM = 6
"""A table with so many columns stands on a page of its own orientation: landscape."""
SYNTHETIC = "Synthetic data: no patient of this document exists."
_SMALL, _NORMAL = 8, 9


def word_bytes(document: Document) -> bytes:
    """Write every table of the report as a .docx file; the same report gives the same bytes."""
    import docx
    from docx.shared import Pt

    word = docx.Document()
    style: Any = word.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(_NORMAL)
    _describe(word, document)
    word.add_heading(document.title, level=0)
    if document.source:
        word.add_paragraph(document.source)
    tables = document.tables
    for place, table in enumerate(tables):
        _turn_page(word, is_wide=len(table.columns) >= WIDE_FROM, is_first=place == 0)
        _add_table(word, table)
    if document.is_synthetic:
        for section in word.sections:
            section.header.is_linked_to_previous = False
            section.header.paragraphs[0].text = SYNTHETIC
    content = io.BytesIO()
    word.save(content)
    return with_fixed_times(content.getvalue())


def _describe(word: "Word", document: Document) -> None:
    facts = word.core_properties
    facts.title, facts.author, facts.comments = document.title, "", SYNTHETIC if document.is_synthetic else ""
    facts.created = facts.modified = FIXED
    facts.last_modified_by, facts.revision = "", 1


def _turn_page(word: "Word", *, is_wide: bool, is_first: bool) -> None:
    """Give the next table a page that is wide enough."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    section = word.sections[0] if is_first else word.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    short, long = Cm(21), Cm(29.7)
    section.page_width, section.page_height = (long, short) if is_wide else (short, long)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)


def _add_table(word: "Word", table: Table) -> None:
    from docx.shared import Pt

    caption = word.add_paragraph()
    caption.add_run(table.caption).bold = True
    caption.paragraph_format.keep_with_next = True
    has_groups = any(column.over for column in table.columns)
    grid: Any = word.add_table(rows=len(table.rows) + 1 + has_groups, cols=len(table.columns))
    grid.autofit = True
    cells = [row.cells for row in grid.rows]  # reading them one by one takes time that grows with the square
    if has_groups:
        _set_shared_headings(cells[0], table)
    for place, column in enumerate(table.columns):
        label = f"{column.label}\n(N = {column.size.shown})" if column.size else column.label
        _write(cells[has_groups][place], label, is_bold=True, is_right=place > 0 and column.is_number)
    for row, line in zip(table.rows, cells[1 + has_groups :], strict=True):
        for place, cell in enumerate(row.cells):
            _write_cell(
                line[place], cell, is_bold=row.is_heading, is_right=place > 0 and table.columns[place].is_number
            )
    _rule(grid, heading=has_groups)
    _repeat_heading(grid, rows=1 + has_groups)
    for mark, sentence in table.footnotes:
        note = word.add_paragraph()
        note.paragraph_format.space_after = Pt(0)
        if mark:
            note.add_run(mark).font.superscript = True
        note.add_run(f" {sentence}" if mark else sentence).font.size = Pt(_SMALL)


def _set_shared_headings(cells: tuple[Any, ...], table: Table) -> None:
    """Write each heading that columns share over the first of them, and merge the rest."""
    first = 0
    while first < len(table.columns):
        last = first
        while last + 1 < len(table.columns) and table.columns[last + 1].over == table.columns[first].over:
            last += 1
        if table.columns[first].over:
            _write(cells[first].merge(cells[last]), table.columns[first].over, is_bold=True)
        first = last + 1


def _write_cell(target: Any, cell: Cell, *, is_bold: bool, is_right: bool) -> None:
    from docx.shared import Pt

    text = "".join(shown(part) for part in cell.parts)
    _write(target, text, is_bold=is_bold, is_right=is_right)
    paragraph = target.paragraphs[0]
    paragraph.paragraph_format.left_indent = Pt(10 * cell.indent)
    if cell.marks:
        paragraph.add_run(",".join(cell.marks)).font.superscript = True


def _write(target: Any, text: str, *, is_bold: bool = False, is_right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = target.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, Pt(_SMALL)
    paragraph.paragraph_format.space_after = Pt(1)
    if is_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _rule(grid: Any, *, heading: bool) -> None:
    """Draw the three rules of a journal's table: above it, under its heading, below it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def draw(row: Any, side: str) -> None:
        for cell in row._tr.tc_lst:  # noqa: SLF001  # the library has no borders of cells
            borders = cell.get_or_add_tcPr().find(qn("w:tcBorders"))
            if borders is None:
                borders = OxmlElement("w:tcBorders")
                cell.get_or_add_tcPr().append(borders)
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "6"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)

    rows = list(grid.rows)
    draw(rows[0], "top")
    draw(rows[1 if heading else 0], "bottom")
    draw(rows[-1], "bottom") if len(rows) > 1 + heading else None


def _repeat_heading(grid: Any, *, rows: int) -> None:
    """Repeat the heading on every page that the table takes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for row in list(grid.rows)[:rows]:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001
