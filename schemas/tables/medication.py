"""The canonical table medication."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Text, column, date, patient_id, precision, sequence_number


class Medication(CanonicalTable):
    """One ingredient of one course of a co-medication."""

    patient_id: Text = patient_id()
    product_text: Text = column("Product", "The product as prescribed.")
    ingredient_code: Text = column(
        "Ingredient",
        "An active ingredient; a combination product has one row for each.",
        required=True,
        codes="ingredient",
    )
    started_on: Date = date("Start", "First day of the prescription.")
    started_on_precision: Text = precision("the start")
    stopped_on: Date = date("Stop", "Last day of the prescription.")
    stopped_on_precision: Text = precision("the stop")
    sequence_number: Text = sequence_number()

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one ingredient of one course of a co-medication",
            key=("patient_id", "product_text", "ingredient_code", "started_on", "sequence_number"),
            parent="patient",
            day="started_on",
            periods=(("started_on", "stopped_on"),),
            measures=(),
            harmonised=None,
        )
