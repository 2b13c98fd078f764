"""The types and the one way to declare a column of the canonical model.

A column is stated once, here and in its table's file. The SQL tables, their comments, the data dictionary, the
mapping's known targets and the quality suites are projected from it (see `schemas.catalogue`).
"""

from typing import Annotated, Any, Literal

import pandas as pd
import pandera.pandas as pa
import pyarrow

from schemas.code_list import read_code_list

Text = Annotated[pd.ArrowDtype, pyarrow.string()]
Date = Annotated[pd.ArrowDtype, pyarrow.date32()]
Decimal = Annotated[pd.ArrowDtype, pyarrow.decimal128(18, 6)]
Factor = Annotated[pd.ArrowDtype, pyarrow.decimal128(18, 9)]
SmallInteger = Annotated[pd.ArrowDtype, pyarrow.int16()]
Boolean = Annotated[pd.ArrowDtype, pyarrow.bool_()]

Kahn = Literal["conformance", "completeness", "plausibility"]
Cost = Literal["cell", "row"]


def column(
    title: str,
    description: str,
    *,
    required: bool = False,
    cost: Cost | None = None,
    codes: str | None = None,
    unit: str | None = None,
    unit_column: str | None = None,
    kind: str | None = None,
    kahn: Kahn | None = None,
    expected_percent: int | None = None,
    **checks: Any,
) -> Any:
    """Declare a column: what it means, and what a bad cell in it costs.

    Args:
        title: two or three words for headings.
        description: one sentence for the dictionary and the SQL comment.
        required: the row is worth nothing without it; a missing cell then costs the row.
        cost: `cell` sets a bad cell aside as NULL with a finding, `row` quarantines the row. Required columns cost the
            row, others the cell, unless said otherwise.
        codes: the code list (schemas/codelists/<codes>.csv) that the value must come from.
        unit: the unit of the number, where it is always the same.
        unit_column: the column that holds the number's unit, where it differs from row to row.
        kind: the column that says what the number or code is about (an analyte, an observation), where one column
            answers for several things; None where the column is about one thing only.
        kahn: the category of the column's checks; conformance for code lists, plausibility for ranges, unless said.
        expected_percent: the share of rows, in percent, below which an incomplete column is worth a finding.
        **checks: Pandera's field checks (`ge`, `le`, `str_matches` ...).
    """
    if codes is not None:
        checks["isin"] = [entry.code for entry in read_code_list(codes).entries]
    metadata = {
        "cost": cost or ("row" if required else "cell"),
        "codes": codes,
        "unit": unit,
        "unit_column": unit_column,
        "kind": kind,
        "kahn": kahn or ("plausibility" if {"ge", "le", "gt", "lt"} & checks.keys() else "conformance"),
        "expected_percent": 100 if required else expected_percent,
    }
    return pa.Field(title=title, description=description, nullable=not required, metadata=metadata, **checks)


def patient_id() -> Any:
    """Declare the patient's pseudonym, the reference of every table to `patient`."""
    return column(
        "Patient",
        "Pseudonym of the patient, unique within the site; the person is (site_id, patient_id).",
        required=True,
        str_length={"min_value": 1, "max_value": 64},
    )


def sequence_number() -> Any:
    """Declare the hospital's own number of a record, where only its words tell the records of a patient apart.

    Two true records may agree in all of them; the number is part of the table's key, so that both are loaded.
    """
    return column(
        "Sequence number",
        "The hospital's own number of the record within the patient, such as SDTM's --SEQ; it distinguishes records that agree "
        "in every other column of the key.",
    )


def date(title: str, description: str, *, required: bool = False, expected_percent: int | None = None) -> Any:
    """Declare a calendar date between 1900 and 2100."""
    return column(
        title,
        description,
        required=required,
        expected_percent=expected_percent,
        ge=pd.Timestamp("1900-01-01").date(),
        le=pd.Timestamp("2100-12-31").date(),
    )


def precision(of: str) -> Any:
    """Declare how precisely the date in the column before it is known; a partial date holds its first day."""
    return column(
        f"Precision of {of}", f"How precisely {of} is known: to the day, the month or the year.", codes="date_precision"
    )
