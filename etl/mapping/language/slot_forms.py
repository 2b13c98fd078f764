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
        [],
        description='The groups, as they stand in the columns\' names; "1..12" for numbers. A map crosses several axes '
        "(visits and tests): each names the new column that says its group.",
        min_length=1,
    )
    columns: dict[str, str] = Field(
        {},
        description="New columns, and the source's own with {group} in place of the group; {axis} of an axis.",
        min_length=1,
    )
    columns_by_group: dict[str, dict[str, str | None]] = Field(
        {},
        description="In place of 'columns', where names follow no pattern: by group, the new columns and the source's own; "
        "null where a group has none. An axis under 'groups' may cross it.",
        min_length=1,
    )
    ticked: str | None = Field(None, description="New column that must be ticked; other slots are empty.")
    tick_words: BooleanWords | None = Field(None, description="Words for ticked and not ticked; 1 and 0 when not said.")

    @model_validator(mode="after")
    def _one_way_to_name(self) -> "Unpivot":
        is_crossed = isinstance(self.groups, dict)
        if self.columns_by_group:
            self._check_by_group()
        elif not self.groups or not self.columns:
            raise ValueError("say 'groups' and 'columns', or 'columns_by_group'")
        elif is_crossed == (self.name is not None):
            raise ValueError("'name' goes with a list of groups; a map of axes names its columns itself")
        if any(not groups for groups in self.axes.values()):
            raise ValueError("an axis without a group yields no row")
        if prod(map(len, self.axes.values())) > MOST_SLOTS:
            raise ValueError(f"these are more than {MOST_SLOTS} groups in one part; divide them over several")
        return self

    def _check_by_group(self) -> None:
        if self.columns:
            raise ValueError("'columns' and 'columns_by_group' exclude each other; say one of them")
        if self.name is None:
            raise ValueError("'columns_by_group' goes with 'name', the new column that says the group")
        if self.groups and not isinstance(self.groups, dict):
            raise ValueError("'columns_by_group' names its groups itself; 'groups' may only add axes, as a map")
        if self.name in self.axes_of_groups:
            raise ValueError(f"'{self.name}' is the name of an axis, too; give the new column another")
        for group, cells in self.columns_by_group.items():
            if absent := [new for new in self.new_cells if new not in cells]:
                raise ValueError(
                    f"the group '{group}' does not say '{absent[0]}', which another group does; write null where it has none"
                )
            if not any(cells.values()):
                raise ValueError(f"the group '{group}' has no column")

    @property
    def axes_of_groups(self) -> Mapping[str, list[str]]:
        """The axes that a map under 'groups' names."""
        return self.groups if isinstance(self.groups, dict) else {}

    @property
    def new_cells(self) -> tuple[str, ...]:
        """The new columns that hold cells of a slot's group."""
        by_group = (new for cells in self.columns_by_group.values() for new in cells)
        return tuple(dict.fromkeys((*self.columns, *by_group)))

    @property
    def axes(self) -> Mapping[str, list[str]]:
        """The groups by the new column that says which one a slot comes from."""
        if self.columns_by_group:
            return {**self.axes_of_groups, self.name or "": [*self.columns_by_group]}
        return self.groups if isinstance(self.groups, dict) else {self.name or "": self.groups}


TICK_WORDS = BooleanWords(true=["1"], false=["0"])
"""The words for a ticked and an empty box when the mapping states none."""


class Explode(Line):
    """Cells that list several things; every part becomes a slot."""

    columns: list[str] = Field(description="Columns that list; several of them list in step.", min_length=1)
    separator: str = Field(description="What separates the parts, a regular expression (RE2).", min_length=1)
