"""The canonical table imaging_visit."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, Text, column, date, patient_id


class ImagingVisit(CanonicalTable):
    """One imaging visit."""

    patient_id: Text = patient_id()
    imaged_on: Date = date("Imaged", "Date of the imaging.", required=True)
    visit_text: Text = column("Visit", "The visit as the hospital names it.")
    modality_code: Text = column("Modality", "Imaging modality.", codes="modality", expected_percent=95)
    region_code: Text = column("Region", "The part of the body imaged.", codes="region")
    has_contrast: Boolean = column("Contrast", "The imaging was contrast-enhanced.", expected_percent=90)
    has_arterial_phase: Boolean = column(
        "Arterial phase", "An arterial phase was acquired, without which viable tumour cannot be measured."
    )
    response_physician_code: Text = column(
        "Response, physician", "Response by mRECIST as the treating physician read it.", codes="response"
    )
    response_radiologist_code: Text = column(
        "Response, radiologist", "Response by mRECIST as the on-site radiologist read it.", codes="response"
    )
    non_target_status_code: Text = column(
        "Non-target lesions", "Status of the non-target lesions.", codes="non_target_status"
    )
    has_new_lesion: Boolean = column("New lesion", "A new lesion was seen.")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one imaging visit",
            key=("patient_id", "imaged_on", "modality_code", "region_code"),
            parent="patient",
            day="imaged_on",
            periods=(),
            measures=(),
            harmonised=None,
        )
