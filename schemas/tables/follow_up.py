"""The canonical table follow_up."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Text, column, date, patient_id, precision


class FollowUp(CanonicalTable):
    """One patient."""

    patient_id: Text = patient_id()
    last_contact_on: Date = date(
        "Last contact", "Last day on which the patient was known to be alive.", expected_percent=95
    )
    vital_status_code: Text = column(
        "Vital status", "Alive, dead or unknown at the last contact.", codes="vital_status", expected_percent=95
    )
    vital_status_source_code: Text = column(
        "Source of status", "Where the vital status comes from.", codes="vital_status_source"
    )
    died_on: Date = date("Death", "Date of death; a partial date holds its first day.")
    died_on_precision: Text = precision("the death")
    death_cause_code: Text = column("Cause of death", "Cause of death, grouped.", codes="death_cause")
    death_cause_text: Text = column("Cause of death, text", "Cause of death in the hospital's words.")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one patient",
            key=("patient_id",),
            parent="patient",
            day=None,
            periods=(),
            measures=(),
            harmonised=None,
        )
