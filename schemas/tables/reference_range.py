"""The canonical table reference_range."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Date, Decimal, SmallInteger, Text, column, date


class ReferenceRange(CanonicalTable):
    """One analyte, sex, age band, period and unit."""

    analyte_code: Text = column("Analyte", "What the limits are for.", required=True, codes="analyte")
    sex: Text = column("Sex", "The sex that the limits are for; empty for both.", codes="sex")
    age_from_years: SmallInteger = column(
        "Age from, years", "Youngest age that the limits are for, inclusive.", ge=0, le=120
    )
    age_to_years: SmallInteger = column("Age to, years", "Oldest age that the limits are for, inclusive.", ge=0, le=120)
    valid_from: Date = date("Valid from", "First day on which the limits were in force.")
    valid_to: Date = date("Valid to", "Last day on which the limits were in force.")
    unit: Text = column("Unit", "Unit of the limits (UCUM).", required=True, codes="unit")
    lower_limit: Decimal = column(
        "Lower limit of normal", "Lower limit of normal.", kind="analyte_code", unit_column="unit"
    )
    upper_limit: Decimal = column(
        "Upper limit of normal", "Upper limit of normal.", kind="analyte_code", unit_column="unit"
    )

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one analyte, sex, age band, period and unit",
            key=("analyte_code", "sex", "age_from_years", "valid_from", "unit"),
            parent=None,
            day=None,
            periods=(("valid_from", "valid_to"),),
            measures=(),
            harmonised=None,
        )
