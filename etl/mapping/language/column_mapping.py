"""Models of one canonical column: where its text comes from, what is cut out of it, what it then means."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from etl.mapping.language.base import Line, as_list
from etl.mapping.language.lookup_forms import Unit

Scalar = str | int | float | bool


def _as_date(value: Any) -> Any:
    return {"formats": value} if isinstance(value, str | list) else value


def _as_unit(value: Any) -> Any:
    return {"constant": value} if isinstance(value, str) else value


class NumberFormat(Line):
    """How a source writes its numbers."""

    qualifier: str | None = Field(None, description="Canonical column that takes the sign of '<0.5'.")
    decimal: Literal[".", ","] | None = Field(None, description="Decimal sign; the source's own when not said.")
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        None, description="Sign between thousands, when there is one."
    )


class DateFormat(Line):
    """How a source writes its dates."""

    formats: Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)] = Field(
        [],
        description="Formats, tried in order (%Y-%m-%d; %Y-%m for a month, %Y for a year; excel, excel1904); the source's own "
        "when not said.",
        min_length=1,
    )
    precision: str | None = Field(None, description="Canonical column that says how precisely the date is known.")
    since: str | None = Field(
        None,
        description="The cell is no date but counts from the day in this column, of the record or brought by a look-up; "
        "'formats' are those of that day.",
    )
    unit: Literal["days", "weeks", "months"] | None = Field(
        None, description="What the cell counts; goes with 'since'."
    )
    first: Literal[0, 1] | None = Field(
        None, description="The number of the day, week or month that begins on the day of 'since'; 0 when not said."
    )

    @model_validator(mode="after")
    def _counted_or_not(self) -> "DateFormat":
        if (self.since is None) != (self.unit is None):
            raise ValueError("'since' and 'unit' go together")
        if self.first is not None and self.since is None:
            raise ValueError("'first' goes with 'since'")
        return self


class BooleanWords(Line):
    """Which words mean yes and which mean no."""

    true: list[str] = Field(description="Words that mean yes.", min_length=1)
    false: list[str] = Field([], description="Words that mean no.")


class Split(Line):
    """One part of a cell that holds several."""

    separator: str = Field(description="What separates the parts.", min_length=1)
    part: int = Field(description="Which part, counted from 1; from -1 backwards.")


class ColumnMapping(Line):
    """How one canonical column is filled: where the text comes from, what is cut out of it, what it then means."""

    column: str | None = Field(None, description="Take this column of the source.")
    coalesce: list[str] | None = Field(
        None, description="Take the first of these columns that is filled.", min_length=1
    )
    constant: Scalar | None = Field(None, description="The same value in every row.")
    expression: str | None = Field(None, description="A scalar SQL expression over this source's columns.")

    missing: list[str] = Field(
        [], description="Codes that mean 'missing' in this column, in addition to the site's own."
    )
    split: Split | None = Field(None, description="Take one part of the cell.")
    extract: str | None = Field(None, description="Take what this regular expression (RE2) finds.")
    group: int | str | None = Field(
        None, description="Number or name of the expression's group; the whole when not said."
    )

    recode: Annotated[
        dict[str, Scalar | None] | str | None,
        Field(description="The hospital's codes and the canonical ones: a map, or a CSV file (codes/<name>.csv)."),
    ] = None
    ignore_case: bool = Field(
        False, description="Codes of 'recode' that differ in case, or in full and half width, alone are the same."
    )
    default: Scalar | None = Field(
        None,
        description="The canonical value of a word that 'recode' does not list; each cell that it fills is reported.",
    )
    date: Annotated[
        DateFormat | None, BeforeValidator(_as_date, json_schema_input_type=DateFormat | list[str] | str)
    ] = Field(None, description="Read a date; a list of formats is enough where nothing else is to say.")
    number: NumberFormat | None = Field(None, description="Read a number; {} for the source's plain form.")
    unit: Annotated[Unit | None, BeforeValidator(_as_unit, json_schema_input_type=Unit | str)] = Field(
        None, description="Unit of the source's number, or the column that holds it; converted to the canonical one."
    )
    boolean: BooleanWords | None = Field(None, description="Read yes or no.")

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnMapping":
        origins = [name for name in ORIGINS if getattr(self, name) is not None]
        if len(origins) != 1:
            raise ValueError(f"say exactly one of {', '.join(ORIGINS)}; found {' and '.join(origins) or 'none'}")
        meanings = [name for name in MEANINGS if getattr(self, name) is not None]
        if len(meanings) > 1:
            raise ValueError(f"{' and '.join(meanings)} exclude each other; say one of them")
        if self.constant is not None and (meanings or self.split or self.extract or self.unit):
            raise ValueError("a constant is written as the canonical value and takes no further option")
        if self.group is not None and self.extract is None:
            raise ValueError("'group' goes with 'extract'")
        if self.ignore_case and self.recode is None:
            raise ValueError("'ignore_case' goes with 'recode'")
        if "default" in self.model_fields_set and self.recode is None:
            raise ValueError("'default' goes with 'recode'")
        if "default" in self.model_fields_set and self.default is None:
            raise ValueError("'default' is a canonical value; a word that says nothing is listed in 'recode' as null")
        if self.unit is not None and meanings not in ([], ["number"]):
            raise ValueError("'unit' goes with 'number'")
        if self.split is not None and self.split.part == 0:
            raise ValueError("'part' counts from 1")
        return self


ORIGINS = ("column", "coalesce", "constant", "expression")
MEANINGS = ("recode", "date", "number", "boolean")
