"""Defects of a whole sheet, planted before it is written; each returns the sheet and the number of the spoilt record, or 0."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from etl.synthetic.sheet import Sheet
from etl.synthetic.writers.workbook import JOINT

Spoilt = tuple[Sheet, int]


def cut_at_record(sheet: Sheet) -> Spoilt:
    """Lose four fifths of the records, cut between two."""
    return replace(sheet, records=sheet.records.iloc[: len(sheet.records) // 5]), 0


def keep_header(sheet: Sheet) -> Spoilt:
    """Lose every record."""
    return replace(sheet, records=sheet.records.iloc[:0]), 0


def add_subtotal(sheet: Sheet) -> Spoilt:
    """Add a record of two cells that counts the others."""
    added, number = _with_record(sheet, ("합계", f"{len(sheet.records)}건"), len(sheet.records))
    return replace(added, ragged={**sheet.ragged, number: ("합계", f"{len(sheet.records)}건")}), number


def add_subtotal_row(sheet: Sheet) -> Spoilt:
    """Add a record that counts the others in its first two cells; the rest of it is empty."""
    return _with_record(sheet, ("합계", f"{len(sheet.records)}건"), len(sheet.records))


def repeat_header(sheet: Sheet) -> Spoilt:
    """Put two exports together without removing the second header."""
    return _with_record(sheet, tuple(sheet.records.columns), len(sheet.records) // 2)


def repeat_stacked_header(sheet: Sheet) -> Spoilt:
    """Put two tables below each other without removing the two rows of the second header."""
    names = [name.partition(JOINT) for name in sheet.records.columns]
    groups = ["", *(group for group, _, _ in names)]
    upper = [group if group != before else "" for before, group in pairwise(groups)]
    place = len(sheet.records) // 2
    lower, _ = _with_record(sheet, tuple(item for _, _, item in names), place)
    return _with_record(lower, tuple(upper), place)


def rename_sheet(sheet: Sheet) -> Spoilt:
    """Give a workbook's sheet the name that Excel gives a new one."""
    return replace(sheet, sheet="Sheet1"), 0


def double_header(sheet: Sheet) -> Spoilt:
    """Name the last column as the one before it."""
    names = [*sheet.records.columns]
    return replace(sheet, records=sheet.records.set_axis([*names[:-1], names[-2]], axis=1)), 0


def remove_column(sheet: Sheet) -> Spoilt:
    """Forget the last column but two."""
    return replace(sheet, records=sheet.records.drop(columns=sheet.records.columns[-3])), 0


def reorder_columns(sheet: Sheet) -> Spoilt:
    """Turn the order of the columns round."""
    return replace(sheet, records=sheet.records[[*sheet.records.columns][::-1]]), 0


def add_column(sheet: Sheet) -> Spoilt:
    """Add a column that the mapping does not know; to a copy, for a frame put together by pieces takes no more."""
    return replace(sheet, records=sheet.records.copy().assign(비고="확인")), 0


def _with_record(sheet: Sheet, cells: tuple[str, ...], place: int) -> Spoilt:
    """Insert a record after `place` others; cells that it lacks are empty."""
    columns = sheet.records.columns
    full = pd.DataFrame([[*cells, *[""] * (len(columns) - len(cells))]], columns=columns)
    parts = [sheet.records.iloc[:place], full, sheet.records.iloc[place:]]
    return replace(sheet, records=pd.concat(parts, ignore_index=True)), place + 1


def hide_in(column: str, marks: str) -> Callable[[Sheet], Spoilt]:
    """Put invisible characters before some cells of a column and after others, by turns."""

    def spoil(sheet: Sheet) -> Spoilt:
        cells = sheet.records[column].to_list()
        for place in range(3, len(cells), 7):
            mark = marks[place % len(marks)]
            cells[place] = (f"{mark}{cells[place]}" if place % 2 else f"{cells[place]}{mark}") if cells[place] else ""
        return replace(sheet, records=sheet.records.assign(**{column: cells})), 0

    return spoil
