"""A landed delivery with all that decides what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from etl.delivery.folder import Delivery
from etl.landing.landed_file import LandedFile
from etl.mapping.compiler.compile import TablePlan, compile_table
from etl.mapping.language.site_mapping import SiteMapping
from etl.receiving.ingredients import fingerprint_load
from schemas.tables import TABLES


@dataclass(frozen=True)
class Arrival:
    """A landed delivery, its mapping, and the fingerprints of everything that its rows depend on."""

    mapping: SiteMapping
    delivery: Delivery
    landed: tuple[LandedFile, ...]
    ingredients: Mapping[str, str]
    is_accepted: bool
    is_named: bool = True
    """The delivery was asked for by its name; else it is the newest, and stays away when it was rolled back."""
    unwritten_key: bytes | None = field(default=None, repr=False)
    """The site's first key, to be written when the warehouse has shown that it is the first."""

    @property
    def fingerprint(self) -> str:
        """Of the load that is made of it."""
        return fingerprint_load(self.ingredients)

    @property
    def delivery_fingerprint(self) -> str:
        """Of the delivery's files."""
        return self.ingredients["delivery"]

    @property
    def key_fingerprint(self) -> str:
        """Of the key that made the pseudonyms."""
        return self.ingredients["key"]

    @cached_property
    def plans(self) -> dict[str, tuple[TablePlan, ...]]:
        """The mapping compiled, by canonical table; made when first asked for, and kept.

        Raises:
            DeliveryError: the mapping reads a column that was not delivered.
        """
        delivered = columns_of(self.landed)
        return {table: compile_table(self.mapping, table, delivered) for table in TABLES}


def columns_of(
    landed: tuple[LandedFile, ...], *, of: Literal["columns", "header"] = "columns"
) -> dict[str, tuple[str, ...]]:
    """List the landed columns of each source, or those of its header, over all its files in order of appearance."""
    columns: dict[str, dict[str, None]] = {}
    for file in landed:
        columns.setdefault(file.source, {}).update(dict.fromkeys(getattr(file, of)))
    return {source: tuple(names) for source, names in columns.items()}
