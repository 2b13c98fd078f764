"""The letters of a workbook's columns, as Excel shows them."""


def column_letters(number: int) -> str:
    """Write the letters of a column that is counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
