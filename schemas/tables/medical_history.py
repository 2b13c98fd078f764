"""The canonical table medical_history."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, Text, column, date, patient_id, precision, sequence_number


class MedicalHistory(CanonicalTable):
    """One condition of one patient."""

    patient_id: Text = patient_id()
    condition_code: Text = column("Condition", "Which condition the row speaks of.", required=True, codes="condition")
    is_present: Boolean = column(
        "Present", "The condition was recorded as present (true) or as absent (false).", expected_percent=95
    )
    kcd_code: Text = column(
        "KCD code", "Code of the Korean Standard Classification of Diseases.", str_matches=r"^[A-Z]\d{2}(\.?\d{1,3})?$"
    )
    condition_text: Text = column("Condition, text", "The condition in the hospital's words.")
    started_on: Date = date("Start", "Date on which the condition began or was first recorded.")
    started_on_precision: Text = precision("the start")
    cancer_site_code: Text = column("Other cancer, site", "Primary site of another cancer.", codes="cancer_site")
    is_in_situ: Boolean = column("In situ", "The other cancer was in situ or superficial.")
    cured_on: Date = date("Cured", "Date on which the other cancer counted as cured.")
    cured_on_precision: Text = precision("the cure")
    sequence_number: Text = sequence_number()

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one condition of one patient",
            key=(
                "patient_id",
                "condition_code",
                "condition_text",
                "kcd_code",
                "cancer_site_code",
                "started_on",
                "sequence_number",
            ),
            parent="patient",
            day="started_on",
            periods=(("started_on", "cured_on"),),
            measures=(),
            harmonised=None,
        )
