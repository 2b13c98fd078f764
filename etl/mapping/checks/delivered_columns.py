"""The columns that a delivery holds, file by file, read before anything of it is written."""

from collections.abc import Set
from pathlib import Path
from unicodedata import normalize

from etl.delivery.folder import Delivery, match_files
from etl.identity.policy import IdentityPolicy
from etl.mapping.compiler.source_columns import identity_columns
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.source_form import Source
from etl.readers import examine_file
from etl.readers.named_columns import check_named_columns
from etl.readers.text.redcap import check_missing_codes
from warehouse.errors import DeliveryError

_TITLE_ROWS = 5
"""How many rows above a header are tried where it is not at the stated row."""


def read_delivered_headers(delivery: Delivery, mapping: SiteMapping) -> dict[str, dict[str, tuple[str, ...]]]:
    """Examine every file that the mapping names and return, by source and file, its columns but those that `identity` drops.

    Raises:
        DeliveryError: a file is missing, is not what it claims to be, or lacks a column that the mapping names for
            its reading or under `identity`.
    """
    dropped = {name for name, use in mapping.identity.items() if use == "drop"}
    needed = identity_columns(mapping)
    everywhere: set[str] = set()
    delivered: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, paths in match_files(delivery, mapping.sources).items():
        examinations = []
        for path in paths:
            examination = examine_file(path, mapping.sources[name], lambda _: None)[1]
            check_missing_codes(normalize("NFC", path.name), examination, mapping.missing)
            examinations.append(examination)
            columns = examination.columns
            of_patients = needed.get(name, frozenset())
            lacking = of_patients - set(columns)
            rows = _rows_above_header(path, mapping.sources[name], of_patients) if lacking else None
            if rows is not None:
                raise DeliveryError(
                    f"{normalize('NFC', path.name)}: the file has no column '{min(lacking)}', by which "
                    f"the mapping knows its patients; it has with 'skip_rows: {rows}', which skips what is above the header."
                )
            IdentityPolicy.check_file(normalize("NFC", path.name), columns, of_patients)
            everywhere |= set(columns)
            kept = tuple(column for column in columns if column not in dropped)
            delivered.setdefault(name, {})[normalize("NFC", path.name)] = kept
        check_named_columns(f"{delivery.site_id} {delivery.name}: source '{name}'", mapping.sources[name], examinations)
    IdentityPolicy.check_presence(f"{delivery.site_id} {delivery.name}", everywhere, mapping.identity)
    return delivered


def _rows_above_header(path: Path, source: Source, needed: Set[str]) -> int | None:
    """Return how many rows to skip so that the header has these columns; None when the first few rows hold no such header."""
    for rows in range(_TITLE_ROWS + 1):
        try:
            columns = examine_file(path, source.model_copy(update={"skip_rows": rows}), lambda _: None)[1].columns
        except DeliveryError:
            continue
        if needed <= set(columns):
            return rows
    return None


def columns_of_sources(headers: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """List each source's columns over all of its files, in order of appearance."""
    return {
        source: tuple(dict.fromkeys(column for columns in files.values() for column in columns))
        for source, files in headers.items()
    }
