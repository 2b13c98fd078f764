"""What a planted defect is: of a cell, of a whole record, of a whole sheet or file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from etl.synthetic.sheet import Sheet

Record = dict[str, str]


@dataclass(frozen=True)
class CellDefect:
    """How a cell is spoilt, and what must be said of it.

    Attributes:
        kind: what was done, in words.
        sheet: how the sheet's name begins; the file's, where files have no sheets.
        column: the column that is spoilt.
        spoil: makes the new text of the cell from its record.
        rule: the rule that must find it.
        cost: what the finding costs.
        table: the canonical table that the finding is about.
        fits: chooses the records that can be spoilt so.
        times: in how many records.
        partner: a second column that takes the first one's old text (swapped columns).
        partner_rule: the rule that must find the partner; empty when the first finding stands for both.
    """

    kind: str
    sheet: str
    column: str
    spoil: Callable[[Record], str]
    rule: str
    cost: str
    table: str
    fits: Callable[[Record], bool] = lambda _: True
    times: int = 2
    partner: str = ""
    partner_rule: str = ""


@dataclass(frozen=True)
class RecordDefect:
    """How a whole record is spoilt, and what must be said of it.

    Attributes:
        kind: what was done, in words.
        sheet: how the sheet's name begins.
        spoil: makes the new cells from the old ones; another number of cells makes a ragged record.
        is_added: the spoilt record is added below the others, which stay as they are.
        rule: the rule that must find it.
        table: the canonical table that the finding is about; empty for findings of the reading.
        times: how many records.
        fits: chooses the records that can be spoilt so.
    """

    kind: str
    sheet: str
    spoil: Callable[[list[str]], list[str]]
    is_added: bool
    rule: str
    table: str
    times: int = 2
    fits: Callable[[Record], bool] = lambda _: True


@dataclass(frozen=True)
class FileDefect:
    """How a file is spoilt, and what must come of it: either the sheet before it is written, or its bytes after.

    Attributes:
        defect_set: the folder's name.
        kind: what was done, in words.
        sheet: how the sheet's name begins; for `spoil_bytes` the file's.
        rule: the rule that must find it, `DeliveryError`, or empty when nothing must be said.
        spoil_sheet: makes the new sheet, and says which record is spoilt, 0 for all of it.
        spoil_bytes: rewrites the file; returns the line, or the row of the sheet, of the first spoilt record where it is one.
        cost: what the finding costs.
        manifest: `fits` the spoilt file, is the one that was `sent`, or there is `none`.
        column: the column that the finding is about.
        table: the canonical table that the finding is about.
        is_second: the delivery comes after a clean one, and is compared with it.
        records: how many records are spoilt, one below the other; the finding is about each of them.
    """

    defect_set: str
    kind: str
    sheet: str
    rule: str
    spoil_sheet: Callable[[Sheet], tuple[Sheet, int]] | None = None
    spoil_bytes: Callable[[Path], int | None] | None = None
    cost: str = ""
    manifest: str = "fits"
    column: str = ""
    table: str = ""
    is_second: bool = False
    records: int = 1


@dataclass(frozen=True)
class DefectPlan:
    """All that is planted into one hospital's delivery; columns and words are the hospital's own.

    Attributes:
        cells: defects of single cells.
        records: defects of whole records.
        files: defects of whole files.
        patient_column: the column of the patient's number, in every sheet that is spoilt.
        follow_up: how the name of the sheet begins that says who died.
        death_column: the column of the date of death there; every record's `fits` may ask for it.
        oddities: cells by which the clean delivery's own oddities are known; their patients are left alone.
        header_lines: physical lines, or rows of a sheet, above the first record of all that is spoilt by records. None for
            a format without lines.
    """

    cells: tuple[CellDefect, ...]
    records: tuple[RecordDefect, ...]
    files: tuple[FileDefect, ...]
    patient_column: str
    follow_up: str
    death_column: str
    oddities: frozenset[str] = frozenset()
    header_lines: int | None = 1
