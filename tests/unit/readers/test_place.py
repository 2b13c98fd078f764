"""The letters of columns, compared with those that another library writes."""

from xlsxwriter.utility import xl_col_to_name

from etl.readers.workbook.place import column_letters


def test_letters_are_those_of_excel() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_letters(number + 1) == xl_col_to_name(number) for number in range(16_384))
