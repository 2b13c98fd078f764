"""Errors: every failure as a message for a person, with the exit code for a script.

Every error says in one sentence where it is, what was found, what was expected and what to do. No message carries a
patient's value. All of them stand here because the warehouse must not import the pipeline.
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


class RolledBackError(RefusedError):
    """The newest delivery was rolled back: it stays away until a newer one comes, or it is named."""


class BusyError(HccError):
    """Another process writes to the warehouse."""

    exit_code = 6


class EnvironmentRefusal(HccError):  # noqa: N818 - the machine refuses, the program has not erred
    """The machine does not let us work: disk full, folder read-only, key file open to others."""

    exit_code = 7


class NotFoundError(HccError):
    """What was asked for does not exist: a site, a delivery, a load, a report."""

    exit_code = 8


class QueryError(HccError):
    """The SQL that a user typed cannot be answered."""

    exit_code = 9


class ViewError(HccError):
    """A file under warehouse/views cannot be built."""

    exit_code = 10


class OptionError(HccError):
    """A study option has a value that is none of its own."""

    exit_code = 11


class StudyError(HccError):
    """A study file is not valid."""

    exit_code = 12


class ModelError(HccError):
    """The model does not fit its migrations or the reference files under schemas/."""

    exit_code = 13
