"""The Pydantic models of mapping.yaml: strict, and without unknown keys.

The models define the form only. Whether names exist and codes are known is checked in `etl.mapping.checks.names`; what an
operation does to a value is in the file named after it (dates.py, numbers.py ...).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from etl.identity.detectors import Detector
from etl.mapping.language.base import Line
from etl.mapping.language.base import as_list as _as_list
from etl.mapping.language.lookup_forms import Aggregate, CsvTable, Lookup, Unit, brought_columns
from etl.mapping.language.yaml_lines import Lines
from etl.readers.source import SourceFiles

Scalar = str | int | float | bool


def _as_date(value: Any) -> Any:
    return {"formats": value} if isinstance(value, str | list) else value


def _as_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _as_condition(value: Any) -> Any:
    return {"when": value} if isinstance(value, str) else value


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


def _as_unit(value: Any) -> Any:
    return {"constant": value} if isinstance(value, str) else value


class Condition(Line):
    """A condition that a record must meet, and what the ledger calls it."""

    when: str = Field(description="A condition in SQL over this source's columns.", min_length=1)
    name: str | None = Field(None, description="What the ledger calls it; the condition's own text when not said.")

    @property
    def rule(self) -> str:
        """The name in the ledger."""
        return self.name or self.when


_Conditions = Annotated[
    list[Annotated[Condition, BeforeValidator(_as_condition, json_schema_input_type=Condition | str)]],
    BeforeValidator(_as_list, json_schema_input_type=list[Condition | str] | Condition | str),
]


class Source(Line, SourceFiles):
    """Files of the delivery that hold the same records."""

    decimal: Literal[".", ","] = Field(".", description="The decimal sign of this source's numbers.")
    dates: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)] = Field(
        [], description="Formats of this source's dates, for every column of days that states none itself."
    )
    keep_if: _Conditions = Field(
        [],
        description="Only records that meet this count, in every part that reads the source; as if each part said it first.",
    )
    ignore: list[str] = Field([], description="Columns that are known and not wanted.")


class NumberFormat(Line):
    """How a source writes its numbers."""

    qualifier: str | None = Field(None, description="Canonical column that takes the sign of '<0.5'.")
    decimal: Literal[".", ","] | None = Field(None, description="Decimal sign; the source's own when not said.")
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        None, description="Sign between thousands, when there is one."
    )


class DateFormat(Line):
    """How a source writes its dates."""

    formats: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)] = Field(
        [],
        description="Formats, tried in order (%Y-%m-%d; %Y-%m for a month, %Y for a year; excel, excel1904); the source's own "
        "when not said.",
        min_length=1,
    )
    precision: str | None = Field(None, description="Canonical column that says how precisely the date is known.")


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
    ignore_case: bool = Field(False, description="Codes of 'recode' that differ in case alone are the same.")
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
        if self.unit is not None and meanings not in ([], ["number"]):
            raise ValueError("'unit' goes with 'number'")
        if self.split is not None and self.split.part == 0:
            raise ValueError("'part' counts from 1")
        return self


ORIGINS = ("column", "coalesce", "constant", "expression")
MEANINGS = ("recode", "date", "number", "boolean")


class Deduplicate(Line):
    """Rows that stand for the same thing, and which of them wins."""

    by: list[str] = Field(
        description="Canonical columns that tell two things apart; rows with an empty one stay.", min_length=1
    )
    keep: Literal["first", "last"] = Field(description="Which of them wins.")
    order_by: str | None = Field(None, description="Canonical column that orders them; the file's order when not said.")


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


class TableMapping(Line):
    """How one source fills one canonical table."""

    source: str = Field(alias="from", description="The source that is read.")
    keep_if: _Conditions = Field(
        [], description="Only records that meet this count; one that cannot be decided is kept and reported."
    )
    unpivot: Unpivot | None = Field(None, description="One slot for each group of columns.")
    explode: Explode | None = Field(None, description="One slot for each part of a cell that lists several.")
    unless_empty: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)] = Field(
        [], description="A record, or a slot of it, in which all of these columns are empty yields no row."
    )
    lookup: Annotated[list[Lookup], BeforeValidator(_as_list, json_schema_input_type=list[Lookup] | Lookup)] = Field(
        [], description="Columns of other sources joined to the record; later ones see those of earlier ones."
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
        return self

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


class Ceilings(Line):
    """How much of this site may be refused before a delivery is."""

    refused_rows_percent: Annotated[float, Field(ge=0, le=100, strict=False)] | None = None
    refused_cells_percent: Annotated[float, Field(ge=0, le=100, strict=False)] | None = None


@dataclass(frozen=True)
class CodeFile:
    """A code list of the site: codes/<name>.csv."""

    name: str
    path: Path
    entries: Mapping[str, str | None]
    lines: Mapping[str, int] = field(default_factory=dict)


class SiteMapping(Line):
    """All that is declared about one hospital's export."""

    site: str = Field(pattern=r"^[a-z_][a-z0-9_]{1,30}$", description="Short name of the site; the folder's name.")
    hospital: str = Field(description="Name of the hospital.", min_length=1)
    version: int = Field(ge=1, description="Raised by one with every change that matters.")
    missing: list[str] = Field([], description="Codes that mean 'missing' in every column.")
    identity: dict[str, Literal["drop", "pseudonymise"]] = Field({}, description="Columns that name a person.")
    scan: dict[
        str, Annotated[list[Detector], BeforeValidator(_as_list, json_schema_input_type=list[Detector] | Detector)]
    ] = Field(
        {},
        description="By column: what else is searched for and masked in it, besides numbers and addresses of e-mail.",
    )
    sources: dict[str, Source] = Field(description="What is delivered.", min_length=1)
    tables: dict[
        str,
        Annotated[
            list[TableMapping], BeforeValidator(_as_list, json_schema_input_type=list[TableMapping] | TableMapping)
        ],
    ] = Field(description="Canonical tables; a list of parts where several columns or sources fill one.")
    over_parts: dict[str, OverParts] = Field(
        {}, description="By table: the rows of all its parts that stand for the same thing become one."
    )
    not_collected: dict[str, list[str]] = Field(
        {}, description="Canonical columns that this site does not have; ['*'] for all."
    )
    ignore: dict[str, list[str]] = Field({}, description="By source: columns that are known and not wanted.")
    ceilings: Ceilings | None = Field(None, description="How much may be refused before a delivery is.")

    @model_validator(mode="after")
    def _conditions_of_sources(self) -> "SiteMapping":
        for table, parts in self.tables.items():
            for index, part in enumerate(parts):
                if part.source in self.sources and (first := self.sources[part.source].keep_if):
                    self.tables[table][index] = part.model_copy(update={"keep_if": [*first, *part.keep_if]})
        return self

    _folder: Path = PrivateAttr(default=Path())
    _sha256: str = PrivateAttr(default="")
    _lines: Lines = PrivateAttr(default_factory=Lines)
    _code_files: dict[str, CodeFile] = PrivateAttr(default_factory=dict)
    _csv_tables: dict[str, CsvTable] = PrivateAttr(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder that mapping.yaml lies in."""
        return self._folder

    @property
    def sha256(self) -> str:
        """Fingerprint of mapping.yaml and every code list and table that it uses."""
        return self._sha256

    @property
    def code_files(self) -> Mapping[str, CodeFile]:
        """The site's code lists, by the path that `recode` names."""
        return self._code_files

    @property
    def csv_tables(self) -> Mapping[str, CsvTable]:
        """The site's tables to look up in, by the path that `lookup` names."""
        return self._csv_tables

    def condition_path(self, at: tuple[str | int, ...], part: TableMapping, position: int) -> tuple[str | int, ...]:
        """Where a condition of the part at `at` is written: at its source, or in the part itself."""
        of_source = len(self.sources[part.source].keep_if) if part.source in self.sources else 0
        if position < of_source:
            return ("sources", part.source, "keep_if", position)
        return (*at, "keep_if", position - of_source)

    def address(self, *path: str | int) -> str:
        """Where a part of the mapping stands, as file:line."""
        return f"{(self._folder / 'mapping.yaml').as_posix()}:{self._lines.line_of(path)}"

    def ignored_columns(self, source: str) -> frozenset[str]:
        """The columns of a source that are known and not wanted."""
        return frozenset(self.sources[source].ignore) | frozenset(self.ignore.get(source, ()))

    def attach(
        self,
        folder: Path,
        sha256: str,
        *,
        lines: Lines,
        code_files: Mapping[str, CodeFile],
        csv_tables: Mapping[str, CsvTable],
    ) -> "SiteMapping":
        """Attach to a mapping where it was read from, and its code lists and tables."""
        self._folder, self._sha256, self._lines = folder, sha256, lines
        self._code_files, self._csv_tables = dict(code_files), dict(csv_tables)
        return self
