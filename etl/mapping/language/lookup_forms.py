"""Models of the options that use more than one cell: look-ups, aggregates, units by row, and the tables looked up in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from etl.mapping.language.base import Line, as_list

_Formats = Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)]


class Effective(Line):
    """The day on which something holds, and the range of days for which the other record does."""

    date: str = Field(description="Column here that holds the day.")
    formats: _Formats = Field(description="Its formats; those of the range, too, when not said.", min_length=1)
    range_formats: _Formats | None = Field(None, description="Formats of the range.", min_length=1)
    begins: str | None = Field(None, alias="from", description="Column there with the first day; empty: ever since.")
    ends: str | None = Field(
        None, alias="to", description="Column there with the last day; empty: until further notice."
    )

    @model_validator(mode="after")
    def _some_end(self) -> "Effective":
        if self.begins is None and self.ends is None:
            raise ValueError("say 'from', 'to' or both")
        return self

    @property
    def formats_there(self) -> list[str]:
        """The formats of the range."""
        return self.range_formats or self.formats


class LookupOrder(Line):
    """By which column the records there are put in an order, and what its cells are."""

    column: str = Field(description="Column there that orders the records of one key.")
    date: _Formats | None = Field(None, description="It holds days, in these formats.", min_length=1)
    number: bool = Field(False, description="It holds numbers.")

    @model_validator(mode="after")
    def _one_kind(self) -> "LookupOrder":
        if (self.date is None) != self.number:
            raise ValueError("say what orders the column: 'date' with its formats, or 'number: true'")
        return self


class Lookup(Line):
    """Columns of another source, or of a CSV table of the site, joined to each record."""

    source: str = Field(alias="from", description="Another source, or a table of the site's folder: codes/<name>.csv.")
    match: dict[str, str] = Field(description="Columns there and the columns here that must be the same.", min_length=1)
    take: dict[str, str] = Field(description="New columns here and the columns there that fill them.", min_length=1)
    where: dict[str, str] = Field(
        {},
        description="Columns there and the word that each must hold, where one source holds records of several kinds.",
    )
    effective: Effective | None = Field(None, description="Only what holds on the record's day.")
    keep: Literal["first", "last"] | None = Field(
        None, description="Of several records that match, take the first or the last by 'order_by'."
    )
    order_by: LookupOrder | None = Field(None, description="The column there by which 'keep' orders them.")
    optional: bool = Field(False, description="A record without a match is no finding.")

    @model_validator(mode="after")
    def _ordered_or_not(self) -> "Lookup":
        if (self.keep is None) != (self.order_by is None):
            raise ValueError("'keep' and 'order_by' go together")
        if self.keep is not None and self.effective is not None:
            raise ValueError("'keep' and 'effective' exclude each other; say one of them")
        return self

    @property
    def is_of_table(self) -> bool:
        """Whether it looks into a CSV table of the site instead of a source."""
        return self.source.startswith("codes/") or self.source.endswith(".csv")

    @property
    def columns_here(self) -> tuple[str, ...]:
        """The columns of the record that are looked up."""
        return tuple(dict.fromkeys((*self.match.values(), *([self.effective.date] if self.effective else []))))

    @property
    def columns_there(self) -> tuple[str, ...]:
        """The columns that are read of the other source."""
        ends = (self.effective.begins, self.effective.ends) if self.effective else ()
        order = [self.order_by.column] if self.order_by else []
        return tuple(dict.fromkeys((*self.match, *self.where, *filter(None, ends), *order, *self.take.values())))


class Aggregate(Line):
    """Rows of the same key that become one row."""

    by: list[str] = Field(
        description="Canonical columns of the key; rows in which one of them is empty stand alone.", min_length=1
    )
    columns: dict[str, Literal["first", "last", "min", "max"]] = Field(
        {}, description="Which value a canonical column keeps; the first that is filled when not said."
    )
    greatest: dict[str, list[str]] = Field(
        {}, description="Canonical columns of codes, all codes from the least to the greatest; the greatest is kept."
    )


class Unit(Line):
    """The unit in which a source writes a number."""

    constant: str | None = Field(None, description="The same unit in every row.")
    column: str | None = Field(None, description="Column that holds the unit.")
    recode: dict[str, str] = Field({}, description="The hospital's words for units and the units they mean.")

    @model_validator(mode="after")
    def _one_origin(self) -> "Unit":
        if (self.constant is None) == (self.column is None):
            raise ValueError("say a unit, or the column that holds it")
        if (self.column is None) != (not self.recode):
            raise ValueError("'column' goes with 'recode', which says what its words mean")
        return self


@dataclass(frozen=True)
class CsvTable:
    """A table of the site's folder to look up in: clean text in every cell, and each row's line in the file."""

    name: str
    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def brought_columns(lookups: "list[Lookup]") -> Mapping[str, Lookup]:
    """Name the columns that look-ups bring, each with its look-up."""
    return {name: lookup for lookup in lookups for name in lookup.take}
