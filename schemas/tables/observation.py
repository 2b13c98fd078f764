"""The canonical table observation."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Decimal, Text, column, date, patient_id


class Observation(CanonicalTable):
    """One dated finding of one kind."""

    patient_id: Text = patient_id()
    observed_on: Date = date("Observed", "Date of the observation.", required=True)
    observation_code: Text = column("Observation", "What was observed.", required=True, codes="observation")
    value_number: Decimal = column(
        "Value, number", "Numeric value.", kind="observation_code", unit_column="unit", ge=0, le=1000
    )
    value_code: Text = column(
        "Value, code",
        "Coded value, for findings that are not numbers.",
        codes="observation_value",
        kind="observation_code",
    )
    unit: Text = column("Unit", "Unit of the numeric value (UCUM).", codes="unit")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one dated finding of one kind",
            key=("patient_id", "observed_on", "observation_code"),
            parent="patient",
            day="observed_on",
            periods=(),
            measures=("value_number",),
            harmonised=None,
        )
