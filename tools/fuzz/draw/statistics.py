"""Draw files of statistics programs: SPSS, packed or not, and SAS transport, of both versions; and damage them."""

import random
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tools.fuzz.case import DAMAGED, WHOLE, Case, Table
from tools.fuzz.draw.cells import draw_count, draw_text, draw_width
from tools.fuzz.draw.damage import damage_bytes
from tools.fuzz.second.names import number_text
from tools.fuzz.second.spss import read_spss
from tools.fuzz.second.transport import read_transport
from tools.fuzz.second.workbook import value_text

_SPSS_NAMES = ("번호", "id", "sex", "날짜", "AFP_value_at_baseline", "v1", "메모", "검사결과", "x", "score")
_SAS_NAMES = ("USUBJID", "SEX", "RFSTDTC", "AVAL", "X1", "VISIT", "LBTEST", "AGE", "Y", "PARAMCD")
_WORDS = ("", "a", "남", "가나다", "x" * 200, "y" * 300, "z" * 700, "  b", "1", "007", "NA", "é", "A1", "#")


def draw_spss(chance: random.Random, *, is_packed: bool) -> Case:
    """Draw a .sav or .zsav file."""
    import pyreadstat

    name = "a.zsav" if is_packed else "a.sav"
    columns = chance.sample(_SPSS_NAMES, draw_width(chance))
    kinds = [chance.choice(("text", "text", "number", "date", "moment", "code")) for _ in columns]
    values, texts = _draw_columns(chance, kinds, digits=16)
    coded = {column: [1, -9, 99] for column, kind in zip(columns, kinds, strict=True) if kind == "code"}
    more: dict[str, Any] = {"compress": True} if is_packed else {"row_compress": chance.random() < 0.5}  # noqa: PLR2004
    more |= {"missing_ranges": {column: [-9, {"lo": 90, "hi": 99}] for column in coded}}
    more |= {"variable_value_labels": {column: {1: "예", -9: "모름"} for column in coded}}
    data = _write(pyreadstat.write_sav, name, columns, values, **more)
    return _maybe_damaged(chance, name, data, columns=columns, texts=texts, kinds=kinds)


def draw_transport(chance: random.Random) -> Case:
    """Draw a .xpt file of version 5 or 8, its text in UTF-8."""
    import pyreadstat

    columns = chance.sample(_SAS_NAMES, draw_width(chance))
    kinds = [chance.choice(("text", "text", "number", "date", "moment")) for _ in columns]
    values, texts = _draw_columns(chance, kinds, digits=14)
    version = chance.choice((5, 8))
    data = _write(pyreadstat.write_xport, "a.xpt", columns, values, file_format_version=version)
    case = _maybe_damaged(chance, "a.xpt", data, columns=columns, texts=texts, kinds=kinds)
    return case if case.kind == WHOLE or chance.random() < 0.7 else _with_special_missing(case, data, chance)  # noqa: PLR2004


def read_second(case: Case) -> Table:
    """Read a case by the second reader of its format."""
    data = case.files[case.name]
    return read_transport(data) if case.name.endswith(".xpt") else read_spss(data)


def _draw_columns(chance: random.Random, kinds: list[str], *, digits: int) -> tuple[list[list[Any]], list[list[str]]]:
    """Draw the values of each column, and the text that each value is; at least one record."""
    count = max(1, min(60, draw_count(chance)))
    values: list[list[Any]] = []
    texts: list[list[str]] = []
    for kind in kinds:
        drawn = [_draw_value(chance, kind, digits) for _ in range(count)]
        values.append(drawn)
        texts.append([_text(value) for value in drawn])
    return values, texts


def _draw_value(chance: random.Random, kind: str, digits: int) -> Any:
    if kind == "text":
        text = chance.choice(_WORDS) if chance.random() < 0.5 else draw_text(chance)  # noqa: PLR2004
        return "".join(sign for sign in text if sign.isprintable()).rstrip(" ")
    if chance.random() < 0.1:  # noqa: PLR2004
        return None
    if kind == "code":
        return float(chance.choice((1, 2, -9, 90, 95, 99)))
    if kind == "number":
        if digits < 16:  # noqa: PLR2004 - its numbers keep three bits less than ours
            return float(chance.choice((0, -1, 250, 2**40, chance.randrange(10**9)))) / chance.choice((1, 2, 8))
        return chance.choice(
            (0.0, -5.0, 150.0, 0.1, 1e-7, 2.5e12, chance.uniform(-9, 9), float(chance.randrange(10**12)))
        )
    day = datetime(chance.choice((1905, 1960, 2010, 2025)), 1, 1) + timedelta(days=chance.randrange(366))  # noqa: DTZ001
    return day.date() if kind == "date" else day + timedelta(seconds=chance.choice((0, chance.randrange(86_400))))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date | datetime | time):
        return value_text(value, "d")
    return number_text(value) if isinstance(value, float) else str(value)


def _write(write: Any, name: str, columns: list[str], values: list[list[Any]], **more: Any) -> bytes:
    import pandas as pd

    frame = pd.DataFrame({name: _series(drawn) for name, drawn in zip(columns, values, strict=True)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(frame, path, **more)
        return path.read_bytes()


def _series(drawn: list[Any]) -> Any:
    """Give a column of numbers its type even where it holds none."""
    import pandas as pd

    is_text = any(isinstance(value, str) for value in drawn)
    is_moment = any(isinstance(value, date) for value in drawn)
    return pd.Series(drawn, dtype=object if is_text or is_moment else float).infer_objects()


def _maybe_damaged(
    chance: random.Random, name: str, data: bytes, *, columns: list[str], texts: list[list[str]], kinds: list[str]
) -> Case:
    rows = dict(enumerate(zip(*texts, strict=True), start=1))
    what = f"{' '.join(kinds)}, {len(rows)} records"
    if chance.random() < 0.4:  # noqa: PLR2004
        # A blank record at the end of a transport file cannot be distinguished from its filling.
        is_sure = not name.endswith(".xpt") or any(rows[len(rows)])
        return Case(
            {name: data}, what, WHOLE if is_sure else DAMAGED, {}, Table(tuple(columns), rows) if is_sure else None
        )
    damaged, how = damage_bytes(data, chance)
    return Case({name: damaged}, f"{what}; {how}", DAMAGED)


def _with_special_missing(case: Case, data: bytes, chance: random.Random) -> Case:
    """Turn missing numbers into special ones, such as `.A`."""
    letter = chance.choice(b"AMZ_")
    changed = data.replace(b".\0\0\0\0\0\0\0", bytes([letter]) + b"\0" * 7)
    return Case({case.name: changed}, f"{case.what.partition(';')[0]}; .{chr(letter)}", DAMAGED)
