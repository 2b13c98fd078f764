"""Who was screened, who left and why, and into which groups the rest fall."""

from typing import TYPE_CHECKING

from etl.study.report.document import Cell, Column, Fold, Row, Section, Table
from etl.study.report.numbers import Numbers
from etl.study.report.setting import label_cell, number_cell

if TYPE_CHECKING:
    import duckdb

    from etl.study.report.pictures import Pictures

_LEAVING = ("not_met", "unknown")


def flow_section(con: "duckdb.DuckDBPyConnection", numbers: Numbers, *, pictures: "Pictures") -> Section:
    """Draw the flow of patients, and set the same numbers as a table."""
    from etl.study.figures.flow import flow

    boxes = con.execute(
        "SELECT step, flow_box, criterion, patients, patients_left FROM analysis.patient_flow ORDER BY step"
    ).df()
    figure = pictures.draw("flow", "Flow of patients.", lambda setting: flow(boxes, setting))
    table = _table(numbers)
    lead = "Each criterion is met, not met or unknown; an unknown one never counts as met, and has a box of its own."
    return Section("flow", "Patients", lead + _unassigned(con), (figure, Fold("The same as a table", (table,))))


def _unassigned(con: "duckdb.DuckDBPyConnection") -> str:
    """Say how many rows are nobody's, because they are in no figure; nothing where there are none."""
    rows, hospitals = con.execute(
        "SELECT coalesce(sum(row_count), 0)::BIGINT, count(DISTINCT site_id) FROM analysis.unassigned_row"
    ).fetchall()[0]
    if not rows:
        return ""
    return f" Rows that could not be given to a patient, and are in no figure: {rows:,} (hospitals: {hospitals})."


def _table(numbers: Numbers) -> Table:
    from etl.study.figures.words import Words

    words = Words("en")
    keys = sorted({(key[4], key[1], key[2]) for key in numbers.keys("flow")}, key=lambda key: key[0])
    rows: list[Row] = []
    before = None
    for step, box, criterion in keys:
        if box in _LEAVING and box != before:
            rows.append(Row((label_cell(words.label("flow", box)), Cell(), Cell()), is_heading=True))
        before = box
        patients, left = (
            numbers.find("flow", operation, variable=box, level=criterion, sequence=step)
            for operation in ("patients", "patients_left")
        )
        label = words.label("criterion", criterion) if criterion else words.label("flow", box)
        cell = label_cell(label, indent=1 if box in _LEAVING else 0)
        rows.append(Row((cell, number_cell(patients), number_cell(left))))
    columns = (Column("Box", is_number=False), Column("Patients"), Column("Left after it"))
    return Table("flow_table", "", "Flow of patients", columns, tuple(rows))
