"""Find what a study's results rest on: the tables that a frozen data set must hold."""

from dataclasses import dataclass

from warehouse.errors import ViewError
from warehouse.model.study_tables import DEFINITIONS
from warehouse.views.refresh import WITHOUT_PATIENTS, View, order_views, read_views

ALWAYS = ("audit.load", "audit.site", "audit.source_file", "reference.study_option")
"""Read for provenance and by the report, whether a view reads them or not."""


@dataclass(frozen=True)
class Inputs:
    """Tables that a frozen data set holds, in alphabetical order."""

    given: tuple[str, ...]
    """Tables of `analysis`, `clinical` and `clinical_step` that the views of studies read, and that no study file changes."""
    others: tuple[str, ...]
    """Tables of other schemas that these views or the report read; study files are frozen as files, not as rows."""


def find_inputs(views: tuple[View, ...] | None = None) -> Inputs:
    """Find the inputs from the SQL of the views.

    A view belongs to studies when it reads a study's definition or results, itself or through another view. What such
    views read, and every other view of `analysis`, is an input.

    Args:
        views: the views; those of the project when not given.

    Raises:
        ViewError: a view of studies reads patients' rows outside of the views, which cannot be frozen.
    """
    of_studies: dict[str, View] = {}
    ordered = order_views(read_views() if views is None else views)
    for view in ordered:
        if view.reads & of_studies.keys() or any(map(_is_of_studies, view.reads_of_others)):
            of_studies[view.name] = view
    read = {name for view in of_studies.values() for name in view.reads}
    given = (read | {view.name for view in ordered if view.name.startswith("analysis.")}) - of_studies.keys()
    others = set(ALWAYS)
    for view in of_studies.values():
        for name in sorted(view.reads_of_others):
            if name.partition(".")[0] not in WITHOUT_PATIENTS:
                raise ViewError(
                    f"{view.path}: it reads {name} and a study's definition or results, so it cannot be built from a "
                    "frozen data set. Read that table in a view of its own."
                )
            if not _is_of_studies(name):
                others.add(name)
    return Inputs(tuple(sorted(given)), tuple(sorted(others)))


def _is_of_studies(table: str) -> bool:
    schema, _, name = table.partition(".")
    return schema == "study" or (schema == "reference" and name in DEFINITIONS)
