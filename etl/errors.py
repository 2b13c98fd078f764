"""What can go wrong, as a person should read it, and the exit code that a script sees.

Every error says in one sentence where it is, what was found, what was expected and what to do. No message carries a
patient's value.
"""


class HccError(Exception):
    """The root of every error that a user may meet; its text is a whole message, shown without a traceback."""

    exit_code = 1


class MappingError(HccError):
    """A site's mapping is not valid."""

    exit_code = 3


class DeliveryError(HccError):
    """A delivery cannot be read as what it claims to be."""

    exit_code = 4


class RefusedError(HccError):
    """A delivery was read but must not be published: too much refused, a ledger off, a fatal expectation."""

    exit_code = 5


class BusyError(HccError):
    """Another process holds the warehouse."""

    exit_code = 6


class EnvironmentRefusal(HccError):
    """The machine does not let us work: disk full, folder read-only, key file open to others."""

    exit_code = 7


class NotFoundError(HccError):
    """What was asked for does not exist: a site, a delivery, a load, a report."""

    exit_code = 8
