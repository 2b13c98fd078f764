"""A sheet: what one file, or one sheet of a workbook, holds before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Sheet:
    """Records as text.

    Attributes:
        file: the file's name in the delivery.
        records: the cells as a reader must give them back, all text, '' where there is nothing; columns are named as
            the reader names them.
        sheet: the sheet's name in a workbook; None for a file that has no sheets.
        ragged: cells that stand instead of a record's own, too many or too few, by the record's number from 1; only
            delimited text can hold such.
    """

    file: str
    records: pd.DataFrame
    sheet: str | None = None
    ragged: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called among the sheets of a delivery."""
        return self.sheet or self.file

    def cell(self, row: int | None, column: str) -> str:
        """Name a cell as Excel shows it, such as CQ9; '' in a file without sheets, and without a row or a column."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        if self.sheet is None or row is None or not column:
            return ""
        return str(xl_rowcol_to_cell(row - 1, [*self.records.columns].index(column)))
