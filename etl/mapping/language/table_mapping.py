"""Models of one part: how one source fills one canonical table, and which of its rows become one."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from etl.mapping.language.base import Line, as_list
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.condition import Conditions
from etl.mapping.language.lookup_forms import Aggregate, Lookup, brought_columns
from etl.mapping.language.slot_forms import Explode, Unpivot


def _as_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Deduplicate(Line):
    """Rows that stand for the same thing, and which of them wins."""

    by: list[str] = Field(
        description="Canonical columns that tell two things apart; rows with an empty one stay.", min_length=1
    )
    keep: Literal["first", "last"] = Field(description="Which of them wins.")
    order_by: str | None = Field(None, description="Canonical column that orders them; the file's order when not said.")


class TableMapping(Line):
    """How one source fills one canonical table."""

    source: str = Field(alias="from", description="The source that is read.")
    keep_if: Conditions = Field(
        [], description="Only records that meet this count; one that cannot be decided is kept and reported."
    )
    unpivot: Unpivot | None = Field(None, description="One slot for each group of columns.")
    explode: Explode | None = Field(None, description="One slot for each part of a cell that lists several.")
    unless_empty: Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)] = Field(
        [], description="A record, or a slot of it, in which all of these columns are empty yields no row."
    )
    lookup: Annotated[list[Lookup], BeforeValidator(as_list, json_schema_input_type=list[Lookup] | Lookup)] = Field(
        [], description="Columns of other sources joined to the record; later ones see those of earlier ones."
    )
    then_keep_if: Conditions = Field(
        [],
        description="As 'keep_if', but on what look-ups bring and slots hold, too; it decides on each row after them.",
    )
    deduplicate: Deduplicate | None = Field(None, description="Rows that stand for the same thing become one.")
    aggregate: Aggregate | None = Field(None, description="Rows of the same key become one, column by column.")
    columns: dict[
        str, Annotated[ColumnMapping, BeforeValidator(_as_column, json_schema_input_type=ColumnMapping | str)]
    ] = Field(description="Canonical columns and how each is filled.", min_length=1)

    @model_validator(mode="after")
    def _one_merger(self) -> "TableMapping":
        if self.aggregate is not None and self.deduplicate is not None:
            raise ValueError("aggregate and deduplicate exclude each other; say one of them")
        if self.then_keep_if and not (self.lookup or self.unpivot or self.explode):
            raise ValueError("'then_keep_if' goes with 'lookup', 'unpivot' or 'explode'; write 'keep_if'")
        return self

    _unless_empty_in_source: tuple[str, ...] = PrivateAttr(default=())

    def inherit(self, unless_empty: list[str]) -> "TableMapping":
        """Take over the columns that the source names under `unless_empty`, next to the part's own."""
        self._unless_empty_in_source = tuple(unless_empty)
        return self

    def count_from_looked_up_days(self, dates_of: Mapping[str, list[str]]) -> "TableMapping":
        """Give a day that a look-up brings, and that a column counts from, the formats of the source that it comes from."""
        for name, options in self.columns.items():
            date = options.date
            lookup = self.brought.get(date.since) if date is not None and date.since and not date.formats else None
            if date is not None and lookup is not None and dates_of.get(lookup.source):
                counted = date.model_copy(update={"formats": dates_of[lookup.source]})
                self.columns[name] = options.model_copy(update={"date": counted})
        return self

    @property
    def empty_sets(self) -> tuple[tuple[str, ...], ...]:
        """The sets of columns of which one that is empty altogether means that there is no row: the source's, the part's."""
        return tuple(columns for columns in (self._unless_empty_in_source, tuple(self.unless_empty)) if columns)

    @property
    def brought(self) -> Mapping[str, Lookup]:
        """The columns that look-ups bring, each with its look-up."""
        return brought_columns(self.lookup)


class OverParts(Line):
    """What becomes of the rows of all parts of one table that stand for the same thing."""

    aggregate: Aggregate | None = Field(None, description="Rows of the same key become one, column by column.")
    deduplicate: Deduplicate | None = Field(None, description="Rows that stand for the same thing become one.")

    @model_validator(mode="after")
    def _one_merger(self) -> "OverParts":
        if (self.aggregate is None) == (self.deduplicate is None):
            raise ValueError("say one of aggregate and deduplicate")
        return self
