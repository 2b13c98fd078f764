"""The Pydantic model of a whole mapping.yaml: strict, and without unknown keys.

The models define the form only. Whether names exist and codes are known is checked in `etl.mapping.checks.names`; what an
operation does to a value is in the file named after it (dates.py, numbers.py ...).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from etl.identity.detectors import Detector
from etl.mapping.language.base import Line, as_list
from etl.mapping.language.expectation_forms import Ceilings, Expectation
from etl.mapping.language.lookup_forms import CsvTable
from etl.mapping.language.source_form import Source
from etl.mapping.language.table_mapping import OverParts, TableMapping
from etl.mapping.language.yaml_lines import Lines
from etl.readers import takes
from etl.readers.source import Encoding


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
    dates: Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)] = Field(
        [], description="Formats of this hospital's dates, for every source that states none itself."
    )
    encoding: Encoding | None = Field(
        None, description="Encoding of this hospital's texts, for every source of text that states none itself."
    )
    identity: dict[str, Literal["drop", "pseudonymise"]] = Field({}, description="Columns that name a person.")
    scan: dict[
        str, Annotated[list[Detector], BeforeValidator(as_list, json_schema_input_type=list[Detector] | Detector)]
    ] = Field(
        {},
        description="By column: what else is searched for and masked in it, besides numbers and addresses of e-mail.",
    )
    sources: dict[str, Source] = Field(description="What is delivered.", min_length=1)
    tables: dict[
        str,
        Annotated[
            list[TableMapping], BeforeValidator(as_list, json_schema_input_type=list[TableMapping] | TableMapping)
        ],
    ] = Field(description="Canonical tables; a list of parts where several columns or sources fill one.")
    over_parts: dict[str, OverParts] = Field(
        {}, description="By table: the rows of all its parts that stand for the same thing become one."
    )
    not_collected: dict[str, list[str]] = Field(
        {}, description="Canonical columns that this site does not have; ['*'] for all."
    )
    ignore: dict[str, list[str]] = Field({}, description="By source: columns that are known and not wanted.")
    ceilings: Ceilings | None = Field(
        None, description="How much may be refused or missing before a delivery is refused."
    )
    expectations: dict[
        str,
        Annotated[list[Expectation], BeforeValidator(as_list, json_schema_input_type=list[Expectation] | Expectation)],
    ] = Field({}, description="By canonical table: what the loads of this hospital must hold.")

    @model_validator(mode="after")
    def _said_once(self) -> "SiteMapping":
        for name, each in self.sources.items():
            stated: dict[str, Any] = {"dates": self.dates} if self.dates and not each.dates else {}
            if self.encoding and "encoding" not in each.model_fields_set and takes(each, "encoding"):
                stated["encoding"] = self.encoding
            if stated:
                self.sources[name] = each.model_copy(update=stated)
        for parts in self.tables.values():
            for index, part in enumerate(parts):
                if source := self.sources.get(part.source):
                    conditions = [*source.keep_if, *part.keep_if]
                    whole = part.model_copy(update={"keep_if": conditions}).inherit(source.unless_empty)
                    dates_of = {name: each.dates for name, each in self.sources.items()}
                    parts[index] = whole.count_from_looked_up_days(dates_of)
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

    def unless_empty_path(self, at: tuple[str | int, ...], part: TableMapping, name: str) -> tuple[str | int, ...]:
        """Where the part at `at`, or its source, names a column under `unless_empty`."""
        is_own = name in part.unless_empty
        return (*at, "unless_empty") if is_own else ("sources", part.source, "unless_empty")

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
