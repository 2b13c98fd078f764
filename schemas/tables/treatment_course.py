"""The canonical table treatment_course."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Text, column, date, patient_id, precision


class TreatmentCourse(CanonicalTable):
    """One course of one systemic drug against the tumour."""

    patient_id: Text = patient_id()
    drug_code: Text = column("Drug", "The systemic drug.", required=True, codes="systemic_drug")
    drug_text: Text = column("Drug, text", "The drug in the hospital's words.")
    role_code: Text = column(
        "Role", "Whether the course is the study drug, came before it or after it.", codes="course_role"
    )
    started_on: Date = date(
        "Start", "First day of the course; for the study drug this is the index date.", required=True
    )
    started_on_precision: Text = precision("the start")
    stopped_on: Date = date("Stop", "Last day of the course.")
    stopped_on_precision: Text = precision("the stop")
    stop_reason_code: Text = column("Reason for stopping", "Why the course ended.", codes="stop_reason")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one course of one systemic drug against the tumour",
            key=("patient_id", "drug_code", "started_on", "drug_text"),
            parent="patient",
            day="started_on",
            periods=(("started_on", "stopped_on"),),
            measures=(),
            harmonised=None,
        )
