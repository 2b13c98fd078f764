"""Units as hospitals write them (10³/㎕, ×10E3/uL, 천/uL, g/㎗, mEq/ℓ), read by rule as the codes of the code list `unit`.

A spelling is taken apart as UCUM takes its own codes apart: a power of ten or a prefix, what is counted or measured, and
what it is divided by. Two units that mean the same number (10^3/mL and /uL) are one; a unit that is another number
(10^3/mL and 10*3/uL) never is. Case counts only where both readings exist: G/L can be giga per litre or grams per litre,
and the analyte decides between them. Sources: UCUM; the compatibility forms of Unicode (NFKC).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from duckdb import DuckDBPyConnection
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import VARCHAR

from schemas.code_list import read_code_list

UNIT_OF = "unit_of"
"""Name of the function of two arguments, a unit as written and the analyte, that queries call."""

CONVERSIONS = Path(__file__).parents[2] / "schemas" / "reference" / "unit_conversion.csv"

# What no prefix explains.
_WORDS = {"ratio": "1", "inr": "1", "ph": "1", "none": "1", "unitless": "1", "°c": "cel", "degc": "cel"}
_PER_DAY = re.compile(r"24\.?(h|hr|hrs|hour|hours|시간)|1?(d|day|일)")

_POWERS = {
    **dict.fromkeys(("k", "thou", "thous", "thousand", "thousands", "천"), 3),
    **dict.fromkeys(("m", "mio", "million", "millions", "백만"), 6),
    **dict.fromkeys(("g", "giga", "b", "bil", "billion", "billions", "십억"), 9),
    **dict.fromkeys(("t", "tera"), 12),
    "십": 1,
    "백": 2,
    "만": 4,
    "십만": 5,
    "lakh": 5,
    "lac": 5,
    "천만": 7,
    "억": 8,
}
_PREFIXES = {
    "": 0,
    "k": 3,
    "d": -1,
    "deci": -1,
    "c": -2,
    "m": -3,
    "milli": -3,
    "p": -12,
    "f": -15,
    **dict.fromkeys(("u", "mc", "micro"), -6),
    **dict.fromkeys(("n", "nano"), -9),
}
_MEASURES = {
    **dict.fromkeys(("g", "gm", "gr", "gram", "grams"), "g"),
    **dict.fromkeys(("mol", "mole", "moles"), "mol"),
    **dict.fromkeys(("eq", "val"), "eq"),
    **dict.fromkeys(("u", "iu", "unit", "units"), "unit"),
    "au": "au",
    "m": "metre",
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "초"), "second"),
    **dict.fromkeys(("%", "percent", "퍼센트"), "percent"),
}
_CUBES = {"mm3": -6, "cmm": -6, "cumm": -6, "cm3": -3, "cc": -3, "dm3": 0}

_TEN = re.compile(
    # 10^3, 10*3, 10**3, 10e3, 10x3; E3; 1e3; 103, 109 and the like, whose exponent lost its place; 1000 and 1,000.
    r"x?(?:10(?:\^|\*\*?|e\+?|x|')(?P<exponent>\d{1,2})|1?(?:\.0+)?e\+?(?P<e>\d{1,2})|10(?P<lost>[34569]|12)(?!\d)"
    r"|1(?P<zeros>0*(?:,000)*)(?!\d))?[.*x]?(?P<rest>.*)"
)
_THINGS = re.compile(r"(cells?|counts?|개|ea|#|회|times?)?")
_PREFIXED = re.compile(
    f"({'|'.join(sorted(filter(None, _PREFIXES), key=len, reverse=True))})?({'|'.join(map(re.escape, _MEASURES))})"
)
_VOLUME = re.compile(r"(?P<zeros>10*)?(?P<prefix>d|deci|c|m|milli|u|mc|micro|n|p|f)?(?:l|lit|liters?|litres?|리터)")
_AMOUNT = re.compile(f"({'|'.join(filter(None, _PREFIXES))})?mole?")


@dataclass(frozen=True)
class _Quantity:
    """What a unit means: what is counted or measured, per what, and the powers of ten above and below the line."""

    measure: str
    per: str = ""
    power: int = 0
    power_below: int = 0

    def is_same_number(self, other: "_Quantity") -> bool:
        """Whether a number in one unit is the same number in the other."""
        same_kind = (self.measure, self.per) == (other.measure, other.per)
        return same_kind and self.power - self.power_below == other.power - other.power_below


def read_unit(text: str | None, analyte: str | None = None) -> str | None:
    """Read a unit as a code of the code list `unit`; None when it is no unit of that list.

    Args:
        text: the unit as written.
        analyte: what was measured, where that is known: of several readings the one that fits it counts.
    """
    codes = _codes(text or "")
    fitting = _units_of_analytes().get(analyte or "", frozenset())
    return next((code for code in codes if code in fitting), next(iter(codes), None))


def make_unit_function(con: DuckDBPyConnection) -> None:
    """Make `unit_of(text, analyte)` in a database, where it is not there yet: `read_unit` for queries; either may be NULL."""
    query = "SELECT count(*) FROM duckdb_functions() WHERE function_name = ?"
    if con.execute(query, [UNIT_OF]).fetchall() != [(0,)]:
        return
    con.create_function(UNIT_OF, read_unit, [VARCHAR, VARCHAR], VARCHAR, null_handling=FunctionNullHandling.SPECIAL)


@lru_cache(maxsize=10_000)
def _codes(text: str) -> tuple[str, ...]:
    """List the codes that a spelling can mean, the likeliest first."""
    plain = _plain(text)
    is_capital = unicodedata.normalize("NFKC", text).lstrip(" ([").startswith("G")
    quantities = list(_quantities(plain, is_capital=is_capital))
    if not quantities:
        word = _WORDS.get(plain, plain)
        return tuple(code for code in _unit_codes() if _plain(code) == word)
    exact = [code for quantity in quantities for code, known in _known() if known == quantity]
    same = [code for quantity in quantities for code, known in _known() if known.is_same_number(quantity)]
    return tuple(dict.fromkeys((*exact, *same)))


def _plain(text: str) -> str:
    """Fold what looks alike: wide and joined characters, raised digits, signs of multiplication and division, case, spaces."""
    raised = re.sub(
        r"[⁰¹²³⁴-⁹]+", lambda digits: f"^{unicodedata.normalize('NFKC', digits[0])}", text.replace("⁻", "^-")
    )
    plain = unicodedata.normalize("NFKC", raised).lower()
    plain = re.sub(r"[\s\u200b\ufeff]", "", plain).replace("^-^", "^-")
    plain = re.sub(r"[×✕✖⨯х]", "x", plain)
    plain = re.sub(r"[·∙⋅•・ㆍ]", ".", plain)
    plain = re.sub(r"[⁄∕÷]", "/", plain).replace("μ", "u").replace("−", "-")
    plain = re.sub(r"10\((\d+)\)", r"10^\1", plain)
    plain = re.sub(r"[()\[\]{}]", "", plain)
    plain = re.sub(r"(?<=[^/.*])[.*]?(d?l|ml|ul|mm3)\^?-1$", r"/\1", plain)
    return re.sub(r"(?:^cells?)?per(?!cent)", "/", plain)


def _quantities(plain: str, *, is_capital: bool) -> Iterator[_Quantity]:
    """Give every meaning of a plain spelling, the likelier first."""
    above, line, below = plain.partition("/")
    if not line and (found := re.fullmatch(r"(.+?)(?:%|percent)", above)):  # mg%: in 100 mL
        above, line, below = found[1], "/", "dl"
    per = _read_below(below) if line else ("", 0)
    if per is None:
        return
    # A G alone is giga in G/L and nowhere else.
    counts = _read_count(above) if line and (above != "g" or per == ("litre", 0)) else ()
    readings = [*_read_measure(above), *counts]
    for measure, power in reversed(readings) if is_capital else readings:
        yield _Quantity(measure, per[0], power, per[1])


def _read_measure(above: str) -> Iterator[tuple[str, int]]:
    if found := _PREFIXED.fullmatch(above):
        yield _MEASURES[found[2]], _PREFIXES[found[1] or ""]


def _read_count(above: str) -> Iterator[tuple[str, int]]:
    """Read a power of ten, in digits or as a word, of cells or of nothing named."""
    found = _TEN.fullmatch(above)
    assert found is not None, "the last group takes anything"
    digits = found["exponent"] or found["e"] or found["lost"]
    power = int(digits) if digits else (found["zeros"] or "").count("0")
    is_written = bool(digits) or found["zeros"] is not None
    words = [word for word in _POWERS if found["rest"].startswith(word)] if not is_written or power == 0 else []
    for word in sorted(words, key=len, reverse=True):
        if _THINGS.fullmatch(found["rest"].removeprefix(word).removeprefix(".")):
            yield "count", _POWERS[word]
            return
    if _THINGS.fullmatch(found["rest"]):
        yield "count", power


def _read_below(below: str) -> tuple[str, int] | None:
    """Read what stands below the line: a volume, an amount or a day."""
    if _PER_DAY.fullmatch(below):
        return "day", 0
    cube = below.replace("^", "").replace("**", "").replace(".", "")
    if cube in _CUBES:
        return "litre", _CUBES[cube]
    if found := _VOLUME.fullmatch(below):
        return "litre", (found["zeros"] or "").count("0") + _PREFIXES[found["prefix"] or ""]
    if found := _AMOUNT.fullmatch(below):
        return "mole", _PREFIXES[found[1] or ""]
    return None


@cache
def _known() -> tuple[tuple[str, _Quantity], ...]:
    """Give what the codes of the list mean, in their order; a code that is a word has no such meaning."""
    read = ((code, next(_quantities(_plain(code), is_capital=False), None)) for code in _unit_codes())
    return tuple((code, quantity) for code, quantity in read if quantity is not None)


def _unit_codes() -> Iterable[str]:
    return [entry.code for entry in read_code_list("unit").entries]


@cache
def _units_of_analytes() -> dict[str, frozenset[str]]:
    """Give the units that each analyte is converted from."""
    with CONVERSIONS.open(encoding="utf-8", newline="") as file:
        rows = [(row["analyte_code"], row["from_unit"]) for row in csv.DictReader(file)]
    return {analyte: frozenset(unit for each, unit in rows if each == analyte) for analyte, _ in rows}
