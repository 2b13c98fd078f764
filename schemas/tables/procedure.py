"""The canonical table procedure."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Text, column, date, patient_id, precision, sequence_number


class Procedure(CanonicalTable):
    """One locoregional or surgical treatment."""

    patient_id: Text = patient_id()
    procedure_code: Text = column("Procedure", "What was done.", required=True, codes="procedure")
    procedure_text: Text = column("Procedure, text", "The procedure in the hospital's words.")
    target_site_code: Text = column("Target site", "The organ that was treated.", codes="organ")
    started_on: Date = date("Start", "Date of the procedure or of its first session.", required=True)
    started_on_precision: Text = precision("the start")
    ended_on: Date = date("End", "Date of the last session.")
    sequence_number: Text = sequence_number()

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one locoregional or surgical treatment",
            key=("patient_id", "procedure_code", "started_on", "target_site_code", "sequence_number"),
            parent="patient",
            day="started_on",
            periods=(("started_on", "ended_on"),),
            measures=(),
            harmonised=None,
        )
