"""The formats of an export, and what each of them can hold."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Format(StrEnum):
    """A kind of file, by its suffix."""

    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    sav = "sav"
    dta = "dta"


@dataclass(frozen=True)
class Limits:
    """What the files of a statistics program can hold.

    Sources: IBM SPSS Statistics, "Variable names" and "Variable type"; Stata 18, help limits, help data_types, help
    datetime and help reswords.
    """

    program: str
    name_length: int
    """Bytes; names are written in ASCII."""
    label_bytes: int
    label_characters: int
    value_label_bytes: int
    longest_text_bytes: int
    largest_number: float
    first_day: date
    day_zero: date
    """The day that is stored as 0."""
    reserved: frozenset[str]
    """Names that the program keeps for itself, in small letters."""


SPSS = Limits(
    program="SPSS",
    name_length=64,
    label_bytes=255,
    label_characters=255,
    value_label_bytes=120,
    longest_text_bytes=32_767,
    largest_number=1.797e308,  # the largest ones stand for LOWEST, HIGHEST and a missing value
    first_day=date(1582, 10, 15),
    day_zero=date(1582, 10, 14),
    reserved=frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with")),
)
STATA = Limits(
    program="Stata",
    name_length=32,
    label_bytes=320,
    label_characters=80,
    value_label_bytes=32_000,
    longest_text_bytes=2_000_000_000,  # beyond 2,045 bytes a text is stored as a strL, which has this limit
    largest_number=8.9884e307,  # larger ones stand for missing values
    first_day=date(1, 1, 1),
    day_zero=date(1960, 1, 1),
    reserved=frozenset(
        (
            *("byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"),
            *(f"str{length}" for length in range(1, 2046)),
        )
    ),
)
LIMITS = {Format.sav: SPSS, Format.dta: STATA}

MOST_EXACT = 1 << 53
"""Up to this size a double holds every whole number."""
MOST_OF_LONG = 2_147_483_620
"""Of Stata's whole numbers (long) the larger ones, and those below its negative, stand for missing values."""
