"""The full name of a table that a view's file makes, by the name alone: `lab_rung` is `clinical_step.lab_rung`."""

from functools import cache

from warehouse.views.refresh import read_views


@cache
def full_names() -> dict[str, str]:
    """Name every table with its schema, by its own name."""
    return {view.name.partition(".")[2]: view.name for view in read_views()}
