"""Provenance: which load of which delivery this is, and what it was made by."""

from etl.report.load.facts import LoadFacts
from etl.report.load.model import Load

PLACE = 110
TITLE = "Provenance"


def collect(facts: LoadFacts) -> Load:
    """Read what the audit tables have on the load."""
    return facts.load
