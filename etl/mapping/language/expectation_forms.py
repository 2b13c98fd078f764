"""Models of `expectations` and `ceilings`: what a hospital's loads hold, and how much of a delivery may be missing or refused."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from etl.mapping.language.base import Line

Percent = Annotated[float, Field(ge=0, le=100, strict=False)]
KINDS = ("rows", "rows_per_patient", "filled_percent", "values")
ABOUT_A_COLUMN = {"filled_percent", "values"}
WITH_PERCENT = {"rows_per_patient", "values"}


class RowSpan(Line):
    """How many rows there may be."""

    at_least: int | None = Field(None, ge=0, description="So many rows or more.")
    at_most: int | None = Field(None, ge=0, description="So many rows or fewer.")

    @model_validator(mode="after")
    def _some_end(self) -> "RowSpan":
        _check_some_end(self)
        return self


class ValueSpan(Line):
    """Between which numbers or days the values of a column lie."""

    at_least: int | float | str | None = Field(None, description="The smallest number, or the first day (2007-01-01).")
    at_most: int | float | str | None = Field(None, description="The largest number, or the last day.")

    @model_validator(mode="after")
    def _some_end(self) -> "ValueSpan":
        _check_some_end(self)
        return self


Span = RowSpan | ValueSpan


def _check_some_end(span: Span) -> None:
    if span.at_least is None and span.at_most is None:
        raise ValueError("say 'at_least', 'at_most' or both")


class Expectation(Line):
    """One demand on the loads of this hospital, about one canonical table."""

    name: str | None = Field(None, description="What reports call it; the demand in words when not said.", min_length=1)
    where: dict[str, str] = Field({}, description="Only rows whose canonical columns hold these codes.")
    column: str | None = Field(None, description="The canonical column that 'filled_percent' or 'values' is about.")
    rows: RowSpan | None = Field(None, description="How many rows the table has.")
    rows_per_patient: RowSpan | None = Field(
        None, description="How many rows each patient has, one without any included."
    )
    filled_percent: Percent | None = Field(None, description="In how many percent of the rows the column is filled.")
    values: ValueSpan | None = Field(None, description="Where the filled values of the column lie.")
    percent: Percent | None = Field(
        None, description="Of how many percent of the values or patients it must hold; of all when not said."
    )
    severity: Literal["warning", "fatal"] = Field(
        "warning", description="What a failure costs: a warning in the report, or (fatal) the whole delivery."
    )

    @model_validator(mode="after")
    def _one_demand(self) -> "Expectation":
        stated = [name for name in KINDS if getattr(self, name) is not None]
        if len(stated) != 1:
            raise ValueError(f"say exactly one of {', '.join(KINDS)}; found {' and '.join(stated) or 'none'}")
        if (self.column is not None) != (stated[0] in ABOUT_A_COLUMN):
            raise ValueError("'column' goes with 'filled_percent' or 'values', and they with it")
        if self.percent is not None and stated[0] not in WITH_PERCENT:
            raise ValueError("'percent' goes with 'values' or 'rows_per_patient'")
        return self

    @property
    def kind(self) -> str:
        """What is demanded: the name of the option that states it."""
        return next(name for name in KINDS if getattr(self, name) is not None)


class Ceilings(Line):
    """How much of this site may be refused, or missing, before a delivery is refused."""

    refused_rows_percent: Percent | None = Field(None, description="Of a table's rows that are quarantined.")
    refused_cells_percent: Percent | None = Field(None, description="Of a column's filled cells that are set aside.")
    missing_records_percent: Percent | None = Field(
        None,
        description="Of a source's records that were in the last delivery and are not in this one; 20 when not said.",
    )
