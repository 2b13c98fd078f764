"""The model of a source: files of a delivery, as readers take them, and what every part that reads them shares."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from etl.mapping.language.base import Line, as_list
from etl.mapping.language.condition import Conditions
from etl.readers.source import SourceFiles


class Source(Line, SourceFiles):
    """Files of the delivery that hold the same records."""

    decimal: Literal[".", ","] = Field(".", description="The decimal sign of this source's numbers.")
    dates: Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)] = Field(
        [], description="Formats of this source's dates, for every column of days that states none itself."
    )
    keep_if: Conditions = Field(
        [],
        description="Only records that meet this count, in every part that reads the source; as if each part said it first.",
    )
    unless_empty: Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str)] = Field(
        [],
        description="A record in which all of these columns are empty yields no row in any part that reads the source; "
        "each part may state columns of its own, too.",
    )
    ignore: list[str] = Field([], description="Columns that are known and not wanted.")
