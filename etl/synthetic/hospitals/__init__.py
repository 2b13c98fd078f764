"""The synthetic hospitals, a folder each: export.py writes the truth in the hospital's format, defects.py spoils it."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from etl.synthetic.hospital import Hospital


@cache
def hospital_names() -> tuple[str, ...]:
    """Name the hospitals for which somebody has written how their exports look."""
    return tuple(sorted(found.name for found in iter_modules(__path__)))


def find_hospital(site_id: str) -> Hospital:
    """Find a synthetic hospital by its short name, one of `hospital_names`."""
    hospital: Hospital = import_module(f"{__name__}.{site_id}").HOSPITAL
    return hospital
