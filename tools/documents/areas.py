"""The clinical area of a view: the folder that its file is in."""

from warehouse.views.refresh import View

AREAS = {
    "set_aside": "What was set aside",
    "baseline": "Baseline",
    "laboratory": "Laboratory",
    "event": "Adverse events",
    "response": "Response",
    "treatment": "Treatment",
    "score": "Scores",
    "eligibility": "Eligibility",
    "survival": "Survival",
    "question": "Questions to the hospitals",
    "cohort": "The cohort and its flow",
    "study": "Studies",
    "table": "Tables of a study",
    "curve": "Survival curves",
    "model": "Models",
}
"""Every area with its heading, in the order of the way of the data."""


def area_of(view: View) -> str:
    """Name a view's area.

    Raises:
        LookupError: its file lies in no area's folder.
    """
    area = view.path.parent.name
    if area not in AREAS:
        raise LookupError(
            f"{view.path}: its folder is the area of no table. Move the file into one of {', '.join(AREAS)}, "
            f"or name the area in {__name__}."
        )
    return area
