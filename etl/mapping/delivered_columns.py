"""The columns that a delivery holds, source by source, read before anything of it is kept."""

from unicodedata import normalize

from etl.delivery import Delivery, match_files
from etl.identity.policy import IdentityPolicy
from etl.mapping.check import identity_columns
from etl.mapping.site_mapping import SiteMapping
from etl.readers import examine_file


def read_delivered_columns(delivery: Delivery, mapping: SiteMapping) -> dict[str, tuple[str, ...]]:
    """Examine every file that the mapping names and give each source's columns, without those that `identity` drops.

    Raises:
        DeliveryError: a file is missing, is not what it claims to be, or lacks a column named under `identity`.
    """
    dropped = {name for name, use in mapping.identity.items() if use == "drop"}
    needed = identity_columns(mapping)
    delivered: dict[str, dict[str, None]] = {}
    for name, paths in match_files(delivery, mapping.sources).items():
        for path in paths:
            columns = examine_file(path, mapping.sources[name], lambda _: None)[1].columns
            IdentityPolicy.check_file(normalize("NFC", path.name), columns, needed.get(name, frozenset()))
            delivered.setdefault(name, {}).update(dict.fromkeys(columns))
    everywhere = {column for columns in delivered.values() for column in columns}
    IdentityPolicy.check_presence(f"{delivery.site_id} {delivery.name}", everywhere, mapping.identity)
    return {name: tuple(column for column in columns if column not in dropped) for name, columns in delivered.items()}
