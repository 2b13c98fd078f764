"""Draw delimited text: whole, in every encoding, delimiter, way of quoting and line break; and damaged."""

import random

from tools.fuzz.case import DAMAGED, WHOLE, Case, Table
from tools.fuzz.draw.cells import draw_count, draw_names, draw_text, draw_width, pick
from tools.fuzz.draw.damage import damage_bytes
from tools.fuzz.second.delimited import read_delimited

_ENCODINGS = ("utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be")
_SUFFIXES = (".csv", ".txt", ".tsv")


def draw_delimited(chance: random.Random) -> Case:
    """Draw a file; half of them are damaged afterwards."""
    encoding = pick(chance, _ENCODINGS, mostly=0.4)
    delimiter, line_break = chance.choice(",,,;\t|^"), chance.choice(("\n", "\n", "\r\n", "\r\n", "\r"))
    name = "파일" + chance.choice(_SUFFIXES)
    columns = draw_names(chance, draw_width(chance), encoding=encoding)
    records = [[_cell(chance, encoding) for _ in columns] for _ in range(draw_count(chance))]
    quotes_all = chance.random() < 0.3  # noqa: PLR2004
    text, rows, line = "", {}, 1
    titles = chance.choice((0, 0, 0, 1, 2))
    for number in range(titles):
        text, line = text + f"제목 {number}{line_break}" if encoding != "ascii" else text, line + 1
    for place, cells in enumerate([columns, *records]):
        written = delimiter.join(_written(cell, delimiter, always=quotes_all, chance=chance) for cell in cells)
        if not written:
            written = '""'
        if place:
            rows[line] = tuple(cells)
        text += written + line_break
        line += 1 + _breaks(written)
        if chance.random() < 0.02:  # noqa: PLR2004
            text, line = text + line_break, line + 1
    if chance.random() < 0.3:  # noqa: PLR2004
        text = text.removesuffix(line_break)
    data = text.encode(encoding)
    options: dict[str, str | int] = {"encoding": encoding, "delimiter": delimiter} | (
        {"skip_rows": titles} if titles else {}
    )
    what = f"{encoding}, {delimiter!r}, {line_break!r}, {len(columns)} columns, {len(records)} records"
    if chance.random() < 0.5:  # noqa: PLR2004
        damaged, how = damage_bytes(data, chance)
        return Case({name: damaged}, f"{what}; {how}", DAMAGED, options)
    # Lines within quotes may look like records, and are then refused; so may other text that reads as Korean in UTF-8.
    is_sure = not any("\n" in cell or "\r" in cell for cells in records for cell in cells)
    return Case({name: data}, what, WHOLE if is_sure else DAMAGED, options, Table(tuple(columns), rows))


def read_second(case: Case) -> Table:
    """Read a case by the second reader."""
    options = case.options
    return read_delimited(
        case.files[case.name],
        encoding=str(options["encoding"]),
        delimiter=str(options["delimiter"]),
        skip_rows=int(options.get("skip_rows", 0)),
    )


def _cell(chance: random.Random, encoding: str) -> str:
    return draw_text(chance, encoding=encoding)


def _written(cell: str, delimiter: str, *, always: bool, chance: random.Random) -> str:
    is_needed = any(sign in cell for sign in (delimiter, '"', "\n", "\r"))
    if always or is_needed or chance.random() < 0.1:  # noqa: PLR2004
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _breaks(text: str) -> int:
    return len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
