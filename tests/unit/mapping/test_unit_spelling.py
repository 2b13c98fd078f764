"""Units by rule: spellings in a table, and thousands put together from parts whose meaning is known."""

import itertools
from fractions import Fraction

import duckdb
import pytest
from support.csv_rows import read_csv_rows

from etl.mapping.unit_spelling import CONVERSIONS, make_unit_function, read_unit
from schemas.code_list import read_code_list

SPELLINGS = {
    "10*3/uL": "10³/㎕|×10³/㎕|x 10^3 / µL|10^3/μL|X10E3/UL|10**3/uL|10(3)/uL|10'3/uL|K/uL|k/mm3|천/㎕|천개/uL|1,000/uL|1000/㎣"
    "|103/uL|E3/uL|1e3/uL|10³ cells/µL|thou/uL|10^3·µL⁻¹",
    "10*4/uL": "만/uL|만/㎣|10⁴/㎕|x10^4/mm³|10,000/uL",
    "10*5/uL": "십만/㎕|10^5/uL|lakh/cumm",
    "10*6/uL": "백만/uL|M/uL|10⁶/㎕|million/mm3|T/L|10^12/L",
    "10*9/L": "10⁹/ℓ|G/L|giga/L|10e9/L|109/L|10^6/mL|billion/L|x10⁹·L⁻¹",
    "/uL": "1/uL|/㎣|/mm³|/cu.mm|cells/µL|개/㎕|#/uL|per mm3|10^3/mL|10³/㎖",
    "mg/dL": "㎎/㎗|mg%|MG/DL|mg/100mL|ｍｇ／ｄＬ|mg / dl",
    "g/dL": "g/㎗|G/DL|gm/dl|g%|g·dL⁻¹",
    "g/L": "g/ℓ|g/l|mg/mL",
    "mg/L": "㎍/㎖|mg/ℓ|ug/mL|mcg/mL",
    "ng/L": "pg/mL|pg/㎖",
    "umol/L": "µmol/L|μmol/ℓ|UMOL/L|micromol/L|mcmol/L|nmol/mL",
    "meq/L": "mEq/ℓ|MEQ/L|mval/L",
    "U/L": "IU/L|U/ℓ|[iU]/L|units/L",
    "[IU]/mL": "IU/mL|IU/㎖",
    "m[IU]/L": "µIU/mL|uIU/㎖|mIU/ℓ",
    "m[AU]/mL": "mAU/㎖|mAU/mL",
    "%": "％|percent",
    "mm[Hg]": "mmHg|㎜Hg",
    "Cel": "℃|°C",
    "kg": "㎏|KG",
    "cm": "㎝",
    "s": "sec|초|seconds",
    "1": "ratio|INR|pH",
    "g/(24.h)": "g/24h|g/day|g/일",
}
NO_UNITS = (
    *(
        "",
        " ",
        "-",
        "/",
        "//",
        "x",
        "10^3",
        "K",
        "천",
        "same",
        "furlong",
        "mL",
        "ten/uL",
        "mil/uL",
        "10^2/uL",
        "100/uL",
    ),
    *("10^-3/L", "10^100/uL", "mmol/L/h", "10^3/uL/day", "ng/dL", "nmol/L", "mg/dL?", "3/uL", "1,00/uL", "g/hpf"),
)


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, many in SPELLINGS.items() for text in many.split("|")]
)
def test_a_spelling_means_its_unit(code: str, text: str) -> None:
    assert read_unit(text) == code


@pytest.mark.parametrize("text", NO_UNITS)
def test_what_is_no_unit_of_the_list_stays_unknown(text: str) -> None:
    assert read_unit(text) is None


def test_every_code_means_itself() -> None:
    codes = [entry.code for entry in read_code_list("unit").entries]
    assert [read_unit(code) for code in codes] == codes


@pytest.mark.parametrize(
    ("text", "analyte", "code"),
    [
        ("G/L", "platelets", "10*9/L"),
        ("g/l", "platelets", "10*9/L"),
        ("G/L", "albumin", "g/L"),
        ("G/L", "alt", "10*9/L"),
        ("mU/mL", "alt", "U/L"),
        ("mU/mL", "no analyte of the list", "m[IU]/mL"),
        ("10^3/uL", "albumin", "10*3/uL"),
    ],
)
def test_of_several_readings_the_analyte_decides(text: str, analyte: str, code: str) -> None:
    assert read_unit(text, analyte) == code


TENS = {f"{times}10{sign}{{n}}" for times in ("", "x", "×", "X ") for sign in ("^", "*", "**", "E", "e", "x")}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LITRES = {
    "L": 0,
    "ℓ": 0,
    "dL": -1,
    "㎗": -1,
    "mL": -3,
    "㎖": -3,
    "cc": -3,
    "µL": -6,
    "μl": -6,
    "uL": -6,
    "㎕": -6,
    "mm³": -6,
    "㎣": -6,
}
PER_LITRE = {"10*9/L": 9, "10*3/uL": 9, "/uL": 6, "10*4/uL": 10, "10*5/uL": 11, "10*6/uL": 12}
GRAMS = {"g": 0, "㎎": -3, "mg": -3, "µg": -6, "㎍": -6, "mcg": -6, "ng": -9, "pg": -12}
GRAMS_PER_LITRE = {"g/L": 0, "g/dL": 1, "mg/dL": -2, "mg/L": -3, "ug/L": -6, "ng/mL": -6, "ng/L": -9}


def test_every_power_of_ten_per_volume_is_the_number_that_it_says() -> None:
    spellings = {
        (ten.format(n=n) + thing + f"/{volume}", n - below)
        for ten, n, thing, (volume, below) in itertools.product(TENS, range(13), ("", " cells", "개"), LITRES.items())
    } | {(f"×10{str(n).translate(RAISED)}/{volume}", n - below) for n in range(13) for volume, below in LITRES.items()}
    assert len(spellings) > 10_000
    found = {text: read_unit(text) for text, _ in spellings}
    wrong = [
        (text, power, found[text])
        for text, power in spellings
        if PER_LITRE.get(found[text] or "") != (power if power in PER_LITRE.values() else None)
    ]
    assert wrong == []


def test_every_weight_per_volume_is_the_number_that_it_says() -> None:
    for (weight, above), (volume, below) in itertools.product(GRAMS.items(), LITRES.items()):
        for text in (f"{weight}/{volume}", f" {weight} ／ {volume} ", f"({weight}/{volume})"):
            found = read_unit(text)
            power = above - below
            assert (found and GRAMS_PER_LITRE[found]) == (power if power in GRAMS_PER_LITRE.values() else None), text


def test_the_conversions_of_counts_are_powers_of_ten() -> None:
    rows = [row for row in read_csv_rows(CONVERSIONS) if row["to_unit"] == "10*9/L"]
    assert {row["from_unit"] for row in rows} == PER_LITRE.keys()
    assert all(Fraction(row["factor"]) == Fraction(10) ** (PER_LITRE[row["from_unit"]] - 9) for row in rows)


def test_the_function_is_made_once_and_knows_nulls() -> None:
    with duckdb.connect() as con:
        make_unit_function(con)
        make_unit_function(con)
        assert con.execute("SELECT unit_of('만/㎕', NULL), unit_of(NULL, 'alt')").fetchall() == [("10*4/uL", None)]
