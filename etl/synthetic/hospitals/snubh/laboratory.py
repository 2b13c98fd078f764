"""SNUBH's laboratory: a file for every year, and a change of columns in 2010 and in 2013."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.synthetic.hospitals.snubh import words as words_of
from etl.synthetic.rendering import iso_dates, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.laboratory import panel

_RENAMED_FROM = 2010
"""The result's column has its new name."""
_LIMITS_APART_FROM = 2013
"""The limits have a column each, and blood sugar says whether the patient had eaten."""
_EVERY_NTH_AFTER_A_MEAL = 6


def report_labs(labs: pd.DataFrame) -> pd.DataFrame:
    """State results as SNUBH reports them: text and number in its unit, and from 2013 on whether sugar was fasting."""
    decimals = labs["analyte_code"].map({code: analyte.decimals for code, analyte in panel().items()})
    is_asked = (labs["analyte_code"] == "glucose") & (labs["taken_on"].dt.year >= _LIMITS_APART_FROM)
    is_fasting = np.arange(len(labs)) % _EVERY_NTH_AFTER_A_MEAL != 0
    return labs.assign(
        reported_value=labs["value"],
        reported_value_text=[
            f"{qualifier if isinstance(qualifier, str) else ''}{value:.{places}f}"
            for qualifier, value, places in zip(labs["value_qualifier"], labs["value"], decimals, strict=True)
        ],
        reported_unit=labs["unit"].replace(words_of.REPORTED_UNIT),
        unit_factor=1.0,
        limits_source_code="result",
        is_fasting=np.where(is_asked, is_fasting, None),
    )


def yearly_sheets(labs: pd.DataFrame) -> Iterator[Sheet]:
    """Write each year's results in the columns of that year."""
    for year, of in labs.groupby(labs["taken_on"].dt.year):
        yield Sheet(f"LAB_{year}.csv", _records(of, int(year)))


def _records(of: pd.DataFrame, year: int) -> pd.DataFrame:
    lower, upper = ([_limit(value) for value in of[name].tolist()] for name in ("lower_limit", "upper_limit"))
    records = pd.DataFrame(
        {
            "PT_NO": of["patient_id"].tolist(),
            "EXM_YMD": [date.replace("-", "") for date in iso_dates(of["taken_on"])],
            "EXM_CD": words(of["analyte_code"], words_of.ANALYTE),
            "RSLT_VAL" if year >= _RENAMED_FROM else "RSLT": of["reported_value_text"].tolist(),
            "UNIT": words(of["reported_unit"], words_of.UNIT),
        }
    )
    if year < _LIMITS_APART_FROM:
        return records.assign(REF=[f"{low}~{high}" for low, high in zip(lower, upper, strict=True)])
    return records.assign(REF_LO=lower, REF_HI=upper, FST_YN=words(of["is_fasting"], words_of.YES))


def _limit(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"
