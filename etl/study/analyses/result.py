"""The sheet on which an analysis writes its numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.model.study_tables import StudyNumber

if TYPE_CHECKING:
    from etl.study.statistics.test_result import TestResult

SIGNIFICANT_DIGITS = 10
"""Digits that are stored: processors differ in the last bits of their linear algebra."""


@dataclass
class Sheet:
    """The numbers of one analysis, in the order in which they were written."""

    analysis_id: str
    population: str
    results: list[StudyNumber] = field(default_factory=list)

    def __iter__(self) -> Iterator[StudyNumber]:
        """Go through the numbers."""
        return iter(self.results)

    def write(
        self,
        operation: str,
        value: float | None,
        *,
        method: str,
        variable: str | None = None,
        level: str | None = None,
        group_level: str | None = None,
        sequence: int = 0,
        text: str | None = None,
        note: str | None = None,
    ) -> None:
        """Write one number; one that is infinite or none at all is written in words."""
        rounded, word = _rounded(value)
        self.results.append(
            StudyNumber(
                analysis_id=self.analysis_id,
                population=self.population,
                variable=variable,
                level=level,
                group_level=group_level,
                sequence=sequence,
                method=method,
                operation=operation,
                value=rounded,
                text=text or word,
                note=note or None,
            )
        )

    def write_test(
        self,
        test: "TestResult",
        *,
        variable: str | None = None,
        level: str | None = None,
        group_level: str | None = None,
        sequence: int = 0,
        prefix: str = "",
    ) -> None:
        """Write a test as its statistic, degrees of freedom and p; p always, the others where the method has them."""
        for operation, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            if value is None and operation != "p":
                continue
            self.write(
                prefix + operation,
                value,
                method=test.method,
                variable=variable,
                level=level,
                group_level=group_level,
                sequence=sequence,
                note=test.note if operation == "p" else None,
            )


def _rounded(value: float | None) -> tuple[float | None, str | None]:
    if value is None or math.isnan(value):
        return None, None
    if math.isinf(value):
        return None, "infinite" if value > 0 else "minus infinite"
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}"), None
