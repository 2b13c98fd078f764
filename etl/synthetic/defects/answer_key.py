"""The answer key: where every defect was planted, and the finding that it must lead to."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

ANSWER_KEY = "answer_key.csv"
REFUSED = "DeliveryError"
"""In place of a rule: the delivery must be refused as a whole."""


@dataclass(frozen=True)
class PlantedDefect:
    """One defect at its address.

    Attributes:
        defect_set: the folder that holds the delivery: `records`, `withdrawn`, `shared`, or a whole
            file's own.
        site_id: the hospital.
        file: the file as it is named in the delivery; empty when the file is missing.
        sheet: the sheet of a workbook; empty for a file without sheets.
        record: number of the record, from 1, the header not counted; None for a whole file.
        line: physical line on which the record begins, or its row in a sheet, from 1; None for a format without lines.
        column: the source's column; empty for a whole record or file.
        cell: the cell as Excel shows it, such as CQ9; empty in a file without sheets, and for a whole record or file.
        kind: what was done, in words.
        rule: the rule of `etl.findings` that must find it; `DeliveryError` when the delivery must be refused; empty
            when nothing must be said (what was done is harmless, or only a clinical rule could tell).
        cost: `cell`, `row` or `none`, as a finding states it; empty where there is no finding.
        table: the canonical table that the finding is about; empty for findings of the reading.
        planted: what stands at the address now; the cells of a whole record are joined by the unit separator U+001F.
        original: what the record held there before, so that a defect can be corrected.
    """

    defect_set: str
    site_id: str
    file: str
    sheet: str
    record: int | None
    line: int | None
    column: str
    cell: str
    kind: str
    rule: str
    cost: str
    table: str
    planted: str
    original: str


def write_answer_key(path: Path, defects: Iterable[PlantedDefect]) -> None:
    """Write the key as CSV in UTF-8, one line per defect."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(PlantedDefect)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(defect) for defect in defects)


def read_answer_key(path: Path) -> list[PlantedDefect]:
    """Read the key back."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            PlantedDefect(record=_number(row.pop("record")), line=_number(row.pop("line")), **row)
            for row in csv.DictReader(file)
        ]


def _number(text: str) -> int | None:
    return int(text) if text else None
