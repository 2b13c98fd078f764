"""The canonical table lab_result."""

from schemas.canonical_table import CanonicalTable, Harmonised, about
from schemas.columns import Boolean, Date, Decimal, Factor, Text, column, date, patient_id


class LabResult(CanonicalTable):
    """One result of one analyte."""

    patient_id: Text = patient_id()
    taken_on: Date = date("Taken", "Date on which the specimen was taken.", required=True)
    analyte_code: Text = column("Analyte", "What was measured.", required=True, codes="analyte")
    reported_value_text: Text = column("Value as reported", "The result exactly as the hospital wrote it.")
    value_qualifier: Text = column(
        "Qualifier", "Whether the true value lies below or above the number.", codes="value_qualifier"
    )
    reported_value: Decimal = column(
        "Reported number", "The number in the reported unit.", kind="analyte_code", unit_column="reported_unit"
    )
    reported_unit: Text = column(
        "Reported unit", "Unit in which the hospital reports (UCUM).", codes="unit", expected_percent=90
    )
    unit_factor: Factor = column(
        "Factor", "What the reported number is multiplied by to reach the common unit.", kind="analyte_code"
    )
    value: Decimal = column(
        "Value",
        "The number in the analyte's common unit.",
        kind="analyte_code",
        unit_column="unit",
        expected_percent=90,
    )
    unit: Text = column("Unit", "The analyte's common unit (UCUM).", codes="unit")
    lower_limit: Decimal = column(
        "Lower limit of normal",
        "Lower limit of normal, in the reported unit.",
        kind="analyte_code",
        unit_column="reported_unit",
    )
    upper_limit: Decimal = column(
        "Upper limit of normal",
        "Upper limit of normal, in the reported unit.",
        kind="analyte_code",
        unit_column="reported_unit",
    )
    limits_source_code: Text = column(
        "Source of limits",
        "Whether the limits came with the result or from a table of reference ranges.",
        codes="limits_source",
    )
    is_fasting: Boolean = column("Fasting", "The specimen was taken fasting.")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one result of one analyte",
            key=("patient_id", "analyte_code", "taken_on", "reported_value_text", "reported_unit"),
            parent="patient",
            day="taken_on",
            periods=(),
            measures=("value",),
            harmonised=Harmonised(reported_value="reported_value", factor="unit_factor", value="value"),
        )
