"""The columns that a delivery holds, source by source, read before anything of it is kept."""

from pathlib import Path
from unicodedata import normalize

from etl.delivery import Delivery, match_files
from etl.mapping.site_mapping import SiteMapping, Source
from etl.readers import find_reader


def read_delivered_columns(delivery: Delivery, mapping: SiteMapping) -> dict[str, tuple[str, ...]]:
    """Examine every file that the mapping names and give each source's columns, without those that `identity` drops.

    Raises:
        DeliveryError: a file is missing or is not what it claims to be.
    """
    dropped = {name for name, use in mapping.identity.items() if use == "drop"}
    columns_of = {}
    for name, paths in match_files(delivery, mapping.sources).items():
        columns = dict.fromkeys(column for path in paths for column in _columns(path, mapping.sources[name]))
        columns_of[name] = tuple(column for column in columns if column not in dropped)
    return columns_of


def _columns(path: Path, source: Source) -> tuple[str, ...]:
    name = normalize("NFC", path.name)
    reader = find_reader(name)
    return reader.examine(path, name, reader.options_of(source), lambda _: None).columns
