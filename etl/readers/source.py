"""Options of a mapping's source as the readers see them: which files it is, and how they are read.

Every option is stated here once, with its default; `takes` of a `Reader` says which of them its format honours.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.readers.reader import Reader

Encoding = Literal["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1)]
Names = Annotated[list[Name], BeforeValidator(_as_list, json_schema_input_type=list[str] | str), Field(min_length=1)]
"""One name, or a list of them."""


class SourceFiles(BaseModel):
    """The files of a delivery that hold the same records, and how they are written."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    file: Names = Field(
        description="Name of the file in the delivery, or a list of names; * and ? stand for what changes."
    )
    many: bool = Field(False, description="Several files may match a name; their records are put together.")
    encoding: Encoding = Field("utf-8", description="Encoding of the text, proven on the whole file.")
    delimiter: str = Field(",", description="What separates the fields of a record.", min_length=1, max_length=1)
    header_rows: int = Field(1, ge=1, le=5, description="How many rows make up the header.")
    header_name_row: int | None = Field(
        None, ge=1, description="Which of the header's rows alone holds the names; all of them joined when not said."
    )
    skip_rows: int = Field(0, ge=0, description="Rows above the header that are passed over.")
    sheet: str | None = Field(
        None,
        description="Sheet of the workbook; * and ? stand for what changes. Needless where there is one.",
        min_length=1,
    )
    dictionary: str | None = Field(
        None,
        description="Name of REDCap's data dictionary, delivered next to the export; * and ? as in 'file'.",
        min_length=1,
    )
    rename: dict[str, Names] = Field(
        {},
        description="Names for columns that bear the same one, in the order in which they stand in the header; so many as there "
        "are of them.",
    )
    line_breaks_in: Names | None = Field(
        None,
        description="Columns whose cells may hold several lines that look like records of the file, or of its data dictionary.",
    )
    record_number: Name | None = Field(
        None, description="New column that holds each record's number in its file, as '#1'."
    )

    @model_validator(mode="after")
    def _fit_together(self) -> "SourceFiles":
        if self.header_name_row is not None and self.header_name_row > self.header_rows:
            rows = f"{self.header_rows} row{'s' if self.header_rows > 1 else ''}"
            raise ValueError(f"'header_name_row' is {self.header_name_row}, but 'header_rows' gives the header {rows}")
        folded = [heading.lower() for heading in self.rename]
        if len(set(folded)) < len(folded):
            raise ValueError("'rename' names a column twice, but for its case; the header's names count without case")
        if self.rename and self.dictionary is not None:
            raise ValueError("'rename' does not go with 'dictionary', which lists the columns by the names in the file")
        return self

    @property
    def file_text(self) -> str:
        """The names of the files as a message shows them."""
        return ", ".join(self.file)


NOT_TAKEN = {
    "encoding": "the file states its encoding itself",
    "delimiter": "only delimited text has delimiters",
    "sheet": "only a workbook has sheets",
    "header_rows": "the names of its columns are not in rows",
    "header_name_row": "the names of its columns are not in rows",
    "skip_rows": "it has no rows above its header",
    "dictionary": "only a REDCap export in delimited text has a data dictionary next to it",
    "rename": "no two of its columns can bear the same name",
    "line_breaks_in": "only in delimited text can a quote swallow lines",
}
"""Every option that depends on the format, and why a format does not take it."""


EVERY_FORMAT = frozenset({"record_number"})
"""Options that do not depend on the format."""


def taken_options(source: SourceFiles, reader: Reader) -> Mapping[str, Any]:
    """Return the options that the reader's format honours, which together decide what is read of a file."""
    return {name: getattr(source, name) for name in sorted(reader.takes | EVERY_FORMAT)}


def misplaced_options(source: SourceFiles, reader: Reader, suffix: str) -> dict[str, str]:
    """Explain, by option, why the format of a file does not take it."""
    defaults = SourceFiles.model_fields
    return {
        name: f"'{name}' does not go with a {suffix} file: {NOT_TAKEN[name]}. Remove it from mapping.yaml."
        for name in sorted(NOT_TAKEN.keys() - reader.takes)
        if getattr(source, name) != defaults[name].default
    }
