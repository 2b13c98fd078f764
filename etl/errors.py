"""What can go wrong, as a person should read it, and the exit code that a script sees.

Every error says in one sentence where it is, what was found, what was expected and what to do. No message carries a
patient's value.
"""

from warehouse.errors import BusyError, EnvironmentRefusal, HccError, NotFoundError, QueryError, ViewError

__all__ = [
    "BusyError",
    "DeliveryError",
    "EnvironmentRefusal",
    "HccError",
    "MappingError",
    "NotFoundError",
    "QueryError",
    "RefusedError",
    "RolledBackError",
    "StudyError",
    "ViewError",
]


class MappingError(HccError):
    """A site's mapping is not valid."""

    exit_code = 3


class DeliveryError(HccError):
    """A delivery cannot be read as what it claims to be."""

    exit_code = 4


class RefusedError(HccError):
    """A delivery was read but must not be published: too much refused, a ledger off, a fatal expectation."""

    exit_code = 5


class RolledBackError(RefusedError):
    """The newest delivery was rolled back: it stays away until a newer one comes, or it is named."""


class StudyError(HccError):
    """A study file is not valid."""

    exit_code = 12
