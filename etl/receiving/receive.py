"""Receive a delivery: read it, take identities out of it and land it; the warehouse is not needed."""

import gc

from etl.delivery.fingerprint import fingerprint_delivery
from etl.delivery.folder import find_delivery
from etl.identity.key import key_fingerprint, new_key, read_key
from etl.landing.land import land_delivery
from etl.mapping.compiler.measured_columns import measured_columns
from etl.mapping.compiler.source_columns import identity_columns, used_columns
from etl.mapping.read_mapping import read_mapping
from etl.receiving.arrival import Arrival
from etl.receiving.ingredients import load_ingredients
from etl.settings import Settings
from warehouse.file.machine_faults import before_publication
from warehouse.progress import Progress


@before_publication()
def receive(site_id: str, *, delivery: str | None, accept: bool, settings: Settings, progress: Progress) -> Arrival:
    """Read a delivery, take identities out of it and land it.

    Args:
        site_id: the hospital's short name.
        delivery: the delivery's folder; the newest when None.
        accept: publish although much was quarantined or set aside, or the delivery shrank.
        settings: where things lie and how much may be used.
        progress: is notified of every step.

    Raises:
        HccError: with a whole sentence.
    """
    if (
        not gc.get_freeze_count()
    ):  # what is imported stays; to look through it for garbage costs an eighth of a small run
        gc.freeze()
    mapping = read_mapping(settings.mappings_dir, site_id)
    found = find_delivery(settings.raw_dir, site_id, name=delivery)
    written = read_key(settings.keys_dir, site_id)
    key = written or new_key()
    landed = land_delivery(
        found,
        mapping,
        settings=settings,
        key=key,
        progress=progress,
        identity_of=identity_columns(mapping),
        used_of={source: used_columns(mapping, source) for source in mapping.sources},
        measured_of={source: measured_columns(mapping, source) for source in mapping.sources},
    )
    read = {file.file: file.sha256 for file in landed}
    return Arrival(
        mapping,
        found,
        landed,
        ingredients=load_ingredients(
            mapping, delivery=fingerprint_delivery(found, known=read), key=key_fingerprint(key)
        ),
        is_accepted=accept,
        is_named=delivery is not None,
        unwritten_key=None if written else key,
    )
