"""The clinical area of a view: the folder that its file is in, or else by its name."""

import re

from warehouse.views.refresh import View

AREAS = {
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

NAMED = (
    # the first that fits decides
    ("question", r"clinical\.\w*_question|clinical\.response_disagreement"),
    ("cohort", r"analysis\.(cohort|patient_flow)"),
    ("study", r"analysis\..*"),
    ("eligibility", r"clinical\.(eligibility\w*|\w+_criterion)"),
    ("laboratory", r"clinical\.(lab_\w+|gradable_result|baseline_grade)"),
    ("event", r"clinical\.(\w*event\w*|computed_grade|measured_sign)"),
    ("score", r"clinical\.(albi|bclc|child_pugh\w*|performance_status|portal_vein_invasion|score_\w+)"),
    ("treatment", r"clinical\.(\w*treatment\w*|\w*dose\w*|co_medication|new_therapy)"),
    ("survival", r"clinical\.survival"),
    ("response", r"clinical\.(\w*response\w*|\w*lesion\w*|measured_visit|imaging_day)"),
    ("baseline", r"clinical\.(baseline_\w+|afp_\w+|comorbidity|index_date|site_scope|study_number|value_class)"),
)
"""Areas by the names of tables, for files that lie in the schema's folder itself."""
OTHERWISE = {"clinical_step.study_criterion": "eligibility", "clinical.baseline_lesion": "response"}


def area_of(view: View) -> str:
    """Name a view's area.

    Raises:
        LookupError: its name fits no area, and its file lies in no area's folder.
    """
    folder = view.path.parent.name
    if folder in AREAS:
        return folder
    name = view.name.replace("_step.", ".")
    if name in OTHERWISE:
        return OTHERWISE[name]
    for area, pattern in NAMED:
        if re.fullmatch(pattern, name):
            return area
    raise LookupError(f"{view.path}: which clinical area is {view.name} of? Add it to {__name__}.")
