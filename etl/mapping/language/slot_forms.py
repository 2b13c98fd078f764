"""Models of the options by which one record yields several rows: `unpivot` and `explode`."""

import re
from collections.abc import Mapping
from math import prod
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from etl.mapping.language.base import Line
from etl.mapping.language.column_mapping import BooleanWords


def _as_groups(value: Any) -> Any:
    """Write out a range of numbers, with the leading zeros that its first number has; so for each axis."""
    if isinstance(value, dict):
        return {axis: _as_groups(groups) for axis, groups in value.items()}
    if not isinstance(value, str):
        return value
    bounds = _RANGE.fullmatch(value)
    first, last = (int(bound) for bound in bounds.groups()) if bounds else (0, 0)
    if not bounds or not first < last <= MOST_SLOTS:
        raise ValueError(f"'{value}' is not a range such as \"1..12\" (up to {MOST_SLOTS}); list the groups")
    return [str(number).zfill(len(bounds[1])) for number in range(first, last + 1)]


_RANGE = re.compile(r"([0-9]{1,3})\.\.([0-9]{1,3})")
MOST_SLOTS = 999
"""How many rows one record may yield in one part."""


class Unpivot(Line):
    """Columns that stand side by side in groups; every group becomes a slot, or every group of one axis with every other's."""

    name: str | None = Field(None, description="New column that says which group a slot comes from.", min_length=1)
    groups: Annotated[
        list[str] | dict[str, list[str]],
        BeforeValidator(_as_groups, json_schema_input_type=list[str] | str | dict[str, list[str] | str]),
    ] = Field(
        description='The groups, as they stand in the columns\' names; "1..12" for numbers. A map crosses several axes '
        "(visits and tests): each names the new column that says its group.",
        min_length=1,
    )
    columns: dict[str, str] = Field(
        description="New columns, and the source's own with {group} in place of the group; {axis} of an axis.",
        min_length=1,
    )
    ticked: str | None = Field(None, description="New column that must be ticked; other slots are empty.")
    tick_words: BooleanWords | None = Field(None, description="Words for ticked and not ticked; 1 and 0 when not said.")

    @model_validator(mode="after")
    def _one_way_to_name(self) -> "Unpivot":
        is_crossed = isinstance(self.groups, dict)
        if is_crossed == (self.name is not None):
            raise ValueError("'name' goes with a list of groups; a map of axes names its columns itself")
        if any(not groups for groups in self.axes.values()):
            raise ValueError("an axis without a group yields no row")
        if prod(map(len, self.axes.values())) > MOST_SLOTS:
            raise ValueError(f"these are more than {MOST_SLOTS} groups in one part; divide them over several")
        return self

    @property
    def axes(self) -> Mapping[str, list[str]]:
        """The groups by the new column that says which one a slot comes from."""
        return self.groups if isinstance(self.groups, dict) else {self.name or "": self.groups}


TICK_WORDS = BooleanWords(true=["1"], false=["0"])
"""The words for a ticked and an empty box when the mapping states none."""


class Explode(Line):
    """Cells that list several things; every part becomes a slot."""

    columns: list[str] = Field(description="Columns that list; several of them list in step.", min_length=1)
    separator: str = Field(description="What separates the parts, a regular expression (RE2).", min_length=1)
