"""The canonical table patient."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, SmallInteger, Text, column, date, patient_id, precision


class Patient(CanonicalTable):
    """One patient."""

    patient_id: Text = patient_id()
    sex: Text = column("Sex", "Sex at birth as recorded.", codes="sex", expected_percent=95)
    birth_date: Date = date("Birth date", "Date of birth; a partial date holds its first day.")
    birth_date_precision: Text = precision("the birth date")
    age_reported_years: SmallInteger = column(
        "Age, years", "Age in completed years as the hospital reports it, at the index date.", ge=0, le=120
    )
    aetiology: Text = column("Aetiology", "Leading cause of the liver disease.", codes="aetiology", expected_percent=90)
    diagnosed_on: Date = date("Diagnosis of HCC", "Date on which hepatocellular carcinoma was first diagnosed.")
    diagnosed_on_precision: Text = precision("the diagnosis")
    diagnosis_basis: Text = column(
        "Basis of diagnosis",
        "Whether the diagnosis rests on histology or on clinical criteria.",
        codes="diagnosis_basis",
        expected_percent=90,
    )
    is_unresectable: Boolean = column("Unresectable", "The tumour was judged unresectable before treatment.")
    bclc_reported_code: Text = column(
        "BCLC stage, reported",
        "Barcelona Clinic Liver Cancer stage as the hospital reports it.",
        codes="bclc_stage",
        expected_percent=90,
    )
    bclc_assessed_on: Date = date("BCLC assessed", "Date of the reported BCLC stage.")
    child_pugh_reported_points: SmallInteger = column(
        "Child-Pugh points, reported", "Child-Pugh score as the hospital reports it.", ge=5, le=15
    )
    child_pugh_reported_code: Text = column(
        "Child-Pugh class, reported",
        "Child-Pugh class as the hospital reports it.",
        codes="child_pugh_class",
        expected_percent=90,
    )
    child_pugh_assessed_on: Date = date("Child-Pugh assessed", "Date of the reported Child-Pugh class.")

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one patient",
            key=("patient_id",),
            parent=None,
            day=None,
            periods=(),
            measures=(),
            harmonised=None,
        )
