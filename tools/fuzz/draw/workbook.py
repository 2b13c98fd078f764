"""Draw workbooks: typed cells, margins, blank rows, formulas, errors, both date systems, several sheets; and damage them."""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tools.fuzz.case import DAMAGED, WHOLE, Case, Table
from tools.fuzz.draw.cells import draw_count, draw_names, draw_text, draw_width
from tools.fuzz.draw.damage import damage_bytes, damage_package
from tools.fuzz.second.names import number_text
from tools.fuzz.second.workbook import read_workbook, value_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_NAME = "표.xlsx"
_FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
    "span": "[h]:mm:ss",
    "percent": "0.0%",
}
_ERRORS = ("#N/A", "#DIV/0!", "#REF!")


@dataclass
class _Sheet:
    """A sheet on its way, with its formats by name, and what it holds by row and column from 0."""

    sheet: "Worksheet"
    formats: Mapping[str, Any]
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    is_odd: bool = False


def draw_workbook(chance: random.Random) -> Case:
    """Draw a workbook; more than half of them are damaged afterwards."""
    data, truth, what, is_odd = _draw_whole(chance)
    how = chance.random()
    if how < 0.4:  # noqa: PLR2004
        # Where cells show errors the truth is a finding, which the comparison excuses.
        return Case({_NAME: data}, what, WHOLE, {}, None if is_odd else truth)
    damaged, done = damage_package(data, chance) if how < 0.9 else damage_bytes(data, chance)  # noqa: PLR2004
    return Case({_NAME: damaged}, f"{what}; {done}", DAMAGED)


def read_second(case: Case) -> Table:
    """Read a case by the second reader."""
    return read_workbook(case.files[case.name])


def _draw_whole(chance: random.Random) -> tuple[bytes, Table, str, bool]:
    import xlsxwriter

    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    options["date_1904"] = chance.random() < 0.15  # noqa: PLR2004
    options["in_memory"] = True
    if chance.random() < 0.2:  # noqa: PLR2004 - texts in the cells and not in a part of their own
        options["constant_memory"] = True
        options["in_memory"] = False
    margin, top = chance.choice((0, 0, 0, 1, 3)), chance.choice((0, 0, 0, 1, 4))
    columns = draw_names(chance, draw_width(chance))
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, options) as book:
        formats = {name: book.add_format({"num_format": form}) for name, form in _FORMATS.items()}
        drawn = _Sheet(book.add_worksheet(chance.choice(("Sheet1", "환자", "a&b"))), formats)
        for place, name in enumerate(columns):
            drawn.sheet.write_string(top, margin + place, name)
        row = top
        for _ in range(min(60, draw_count(chance))):
            row += chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 5))
            for place in range(len(columns)):
                _write_cell(drawn, chance, (row, margin + place))
        if chance.random() < 0.1 and row > top:  # noqa: PLR2004
            drawn.sheet.set_row(row, None, None, {"hidden": True})
        if chance.random() < 0.1:  # noqa: PLR2004
            book.add_worksheet("숨김").hide()
    width = range(margin, margin + len(columns))
    rows = {
        at + 1: tuple(drawn.texts.get((at, column), "") for column in width)
        for at in sorted({at for (at, _), text in drawn.texts.items() if text})
    }
    what = f"margin {margin}, top {top}, {len(columns)} columns, {len(rows)} records{', 1904' * options['date_1904']}"
    return packed.getvalue(), Table(tuple(columns), rows), what, drawn.is_odd


def _write_cell(drawn: _Sheet, chance: random.Random, at: tuple[int, int]) -> None:
    kind = chance.choice(("text", "text", "text", "number", "number", "date", "moment", "time", "span", "truth", "empty",
                          "percent", "formula", "error", "unvalued") if chance.random() < 0.3 else  # noqa: PLR2004
                         ("text", "number", "date", "empty"))  # fmt: skip
    sheet, form = drawn.sheet, drawn.formats.get(kind)
    if kind == "text":
        text = "".join(sign for sign in draw_text(chance) if sign.isprintable() or sign in "\n\t")
        if text:
            sheet.write_string(*at, text)
        drawn.texts[at] = text
    elif kind in {"number", "percent"}:
        number = _draw_number(chance)
        sheet.write_number(*at, number, form)
        drawn.texts[at] = number_text(number)
    elif kind in {"date", "moment", "time"} and chance.random() < 0.05:  # noqa: PLR2004 - before the first day
        number = -chance.choice((0.25, 1.0, 5.0, 700.5))
        sheet.write_number(*at, number, form)
        drawn.texts[at] = number_text(number)
    elif kind in {"date", "moment", "time", "span"}:
        value = _draw_moment(chance, kind)
        sheet.write_datetime(*at, value, form)
        drawn.texts[at] = value_text(value, "d")
    elif kind == "truth":
        drawn.texts[at] = chance.choice(("TRUE", "FALSE"))
        sheet.write_boolean(*at, drawn.texts[at] == "TRUE")
    elif kind == "formula":
        drawn.texts[at] = chance.choice(("3", "0.5", "x", ""))
        sheet.write_formula(*at, "=A1", None, drawn.texts[at] or '""')
        drawn.is_odd |= not drawn.texts[at]
    elif kind == "error":
        sheet.write_formula(*at, "=NA()", None, chance.choice(_ERRORS))
        drawn.is_odd = True
    elif kind == "unvalued":
        sheet.write_formula(*at, "=A1+1", None, "")
        drawn.is_odd = True


def _draw_number(chance: random.Random) -> float:
    number = chance.choice(
        (float(chance.randrange(-10, 1000)), round(chance.uniform(-5, 5), 2), chance.uniform(0, 1e-6), 1e15, 2.30115e12,
         float(chance.randrange(10**12)), 0.1 + 0.2, 60.0, 36526.5)
    )  # fmt: skip
    return float(f"{number:.16G}")  # as many digits as the writing library, and Excel, store


def _draw_moment(chance: random.Random, kind: str) -> date | datetime | time | timedelta:
    seconds = chance.randrange(1, 86_400)
    if kind == "span":
        return timedelta(seconds=seconds * chance.choice((1, 3)))
    if kind == "time":
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    day = datetime(chance.choice((1905, 1960, 2010, 2025)), 1, 1) + timedelta(days=chance.randrange(366))  # noqa: DTZ001
    return day.date() if kind == "date" else day + timedelta(seconds=seconds)
