"""What the warehouse must hold after a clean delivery was loaded: the truth with pseudonyms, in the model's types."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

from etl.identity.pseudonym import pseudonym
from etl.synthetic.hospitals import find_hospital
from etl.synthetic.truth.study import Study
from schemas.catalogue import table_facts


def expected_rows(studies: Iterable[Study], site_id: str, key: bytes) -> dict[str, pa.Table]:
    """State the rows of each canonical table that must be loaded from a hospital's clean delivery.

    Args:
        studies: the replicas that the delivery was made from.
        site_id: the hospital.
        key: the hospital's pseudonym key.

    Returns:
        one Arrow table per canonical table that the hospital delivers, columns and types as in the model, in no
        particular order of rows.
    """
    parts: dict[str, list[pa.Table]] = {}
    for number, study in enumerate(studies):
        for name, rows in find_hospital(site_id).as_reported(study, number == 0).items():
            parts.setdefault(name, []).append(as_canonical(name, rows, key))
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


def as_canonical(table: str, rows: pd.DataFrame, key: bytes) -> pa.Table:
    """Give rows the model's column order and types, and their patients pseudonyms."""
    facts = table_facts(table)
    names = {number: pseudonym(key, number) for number in set(rows.get("patient_id", ()))}
    columns = {
        column.name: _typed(
            rows["patient_id"].map(names) if column.name == "patient_id" else rows[column.name], column.arrow_type
        )
        for column in facts.columns
    }
    return pa.table(columns)


def _typed(values: pd.Series, arrow_type: pa.DataType) -> pa.Array:
    plain = [None if pd.isna(value) else value for value in values.tolist()]
    if pa.types.is_date(arrow_type):
        return pa.array([value and value.date() for value in plain], arrow_type)
    if pa.types.is_decimal(arrow_type):
        return pa.array([None if value is None else float(value) for value in plain], pa.float64()).cast(arrow_type)
    if pa.types.is_integer(arrow_type):
        return pa.array([None if value is None else int(value) for value in plain], arrow_type)
    return pa.array(plain, arrow_type)
