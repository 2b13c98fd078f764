"""The canonical table exposure."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, Decimal, SmallInteger, Text, column, date, patient_id


class Exposure(CanonicalTable):
    """One dose step of one drug."""

    patient_id: Text = patient_id()
    drug_code: Text = column("Drug", "The systemic drug.", required=True, codes="systemic_drug")
    started_on: Date = date("Start", "First day on this dose.", required=True)
    stopped_on: Date = date("Stop", "Last day on this dose.")
    dose_mg: Decimal = column(
        "Dose, mg",
        "Dose taken each time, in milligrams; zero during an interruption.",
        unit="mg",
        ge=0,
        le=2000,
        expected_percent=95,
    )
    times_per_day: SmallInteger = column("Times a day", "How often a day the dose is taken.", ge=0, le=12)
    is_interruption: Boolean = column("Interruption", "The drug was paused during this step.")
    reason_code: Text = column("Reason", "Why the dose was changed or interrupted.", codes="dose_reason")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one dose step of one drug",
            key=("patient_id", "drug_code", "started_on"),
            parent="patient",
            day="started_on",
            periods=(("started_on", "stopped_on"),),
            measures=("dose_mg",),
            harmonised=None,
        )
