"""A second reader of delimited text: one state for each character, after RFC 4180."""

from collections.abc import Iterator

from tools.fuzz.case import Table
from tools.fuzz.second.names import plain_name

BEGIN, BARE, QUOTED, AFTER = "begin", "bare", "quoted", "after a quote"


class UnreadableError(ValueError):
    """The second reader cannot read the file either."""


def read_delimited(data: bytes, *, encoding: str, delimiter: str, skip_rows: int = 0) -> Table:
    """Read a table with a header of one row; blank lines are no records.

    A record with text after a closing quote, or with too many or too few cells, is a record all the same: what stands in
    it is not judged here.

    Raises:
        UnreadableError: it is no text of that encoding, or a quote does not end.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(str(error)) from error
    if any('"' in line for line in text.splitlines()[:skip_rows]):
        raise UnreadableError("quotes above the header, which may join its lines or not")
    records = list(read_records(text.removeprefix("\ufeff"), delimiter))[skip_rows:]
    filled = [(line, cells) for line, cells in records if cells]
    if not filled:
        raise UnreadableError("there is no header")
    (_, header), *rest = filled
    names = tuple(plain_name(cell, place) for place, cell in enumerate(header, start=1))
    return Table(names, {line: tuple(cells) for line, cells in rest})


def read_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:  # noqa: PLR0912 - a case for each state
    """Yield the line where each record begins, and its cells; none for a blank line."""
    state, cell, line, begin = BEGIN, "", 1, 1
    cells: list[str] = []
    is_filled, place = False, 0
    while place < len(text):
        character = text[place]
        is_break = character in "\r\n"
        if character == "\r" and text[place + 1 : place + 2] == "\n":
            character, place = "\r\n", place + 1
        place += 1
        line += is_break
        if state == QUOTED:
            if character != '"':
                cell += character
            elif text[place : place + 1] == '"':
                cell, place = cell + '"', place + 1
            else:
                state = AFTER
        elif is_break:
            yield begin, [*cells, cell] if is_filled else []
            state, cell, cells, is_filled, begin = BEGIN, "", [], False, line
        elif character == delimiter:
            cells.append(cell)
            cell, state, is_filled = "", BEGIN, True
        else:
            is_filled = True
            if character == '"' and state == BEGIN:
                state = QUOTED
            else:
                cell, state = cell + character, BARE
    if state == QUOTED:
        raise UnreadableError("a quote does not end")
    if is_filled:
        yield begin, [*cells, cell]
