"""The synthetic study, drawn once, and what the slow oracle reads in it."""

from functools import cache
from typing import Any

from oracle.reading import Reading, read_study
from support.published_figures import LONG, SHORT

from etl.synthetic.truth.study import Study, draw_study

SEED = 2021
ANALYTES_READ = ("bilirubin_total", "albumin", "inr", "afp")


@cache
def study() -> Study:
    """Draw the study; not to be changed by a test."""
    return draw_study(SEED)


@cache
def readings() -> tuple[Reading, ...]:
    """Read everyone who was screened, from the tables alone."""
    return tuple(read_study(plain_tables(study())))


@cache
def in_study(group: str) -> tuple[Reading, ...]:
    """The eligible patients of a survival group, long_term or short_term."""
    return tuple(reading for reading in readings() if reading.is_in_study and reading.group == group)


@cache
def all_in_study() -> tuple[Reading, ...]:
    """The 1,566 patients of the study."""
    return in_study(LONG) + in_study(SHORT)


def plain_tables(of: Study) -> dict[str, list[dict[str, Any]]]:
    """Turn the tables into lists of dicts, without the laboratory results that the study does not ask for."""
    labs = of.tables["lab_result"]
    tables = of.tables | {
        "lab_result": labs[labs["analyte_code"].isin(ANALYTES_READ)].dropna(axis="columns", how="all")
    }
    return {name: table.to_dict("records") for name, table in tables.items()}
