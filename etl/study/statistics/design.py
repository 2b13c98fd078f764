"""Design matrix of a regression: complete rows, dummy columns against a reference level, and what had to be left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from etl.study.statistics.independence import independent_columns

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DesignColumn:
    """One column of a design: a number (`level` is None) or the indicator of one level of a factor."""

    variable: str
    level: str | None


@dataclass(frozen=True)
class Design:
    """What a regression is fitted to.

    Attributes:
        matrix: One row per complete patient, one column per parameter, no intercept.
        columns: What each column of `matrix` stands for.
        is_complete: Over the frame's rows: whether no variable is missing, hence whether the row is in `matrix`.
        missing: Patients without a value, by variable; zeros included.
        notes: Sentences about levels and columns that were left out.
        references: The level that each factor is compared with, by variable.
    """

    matrix: NDArray[np.float64]
    columns: tuple[DesignColumn, ...]
    is_complete: NDArray[np.bool_]
    missing: Mapping[str, int]
    notes: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that have a column, in the order asked for."""
        return tuple(dict.fromkeys(column.variable for column in self.columns))

    def block(self, variable: str) -> list[int]:
        """Return the numbers of the variable's columns; empty when nothing of it could enter."""
        return [number for number, column in enumerate(self.columns) if column.variable == variable]


def build_design(frame: "pd.DataFrame", variables: Sequence[str]) -> Design:
    """Build the design of `variables` over the rows of `frame` that have a value for every one of them.

    A Categorical becomes indicators against its first level that any complete patient has; a number stays one column.
    A missing value leaves its row out: it never becomes a row of zeros, which would count the patient to the reference.
    Left out with a note: levels without a complete patient, factors with one level, constant numbers, and columns that
    are linear combinations of earlier ones. Raises KeyError for an unknown variable, TypeError for one that is neither
    a Categorical nor a number, ValueError for a variable named twice or an infinite number.
    """
    if len(set(variables)) != len(variables):
        raise ValueError(f"a variable is named twice: {', '.join(variables)}")
    is_missing = {variable: np.asarray(frame[variable].isna(), dtype=np.bool_) for variable in variables}
    is_complete = ~np.any(list(is_missing.values()), axis=0) if variables else np.ones(len(frame), dtype=np.bool_)
    complete = frame.loc[is_complete, list(variables)]
    columns: list[DesignColumn] = []
    arrays: list[NDArray[np.float64]] = []
    notes: list[str] = []
    references: dict[str, str] = {}
    for variable in variables:
        if hasattr(complete[variable], "cat"):
            levels = _factor(complete[variable], variable, notes)
            if levels:
                references[variable] = levels[0][0]
            columns += [DesignColumn(variable, level) for level, _ in levels[1:]]
            arrays += [indicator for _, indicator in levels[1:]]
        else:
            columns.append(DesignColumn(variable, None))
            arrays.append(_number(complete[variable], variable))
    matrix = np.column_stack(arrays) if arrays else np.empty((len(complete), 0))
    kept = independent_columns(matrix)
    notes += _left_out(matrix, columns, kept)
    return Design(
        matrix=np.ascontiguousarray(matrix[:, kept]),
        columns=tuple(columns[number] for number in kept),
        is_complete=is_complete,
        missing={variable: int(rows.sum()) for variable, rows in is_missing.items()},
        notes=tuple(notes),
        references=references,
    )


def _factor(values: "pd.Series", variable: str, notes: list[str]) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the levels that patients have, each with its indicator; empty when there are fewer than two."""
    codes = np.asarray(values.cat.codes)
    levels = [str(level) for level in values.cat.categories]
    is_present = [bool((codes == code).any()) for code in range(len(levels))]
    present = [(level, (codes == code).astype(np.float64)) for code, level in enumerate(levels) if is_present[code]]
    if len(present) <= 1:
        only = f"only the level '{present[0][0]}'" if present else "no level"
        notes.append(f"{variable} is left out: the complete patients have {only} of it.")
        return []
    absent = [level for code, level in enumerate(levels) if not is_present[code]]
    if absent:
        notes.append(f"{variable}: no complete patient has {_quoted(absent)}.")
    if not is_present[0]:
        notes.append(f"{variable}: the reference is '{present[0][0]}', since no complete patient has '{levels[0]}'.")
    return present


def _number(values: "pd.Series", variable: str) -> NDArray[np.float64]:
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{variable} is neither a Categorical nor a number but {values.dtype}")
    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{variable} has an infinite number")
    return numbers


def _left_out(matrix: NDArray[np.float64], columns: Sequence[DesignColumn], kept: Sequence[int]) -> list[str]:
    notes = []
    for number in sorted(set(range(len(columns))) - set(kept)):
        column = columns[number]
        name = column.variable if column.level is None else f"{column.variable} '{column.level}'"
        if column.level is None and len(matrix) and np.ptp(matrix[:, number]) == 0:
            notes.append(f"{name} is left out: every complete patient has the same number.")
        else:
            notes.append(f"{name} is left out: the columns before it determine it.")
    return notes


def _quoted(levels: Sequence[str]) -> str:
    return ", ".join(f"'{level}'" for level in levels)
