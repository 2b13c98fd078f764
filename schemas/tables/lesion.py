"""The canonical table lesion."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, Decimal, Text, column, date, patient_id


class Lesion(CanonicalTable):
    """One lesion at one imaging visit."""

    patient_id: Text = patient_id()
    imaged_on: Date = date("Imaged", "Date of the imaging on which the lesion was measured.", required=True)
    lesion_label: Text = column("Lesion", "The lesion's name, the same at every visit.", required=True)
    organ_code: Text = column("Organ", "The organ in which the lesion lies.", codes="organ", expected_percent=95)
    role_code: Text = column("Role", "Target, non-target or new, as the reader chose.", codes="lesion_role")
    is_lymph_node: Boolean = column("Lymph node", "The lesion is a lymph node, measured by its short axis.")
    viable_diameter_mm: Decimal = column(
        "Viable diameter, mm",
        "Longest diameter of the arterially enhancing part, in millimetres; zero when nothing enhances.",
        unit="mm",
        ge=0,
        le=400,
    )
    whole_diameter_mm: Decimal = column(
        "Whole diameter, mm", "Longest diameter of the whole lesion, in millimetres.", unit="mm", ge=0, le=400
    )
    short_axis_mm: Decimal = column(
        "Short axis, mm", "Short axis of a lymph node, in millimetres.", unit="mm", ge=0, le=200
    )
    enhancement_code: Text = column("Enhancement", "Arterial enhancement of the lesion.", codes="enhancement")
    pattern_code: Text = column(
        "Pattern", "Typical or atypical for HCC, infiltrative, thrombus or effusion.", codes="lesion_pattern"
    )
    is_treated_before: Boolean = column("Treated before", "The lesion had local treatment before this visit.")

    has_malignant_cells: Boolean = column(
        "Malignant cells",
        "Cytology of an effusion or ascites: malignant cells were found, or not; empty when none was done.",
    )

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one lesion at one imaging visit",
            key=("patient_id", "imaged_on", "lesion_label"),
            parent="patient",
            day="imaged_on",
            periods=(),
            measures=("viable_diameter_mm", "whole_diameter_mm", "short_axis_mm"),
            harmonised=None,
        )
