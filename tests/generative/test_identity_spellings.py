"""Identifiers in spellings that nobody has written down: every kind, with every separator, digit, label and blot.

Drawn with a fixed seed. The second half asks the engine whether each text that the scan changes fits the first sieve.
"""

import random
import unicodedata
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from etl.identity.normal_text import normal_character
from etl.identity.policy import _scan
from etl.identity.scan import find_identifiers, mask_identifiers
from etl.identity.spans import EMAIL, FOREIGNER, PHONE, RESIDENT

CHARACTERS = [chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000]
SEPARATORS = [each for each in CHARACTERS if unicodedata.category(each) in {"Pd", "Zs", "Po", "Cf"}]
TYPED_AS_DASHES = ["ㅡ", "ー", "一", "ㅣ", "ㆍ", "_", "|", "~", "+", "−", "─", "\t", "\n", ")", " - ", ") ", ". "]
ZEROS = [each for each in CHARACTERS if unicodedata.category(each) == "Nd" and unicodedata.decimal(each) == 0]

NUMBERS = {
    ("800101", "1234567"): RESIDENT,
    ("991231", "2345678"): RESIDENT,
    ("051020", "4123456"): RESIDENT,
    ("900211", "5123456"): FOREIGNER,
    ("80", "01", "01", "1234567"): RESIDENT,
    ("010", "1234", "5678"): PHONE,
    ("016", "234", "5678"): PHONE,
    ("+82", "10", "1234", "5678"): PHONE,
    ("02", "345", "6789"): PHONE,
    ("031", "777", "8888"): PHONE,
    ("070", "7777", "8888"): PHONE,
}
LABELS = ["", "환자 ", "ID", "Tel", "주민번호:", "(", "no."]
ENDS = ["", " 확인함", "입니다", ")", "A", ". 설사 G1"]
BLOTS = ["*", "#", "●", "○", "X", "x", "ㅇ", "□", "?", "＊", "×"]


def in_digits_of(zero: str, text: str) -> str:
    """Write the digits of a text in another script's."""
    return "".join(chr(ord(zero) + int(each)) if each in "0123456789" else each for each in text)


def is_left_out(separator: str) -> bool:
    return normal_character(separator[0]) == "\0"


@pytest.mark.parametrize("groups", NUMBERS, ids="-".join)
def test_a_number_is_found_with_every_separator(groups: tuple[str, ...]) -> None:
    missed = [
        separator
        for separator in SEPARATORS + TYPED_AS_DASHES
        if not (is_left_out(separator) and len(groups[0]) == 2)  # 80010112..., in one piece, is a date's other order
        and find_identifiers(separator.join(groups)) != (NUMBERS[groups],)
    ]
    assert missed == []


@pytest.mark.parametrize("zero", ZEROS)
def test_a_number_is_found_in_the_digits_of_every_script(zero: str) -> None:
    for groups, kind in NUMBERS.items():
        text = in_digits_of(zero, "-".join(groups))
        assert find_identifiers(text) == (kind,), text


def drawn_spellings(count: int) -> Iterator[tuple[str, str]]:
    rand = random.Random(2021)  # noqa: S311
    everything = SEPARATORS + TYPED_AS_DASHES
    for _ in range(count):
        groups = rand.choice([*NUMBERS])
        text = rand.choice(everything).join(groups) if len(groups) == 4 else _with_separators(rand, groups, everything)
        if rand.random() < 0.3:
            text = in_digits_of(rand.choice(ZEROS), text)
        if rand.random() < 0.2:
            place = rand.randrange(1, len(text))
            text = text[:place] + rand.choice(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"]) + text[place:]
        yield rand.choice(LABELS) + text + rand.choice(ENDS), NUMBERS[groups]


def _with_separators(rand: random.Random, groups: tuple[str, ...], separators: list[str]) -> str:
    text = groups[0]
    for group in groups[1:]:
        text += rand.choice(separators) + group
    return text


def test_drawn_spellings_are_found() -> None:
    missed = [(text, kind) for text, kind in drawn_spellings(6000) if find_identifiers(text) != (kind,)]
    assert missed == []


@pytest.mark.parametrize("blot", BLOTS)
@pytest.mark.parametrize("joint", ["", "-", " - ", "/", "ㅡ"])
def test_blotted_tails_are_found(blot: str, joint: str) -> None:
    for shown in range(7):
        text = f"800101{joint}{'123456'[:shown]}{blot * (7 - shown)}"
        if joint or shown:  # a birth date and stars glued to it may be anything
            assert find_identifiers(text) == (RESIDENT,), text


@pytest.mark.parametrize("sign", ["@", "＠", "﹫", " @ ", "(at)", "[at]", "골뱅이"])
@pytest.mark.parametrize("local", ["hong", "gil.dong_hong+1", "홍길동", "h0ng"])
@pytest.mark.parametrize("domain", ["naver.com", "한국.kr", "mail.snuh.example.org", "naver．com"])
def test_addresses_are_found(local: str, sign: str, domain: str) -> None:
    assert find_identifiers(f"문의 {local}{sign}{domain} 로") == (EMAIL,)


def test_whatever_the_scan_changes_fits_the_sieve() -> None:
    """The engine asks the scan of those cells alone that fit; one that does not would be kept as it is."""
    rand = random.Random(7)  # noqa: S311
    bases = [text for text, _ in drawn_spellings(20_000)]
    bases += [
        "8.0E+12",
        "1.012345678E9",
        "8.0x10^12",
        "8,001,011,234,567",
        "800101-1",
        "510204123456",
        "8001**-1234567",
    ]
    bases += ["hong(at)naver.com", "a@b.kr", "8 0 0 1 0 1 1 2 3 4 5 6 7", "1012345678", "0311234567"] * 50
    texts = {text for base in bases for text in (base, _spoiled(rand, base), _spoiled(rand, base))}
    texts |= {"".join(rand.choices("0123456789-. eE+x*", k=rand.randrange(4, 22))) for _ in range(20_000)}
    changed = pa.table({"cell": sorted(text for text in texts if mask_identifiers(text) != text)})
    assert changed.num_rows > 20_000
    with duckdb.connect() as con:
        con.register("changed", changed)
        con.execute("CREATE MACRO seen(cell) AS 'seen'")
        lost = con.execute(f"SELECT cell FROM changed WHERE {_scan('cell', 'seen')} <> 'seen'").fetchall()
    assert lost == []


def _spoiled(rand: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(rand.randrange(1, 4)):
        place = rand.randrange(len(letters))
        letters[place : place + rand.randrange(2)] = rand.choice([[rand.choice(CHARACTERS)], [rand.choice(text)], []])
        letters = letters or ["0"]
    return "".join(letters)
