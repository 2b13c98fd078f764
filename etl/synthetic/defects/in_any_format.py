"""Defects that every format can hold, made from a plan of its own: identities in all spellings, strays, invisible marks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from etl.synthetic.defects import spoil_bytes, spoil_sheet, spoil_workbook
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.kinds import CellDefect, FileDefect, Record

_RESIDENT, _PHONE = "550312-1234567", "010-1234-5678"
"""As the hospitals' own plans plant them."""
_SPELLINGS = {
    _RESIDENT: (
        "550312/1234567", "550312.1234567", "550312_1234567", "550312ㅡ1234567", "55-03-12-1234567", "ID5503121234567",
        "550312-1######", "5,503,121,234,567", "５５０３１２－１２３４５６７",
    ),
    _PHONE: (
        "(010) 1234-5678", "010/1234/5678", "010 - 1234 - 5678", "Tel01012345678", "hong＠naver.com", "hong @ naver.com",
        "홍길동@naver.com", "hong@한국.kr",
    ),
}  # fmt: skip
_IN_TEXT = "in free text"


def in_all_spellings(cells: Sequence[CellDefect]) -> Iterator[CellDefect]:
    """Plant each spelling of an identity where the plan plants the usual one, once each."""
    for usual, spellings in _SPELLINGS.items():
        base = next(cell for cell in cells if cell.kind.endswith(_IN_TEXT) and _holds(cell, usual))
        for spelling in spellings:
            yield replace(base, kind=f"identity spelt {spelling}", spoil=_spelt(base.spoil, usual, spelling), times=1)


def in_any_file(
    sheet: str, *, patient_column: str, marks: str = "\ufeff\u00ad", is_one_of_many: bool = False
) -> tuple[FileDefect, ...]:
    """Plant what any delivery can hold: files in subfolders, and patients' numbers with invisible characters.

    `marks` are the invisible characters, which the hospital's encoding must have. Where the file is one of several that
    are read together, a copy in a subfolder may be one that was forgotten there, and the delivery is refused.
    """
    return (
        FileDefect("subfolder", "a second copy of a file, in a subfolder", sheet,
                   REFUSED if is_one_of_many else "unread_entry", spoil_bytes=spoil_bytes.copy_into_folder,
                   cost="" if is_one_of_many else "none", manifest="none"),
        FileDefect("stray", "another file in a subfolder", sheet, "unread_entry", spoil_bytes=spoil_bytes.leave_note_in_folder,
                   cost="none", manifest="none"),
        FileDefect("invisible", "invisible characters in patients' numbers", sheet, "",
                   spoil_sheet=spoil_sheet.hide_in(patient_column, marks)),
    )  # fmt: skip


def in_any_text(sheet: str, *, delimiter: str) -> tuple[FileDefect, ...]:
    """Plant what delimited text can hold: a stray quote that another one closes."""
    return (
        FileDefect("stray_quote", "a stray quote that swallows records", sheet, REFUSED,
                   spoil_bytes=spoil_bytes.swallow_records(delimiter), manifest="none"),
    )  # fmt: skip


def in_any_workbook(sheet: str, *, column: str, letters: str) -> tuple[FileDefect, ...]:
    """Plant what a workbook can hold: a margin, hidden rows, a column of percents, struck-out text."""
    return (
        FileDefect("margin", "an empty column left of the table", sheet, "", spoil_bytes=spoil_workbook.add_margin(sheet)),
        FileDefect("hidden_rows", "rows that are hidden", sheet, "hidden_rows", spoil_bytes=spoil_workbook.hide_rows(sheet),
                   cost="none"),
        FileDefect("percents", "a column with a percent format", sheet, "percent_format",
                   spoil_bytes=spoil_workbook.show_as(sheet, letters, spoil_workbook.PERCENT), cost="none", column=column),
        FileDefect("struck_out", "a column of struck-out cells", sheet, "struck_out",
                   spoil_bytes=spoil_workbook.show_as(sheet, letters, spoil_workbook.STRUCK), cost="none", column=column),
    )  # fmt: skip


def _holds(cell: CellDefect, usual: str) -> bool:
    """Whether a defect plants this identity, whatever stood in the cell."""
    return usual in cell.spoil(_AnyRecord())


class _AnyRecord(Record):
    """A record whose cells are all empty."""

    def __missing__(self, column: str) -> str:
        return ""


def _spelt(spoil: Callable[[Record], str], usual: str, spelling: str) -> Callable[[Record], str]:
    return lambda record: spoil(record).replace(usual, spelling)
