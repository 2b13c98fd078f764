"""The canonical table tumour_baseline."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, Decimal, SmallInteger, Text, column, date, patient_id


class TumourBaseline(CanonicalTable):
    """One patient's tumour before treatment."""

    patient_id: Text = patient_id()
    imaged_on: Date = date("Imaged", "Date of the baseline imaging.", expected_percent=90)
    modality_code: Text = column("Modality", "Imaging modality.", codes="modality")
    has_contrast: Boolean = column("Contrast", "The imaging was contrast-enhanced.")
    largest_diameter_mm: Decimal = column(
        "Largest diameter, mm",
        "Longest diameter of the largest intrahepatic tumour, in millimetres; zero when none is left in the liver.",
        unit="mm",
        ge=0,
        le=400,
        expected_percent=85,
    )
    nodule_count: SmallInteger = column(
        "Nodules", "Number of intrahepatic nodules; zero is legal.", ge=0, le=200, expected_percent=85
    )
    nodule_count_qualifier: Text = column(
        "Nodules, qualifier", "Whether the count is exact, a lower bound, or only 'multiple'.", codes="count_qualifier"
    )
    is_infiltrative: Boolean = column("Infiltrative", "The tumour grows without a clear border.")
    portal_vein_invasion_code: Text = column(
        "Portal vein invasion",
        "Extent of portal vein invasion (Vp0 to Vp4).",
        codes="portal_vein_invasion",
        expected_percent=85,
    )
    has_hepatic_vein_invasion: Boolean = column(
        "Hepatic vein invasion", "Tumour thrombus in a hepatic vein or the vena cava."
    )
    has_bile_duct_invasion: Boolean = column("Bile duct invasion", "Tumour growth into a bile duct.")
    has_lymph_node_metastasis: Boolean = column("Metastasis, lymph node", "Spread to lymph nodes.")
    has_lung_metastasis: Boolean = column("Metastasis, lung", "Spread to the lungs.")
    has_bone_metastasis: Boolean = column("Metastasis, bone", "Spread to bone.")
    has_brain_metastasis: Boolean = column("Metastasis, brain", "Spread to the brain.")
    has_adrenal_metastasis: Boolean = column("Metastasis, adrenal", "Spread to an adrenal gland.")
    has_peritoneum_metastasis: Boolean = column("Metastasis, peritoneum", "Spread to the peritoneum.")
    has_other_metastasis: Boolean = column("Metastasis, other", "Spread to another organ.")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one patient's tumour before treatment",
            key=("patient_id",),
            parent="patient",
            day="imaged_on",
            periods=(),
            measures=("largest_diameter_mm",),
            harmonised=None,
        )
