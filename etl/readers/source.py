"""Options of a mapping's source as the readers see them: which files it is, and how they are read.

Every option is stated here once, with its default; `takes` of a `Reader` says which of them its format honours.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from etl.readers.reader import Reader

Encoding = Literal["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]


class SourceFiles(BaseModel):
    """The files of a delivery that hold the same records, and how they are written."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    file: str = Field(description="Name of the file in the delivery; * and ? stand for what changes.", min_length=1)
    many: bool = Field(False, description="Several files may match; their records are put together.")
    encoding: Encoding = Field("utf-8", description="Encoding of the text, proven on the whole file.")
    delimiter: str = Field(",", description="What separates the fields of a record.", min_length=1, max_length=1)
    header_rows: int = Field(1, ge=1, le=5, description="How many rows make up the header.")
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


NOT_TAKEN = {
    "encoding": "the file states its encoding itself",
    "delimiter": "only delimited text has delimiters",
    "sheet": "only a workbook has sheets",
    "header_rows": "the names of its columns are not in rows",
    "skip_rows": "it has no rows above its header",
    "dictionary": "only a REDCap export in delimited text has a data dictionary next to it",
}
"""Every option that depends on the format, and why a format does not take it."""


def taken_options(source: SourceFiles, reader: Reader) -> Mapping[str, str | int | None]:
    """Return the options that the reader's format honours, which together decide what is read of a file."""
    return {name: getattr(source, name) for name in sorted(reader.takes)}


def misplaced_options(source: SourceFiles, reader: Reader, suffix: str) -> dict[str, str]:
    """Explain, by option, why the format of a file does not take it."""
    defaults = SourceFiles.model_fields
    return {
        name: f"'{name}' does not go with a {suffix} file: {NOT_TAKEN[name]}. Remove it from mapping.yaml."
        for name in sorted(NOT_TAKEN.keys() - reader.takes)
        if getattr(source, name) != defaults[name].default
    }
